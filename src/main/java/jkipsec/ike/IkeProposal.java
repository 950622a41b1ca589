package jkipsec.ike;

import java.util.List;
import java.util.Objects;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;

/**
 * One proposal for IKE SAs (RFC 7296 §3.3): a suite, with all the PRFs and key exchange methods that may go with it, and
 * the additional key exchanges that must (RFC 9370).
 *
 * @param suite encryption and integrity
 * @param prfs pseudo-random functions, the preferred one first, at least one
 * @param groups key exchange methods, the preferred one first, at least one
 * @param additional key exchanges to be done beside, each number once; mostly none
 */
public record IkeProposal(
        CipherSuite suite, List<Prf> prfs, List<KeyExchangeMethod> groups, List<AdditionalKeyExchange> additional) {
    /**
     * Checks that there is something to choose from, and copies the lists.
     *
     * @throws IllegalArgumentException when there is no PRF or no key exchange method, or an additional key exchange
     *         has the number of another
     */
    public IkeProposal {
        Objects.requireNonNull(suite, "suite");
        prfs = List.copyOf(prfs);
        groups = List.copyOf(groups);
        additional = List.copyOf(additional);
        if (additional.stream().map(AdditionalKeyExchange::number).distinct().count() != additional.size()) {
            throw new IllegalArgumentException(
                    "each additional key exchange needs a number of its own, not " + additional);
        }
        if (prfs.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "a proposal of " + suite + " needs at least one PRF and one key exchange method");
        }
    }

    /**
     * A proposal without additional key exchanges.
     *
     * @param suite encryption and integrity
     * @param prfs pseudo-random functions, the preferred one first, at least one
     * @param groups key exchange methods, the preferred one first, at least one
     */
    public IkeProposal(CipherSuite suite, List<Prf> prfs, List<KeyExchangeMethod> groups) {
        this(suite, prfs, groups, List.of());
    }
}
