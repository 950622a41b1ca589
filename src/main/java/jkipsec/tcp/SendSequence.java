package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

/**
 * The send sequence variables of RFC 9293 §3.3.1 and the data they number. Confined to the stack's thread.
 *
 * <pre>
 *     acknowledged | sent, in the scoreboard | never sent
 *     -------------+-------------------------+-----------
 *           unacknowledged                  next
 * </pre>
 */
final class SendSequence {
    /** ISS. */
    final int initial;

    final SendBuffer buffer;

    /** What became of the segments outstanding. */
    final Scoreboard scoreboard;

    /** SND.UNA. */
    int unacknowledged;

    /** SND.NXT: one after the highest sequence number sent. */
    int next;

    /** SND.WND in octets, scaling done. */
    int window;

    /** MAX.SND.WND. */
    int largestWindow;

    /** SND.WL1. */
    int windowSequence;

    /** SND.WL2. */
    int windowAcknowledgment;

    /** Snd.Wind.Shift (RFC 7323 §2.2). */
    int scale;

    /** Whether the application has closed this direction: a FIN follows the last octet. */
    boolean finQueued;

    /** One after the highest octet sent in any way: {@code next}, or one more after a window probe. */
    private int reach;

    /** The sequence number of the buffer's first octet. */
    private int head;

    SendSequence(int initial, int limit) {
        this.initial = initial;
        buffer = new SendBuffer(limit);
        unacknowledged = initial;
        head = initial + 1;
        next = initial + 1;
        reach = next;
        scoreboard = new Scoreboard(next);
    }

    /** The sequence number after the last octet written: the FIN's, when there is one. */
    int end() {
        return head + buffer.size();
    }

    /** Octets of data never sent. */
    int unsent() {
        return Math.max(0, end() - next);
    }

    /** Sequence numbers sent and not acknowledged. */
    int outstanding() {
        return next - unacknowledged;
    }

    /** Whether the FIN is queued and was not sent. */
    boolean finUnsent() {
        return finQueued && lessOrEqual(next, end());
    }

    /** Whether data or a FIN waits to be sent. */
    boolean hasUnsent() {
        return unsent() > 0 || finUnsent();
    }

    /** Whether the peer has acknowledged the FIN. */
    boolean finAcknowledged() {
        return finQueued && less(end(), unacknowledged);
    }

    /** Whether an acknowledgment number is one the peer can have got from what was sent. */
    boolean wasSent(int acknowledgment) {
        return lessOrEqual(acknowledgment, reach);
    }

    /** Moves SND.NXT over what is put into a segment. */
    void advance(int length) {
        next += length;
        reach = SequenceNumbers.max(reach, next);
    }

    /** One octet beyond the window was sent to probe it; it does not count as sent unless the peer takes it. */
    void probed() {
        reach = SequenceNumbers.max(reach, unacknowledged + 1);
    }

    /** The peer acknowledged something new; returns how many octets of room that gave. */
    int acknowledge(int acknowledgment, Scoreboard.Deliveries deliveries) {
        int freed = Math.max(0, SequenceNumbers.min(acknowledgment, end()) - head);
        buffer.release(freed);
        head += freed;
        unacknowledged = acknowledgment;
        next = SequenceNumbers.max(next, acknowledgment);
        scoreboard.acknowledge(acknowledgment, deliveries);
        return freed;
    }

    /** Takes a segment's window unless the segment is older than the one that said the present (§3.10.7.4). */
    void updateWindow(TcpSegment segment) {
        int sequence = segment.sequence();
        int acknowledgment = segment.acknowledgment();
        if (less(windowSequence, sequence)
                || windowSequence == sequence && lessOrEqual(windowAcknowledgment, acknowledgment)) {
            setWindow(segment, scale);
        }
    }

    /** Takes a segment's window in any case; those of SYN segments are never scaled (RFC 7323 §2.2). */
    void setWindow(TcpSegment segment, int shift) {
        window = segment.header().window() << shift;
        largestWindow = Math.max(largestWindow, window);
        windowSequence = segment.sequence();
        windowAcknowledgment = segment.acknowledgment();
    }

    /**
     * The sequence number of a segment that carries nothing: SND.NXT, or less where the peer has taken back window, so
     * that the segment is acceptable to it. What the rounding of a scaled window takes away does not count.
     */
    int emptySegmentSequence() {
        int edge = SequenceNumbers.max(unacknowledged + window, initial + 1);
        return next - edge >= 1 << scale ? edge : next;
    }

    /** The peer acknowledged the SYN, before which there is no data. */
    void acknowledgeSyn() {
        unacknowledged = initial + 1;
    }

    /** Copies out data that starts at a sequence number. */
    void copy(int sequence, byte[] array, int offset, int length) {
        buffer.copy(sequence - head, array, offset, length);
    }
}
