package jkipsec.ike;

import java.time.Duration;
import java.util.List;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;

/**
 * What this endpoint accepts and how patient it is. Immutable; the {@code with…} methods make changed copies.
 *
 * @param ikeSuites suites for the IKE SA, the preferred one first
 * @param espSuites suites for Child SAs, the preferred one first
 * @param prf the pseudo-random function
 * @param groups key exchange methods, the preferred one first
 * @param retransmission how requests are repeated
 * @param limits bounds on what peers that did not yet authenticate can hold
 */
public record IkePolicy(
        List<CipherSuite> ikeSuites,
        List<CipherSuite> espSuites,
        Prf prf,
        List<KeyExchangeMethod> groups,
        Retransmission retransmission,
        Limits limits) {
    /** Checks that there is something to choose from, and copies the lists. */
    public IkePolicy {
        ikeSuites = List.copyOf(ikeSuites);
        espSuites = List.copyOf(espSuites);
        groups = List.copyOf(groups);
        if (ikeSuites.isEmpty() || espSuites.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "a policy needs at least one IKE suite, one ESP suite and one key exchange method");
        }
    }

    /**
     * When a request without an answer is sent again (RFC 7296 §2.1, §2.4).
     *
     * @param first the wait before the first repetition
     * @param factor how much longer each further wait is, from 1
     * @param longest the longest wait
     * @param transmissions how often a request is sent in all before the peer counts as unreachable, from 1
     */
    public record Retransmission(Duration first, double factor, Duration longest, int transmissions) {
        /** Checks the ranges. */
        public Retransmission {
            if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0 || !(factor >= 1)
                    || transmissions < 1) {
                throw new IllegalArgumentException("retransmission needs 0 < first <= longest, factor >= 1 and at least"
                        + " one transmission, not " + first + ", " + longest + ", " + factor + ", " + transmissions);
            }
        }

        /**
         * The wait after a transmission.
         *
         * @param sent how often the request was sent so far, from 1
         * @return nanoseconds
         */
        long waitAfter(int sent) {
            double wait = first.toNanos() * Math.pow(factor, sent - 1);
            return (long) Math.min(wait, longest.toNanos());
        }
    }

    /**
     * Bounds on handshakes (RFC 7296 §2.6, §2.21.4).
     *
     * @param halfOpen how many handshakes may be under way at once as responder
     * @param handshake how long a handshake may take before its state is dropped
     * @param authenticator how long the application may take to decide about a device
     * @param unprotectedAnswers how many unprotected error answers are sent a second at the most
     */
    public record Limits(int halfOpen, Duration handshake, Duration authenticator, int unprotectedAnswers) {
        /** Checks the ranges. */
        public Limits {
            if (halfOpen < 1 || handshake.isNegative() || handshake.isZero() || authenticator.isNegative()
                    || authenticator.isZero() || unprotectedAnswers < 0) {
                throw new IllegalArgumentException("limits must be positive: half-open " + halfOpen + ", handshake "
                        + handshake + ", authenticator " + authenticator + ", answers " + unprotectedAnswers);
            }
        }
    }

    /**
     * The default: AES-256-GCM before AES-256-CBC with HMAC-SHA-256, for IKE and ESP; group 19 before group 14, which is
     * the default of Apple's profiles; six transmissions over about 40 s.
     *
     * @return the policy
     */
    public static IkePolicy defaults() {
        List<CipherSuite> suites = List.of(CipherSuite.AES_GCM_16_256, CipherSuite.AES_CBC_256_HMAC_SHA2_256_128);
        return new IkePolicy(
                suites,
                suites,
                Prf.HMAC_SHA2_256,
                List.of(KeyExchangeMethod.ECP_256, KeyExchangeMethod.MODP_2048),
                new Retransmission(Duration.ofSeconds(1), 1.8, Duration.ofSeconds(20), 6),
                new Limits(1_024, Duration.ofSeconds(30), Duration.ofSeconds(20), 200));
    }

    /**
     * The same policy with other suites, for IKE and ESP alike.
     *
     * @param suites the suites, the preferred one first
     * @return a changed copy
     */
    public IkePolicy withSuites(List<CipherSuite> suites) {
        return new IkePolicy(suites, suites, prf, groups, retransmission, limits);
    }

    /**
     * The same policy with other key exchange methods.
     *
     * @param methods the methods, the preferred one first
     * @return a changed copy
     */
    public IkePolicy withGroups(List<KeyExchangeMethod> methods) {
        return new IkePolicy(ikeSuites, espSuites, prf, methods, retransmission, limits);
    }

    /**
     * The same policy with another patience.
     *
     * @param other when requests are sent again
     * @return a changed copy
     */
    public IkePolicy withRetransmission(Retransmission other) {
        return new IkePolicy(ikeSuites, espSuites, prf, groups, other, limits);
    }

    /**
     * The same policy with other bounds.
     *
     * @param other the bounds on handshakes
     * @return a changed copy
     */
    public IkePolicy withLimits(Limits other) {
        return new IkePolicy(ikeSuites, espSuites, prf, groups, retransmission, other);
    }
}
