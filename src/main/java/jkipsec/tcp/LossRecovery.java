package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

/**
 * Fast retransmit, fast recovery and limited transmit (RFC 5681 §3.2, RFC 6582 §3.2, RFC 3042): what acknowledgments
 * say about lost segments.
 *
 * <p>It holds the congestion state, which changes with every such event, and what the window is inflated by during
 * recovery. Confined to the stack's thread.
 */
final class LossRecovery {
    /** How many duplicate acknowledgments mean a loss. */
    private static final int DUPLICATE_THRESHOLD = 3;

    private CongestionControl control;
    private int segmentSize;

    /** The highest sequence number that had been sent when the last loss was noticed. */
    private int recover;

    private boolean recovering;
    private boolean partial;
    private int duplicates;
    private int inflation;

    /**
     * Begins without loss.
     *
     * @param initial the congestion state to begin with
     * @param segmentSize SMSS
     * @param initialSequence ISS
     */
    LossRecovery(CongestionControl initial, int segmentSize, int initialSequence) {
        control = initial;
        this.segmentSize = segmentSize;
        // RFC 6582 says ISS itself, with which the loss of the very first segment would wait for the timer.
        recover = initialSequence - 1;
    }

    /** The congestion state. */
    CongestionControl control() {
        return control;
    }

    /** Whether a loss noticed by duplicate acknowledgments is being repaired. */
    boolean isRecovering() {
        return recovering;
    }

    /** How many octets may be in flight now. */
    int window() {
        if (recovering) {
            return Math.max(control.window() + inflation, segmentSize);
        }
        // RFC 3042: each of the first two duplicates lets one new segment go, the window itself stays.
        return control.window() + Math.min(duplicates, DUPLICATE_THRESHOLD - 1) * segmentSize;
    }

    /**
     * A duplicate acknowledgment arrived.
     *
     * @param unacknowledged SND.UNA
     * @param next SND.NXT
     * @param flight octets in flight
     * @return true when the first unacknowledged segment must be sent again now
     */
    boolean duplicate(int unacknowledged, int next, int flight) {
        if (recovering) {
            inflation += segmentSize;
            return false;
        }
        if (!less(recover, unacknowledged - 1)) {
            return false; // RFC 6582 §4: these may come from what was sent again after a time-out
        }
        duplicates++;
        if (duplicates < DUPLICATE_THRESHOLD) {
            return false;
        }
        control = control.lossDetected(flight);
        recover = next - 1;
        recovering = true;
        partial = false;
        duplicates = 0;
        inflation = DUPLICATE_THRESHOLD * segmentSize;
        return true;
    }

    /** What an acknowledgment of new data means for the retransmission. */
    enum Progress {
        /** Nothing is being recovered, or this was the end of it. */
        FORWARD,
        /** The first partial acknowledgment: send the next hole's segment again and restart the timer. */
        FIRST_PARTIAL,
        /** A later partial acknowledgment: send the next hole's segment again, let the timer run. */
        PARTIAL
    }

    /**
     * New data was acknowledged.
     *
     * @param unacknowledged SND.UNA, already advanced
     * @param octets how many
     * @param flight octets still in flight
     * @param fullUse whether the congestion window was what limited sending
     * @return what follows
     */
    Progress acknowledged(int unacknowledged, int octets, int flight, boolean fullUse) {
        duplicates = 0;
        if (!recovering) {
            if (fullUse) {
                control = control.acknowledged(octets);
            }
            return Progress.FORWARD;
        }
        if (less(recover, unacknowledged)) {
            recovering = false;
            inflation = 0;
            control = control.recovered(flight);
            return Progress.FORWARD;
        }
        inflation -= octets >= segmentSize ? octets - segmentSize : octets;
        boolean first = !partial;
        partial = true;
        return first ? Progress.FIRST_PARTIAL : Progress.PARTIAL;
    }

    /**
     * The retransmission timer ran out.
     *
     * @param next SND.NXT
     * @param flight octets in flight
     * @param again whether it had run out for the same data before
     */
    void timedOut(int next, int flight, boolean again) {
        control = control.timedOut(flight, again);
        recover = next - 1;
        recovering = false;
        duplicates = 0;
        inflation = 0;
    }

    /** Nothing was sent for longer than the time-out (RFC 5681 §4.1). */
    void idled() {
        control = control.idled();
    }

    /** SMSS. */
    int segmentSize() {
        return segmentSize;
    }

    /** Full segments have another size now. */
    void segmentSize(int size) {
        segmentSize = size;
        control = control.withSegmentSize(size);
    }
}
