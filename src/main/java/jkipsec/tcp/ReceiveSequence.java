package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.less;

/**
 * The receive sequence variables of RFC 9293 §3.3.1 and the rules for the window. Confined to the stack's thread.
 *
 * <pre>
 *     consumed | delivered, unconsumed | out of order or nothing yet |
 *     ---------+-----------------------+-----------------------------+-------------
 *                                    next                        advertised
 *              |&lt;------------------ capacity at most ---------------&gt;|
 * </pre>
 */
final class ReceiveSequence {
    /**
     * What every connection is sure of, so that one whose data nobody reads cannot stop the others: data in order is
     * taken up to that even when the stack's memory is used up.
     */
    static final int LEAST = 2048;

    private static final int LARGEST_SCALE = 14;

    private final MemoryBudget budget;

    /** The size of the receive buffer now. */
    private int capacity;

    /** Rcv.Wind.Shift that our SYN offers; zero counts as an offer too (RFC 7323 §2.2). */
    final int offeredScale;

    final ReassemblyBuffer reassembly;
    final SackReport sack;

    /** Whether the peer counts acknowledgments with an unchanged window to notice losses: it has no SACK. */
    boolean peerCountsDuplicates;

    /** IRS. */
    int initial;

    /** RCV.NXT. */
    int next;

    /** The shift in use, zero when the peer does not scale. */
    int scale;

    /** Whether the peer's FIN was seen, though perhaps not everything before it. */
    boolean finSeen;

    /** The FIN's sequence number. */
    int fin;

    /** The right edge of the window: the furthest one ever sent, which is never taken back. */
    private int advertised;

    private int unconsumed;

    /**
     * Begins with nothing received.
     *
     * @param config says the initial and the largest capacity; the window scale is chosen for the largest
     */
    ReceiveSequence(TcpConfig config, MemoryBudget budget) {
        this.budget = budget;
        budget.take(LEAST);
        reassembly = new ReassemblyBuffer(budget);
        sack = new SackReport(reassembly);
        capacity = Math.min(config.initialBuffer(), config.receiveBuffer());
        int shift = 0;
        while (shift < LARGEST_SCALE && config.receiveBuffer() >> shift > 0xffff) {
            shift++;
        }
        offeredScale = shift;
    }

    /** The peer's SYN arrived; our own says the first window. */
    void synchronise(int initialSequence) {
        initial = initialSequence;
        next = initialSequence + 1;
        advertised = next + synWindowField();
    }

    /** RCV.WND: what may still arrive within the window told to the peer. */
    int window() {
        return advertised - next;
    }

    /** One after the last sequence number in the window. */
    int edge() {
        return advertised;
    }

    /** Octets delivered and not consumed. */
    int unconsumed() {
        return unconsumed;
    }

    /** The size of the receive buffer: the most that may be unconsumed or out of order. */
    int capacity() {
        return capacity;
    }

    /** Whether there is memory for data that arrived in order. */
    boolean hasMemoryFor(int octets) {
        // Data that follows it out of the reassembly may need part of a page more than it gives back.
        int more = reassembly.isEmpty() ? 0 : ReassemblyBuffer.PAGE;
        return budget.available() + unusedLeast() >= octets + more;
    }

    /**
     * Forgets what is out of order when that makes memory for data in order, which alone lets the stream go on (RFC 2018
     * §8 permits it, and the peer sends it again).
     */
    boolean pruneFor(int octets) {
        if (reassembly.isEmpty() || budget.available() + unusedLeast() + reassembly.taken() < octets) {
            return false;
        }
        budget.missed();
        reassembly.clear();
        return hasMemoryFor(octets);
    }

    void delivered(int octets) {
        next += octets;
        int before = beyondLeast();
        unconsumed += octets;
        int beyond = beyondLeast() - before;
        budget.take(beyond);
        budget.usedOfLeast(octets - beyond);
    }

    /** Octets delivered and not consumed for which the least does not suffice. */
    private int beyondLeast() {
        return Math.max(0, unconsumed - LEAST);
    }

    private int unusedLeast() {
        return Math.max(0, LEAST - unconsumed);
    }

    /** Returns how many octets that were delivered are consumed. */
    int consumed(int octets) {
        int less = Math.min(octets, unconsumed);
        int before = beyondLeast();
        unconsumed -= less;
        budget.give(before - beyondLeast());
        return less;
    }

    /** Makes the capacity larger when there is memory to spare. */
    void grow(int octets) {
        long possible = capacity + budget.spare();
        if (octets > possible) {
            budget.missed();
        }
        capacity = (int) Math.max(capacity, Math.min(octets, possible));
    }

    /** Changes the capacity; a window told to the peer is not taken back for that. */
    void resize(int octets) {
        capacity = octets;
    }

    /** What may be unconsumed or out of order, as far as memory goes. */
    private int room() {
        return (int) Math.max(0, Math.min(capacity - unconsumed, budget.available() + unusedLeast()));
    }

    /** The connection is over: gives all memory back; what was delivered belongs to the application. */
    void release() {
        reassembly.clear();
        budget.give(LEAST + beyondLeast());
        unconsumed = 0;
    }

    /** The window field of a SYN, which is never scaled. */
    int synWindowField() {
        return Math.min(capacity, 0xffff);
    }

    /**
     * The window field of the next segment. The right edge stays where it was until it can move by a good step (RFC
     * 9293 §3.8.6.2.2). With scaling the field cannot say every edge; where it says one a little to the left of what
     * was said before, data up to the former edge is still taken (RFC 7323 §2.4).
     */
    int windowField(int segmentSize) {
        int most = next + room();
        int field;
        if (opening(segmentSize) > 0) {
            field = most - next >> scale;
        } else {
            field = window() + (1 << scale) - 1 >> scale;
            if (less(most, next + (field << scale))) {
                field = window() >> scale;
            }
        }
        field = Math.min(field, 0xffff);
        advertised = SequenceNumbers.max(advertised, next + (field << scale));
        return field;
    }

    /**
     * By how many octets the right edge may move now; zero when that would be less than a good step. While data is
     * missing the edge stays, as long as there is window: an acknowledgment whose window changed is no duplicate to the
     * peer (RFC 5681 §2), and it would notice the loss later.
     */
    int opening(int segmentSize) {
        if (peerCountsDuplicates && !reassembly.isEmpty() && window() >= 4 * segmentSize) {
            return 0;
        }
        int reachable = Math.min(room(), 0xffff << scale) - window();
        // A window that is shut opens for what the connection is sure of, even where a segment is longer.
        int longest = window() == 0 ? Math.min(segmentSize, LEAST) : segmentSize;
        int step = Math.max(Math.min(capacity / 2, longest), 1 << scale);
        return reachable >= step ? reachable : 0;
    }
}
