package jkipsec.tcp;

/**
 * Explicit congestion notification as both SYNs agree on it, as a receiver tells of it and a sender answers it (RFC 3168
 * §6.1). Confined to the stack's thread.
 */
final class Ecn {
    /** ECT(0), for the ECN field of the IP header. */
    static final int ECT_0 = 2;

    /** CE, there: congestion was met on the way. */
    static final int CONGESTION_EXPERIENCED = 3;

    /** After so many SYNs without an answer they no longer offer it: something on the path may drop them for it. */
    private static final int OFFERS = 2;

    private boolean inUse;
    private boolean offered;

    /** Whether acknowledgments tell of congestion: since a packet was marked, until the peer says that it knows. */
    private boolean echoes;

    /** Whether the next segment with new data says that the window was reduced. */
    private boolean reduced;

    /** Whether both sides have agreed. */
    boolean inUse() {
        return inUse;
    }

    /**
     * The bits of our SYN (§6.1.1).
     *
     * @param answer whether it is a SYN-ACK
     * @param retries how many SYNs went before it
     */
    int synFlags(EcnPolicy policy, boolean answer, int retries) {
        if (answer) {
            return inUse ? TcpFlags.ECE : 0;
        }
        offered = policy == EcnPolicy.OFFER && retries < OFFERS;
        return offered ? TcpFlags.ECE | TcpFlags.CWR : 0;
    }

    /** The peer's SYN or SYN-ACK arrived. */
    void synArrived(EcnPolicy policy, TcpSegment syn) {
        inUse = syn.has(TcpFlags.ACK)
                ? offered && syn.has(TcpFlags.ECE) && !syn.has(TcpFlags.CWR)
                : policy != EcnPolicy.OFF && syn.has(TcpFlags.ECE) && syn.has(TcpFlags.CWR);
    }

    /**
     * Data within the window arrived (§6.1.3).
     *
     * @param marked whether the network has marked the packet: CE
     * @param reduced whether the peer has reduced its window: CWR
     * @return whether acknowledgments say another thing from now on
     */
    boolean dataArrived(boolean marked, boolean reduced) {
        boolean before = echoes;
        echoes = inUse && (marked || echoes && !reduced);
        return echoes != before;
    }

    /** The bit of every acknowledgment. */
    int acknowledgmentFlags() {
        return echoes ? TcpFlags.ECE : 0;
    }

    /** The congestion window was reduced, for whatever reason. */
    void reduced() {
        reduced = inUse;
    }

    /** The bit that a segment with new data carries: CWR once after a reduction. */
    int dataFlags() {
        int flags = reduced ? TcpFlags.CWR : 0;
        reduced = false;
        return flags;
    }
}
