package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

import java.util.Arrays;

/**
 * Data that arrived before what comes in front of it: one ring that spans the receive window, and a bounded list of the
 * ranges in it that are filled. However small the pieces in which a hostile peer sends, no more memory is taken than
 * the window and that list.
 *
 * <p>Where two segments held here say different things about an octet, the first one stays. Confined to the stack's
 * thread.
 */
final class ReassemblyBuffer {
    /** The most separate ranges kept: the most holes a window can have. */
    static final int MAXIMUM_RANGES = 256;

    private static final byte[] EMPTY = {};
    private static final int[] NO_RANGES = {};
    private static final int SMALLEST = 16 * 1024;
    private static final int FIRST_RANGES = 8;

    /** An octet lies at its sequence number modulo the length, which is zero or a power of two. */
    private byte[] ring = EMPTY;

    /** Ranges in order: the first sequence number of each and the one after its last; none touches another. */
    private int[] starts = NO_RANGES;
    private int[] ends = NO_RANGES;
    private int count;

    /** Whether nothing is held. */
    boolean isEmpty() {
        return count == 0;
    }

    /** The number of separate ranges. */
    int ranges() {
        return count;
    }

    /** The first sequence number of a range, counted from 0 in their order. */
    int start(int range) {
        return starts[range];
    }

    /** The sequence number after the last of a range. */
    int end(int range) {
        return ends[range];
    }

    /** The range that a sequence number lies in, -1 when it is not held. */
    int rangeOf(int sequence) {
        int low = firstEndingAfter(sequence);
        return low < count && lessOrEqual(starts[low], sequence) ? low : -1;
    }

    /**
     * The first part of a segment that is held already, as RFC 2883 §4 reports it.
     *
     * @param sequence the segment's first octet
     * @param end the one after its last
     * @param report told of that part, if there is one
     */
    void findDuplicate(int sequence, int end, SackReport report) {
        int range = firstEndingAfter(sequence);
        if (range < count && less(starts[range], end)) {
            report.duplicate(SequenceNumbers.max(sequence, starts[range]), SequenceNumbers.min(end, ends[range]));
        }
    }

    private int firstEndingAfter(int sequence) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = low + high >>> 1;
            if (lessOrEqual(ends[middle], sequence)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Octets held. */
    int octets() {
        int total = 0;
        for (int i = 0; i < count; i++) {
            total += ends[i] - starts[i];
        }
        return total;
    }

    /** Octets of memory taken. */
    int footprint() {
        return ring.length + 4 * (starts.length + ends.length);
    }

    /**
     * Stores octets.
     *
     * @param next the next sequence number expected in order; it comes before or at {@code sequence}, and everything
     *     held comes after it
     * @return false when there are too many ranges already; nothing was stored then
     */
    boolean insert(int next, int sequence, byte[] array, int offset, int length) {
        int end = sequence + length;
        int first = 0;
        while (first < count && less(ends[first], sequence)) {
            first++;
        }
        int last = first;
        while (last < count && lessOrEqual(starts[last], end)) {
            last++;
        }
        if (first == last && count == MAXIMUM_RANGES) {
            return false;
        }
        ensureRing(end - next);
        int position = sequence;
        for (int i = first; i < last; i++) {
            if (less(position, starts[i])) {
                put(position, array, offset + position - sequence, starts[i] - position);
            }
            position = SequenceNumbers.max(position, ends[i]);
        }
        if (less(position, end)) {
            put(position, array, offset + position - sequence, end - position);
        }
        if (first == last) {
            open(first, sequence, end);
        } else {
            starts[first] = SequenceNumbers.min(sequence, starts[first]);
            ends[first] = SequenceNumbers.max(end, ends[last - 1]);
            remove(first + 1, last);
        }
        return true;
    }

    /**
     * Forgets what comes before a sequence number, and takes out what follows it without a hole.
     *
     * @param next the next sequence number expected in order
     * @return those octets, perhaps none
     */
    byte[] take(int next) {
        int passed = 0;
        while (passed < count && lessOrEqual(ends[passed], next)) {
            passed++;
        }
        byte[] octets = EMPTY;
        if (passed < count && lessOrEqual(starts[passed], next)) {
            octets = new byte[ends[passed] - next];
            get(next, octets);
            passed++;
        }
        remove(0, passed);
        if (count == 0) {
            clear();
        }
        return octets;
    }

    /** Forgets everything and gives the memory back. */
    void clear() {
        ring = EMPTY;
        starts = NO_RANGES;
        ends = NO_RANGES;
        count = 0;
    }

    private void open(int index, int start, int end) {
        if (count == starts.length) {
            int larger = count == 0 ? FIRST_RANGES : 2 * count;
            starts = Arrays.copyOf(starts, larger);
            ends = Arrays.copyOf(ends, larger);
        }
        System.arraycopy(starts, index, starts, index + 1, count - index);
        System.arraycopy(ends, index, ends, index + 1, count - index);
        starts[index] = start;
        ends[index] = end;
        count++;
    }

    private void remove(int from, int to) {
        System.arraycopy(starts, to, starts, from, count - to);
        System.arraycopy(ends, to, ends, from, count - to);
        count -= to - from;
    }

    private void ensureRing(int span) {
        if (span <= ring.length) {
            return;
        }
        byte[] old = ring;
        ring = new byte[Math.max(SMALLEST, Integer.highestOneBit(span - 1) << 1)];
        for (int i = 0; i < count; i++) {
            int at = starts[i] & old.length - 1;
            int length = ends[i] - starts[i];
            int first = Math.min(length, old.length - at);
            put(starts[i], old, at, first);
            put(starts[i] + first, old, 0, length - first);
        }
    }

    private void put(int sequence, byte[] array, int offset, int length) {
        int at = sequence & ring.length - 1;
        int first = Math.min(length, ring.length - at);
        System.arraycopy(array, offset, ring, at, first);
        System.arraycopy(array, offset + first, ring, 0, length - first);
    }

    private void get(int sequence, byte[] array) {
        int at = sequence & ring.length - 1;
        int first = Math.min(array.length, ring.length - at);
        System.arraycopy(ring, at, array, 0, first);
        System.arraycopy(ring, 0, array, first, array.length - first);
    }
}
