package jkipsec.ip;

import java.util.Optional;
import jkipsec.bytes.Octets;

/**
 * What an ICMP error tells of the packet it is about: the packet's beginning, as far as it shows which flow it was of.
 *
 * <p>Anybody could have made it up. Before it counts, what it says must be compared with what was really sent (RFC 5927).
 *
 * @param source where the packet was sent from
 * @param destination where to
 * @param protocol what its payload is, behind extension headers
 * @param word1 the payload's first four octets: for TCP and UDP both ports
 * @param word2 the next four: for TCP the sequence number, for an echo request identifier and sequence number
 */
public record QuotedPacket(IpAddress source, IpAddress destination, int protocol, int word1, int word2) {
    /** What of the payload every error quotes (RFC 792). */
    private static final int LEAST_PAYLOAD = 8;

    private static final int MOST_HEADERS = 4;

    /**
     * Reads the quotation in an ICMP error. Unlike a packet that is to be used it may be cut short, and its checksum is
     * not looked at: routers have changed the header on the way.
     *
     * @param original the beginning of a packet
     * @return what it tells, or nothing when it tells too little, or is a fragment other than the first
     */
    public static Optional<QuotedPacket> read(byte[] original) {
        return switch (original.length == 0 ? 0 : original[0] >>> 4 & 0xf) {
            case 4 -> v4(original);
            case 6 -> v6(original);
            default -> Optional.empty();
        };
    }

    /**
     * The source with the port there, for TCP and UDP.
     *
     * @return address and port
     */
    public Endpoint from() {
        return new Endpoint(source, word1 >>> 16);
    }

    /**
     * The destination with the port there, for TCP and UDP.
     *
     * @return address and port
     */
    public Endpoint to() {
        return new Endpoint(destination, word1 & 0xffff);
    }

    private static Optional<QuotedPacket> v4(byte[] octets) {
        int header = 4 * (octets[0] & 0xf);
        if (header < IpHeader.IPV4_LENGTH || octets.length < header + LEAST_PAYLOAD
                || (Octets.u16(octets, 6) & 0x1fff) != 0) {
            return Optional.empty();
        }
        return Optional.of(new QuotedPacket(Ipv4Address.read(octets, 12), Ipv4Address.read(octets, 16),
                octets[9] & 0xff, Octets.i32(octets, header), Octets.i32(octets, header + 4)));
    }

    private static Optional<QuotedPacket> v6(byte[] octets) {
        int at = IpHeader.IPV6_LENGTH;
        if (octets.length < at) {
            return Optional.empty();
        }
        int protocol = octets[IpHeader.IPV6_NEXT_HEADER] & 0xff;
        for (int i = 0; i < MOST_HEADERS && octets.length >= at + LEAST_PAYLOAD; i++) {
            switch (protocol) {
                case IpProtocol.HOP_BY_HOP, IpProtocol.DESTINATION_OPTIONS, IpProtocol.ROUTING -> {
                    protocol = octets[at] & 0xff;
                    at += 8 * (1 + (octets[at + 1] & 0xff));
                }
                case IpProtocol.IPV6_FRAGMENT -> {
                    if ((Octets.u16(octets, at + 2) & ~7) != 0) {
                        return Optional.empty();
                    }
                    protocol = octets[at] & 0xff;
                    at += Ipv6Headers.FRAGMENT_LENGTH;
                }
                default -> {
                    return Optional.of(new QuotedPacket(Ipv6Address.read(octets, 8), Ipv6Address.read(octets, 24),
                            protocol, Octets.i32(octets, at), Octets.i32(octets, at + 4)));
                }
            }
        }
        return Optional.empty();
    }
}
