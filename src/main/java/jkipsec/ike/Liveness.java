package jkipsec.ike;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When a silent peer is asked whether it lives, when an unused tunnel ends, and which of two tunnels of the same identity
 * is the living one (RFC 7296 §2.4).
 *
 * <p>INITIAL_CONTACT, by which a device says that it has no other IKE SA, lets the old ones be deleted (§2.4). But phones
 * always send it, also where several share one identity, so it is taken as a hint: with {@link SecondLogin#KEEP} and
 * {@link SecondLogin#REFUSE} an old tunnel from the very same outer address and port ends, since two devices cannot be
 * there; others are asked at once whether they live, so that a dead one goes before its time and its device can come back.
 *
 * @param probeAfter how long nothing may be heard of the peer, neither IKE nor ESP, before it is asked; if it does not
 *     answer as often as retransmission allows, the tunnel ends
 * @param checkMoves whether a peer that says by MOBIKE that it moved must show that it receives at its new address (RFC
 *     4555 §3.7)
 * @param secondLogin what becomes of an identity's tunnel when the same identity logs in again
 * @param idleLimit how long no packet may pass inside the tunnel before this side ends it; empty for ever
 */
public record Liveness(Duration probeAfter, boolean checkMoves, SecondLogin secondLogin, Optional<Duration> idleLimit) {
    /** What becomes of an identity's tunnel when the same identity logs in again. */
    public enum SecondLogin {
        /** The old tunnel ends: phones come back without having said goodbye, and would use up the addresses. */
        REPLACE,
        /** Both live: several devices share one identity. */
        KEEP,
        /** The new login is refused as long as the old tunnel lives. */
        REFUSE
    }

    /** Checks the ranges. */
    public Liveness {
        Objects.requireNonNull(secondLogin, "secondLogin");
        Objects.requireNonNull(idleLimit, "idleLimit");
        if (probeAfter.isNegative() || probeAfter.isZero()
                || idleLimit.map(limit -> limit.isNegative() || limit.isZero()).orElse(false)) {
            throw new IllegalArgumentException("liveness needs positive times, not " + probeAfter + " and " + idleLimit);
        }
    }

    /**
     * Asks after two minutes of silence, checks moves, lets a new login replace the old, and ends no tunnel for being
     * unused.
     *
     * @return the policy
     */
    public static Liveness defaults() {
        return new Liveness(Duration.ofMinutes(2), true, SecondLogin.REPLACE, Optional.empty());
    }

    /**
     * The same policy with another patience with silence.
     *
     * @param time how long nothing may be heard of the peer before it is asked
     * @return a changed copy
     */
    public Liveness withProbeAfter(Duration time) {
        return new Liveness(time, checkMoves, secondLogin, idleLimit);
    }

    /**
     * The same policy with an end for tunnels that are not used.
     *
     * @param limit how long no packet may pass inside
     * @return a changed copy
     */
    public Liveness withIdleLimit(Duration limit) {
        return new Liveness(probeAfter, checkMoves, secondLogin, Optional.of(limit));
    }

    /**
     * The same policy with another answer to second logins.
     *
     * @param answer what becomes of an identity's tunnel when the same identity logs in again
     * @return a changed copy
     */
    public Liveness withSecondLogin(SecondLogin answer) {
        return new Liveness(probeAfter, checkMoves, answer, idleLimit);
    }
}
