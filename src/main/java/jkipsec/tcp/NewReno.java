package jkipsec.tcp;

/**
 * Fast retransmit and fast recovery for a peer that does not acknowledge selectively (RFC 5681 §3.2, RFC 6582 §3.2): how
 * many duplicate acknowledgments came in a row, by what each that leaves the network inflates the window, and when the
 * first unacknowledged segment goes again. Amounts are octets. Confined to the stack's thread.
 */
final class NewReno {
    /** How many duplicate acknowledgments mean a loss. */
    private static final int DUPLICATE_THRESHOLD = 3;

    private int duplicates;
    private int inflation;

    /** Whether recovery has seen a partial acknowledgment, and whether one before the latest. */
    private boolean partial;
    private boolean laterPartial;

    /** Whether the first unacknowledged segment must be sent again whatever the window. */
    private boolean firstAgain;

    /** Before recovery, each of the first two duplicates lets one new segment go; the window itself stays (RFC 3042). */
    int limitedTransmit(int segmentSize) {
        return Math.min(duplicates, DUPLICATE_THRESHOLD - 1) * segmentSize;
    }

    /** By how much recovery inflates the window; negative once partial acknowledgments have deflated it further. */
    int inflation() {
        return inflation;
    }

    /** A duplicate came outside recovery; says whether it is the one that means a loss. */
    boolean duplicate() {
        return ++duplicates >= DUPLICATE_THRESHOLD;
    }

    /** Recovery begins (step 2). */
    void begin(int segmentSize) {
        partial = false;
        laterPartial = false;
        duplicates = 0;
        inflation = DUPLICATE_THRESHOLD * segmentSize;
        firstAgain = true;
    }

    /** A duplicate came during recovery: a segment has left the network. */
    void inflate(int segmentSize) {
        inflation += segmentSize;
    }

    /**
     * New data was acknowledged.
     *
     * @param octets how much
     * @param recovering whether recovery goes on, and so the acknowledgment was a partial one (step 3)
     */
    void advanced(int octets, int segmentSize, boolean recovering) {
        duplicates = 0;
        if (!recovering) {
            return;
        }
        inflation -= octets >= segmentSize ? octets - segmentSize : octets;
        laterPartial = partial;
        partial = true;
        firstAgain = true;
    }

    /** Whether the latest partial acknowledgment was not recovery's first: then it does not restart the timer. */
    boolean isLaterPartial() {
        return laterPartial;
    }

    /** Says once whether the first unacknowledged segment must be sent again now. */
    boolean takeFirstAgain() {
        boolean result = firstAgain;
        firstAgain = false;
        return result;
    }

    /** After a time-out a duplicate came for new data that has left the network: two segments more may follow. */
    void newDataLeft() {
        duplicates = DUPLICATE_THRESHOLD - 1;
    }

    /** Recovery is over, a time-out came, or one turned out superfluous: what was counted says nothing any more. */
    void reset() {
        duplicates = 0;
        inflation = 0;
    }
}
