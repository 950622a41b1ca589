package jkipsec.ip;

import java.util.Objects;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;

/**
 * What an outgoing packet's IP header says, apart from the payload's length: write it in front of any number of
 * payloads. Which family it is follows from the addresses.
 *
 * <p>IPv4 headers have no options, Don't Fragment set and identification 0, which RFC 6864 §4.1 allows for packets that
 * are never fragmented; IPv6 headers have flow label 0.
 *
 * @param source who sends
 * @param destination who receives, of the same family
 * @param protocol the payload's {@link IpProtocol}, 0 to 255
 * @param hopLimit IPv4's time to live or IPv6's hop limit, 0 to 255
 * @param trafficClass DSCP (6 bits) and ECN (2 bits), 0 to 255
 */
public record IpHeader(IpAddress source, IpAddress destination, int protocol, int hopLimit, int trafficClass) {
    /** The length of an IPv4 header without options, in octets. */
    public static final int IPV4_LENGTH = 20;

    /** The length of the fixed IPv6 header, in octets. */
    public static final int IPV6_LENGTH = 40;

    /** Where in an IPv6 header the next header's number is. */
    static final int IPV6_NEXT_HEADER = 6;

    /** The hop limit of what this library sends, as RFC 1700 recommends. */
    public static final int DEFAULT_HOP_LIMIT = 64;

    private static final int DONT_FRAGMENT = 0x4000;

    /** Checks that the addresses are of one family and the numbers fit. */
    public IpHeader {
        Objects.requireNonNull(source, "source");
        if (!source.sameFamily(destination)) {
            throw new IllegalArgumentException(
                    source + " and " + destination + " are not of the same family");
        }
        requireOctet("protocol", protocol);
        requireOctet("hop limit", hopLimit);
        requireOctet("traffic class", trafficClass);
    }

    /**
     * A header with {@link #DEFAULT_HOP_LIMIT} and traffic class 0.
     *
     * @param source who sends
     * @param destination who receives, of the same family
     * @param protocol the payload's {@link IpProtocol}
     * @return the header
     */
    public static IpHeader of(IpAddress source, IpAddress destination, int protocol) {
        return new IpHeader(source, destination, protocol, DEFAULT_HOP_LIMIT, 0);
    }

    /**
     * The same header with another ECN field (RFC 3168 §5).
     *
     * @param ecn 0 to 3
     * @return the changed header
     */
    public IpHeader withEcn(int ecn) {
        if (ecn < 0 || ecn > 3) {
            throw new IllegalArgumentException("the ECN field is 0 to 3, not " + ecn);
        }
        return new IpHeader(source, destination, protocol, hopLimit, trafficClass & ~3 | ecn);
    }

    /**
     * How long the header is on the wire.
     *
     * @return {@link #IPV4_LENGTH} or {@link #IPV6_LENGTH}
     */
    public int length() {
        return source instanceof Ipv4Address ? IPV4_LENGTH : IPV6_LENGTH;
    }

    /**
     * Makes a packet with this header and a payload of zeros for the caller to fill.
     *
     * @param payloadLength octets behind the header
     * @return a packet with room around it for the tunnel; its payload starts {@link #length()} octets in
     * @throws IllegalArgumentException when the packet would be longer than its header can say
     */
    public PacketBuffer allocate(int payloadLength) {
        PacketBuffer packet = PacketBuffer.allocate(length() + payloadLength);
        write(packet.array(), packet.offset(), payloadLength);
        return packet;
    }

    /**
     * Writes the header. The payload may be there already: it starts {@link #length()} octets further on.
     *
     * @param array where to write
     * @param offset the place of the header's first octet
     * @param payloadLength octets behind the header
     * @return the header's length
     * @throws IllegalArgumentException when the packet would be longer than its header can say
     */
    public int write(byte[] array, int offset, int payloadLength) {
        int length = length();
        int declared = length == IPV4_LENGTH ? length + payloadLength : payloadLength;
        if (payloadLength < 0 || declared > 0xffff) {
            throw new IllegalArgumentException("a payload of " + payloadLength + " octets fits in no IP packet");
        }
        Objects.checkFromIndexSize(offset, length, array.length);
        if (length == IPV4_LENGTH) {
            Octets.put16(array, offset, 0x4500 | trafficClass);
            Octets.put16(array, offset + 2, declared);
            Octets.put32(array, offset + 4, DONT_FRAGMENT);
            Octets.put32(array, offset + 8, hopLimit << 24 | protocol << 16);
            source.write(array, offset + 12);
            destination.write(array, offset + 16);
            Octets.put16(array, offset + 10, Checksum.of(array, offset, IPV4_LENGTH));
        } else {
            Octets.put32(array, offset, 6 << 28 | trafficClass << 20);
            Octets.put32(array, offset + 4, declared << 16 | protocol << 8 | hopLimit);
            source.write(array, offset + 8);
            destination.write(array, offset + 24);
        }
        return length;
    }

    private static void requireOctet(String what, int value) {
        if (value < 0 || value > 0xff) {
            throw new IllegalArgumentException("the " + what + " is 0 to 255, not " + value);
        }
    }
}
