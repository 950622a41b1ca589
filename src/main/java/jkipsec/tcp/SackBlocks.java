package jkipsec.tcp;

import java.util.Arrays;

/**
 * The blocks of a selective acknowledgment (RFC 2018 §3): ranges of sequence numbers that have arrived although
 * something before them is missing, the newest first; a first block that was received before reports a duplicate (RFC
 * 2883 §4). An immutable value. What a peer says in one may be nonsense: nothing is checked here.
 */
public final class SackBlocks {
    /** The most blocks that fit in a header. */
    public static final int MOST = 4;

    /** No blocks. */
    public static final SackBlocks NONE = new SackBlocks();

    /** Left and right edges by turns. */
    private final int[] edges;

    private SackBlocks(int... edges) {
        this.edges = edges;
    }

    /**
     * Blocks by their edges.
     *
     * @param edges for each block its first sequence number and the one after its last, by turns: at most four pairs
     * @return the blocks in that order
     */
    public static SackBlocks of(int... edges) {
        if (edges.length % 2 != 0 || edges.length > 2 * MOST) {
            throw new IllegalArgumentException("blocks are 0 to " + MOST + " pairs of edges, not " + edges.length
                    + " edges");
        }
        return edges.length == 0 ? NONE : new SackBlocks(edges.clone());
    }

    /**
     * How many blocks there are.
     *
     * @return 0 to {@link #MOST}
     */
    public int count() {
        return edges.length / 2;
    }

    /**
     * Whether there are none.
     *
     * @return true when {@link #count()} is 0
     */
    public boolean isEmpty() {
        return edges.length == 0;
    }

    /**
     * The first sequence number of a block.
     *
     * @param index the block, from 0
     * @return its left edge
     */
    public int left(int index) {
        return edges[2 * index];
    }

    /**
     * The sequence number after the last of a block.
     *
     * @param index the block, from 0
     * @return its right edge
     */
    public int right(int index) {
        return edges[2 * index + 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SackBlocks blocks && Arrays.equals(edges, blocks.edges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(edges);
    }

    /** Gives such as {@code 1000-2000,5000-6000}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 0; i < count(); i++) {
            text.append(i == 0 ? "" : ",").append(Integer.toUnsignedString(left(i))).append('-')
                    .append(Integer.toUnsignedString(right(i)));
        }
        return text.toString();
    }
}
