package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

/**
 * When a segment counts as lost: when one sent later has arrived and the time for settling has passed (RACK, RFC 8985
 * §6). It keeps what is known of the segment sent last among those that arrived, and how much reordering the path shows;
 * the segments themselves are in the {@link Scoreboard}. Confined to the stack's thread.
 */
final class Rack {
    /** DupThresh: with so many segments sacked, and no reordering ever seen, there is nothing to wait for. */
    private static final int DUPLICATE_THRESHOLD = 3;

    /** For how many recoveries a wider window stays. */
    private static final int PERSISTENCE = 16;

    final RecentMinimum minimum = new RecentMinimum();

    /** A transmission that arrived: the segment's end, when it was sent, which one it was, and whether not the first. */
    record Transmission(int end, long sentAt, int order, boolean again) {}

    /** The latest transmission among those that arrived, in place of RACK.xmit_ts and RACK.end_seq. */
    private boolean known;
    private int latest;

    /** RACK.rtt. */
    private long roundTrip;

    /** RACK.fack: the highest sequence number delivered. */
    private int forward;
    private boolean reorderingSeen;

    /** RACK.reo_wnd_mult, RACK.reo_wnd_persist and RACK.dsack_round. */
    private int multiple = 1;
    private int persistence = PERSISTENCE;
    private boolean inDuplicateRound;
    private int duplicateRound;

    /** The same among those the present acknowledgment delivers. */
    private boolean presentKnown;
    private int present;

    Rack(int sequence) {
        forward = sequence;
    }

    /** An acknowledgment begins. */
    void acknowledgmentArrives() {
        presentKnown = false;
    }

    /**
     * A segment was delivered (§6.2, steps 2 and 3).
     *
     * @param segment its last transmission
     * @param echoesLatest whether the acknowledgment's timestamp allows that it answers the last transmission
     */
    void delivered(Transmission segment, boolean echoesLatest, long now) {
        if (less(forward, segment.end())) {
            forward = segment.end();
        } else if (less(segment.end(), forward) && !segment.again()) {
            reorderingSeen = true;
        }
        long time = now - segment.sentAt();
        if (segment.again() && (!echoesLatest || minimum.isKnown() && time < minimum.get())) {
            return; // it answers an earlier transmission
        }
        if (!presentKnown || less(present, segment.order())) {
            presentKnown = true;
            present = segment.order();
            roundTrip = time;
        }
        if (!known || less(latest, segment.order())) {
            known = true;
            latest = segment.order();
        }
    }

    /**
     * The peer reported a duplicate, a sign that the window is too small (step 4).
     *
     * @param unacknowledged SND.UNA
     * @param next SND.NXT
     */
    void duplicateReported(int unacknowledged, int next) {
        if (inDuplicateRound && lessOrEqual(duplicateRound, unacknowledged)) {
            inDuplicateRound = false;
        }
        if (!inDuplicateRound) {
            inDuplicateRound = true;
            duplicateRound = next;
            multiple = Math.min(multiple + 1, 1000);
            persistence = PERSISTENCE;
        }
    }

    /** A recovery is over, by acknowledgments or after a time-out. */
    void recovered() {
        if (--persistence <= 0) {
            multiple = 1;
        }
    }

    /**
     * RACK.reo_wnd (step 4).
     *
     * @param recovering whether losses are being repaired
     * @param sackedSegments how many segments are sacked
     * @param smoothed SRTT, negative when it is not known
     * @return nanoseconds
     */
    long reorderingWindow(boolean recovering, int sackedSegments, long smoothed) {
        if (!reorderingSeen && (recovering || sackedSegments >= DUPLICATE_THRESHOLD) || !minimum.isKnown()) {
            return 0;
        }
        long window = multiple * minimum.get() / 4;
        return smoothed >= 0 ? Math.min(window, smoothed) : window;
    }

    /**
     * Marks what is lost by now (step 5).
     *
     * @return how long until more will be, 0 when nothing waits for that
     */
    long detectLosses(Scoreboard scoreboard, long window, long now) {
        return known ? scoreboard.detectLosses(latest, roundTrip + window, now) : 0;
    }

    /** RACK.rtt: the round trip of the segment that arrived last. */
    long roundTrip() {
        return roundTrip;
    }

    /** The path is another one: what was seen of time and order does not count there. */
    void pathChanged() {
        minimum.reset();
        reorderingSeen = false;
        multiple = 1;
        known = false;
    }
}
