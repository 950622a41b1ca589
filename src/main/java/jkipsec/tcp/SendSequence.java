package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

/**
 * The send sequence variables of RFC 9293 §3.3.1 and the data they number. Confined to the stack's thread.
 *
 * <pre>
 *     acknowledged | sent              | sent before, to go out again | never sent
 *     -------------+-------------------+------------------------------+-----------
 *           unacknowledged           point                          next
 * </pre>
 *
 * <p>{@code point} is where the transmitter goes on. It equals {@code next} except after a time-out, when it is set
 * back and everything is sent again from there.
 */
final class SendSequence {
    /** ISS. */
    final int initial;

    final SendBuffer buffer;

    /** SND.UNA. */
    int unacknowledged;

    /** SND.NXT: one after the highest sequence number sent. */
    int next;

    /** The next sequence number to put into a segment. */
    int point;

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
        point = next;
        reach = next;
    }

    /** The sequence number after the last octet written: the FIN's, when there is one. */
    int end() {
        return head + buffer.size();
    }

    /** Octets of data from the point on. */
    int unsent() {
        return Math.max(0, end() - point);
    }

    /** Sequence numbers in flight, as far as the transmitter believes. */
    int inFlight() {
        return point - unacknowledged;
    }

    /** Whether the FIN is queued and the point has not passed it. */
    boolean finUnsent() {
        return finQueued && lessOrEqual(point, end());
    }

    /** Whether data or a FIN waits at the point. */
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

    /** Moves the point over what was put into a segment. */
    void advance(int length) {
        point += length;
        next = SequenceNumbers.max(next, point);
        reach = SequenceNumbers.max(reach, next);
    }

    /** One octet beyond the window was sent to probe it; it does not count as sent unless the peer takes it. */
    void probed() {
        reach = SequenceNumbers.max(reach, unacknowledged + 1);
    }

    /** Goes back to the first unacknowledged octet. */
    void goBack() {
        point = unacknowledged;
    }

    /** The peer acknowledged something new; returns how many octets of room that gave. */
    int acknowledge(int acknowledgment) {
        int freed = Math.max(0, SequenceNumbers.min(acknowledgment, end()) - head);
        buffer.release(freed);
        head += freed;
        unacknowledged = acknowledgment;
        point = SequenceNumbers.max(point, acknowledgment);
        next = SequenceNumbers.max(next, acknowledgment);
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

    /** Copies out data that starts at a sequence number. */
    void copy(int sequence, byte[] array, int offset, int length) {
        buffer.copy(sequence - head, array, offset, length);
    }
}
