package jkipsec.ike;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When a silent peer is asked whether it lives, and when an unused tunnel ends (RFC 7296 §2.4).
 *
 * @param probeAfter how long nothing may be heard of the peer, neither IKE nor ESP, before it is asked; if it does not
 *     answer as often as retransmission allows, the tunnel ends
 * @param checkMoves whether a peer that says by MOBIKE that it moved must show that it receives at its new address (RFC
 *     4555 §3.7)
 * @param idleLimit how long no packet may pass inside the tunnel before this side ends it; empty for ever
 */
public record Liveness(Duration probeAfter, boolean checkMoves, Optional<Duration> idleLimit) {
    /** Checks the ranges. */
    public Liveness {
        Objects.requireNonNull(idleLimit, "idleLimit");
        if (probeAfter.isNegative() || probeAfter.isZero()
                || idleLimit.map(limit -> limit.isNegative() || limit.isZero()).orElse(false)) {
            throw new IllegalArgumentException("liveness needs positive times, not " + probeAfter + " and " + idleLimit);
        }
    }

    /**
     * Asks after two minutes of silence, checks moves, and ends no tunnel for being unused.
     *
     * @return the policy
     */
    public static Liveness defaults() {
        return new Liveness(Duration.ofMinutes(2), true, Optional.empty());
    }

    /**
     * The same policy with another patience with silence.
     *
     * @param time how long nothing may be heard of the peer before it is asked
     * @return a changed copy
     */
    public Liveness withProbeAfter(Duration time) {
        return new Liveness(time, checkMoves, idleLimit);
    }

    /**
     * The same policy with an end for tunnels that are not used.
     *
     * @param limit how long no packet may pass inside
     * @return a changed copy
     */
    public Liveness withIdleLimit(Duration limit) {
        return new Liveness(probeAfter, checkMoves, Optional.of(limit));
    }
}
