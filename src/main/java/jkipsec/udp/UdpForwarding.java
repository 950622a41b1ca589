package jkipsec.udp;

/**
 * How much a {@link UdpStack} forwards at once, and for how long. Immutable.
 *
 * @param undecided flows that may wait for a decision, from 1
 * @param open flows in all, from 1; beyond, the one that was idle for longest gives way
 * @param idle nanoseconds after which a flow without datagrams ends, from 1; it may be up to twice as long after one that
 *     went to the peer. RFC 4787 §4.3 asks for two minutes at least
 * @param dnsIdle the same for flows to port 53
 */
public record UdpForwarding(int undecided, int open, long idle, long dnsIdle) {
    /** Checks the ranges. */
    public UdpForwarding {
        if (undecided < 1 || open < 1 || idle < 1 || dnsIdle < 1) {
            throw new IllegalArgumentException("to forward takes room and time for one flow at least, not " + undecided
                    + " undecided and " + open + " open, for " + idle + " ns and " + dnsIdle + " ns");
        }
    }
}
