package jkipsec.tcp;

/**
 * How much may be sent while a loss is repaired, so that the window shrinks evenly over the round trip (PRR, RFC 6937
 * §3). Below the threshold it grows by what was delivered (CRB), and as in slow start (SSRB) only when an acknowledgment
 * brings progress and no further loss, as RFC 9937 has it. Amounts are octets. Confined to the stack's thread.
 */
final class ProportionalRateReduction {
    private int threshold;
    private int flightAtStart;
    private long delivered;
    private long out;
    private int window;

    /**
     * Recovery begins.
     *
     * @param slowStartThreshold ssthresh: what the window is to come to
     * @param flight RecoverFS: what was outstanding and not sacked before the acknowledgment that began it
     * @param pipe what is believed to be in the network, of which the window starts
     */
    void start(int slowStartThreshold, int flight, int pipe) {
        threshold = slowStartThreshold;
        flightAtStart = Math.max(flight, 1);
        delivered = 0;
        out = 0;
        window = pipe;
    }

    /**
     * An acknowledgment arrived during recovery.
     *
     * @param octets what it delivered: acknowledged or sacked for the first time
     * @param pipe what is believed to be in the network then
     * @param safe whether SND.UNA advanced and nothing more was found lost
     * @param segmentSize SMSS
     */
    void acknowledged(int octets, int pipe, boolean safe, int segmentSize) {
        delivered += octets;
        long send;
        if (pipe > threshold) {
            send = (delivered * threshold + flightAtStart - 1) / flightAtStart - out;
        } else {
            send = Math.max(delivered - out, octets);
            if (safe) {
                send += segmentSize;
            }
            send = Math.min(threshold - pipe, send);
        }
        if (out == 0 && send < segmentSize) {
            send = segmentSize; // the first retransmission goes in any case
        }
        window = (int) (pipe + Math.max(0, send));
    }

    /** Something was sent. */
    void sent(int octets) {
        out += octets;
    }

    /** How much may be in the network now. */
    int window() {
        return window;
    }
}
