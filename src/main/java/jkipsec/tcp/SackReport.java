package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

/**
 * What the next selective acknowledgment says: first a duplicate that has just arrived (RFC 2883 §4), then the ranges
 * held out of order, those first that a segment last fell into (RFC 2018 §4). So each range is reported in several
 * acknowledgments, and the loss of one tells the peer nothing wrong. Confined to the stack's thread.
 */
final class SackReport {
    private final ReassemblyBuffer held;

    /** A sequence number within each of the latest ranges, the newest first. */
    private final int[] latest = new int[SackBlocks.MOST];

    private int count;
    private boolean duplicate;
    private int duplicateLeft;
    private int duplicateRight;

    SackReport(ReassemblyBuffer held) {
        this.held = held;
    }

    /** Whether there is nothing to report. */
    boolean isEmpty() {
        return held.isEmpty() && !duplicate;
    }

    /** A segment out of order is held now. */
    void arrived(int sequence) {
        int range = held.rangeOf(sequence);
        int kept = 0;
        int displaced = sequence;
        for (int i = 0; i < count; i++) {
            int other = held.rangeOf(latest[i]);
            if (other >= 0 && other != range) {
                int moved = latest[i];
                latest[kept++] = displaced;
                displaced = moved;
            }
        }
        if (kept < latest.length) {
            latest[kept++] = displaced;
        }
        count = kept;
    }

    /** The segment being processed repeats octets that had arrived before; of several such parts the first counts. */
    void duplicate(int left, int right) {
        if (less(left, right) && !(duplicate && less(duplicateLeft, left))) {
            duplicate = true;
            duplicateLeft = left;
            duplicateRight = right;
        }
    }

    /**
     * The blocks to report now.
     *
     * @param most how many fit
     * @param fin the sequence number of a FIN that has arrived, if {@code finSeen}: it belongs to the range before it
     */
    SackBlocks blocks(int most, boolean finSeen, int fin) {
        int[] edges = new int[2 * Math.min(most, held.ranges() + (duplicate ? 1 : 0))];
        int filled = 0;
        if (duplicate) {
            edges[filled++] = duplicateLeft;
            edges[filled++] = duplicateRight;
        }
        int first = filled;
        for (int i = 0; i < count && filled < edges.length; i++) {
            filled = add(edges, first, filled, held.rangeOf(latest[i]), finSeen, fin);
        }
        for (int range = 0; filled < edges.length; range++) {
            filled = add(edges, first, filled, range, finSeen, fin);
        }
        return SackBlocks.of(edges);
    }

    /** A segment that reports everything has left; a duplicate is reported once. */
    void reported() {
        duplicate = false;
    }

    /** Adds a range unless it is none or there already; gives how much of the array is filled. */
    private int add(int[] edges, int first, int filled, int range, boolean finSeen, int fin) {
        if (range < 0) {
            return filled;
        }
        int left = held.start(range);
        for (int i = first; i < filled; i += 2) {
            if (edges[i] == left) {
                return filled;
            }
        }
        int right = held.end(range);
        edges[filled] = left;
        edges[filled + 1] = finSeen && right == fin ? right + 1 : right;
        return filled + 2;
    }
}
