package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

/**
 * Finds out that nothing was lost after all, and remembers what the congestion state was, so that it can be had back: by
 * timestamps (Eifel detection, RFC 3522 §3.2; the response follows RFC 4015) or because the peer reports everything that
 * was sent again as a duplicate (RFC 2883, RFC 3708). Confined to the stack's thread.
 */
final class Undo {
    private CongestionControl before;

    /** SND.UNA when the reduction came: duplicates of what lies before say nothing about it. */
    private int marker;

    /** Segments sent again since and not reported as duplicates. */
    private int unreported;

    private boolean sentAgain;
    private boolean stamped;
    private int firstStamp;

    /** The window is about to be reduced. */
    void begin(CongestionControl control, int unacknowledged) {
        before = control;
        marker = unacknowledged;
        unreported = 0;
        sentAgain = false;
        stamped = false;
    }

    /** The window is reduced once more for the same loss: what counts is the state before the first time. */
    void continued() {
        stamped = false;
    }

    /** Something was sent again. */
    void sentAgain() {
        sentAgain = true;
        unreported++;
    }

    /** Something was sent again, with a timestamp. */
    void sentAgain(int stamp) {
        sentAgain();
        if (!stamped) {
            stamped = true;
            firstStamp = stamp;
        }
    }

    /** The peer says that it got so many segments twice, of which the first begins at a sequence number. */
    void duplicatesReported(int left, int segments) {
        if (before != null && !less(left, marker)) {
            unreported -= segments;
        }
    }

    /** Whether everything that was sent again was superfluous. */
    boolean byDuplicates() {
        return before != null && sentAgain && unreported <= 0;
    }

    /** Whether an acknowledgment of new data with this TSecr answers what was sent the first time. */
    boolean byTimestamp(int echo) {
        return before != null && stamped && less(echo, firstStamp);
    }

    /** Whether there is something to undo. */
    boolean isPossible() {
        return before != null;
    }

    /** The state before the reduction; there is nothing to undo any more. */
    CongestionControl take() {
        CongestionControl state = before;
        clear();
        return state;
    }

    /** There is nothing to undo. */
    void clear() {
        before = null;
    }
}
