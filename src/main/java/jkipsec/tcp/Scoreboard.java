package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

/**
 * What was sent and is not acknowledged, segment by segment: when each was last sent, whether the peer has it (SACK,
 * RFC 2018), whether it counts as lost (RFC 8985) and how often it was sent.
 *
 * <pre>
 *     SND.UNA                                                      SND.NXT
 *        | in flight | sacked | lost | lost, sent again | in flight |
 * </pre>
 *
 * <p>A ring of parallel arrays, so that a segment in flight is a few numbers and no object. The segments neither sacked
 * nor lost are also linked in the order of their last transmission, which makes RACK's search for losses O(1) a segment;
 * runs of sacked segments are skipped (a union-find), so that blocks said again and again cost nothing. A segment is
 * sacked when one block covers all of it; it is sent again exactly as it was cut first, so blocks meet segments' ends.
 *
 * <p>Its memory depends on what this side sent, never on what the peer says. Confined to the stack's thread.
 */
final class Scoreboard {
    /** No more segments than these are in flight, however small they are. */
    static final int MOST_SEGMENTS = 16_384;

    /** No segment. */
    static final int NONE = -1;

    private static final int SMALLEST = 16;
    private static final byte SACKED = 1;
    private static final byte LOST = 2;
    private static final byte SENT_AGAIN = 4;

    /** Is told of each segment that the peer turns out to have, once. */
    interface Deliveries {
        /**
         * A segment was acknowledged, or sacked for the first time.
         *
         * @param end one after its last sequence number
         * @param sentAt when it was last sent
         * @param order the number of that transmission, counted from the connection's first
         * @param again whether it was sent more than once
         */
        void delivered(int end, long sentAt, int order, boolean again);
    }

    private int[] ends;
    private long[] times;
    private int[] orders;
    private byte[] marks;
    /** Neighbours in the order of transmission. */
    private int[] older;
    private int[] newer;
    /** A segment not sacked at or after this one, perhaps found in several steps. */
    private int[] skip;

    /** Slot of the first segment; the others follow. */
    private int head;
    private int count;
    private int oldest = NONE;
    private int newest = NONE;

    /** SND.UNA. */
    private int start;
    /** One after the last segment. */
    private int next;

    private int sackedOctets;
    private int sackedSegments;
    private int lostOctets;

    /** How often anything was sent; what is told apart by this may have been sent at the same time. */
    private int transmissions;

    /** Slots from the head to this one hold nothing lost. */
    private int lostFrom;

    Scoreboard(int sequence) {
        start = sequence;
        next = sequence;
        allocate(SMALLEST);
    }

    /** Whether nothing is outstanding. */
    boolean isEmpty() {
        return count == 0;
    }

    /** Segments outstanding. */
    int segments() {
        return count;
    }

    /** Whether another segment would be too many. */
    boolean isFull() {
        return count >= MOST_SEGMENTS;
    }

    /** Sequence numbers outstanding, whatever became of them. */
    int octets() {
        return next - start;
    }

    /** Sequence numbers believed to be in the network: neither sacked nor lost (RFC 6675's pipe). */
    int pipe() {
        return next - start - sackedOctets - lostOctets;
    }

    int sackedOctets() {
        return sackedOctets;
    }

    int sackedSegments() {
        return sackedSegments;
    }

    /** Sequence numbers lost and not sent again. */
    int lostOctets() {
        return lostOctets;
    }

    /** Octets of memory taken. */
    int footprint() {
        return ends.length * (4 + 8 + 4 + 1 + 4 + 4 + 4);
    }

    /** A segment with new data went out; it ends before a sequence number. */
    void sent(int end, long now) {
        if (count == ends.length - 1) { // the slot after the last one stays free: skip may lead there
            resize(2 * ends.length);
        }
        int slot = slot(count++);
        ends[slot] = end;
        times[slot] = now;
        orders[slot] = transmissions++;
        marks[slot] = 0;
        skip[slot] = slot;
        int after = slot(count);
        skip[after] = after;
        append(slot);
        next = end;
    }

    /** A segment went out again; it is in flight and not lost. */
    void sentAgain(int slot, long now) {
        if ((marks[slot] & LOST) != 0) {
            lostOctets -= length(slot);
        } else if ((marks[slot] & SACKED) == 0) {
            unlink(slot);
        } else {
            return;
        }
        marks[slot] = SENT_AGAIN;
        times[slot] = now;
        orders[slot] = transmissions++;
        append(slot);
    }

    /** Everything before a sequence number was acknowledged. */
    void acknowledge(int acknowledgment, Deliveries deliveries) {
        while (count > 0 && lessOrEqual(ends[head], acknowledgment)) {
            int length = length(head);
            byte mark = marks[head];
            if ((mark & SACKED) != 0) {
                sackedOctets -= length;
                sackedSegments--;
            } else {
                if ((mark & LOST) != 0) {
                    lostOctets -= length;
                } else {
                    unlink(head);
                }
                deliveries.delivered(ends[head], times[head], orders[head], (mark & SENT_AGAIN) != 0);
            }
            start = ends[head];
            if (lostFrom == head) {
                lostFrom = slot(1);
            }
            head = slot(1);
            count--;
        }
        if (less(start, acknowledgment)) { // into a segment, or past everything: a window probe was taken
            if (count > 0) {
                int part = acknowledgment - start;
                if ((marks[head] & SACKED) != 0) {
                    sackedOctets -= part;
                } else if ((marks[head] & LOST) != 0) {
                    lostOctets -= part;
                }
            } else {
                next = acknowledgment;
            }
            start = acknowledgment;
        }
        if (count == 0 && ends.length > 1024) {
            allocate(SMALLEST);
        }
    }

