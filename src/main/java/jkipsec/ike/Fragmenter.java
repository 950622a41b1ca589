package jkipsec.ike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.PayloadType;
import jkipsec.ip.IpAddress;
import jkipsec.ip.Ipv4Address;

/**
 * Splits the contents of a message among fragments that are each sealed on their own (RFC 7383 §2.5):
 *
 * <pre>
 *   HDR(MID=n), SK(first) {contents}   becomes   HDR(MID=n), SKF(first, 1 of m) {a part}
 *                                                HDR(MID=n), SKF(0, 2 of m) {a part}   ...
 * </pre>
 */
final class Fragmenter {
    /** The size of IP datagram that RFC 7383 §2.5.1 recommends over IPv4 when nothing is known about the path. */
    private static final int SAFE_IPV4_DATAGRAM = 576;

    /** Every IPv6 path carries this (RFC 8200 §5). */
    private static final int SAFE_IPV6_DATAGRAM = 1_280;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;
    private static final int NON_ESP_MARKER = 4;

    private Fragmenter() {}

    /** The longest IKE message that fits an IP datagram on a path. */
    static int messageLimit(int datagram, Path path) {
        int ipHeader = path.peer().address() instanceof Ipv4Address ? IPV4_HEADER : IPV6_HEADER;
        return datagram - ipHeader - UDP_HEADER - (path.role() == PortRole.NAT_T ? NON_ESP_MARKER : 0);
    }

    /** The longest IKE message that nearly every path carries. */
    static int safeLimit(Path path) {
        IpAddress peer = path.peer().address();
        return messageLimit(peer instanceof Ipv4Address ? SAFE_IPV4_DATAGRAM : SAFE_IPV6_DATAGRAM, path);
    }

    /**
     * Seals a message's fragments.
     *
     * @param header the header that all share
     * @param firstInner the type of the first payload inside
     * @param contents all payloads inside, written
     * @param limit the longest a fragment's message may be
     * @param least the least number of fragments; empty ones are never made for its sake
     */
    static List<byte[]> seal(
            SkProtection protection, IkeHeader header, Contents contents, int limit, int least) {
        byte[] octets = contents.octets();
        int room = protection.fragmentRoom(limit);
        int needed = Math.ceilDiv(octets.length, room);
        int total = Math.max(1, Math.min(Math.max(needed, least), octets.length));
        var fragments = new ArrayList<byte[]>(total);
        int from = 0;
        for (int number = 1; number <= total; number++) {
            int to = (int) ((long) octets.length * number / total);
            fragments.add(protection.sealFragment(
                    header,
                    number,
                    total,
                    number == 1 ? contents.firstInner() : PayloadType.NONE,
                    Arrays.copyOfRange(octets, from, to)));
            from = to;
        }
        return List.copyOf(fragments);
    }
}
