package jkipsec.cli;

import java.util.Optional;
import jkipsec.AuthChallenge;
import jkipsec.AuthDecision;
import jkipsec.AuthKey;
import jkipsec.Authenticator;

/**
 * Decides who may come in: the devices of a key file, and any other device that knows a shared PSK, when there is one.
 * Refusals go to the journal. Safe for use by any thread.
 */
final class Keyring implements Authenticator {
    private final Journal journal;
    private final Optional<KeyFile> file;
    private final Optional<AuthKey> shared;

    /**
     * Puts keys together.
     *
     * @param journal where refusals are noted
     * @param file keys by identity
     * @param shared the key of whoever is not in the file
     */
    Keyring(Journal journal, Optional<KeyFile> file, Optional<AuthKey> shared) {
        this.journal = journal;
        this.file = file;
        this.shared = shared;
    }

    @Override
    public AuthDecision authenticate(AuthChallenge challenge) {
        AuthDecision decision = file.flatMap(keys -> keys.key(challenge.identity())).or(() -> shared)
                .map(challenge::approveWith)
                .orElseGet(() -> AuthDecision.reject("unknown identity"));
        if (decision instanceof AuthDecision.Rejected rejected) {
            journal.note("refused %s at %s: %s", challenge.identity(), Units.literal(challenge.peer()),
                    rejected.reason());
        }
        return decision;
    }
}
