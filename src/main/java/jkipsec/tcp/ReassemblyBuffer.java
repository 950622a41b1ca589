package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;
import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

import java.util.Arrays;

/**
 * Data that arrived before what comes in front of it: pages of the receive window, made when something falls into them,
 * and a bounded list of the ranges that are filled. However small the pieces in which a hostile peer sends, and however
 * far apart, no more memory is taken than one page and a half for each of a few hundred ranges beyond the data itself.
 *
 * <p>Where two segments held here say different things about an octet, the first one stays. Confined to the stack's
 * thread.
 */
final class ReassemblyBuffer {
    /** The most separate ranges kept: the most holes a window can have. */
    static final int MAXIMUM_RANGES = 256;

    /** The size of a page, a power of two: a few of them hold a segment. */
    static final int PAGE = 2048;

    private static final int PAGE_BITS = Integer.numberOfTrailingZeros(PAGE);
    private static final byte[] EMPTY = {};
    private static final byte[][] NO_PAGES = {};
    private static final int[] NO_RANGES = {};
    private static final int FIRST_PAGES = 16;
    private static final int FIRST_RANGES = 8;

    private final MemoryBudget budget;

    /** A page lies at its number, the sequence number divided by its size, modulo the length: zero or a power of two. */
    private byte[][] pages = NO_PAGES;
    private int pageCount;

    /** Ranges in order: the first sequence number of each and the one after its last; none touches another. */
    private int[] starts = NO_RANGES;
    private int[] ends = NO_RANGES;
    private int count;

    ReassemblyBuffer(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Whether there is memory for so many octets more. */
    boolean hasMemoryFor(int octets) {
        return budget.spare() >= octets + 2 * PAGE;
    }

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

    /** Octets taken from the budget. */
    int taken() {
        return pageCount * PAGE;
    }

    /** Octets of memory taken. */
    int footprint() {
        return taken() + 4 * (pages.length + starts.length + ends.length);
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
        ensureSpan(end - next);
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
        if (passed == count) {
            clear();
        } else {
            for (int i = 0; i < passed; i++) {
                freePages(i, pageOf(starts[passed]));
            }
            remove(0, passed);
        }
        return octets;
    }

    /** Gives back the pages of a range that lie before another page. */
    private void freePages(int range, int kept) {
        int end = nextPage(pageOf(ends[range] - 1));
        for (int page = pageOf(starts[range]); page != kept && page != end; page = nextPage(page)) {
            int index = page & pages.length - 1;
            if (pages[index] != null) {
                pages[index] = null;
                pageCount--;
                budget.give(PAGE);
            }
        }
    }

    /** Forgets everything and gives the memory back. */
    void clear() {
        budget.give(taken());
        pages = NO_PAGES;
        pageCount = 0;
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

    private static int pageOf(int sequence) {
        return sequence >>> PAGE_BITS;
    }

    private static int nextPage(int page) {
        return pageOf(page + 1 << PAGE_BITS);
    }

    private void ensureSpan(int span) {
        int needed = (span >> PAGE_BITS) + 2;
        if (needed <= pages.length) {
            return;
        }
        byte[][] old = pages;
        pages = new byte[Math.max(FIRST_PAGES, Integer.highestOneBit(needed - 1) << 1)][];
        for (int i = 0; i < count; i++) {
            int end = nextPage(pageOf(ends[i] - 1));
            for (int page = pageOf(starts[i]); page != end; page = nextPage(page)) {
                pages[page & pages.length - 1] = old[page & old.length - 1];
            }
        }
    }

    private void put(int sequence, byte[] array, int offset, int length) {
        int done = 0;
        while (done < length) {
            int index = pageOf(sequence + done) & pages.length - 1;
            if (pages[index] == null) {
                pages[index] = new byte[PAGE];
                pageCount++;
                budget.take(PAGE);
            }
            int at = sequence + done & PAGE - 1;
            int part = Math.min(length - done, PAGE - at);
            System.arraycopy(array, offset + done, pages[index], at, part);
            done += part;
        }
    }

    private void get(int sequence, byte[] array) {
        int done = 0;
        while (done < array.length) {
            int at = sequence + done & PAGE - 1;
            int part = Math.min(array.length - done, PAGE - at);
            System.arraycopy(pages[pageOf(sequence + done) & pages.length - 1], at, array, done, part);
            done += part;
        }
    }
}
