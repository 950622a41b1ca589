package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

/**
 * The probe sent when the acknowledgments of a flight's tail stay away, so that the loss shows without a time-out (TLP,
 * RFC 8985 §7). Confined to the stack's thread.
 */
final class LossProbe {
    /** A probe never comes sooner: timers and threads have their delays too. */
    private static final long SHORTEST = 10_000_000;

    /** TLP.max_ack_delay, for a single segment in flight whose acknowledgment may be held back. */
    private static final long LONGEST_ACK_DELAY = 200_000_000;

    private static final long UNMEASURED = 1_000_000_000;

    /** TLP.end_seq and TLP.is_retrans. */
    private boolean outstanding;
    private int end;
    private boolean again;

    /** PTO (§7.2). */
    static long timeout(RttEstimate estimate, boolean oneSegment) {
        long timeout = estimate.isKnown() ? Math.max(2 * estimate.smoothed(), SHORTEST) : UNMEASURED;
        return oneSegment ? timeout + LONGEST_ACK_DELAY : timeout;
    }

    /** Whether a probe is unanswered: there is no other then. */
    boolean isOutstanding() {
        return outstanding;
    }

    /** A probe was sent; {@code next} is SND.NXT then, and {@code retransmission} says whether it was nothing new. */
    void sent(int next, boolean retransmission) {
        outstanding = true;
        end = next;
        again = retransmission;
    }

    /** Recovery begins, and probes are of no use. */
    void reset() {
        outstanding = false;
    }

    /**
     * An acknowledgment arrived (§7.4.2).
     *
     * @param acknowledgment its number
     * @param duplicateReported whether it says with D-SACK that the probe was superfluous
     * @param plainDuplicate whether it is a duplicate without any block
     * @return whether the probe repaired a loss, which congestion control must hear of
     */
    boolean repaired(int acknowledgment, boolean duplicateReported, boolean plainDuplicate) {
        if (!outstanding || less(acknowledgment, end)) {
            return false;
        }
        if (!again || duplicateReported) {
            outstanding = false;
        } else if (less(end, acknowledgment)) {
            outstanding = false;
            return true;
        } else if (plainDuplicate) {
            outstanding = false;
        }
        return false;
    }
}