    /** The peer says that it holds what lies between two sequence numbers, which are in order and were sent. */
    void sack(int left, int right, Deliveries deliveries) {
        int index = indexAfter(left);
        if (index < count && index > 0 && less(ends[slot(index - 1)], left) || index == 0 && less(start, left)) {
            index++; // the block begins within this segment
        }
        if (index >= count) {
            return;
        }
        int end = slot(count);
        for (int slot = unsacked(slot(index)); slot != end && lessOrEqual(ends[slot], right);) {
            int length = length(slot);
            if ((marks[slot] & LOST) != 0) {
                lostOctets -= length;
            } else {
                unlink(slot);
            }
            deliveries.delivered(ends[slot], times[slot], orders[slot], (marks[slot] & SENT_AGAIN) != 0);
            marks[slot] = (byte) (marks[slot] & SENT_AGAIN | SACKED);
            sackedOctets += length;
            sackedSegments++;
            int following = slot + 1 & ends.length - 1;
            skip[slot] = following;
            slot = unsacked(following);
        }
    }

    /**
     * Marks as lost what was sent before another segment that has arrived, long enough ago (RFC 8985 §6.2, step 5).
     *
     * @param order that other segment's transmission, which says more than RACK.xmit_ts and RACK.end_seq
     * @param patience how long ago a segment must have been sent: RACK.rtt + RACK.reo_wnd
     * @return how long until the next segment is lost for the same reason, 0 when none will be
     */
    long detectLosses(int order, long patience, long now) {
        while (oldest != NONE) {
            if (!less(orders[oldest], order)) {
                return 0;
            }
            long remaining = times[oldest] + patience - now;
            if (remaining > 0) {
                return remaining;
            }
            lose(oldest);
        }
        return 0;
    }

    /** Marks the first segment as lost, and those sent at least so long ago (RFC 8985 §6.3). */
    void timedOut(long patience, long now) {
        loseFirst();
        while (oldest != NONE && now - times[oldest] >= patience) {
            lose(oldest);
        }
    }

    /** Marks the first segment as lost. */
    void loseFirst() {
        if (count > 0 && (marks[head] & (SACKED | LOST)) == 0) {
            lose(head);
        }
    }

    /**
     * The peer seems to have thrown away what it had sacked, which it may (RFC 2018 §8): forgets all it said; what was
     * sacked counts as lost.
     */
    void forgetSacks() {
        for (int i = 0; i < count; i++) {
            int slot = slot(i);
            skip[slot] = slot;
            if ((marks[slot] & SACKED) != 0) {
                marks[slot] = (byte) (marks[slot] & SENT_AGAIN | LOST);
                lostOctets += length(slot);
            }
        }
        sackedOctets = 0;
        sackedSegments = 0;
        lostFrom = head;
    }

    /** Nothing was lost after all: what was not sent again is in flight as before. */
    void forgetLosses() {
        if (lostOctets == 0) {
            return;
        }
        for (int i = count - 1; i >= 0; i--) {
            int slot = slot(i);
            if ((marks[slot] & LOST) != 0) {
                marks[slot] &= ~LOST;
                // Sent before anything in the list, or it would not have been called lost.
                older[slot] = NONE;
                newer[slot] = oldest;
                if (oldest == NONE) {
                    newest = slot;
                } else {
                    older[oldest] = slot;
                }
                oldest = slot;
            }
        }
        lostOctets = 0;
    }

    /** Whether the peer sacked the first segment and did not acknowledge it: it has reneged, or lies. */
    boolean isFirstSacked() {
        return count > 0 && (marks[head] & SACKED) != 0;
    }

    /** The first segment, {@link #NONE} when there is none. */
    int first() {
        return count == 0 ? NONE : head;
    }

    /** The last segment, {@link #NONE} when there is none or the peer has it. */
    int last() {
        int slot = slot(count - 1);
        return count == 0 || (marks[slot] & SACKED) != 0 ? NONE : slot;
    }

    /** The first segment that is lost and was not sent again since, {@link #NONE} when there is none. */
    int firstLost() {
        if (lostOctets == 0) {
            return NONE;
        }
        int slot = lostFrom;
        while ((marks[slot] & LOST) == 0) {
            slot = slot + 1 & ends.length - 1;
        }
        lostFrom = slot;
        return slot;
    }

    /** The first sequence number of a segment that is not acknowledged. */
    int start(int slot) {
        return slot == head ? start : ends[slot - 1 & ends.length - 1];
    }

    int end(int slot) {
        return ends[slot];
    }

