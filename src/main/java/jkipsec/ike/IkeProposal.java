package jkipsec.ike;

import java.util.List;
import java.util.Objects;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;

/**
 * One proposal for IKE SAs (RFC 7296 §3.3): a suite, with all the PRFs and key exchange methods that may go with it.
 *
 * @param suite encryption and integrity
 * @param prfs pseudo-random functions, the preferred one first, at least one
 * @param groups key exchange methods, the preferred one first, at least one
 */
public record IkeProposal(CipherSuite suite, List<Prf> prfs, List<KeyExchangeMethod> groups) {
    /**
     * Checks that there is something to choose from, and copies the lists.
     *
     * @throws IllegalArgumentException when there is no PRF or no key exchange method
     */
    public IkeProposal {
        Objects.requireNonNull(suite, "suite");
        prfs = List.copyOf(prfs);
        groups = List.copyOf(groups);
        if (prfs.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "a proposal of " + suite + " needs at least one PRF and one key exchange method");
        }
    }
}
