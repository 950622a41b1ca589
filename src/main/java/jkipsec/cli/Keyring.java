package jkipsec.cli;

import java.util.Optional;
import jkipsec.AuthChallenge;
import jkipsec.AuthDecision;
import jkipsec.AuthKey;
import jkipsec.Authenticator;
import jkipsec.eap.NtHash;

/**
 * Decides who may come in: the devices of a key file, any other device that knows a shared PSK, when there is one, the
 * users of a file of password hashes, and every device whose certificate comes from a trusted authority. Refusals go to
 * the journal. Safe for use by any thread.
 */
final class Keyring implements Authenticator {
    private final Journal journal;
    private final Optional<KeyFile<AuthKey>> devices;
    private final Optional<AuthKey> shared;
    private final Optional<KeyFile<NtHash>> users;

    /**
     * Puts keys together.
     *
     * @param journal where refusals are noted
     * @param devices keys by identity
     * @param shared the key of whoever is not in the file
     * @param users password hashes by user name
     */
    Keyring(Journal journal, Optional<KeyFile<AuthKey>> devices, Optional<AuthKey> shared,
            Optional<KeyFile<NtHash>> users) {
        this.journal = journal;
        this.devices = devices;
        this.shared = shared;
        this.users = users;
    }

    @Override
    public AuthDecision authenticate(AuthChallenge challenge) {
        AuthDecision decision = switch (challenge.method()) {
            case SHARED_KEY -> devices.flatMap(file -> file.of(challenge.identity())).or(() -> shared)
                    .map(challenge::approveWith)
                    .orElseGet(() -> AuthDecision.reject("unknown identity"));
            case PASSWORD -> users.flatMap(file -> hashOf(file, challenge.identity()))
                    .map(challenge::approveWithPassword)
                    .orElseGet(() -> AuthDecision.reject("unknown user"));
            case CERTIFICATE -> challenge.approve();
        };
        if (decision instanceof AuthDecision.Rejected rejected) {
            journal.note("refused %s at %s: %s", challenge.identity(), Units.literal(challenge.peer()),
                    rejected.reason());
        }
        return decision;
    }

    /** Windows puts its domain and a backslash before the name that was typed. */
    private static Optional<NtHash> hashOf(KeyFile<NtHash> file, String name) {
        return file.of(name).or(() -> file.of(name.substring(name.lastIndexOf('\\') + 1)));
    }
}
