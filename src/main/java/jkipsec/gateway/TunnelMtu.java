package jkipsec.gateway;

import jkipsec.crypto.CipherSuite;
import jkipsec.esp.EspOverhead;

/**
 * How large the packets inside tunnels are. Immutable.
 *
 * @param outer the largest outer IP packet that the paths to all peers are taken to carry whole, in octets, 576 to 65,535
 * @param largestInner the largest inner IP packet sent, even where a larger one would fit the outer path: room for what
 *     networks on the way wrap around the outer packet; in octets, 576 to 65,535
 */
public record TunnelMtu(int outer, int largestInner) {
    /** The smallest MTU allowed: what every IPv4 host takes (RFC 791 §3.1). */
    public static final int SMALLEST = 576;

    private static final int LARGEST = 65_535;

    /** Checks the range. */
    public TunnelMtu {
        if (outer < SMALLEST || outer > LARGEST || largestInner < SMALLEST || largestInner > LARGEST) {
            throw new IllegalArgumentException("an MTU is " + SMALLEST + " to " + LARGEST + " octets, not " + outer
                    + " outside or " + largestInner + " inside");
        }
    }

    /**
     * What suits most networks: Ethernet's 1,500 outside, of which 1,400 inside are used at most.
     *
     * @return 1,500 and 1,400
     */
    public static TunnelMtu defaults() {
        return new TunnelMtu(1_500, 1_400);
    }

    /**
     * The largest inner packet of a tunnel.
     *
     * @param suite what seals its packets
     * @param outerIpv6 whether the outer packets are IPv6
     * @return octets
     */
    public int inner(CipherSuite suite, boolean outerIpv6) {
        return Math.min(largestInner, EspOverhead.innerMtu(suite, outer, outerIpv6));
    }
}
