package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

/**
 * Finds out after a time-out whether what the timer called lost is arriving all the same (F-RTO, RFC 5682 §2.1 and §3.1):
 * the first acknowledgment after it is answered with new data, and what the next one covers decides. Confined to the
 * stack's thread.
 */
final class ForwardRto {
    /** What an acknowledgment says about the time-out. */
    enum Verdict {
        /** Something sent before the time-out, and only once, has arrived: nothing was lost. */
        SPURIOUS,
        /** The new data was answered by a duplicate: the loss is a real one. */
        DUPLICATE,
        /** Nothing yet, or nothing any more. */
        UNDECIDED
    }

    private final SendSequence send;

    /** Whether the last time-out may turn out superfluous, and whether new data is sent to find out. */
    private boolean doubtful;
    private boolean testing;

    ForwardRto(SendSequence send) {
        this.send = send;
    }

    /**
     * The retransmission timer ran out.
     *
     * @param possible whether that may turn out superfluous
     */
    void timedOut(boolean possible) {
        doubtful = possible;
        testing = false;
    }

    /** Whether new data goes before what is lost (step 2b). */
    boolean isTesting() {
        return testing;
    }

    /** An acknowledgment begins. */
    void acknowledgmentArrives() {
        testing = false;
    }

    /**
     * Looks at an acknowledgment that came while the loss is being repaired.
     *
     * @param recover one after the highest sequence number that had been sent at the time-out
     */
    Verdict examine(LossRecovery.Report report, int recover) {
        if (!doubtful) {
            return Verdict.UNDECIDED;
        }
        if (report.originalDelivered()) {
            return Verdict.SPURIOUS;
        }
        if (less(recover, send.next)) {
            if (report.duplicate()) { // step 3a
                doubtful = false;
                return Verdict.DUPLICATE;
            }
        } else if (report.advanced() > 0 && less(send.unacknowledged, recover)) {
            testing = send.hasUnsent() && send.outstanding() < send.window;
            doubtful = testing; // step 2b
        }
        return Verdict.UNDECIDED;
    }

    /** The loss is repaired, or there was none, or it is beyond doubt. */
    void stop() {
        doubtful = false;
        testing = false;
    }
}
