package jkipsec.tcp;

import jkipsec.ip.IpAddress;
import jkipsec.ip.Ipv4Address;

/**
 * Eff.snd.MSS (RFC 9293 §3.7.1): the largest payload one connection sends, the least of what the peer takes, what the
 * tunnel and the path behind it carry, and what the configuration allows. Confined to the stack's thread.
 */
final class SegmentSize {
    /** What a peer takes that sends no MSS option. */
    private static final int DEFAULT_V4 = 536;
    private static final int DEFAULT_V6 = 1220;

    /** A peer that asks for less would have us send headers for nothing. */
    private static final int SMALLEST = 48;

    private int peer;
    private int tunnel;
    private int path = PathMtu.NO_LIMIT;

    SegmentSize(IpAddress local, int tunnelSize) {
        peer = local instanceof Ipv4Address ? DEFAULT_V4 : DEFAULT_V6;
        tunnel = tunnelSize;
    }

    int octets() {
        return Math.min(Math.min(peer, tunnel), path);
    }

    void peerTakes(int octets) {
        peer = Math.max(octets, SMALLEST);
    }

    void tunnelCarries(int octets) {
        tunnel = octets;
    }

    void pathCarries(int octets) {
        path = octets;
    }
}