    /** Segments may no longer be as long: cuts those that might have to be sent again. */
    void cut(int length) {
        int pieces = 0;
        for (int i = 0; i < count; i++) {
            pieces += pieces(slot(i), length);
        }
        if (pieces == count) {
            return;
        }
        var former = new Scoreboard(start);
        former.copyFrom(this);
        allocate(Math.max(SMALLEST, Integer.highestOneBit(pieces + 1) << 1));
        int[] firsts = new int[former.ends.length];
        for (int i = 0; i < former.count; i++) {
            int slot = former.slot(i);
            firsts[slot] = count;
            int from = former.start(slot);
            for (int n = former.pieces(slot, length); n > 0; n--) {
                ends[count] = n == 1 ? former.ends[slot] : from + length;
                from = ends[count];
                times[count] = former.times[slot];
                orders[count] = former.orders[slot];
                marks[count] = former.marks[slot];
                skip[count] = (marks[count] & SACKED) != 0 ? count + 1 : count;
                count++;
            }
        }
        skip[count] = count;
        for (int slot = former.oldest; slot != NONE; slot = former.newer[slot]) {
            for (int n = 0; n < former.pieces(slot, length); n++) {
                append(firsts[slot] + n);
            }
        }
        sackedSegments = former.sackedSegments; // those are not cut
    }

    /** Forgets everything and gives the memory back. */
    void clear() {
        start = next;
        sackedOctets = 0;
        sackedSegments = 0;
        lostOctets = 0;
        allocate(SMALLEST);
    }

    private int pieces(int slot, int length) {
        return (marks[slot] & SACKED) != 0 ? 1 : (length(slot) + length - 1) / length;
    }

    private void copyFrom(Scoreboard other) {
        ends = other.ends;
        times = other.times;
        orders = other.orders;
        marks = other.marks;
        older = other.older;
        newer = other.newer;
        skip = other.skip;
        head = other.head;
        count = other.count;
        oldest = other.oldest;
        newest = other.newest;
        sackedSegments = other.sackedSegments;
    }

    private void allocate(int capacity) {
        ends = new int[capacity];
        times = new long[capacity];
        orders = new int[capacity];
        marks = new byte[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        skip = new int[capacity];
        head = 0;
        count = 0;
        lostFrom = 0;
        oldest = NONE;
        newest = NONE;
    }

    private void resize(int capacity) {
        int mask = ends.length - 1;
        ends = unrolled(ends, capacity);
        orders = unrolled(orders, capacity);
        older = moved(unrolled(older, capacity), mask);
        newer = moved(unrolled(newer, capacity), mask);
        skip = moved(unrolled(skip, capacity), mask);
        lostFrom = lostFrom - head & mask;
        oldest = oldest == NONE ? NONE : oldest - head & mask;
        newest = newest == NONE ? NONE : newest - head & mask;
        var movedTimes = new long[capacity];
        var movedMarks = new byte[capacity];
        for (int i = 0; i < count; i++) {
            movedTimes[i] = times[head + i & mask];
            movedMarks[i] = marks[head + i & mask];
        }
        times = movedTimes;
        marks = movedMarks;
        head = 0;
    }

    private int[] unrolled(int[] ring, int capacity) {
        int[] straight = new int[capacity];
        for (int i = 0; i < count; i++) {
            straight[i] = ring[head + i & ring.length - 1];
        }
        return straight;
    }

    private int[] moved(int[] slots, int mask) {
        for (int i = 0; i < count; i++) {
            slots[i] = slots[i] == NONE ? NONE : slots[i] - head & mask;
        }
        return slots;
    }

    private int slot(int index) {
        return head + index & ends.length - 1;
    }

    private int length(int slot) {
        return ends[slot] - start(slot);
    }

    /** The index of the first segment that ends after a sequence number. */
    private int indexAfter(int sequence) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = low + high >>> 1;
            if (less(sequence, ends[slot(middle)])) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The first slot at or after this one that is not sacked, the one after the last segment when there is none. */
    private int unsacked(int slot) {
        int at = slot;
        while (skip[at] != at) {
            skip[at] = skip[skip[at]];
            at = skip[at];
        }
        return at;
    }

    private void lose(int slot) {
        unlink(slot);
        marks[slot] |= LOST;
        if (lostOctets == 0 || (slot - head & ends.length - 1) < (lostFrom - head & ends.length - 1)) {
            lostFrom = slot;
        }
        lostOctets += length(slot);
    }

    private void append(int slot) {
        older[slot] = newest;
        newer[slot] = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
    }

    private void unlink(int slot) {
        int before = older[slot];
        int after = newer[slot];
        if (before == NONE) {
            oldest = after;
        } else {
            newer[before] = after;
        }
        if (after == NONE) {
            newest = before;
        } else {
            older[after] = before;
        }
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int slot = slot(i);
            text.append(Integer.toUnsignedString(start(slot))).append('+').append(length(slot))
                    .append((marks[slot] & SACKED) != 0 ? "S" : "").append((marks[slot] & LOST) != 0 ? "L" : "")
                    .append((marks[slot] & SENT_AGAIN) != 0 ? "R " : " ");
        }
        return text.toString();
    }
}
