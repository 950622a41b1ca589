package jkipsec.ip;

import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;

/**
 * A received IPv4 (RFC 791 §3.1) or IPv6 (RFC 8200 §3) packet, looked at in place.
 *
 * <p>The header was checked when it was parsed; the payload was not looked at. It keeps the array it was given: nobody
 * may change that while the packet is in use. IPv4 options are skipped. IPv6 extension headers are not: the first one
 * is where the payload begins, until {@link Ipv6Headers} gives the packet as seen from behind them.
 */
public final class IpPacket {
    private static final String RFC_791 = "RFC 791 §3.1";
    private static final String RFC_8200 = "RFC 8200 §3";
    private static final int MORE_FRAGMENTS_OR_OFFSET = 0x3fff;

    private final byte[] array;
    private final int offset;
    private final int headerLength;
    private final int totalLength;

    /** Octets from the packet's start to the field that says what the payload is. */
    private final int protocolAt;

    private final IpAddress source;
    private final IpAddress destination;

    private IpPacket(PacketBuffer packet, int headerLength, int totalLength, IpAddress source, IpAddress destination) {
        this.array = packet.array();
        this.offset = packet.offset();
        this.headerLength = headerLength;
        this.totalLength = totalLength;
        this.source = source;
        this.destination = destination;
        this.protocolAt = array[offset] >>> 4 == 4 ? 9 : 6;
    }

    private IpPacket(IpPacket packet, int headerLength, int protocolAt) {
        this.array = packet.array;
        this.offset = packet.offset;
        this.headerLength = headerLength;
        this.totalLength = packet.totalLength;
        this.protocolAt = protocolAt;
        this.source = packet.source;
        this.destination = packet.destination;
    }

    /**
     * The same packet with the payload beginning further on, behind extension headers.
     *
     * @param headers octets from the packet's start to the payload, at most {@link #length()}
     * @param nextHeaderAt octets from its start to the field that says what the payload is
     */
    IpPacket behind(int headers, int nextHeaderAt) {
        return new IpPacket(this, headers, nextHeaderAt);
    }

    /**
     * Checks the header of a packet: version, lengths, and the checksum where there is one (IPv4).
     *
     * @param packet the octets; what follows the length the header declares is ignored (RFC 4303 §2.7)
     * @return the packet
     * @throws MalformedMessage when the header contradicts itself or the octets present
     */
    public static IpPacket parse(PacketBuffer packet) throws MalformedMessage {
        int version = packet.length() == 0 ? 0 : packet.array()[packet.offset()] >>> 4 & 0xf;
        return switch (version) {
            case 4 -> parseV4(packet);
            case 6 -> parseV6(packet);
            default -> throw new MalformedMessage("no IP packet: version " + version, packet.offset(), RFC_791);
        };
    }

    private static IpPacket parseV4(PacketBuffer packet) throws MalformedMessage {
        byte[] array = packet.array();
        int at = packet.offset();
        int headerLength = 4 * (array[at] & 0xf);
        if (headerLength < IpHeader.IPV4_LENGTH || headerLength > packet.length()) {
            throw new MalformedMessage(
                    "header of " + headerLength + " octets in " + packet.length(), at, RFC_791);
        }
        int totalLength = Octets.u16(array, at + 2);
        if (totalLength < headerLength || totalLength > packet.length()) {
            throw new MalformedMessage(
                    "total length " + totalLength + " in " + packet.length() + " octets", at + 2, RFC_791);
        }
        if (!Checksum.verify(array, at, headerLength)) {
            throw new MalformedMessage("wrong header checksum", at + 10, RFC_791);
        }
        return new IpPacket(packet, headerLength, totalLength,
                Ipv4Address.read(array, at + 12), Ipv4Address.read(array, at + 16));
    }

    private static IpPacket parseV6(PacketBuffer packet) throws MalformedMessage {
        byte[] array = packet.array();
        int at = packet.offset();
        if (packet.length() < IpHeader.IPV6_LENGTH) {
            throw new MalformedMessage("header of " + packet.length() + " octets", at, RFC_8200);
        }
        int totalLength = IpHeader.IPV6_LENGTH + Octets.u16(array, at + 4);
        if (totalLength > packet.length()) {
            throw new MalformedMessage(
                    "packet of " + totalLength + " octets in " + packet.length(), at + 4, RFC_8200);
        }
        return new IpPacket(packet, IpHeader.IPV6_LENGTH, totalLength,
                Ipv6Address.read(array, at + 8), Ipv6Address.read(array, at + 24));
    }

    /**
     * The family.
     *
     * @return 4 or 6
     */
    public int version() {
        return array[offset] >>> 4 & 0xf;
    }

    /**
     * Where the packet came from, as it says itself.
     *
     * @return an address of the packet's family
     */
    public IpAddress source() {
        return source;
    }

    /**
     * Where the packet goes to.
     *
     * @return an address of the packet's family
     */
    public IpAddress destination() {
        return destination;
    }

    /**
     * What the payload is.
     *
     * @return a value of {@link IpProtocol}; for IPv6 the next header, perhaps an extension header
     */
    public int protocol() {
        return array[offset + protocolAt] & 0xff;
    }

    /**
     * Where the packet says what the payload is, as an ICMPv6 parameter problem points to it (RFC 4443 §3.4).
     *
     * @return octets from the packet's start to the field that {@link #protocol()} reads
     */
    public int protocolOffset() {
        return protocolAt;
    }

    /**
     * How many more routers may forward the packet: IPv4's time to live, IPv6's hop limit.
     *
     * @return 0 to 255
     */
    public int hopLimit() {
        return array[isV4() ? offset + 8 : offset + 7] & 0xff;
    }

    /**
     * The octet that IPv4 calls type of service and IPv6 traffic class: DSCP (6 bits) and ECN (2 bits).
     *
     * @return 0 to 255
     */
    public int trafficClass() {
        return isV4() ? array[offset + 1] & 0xff : Octets.u16(array, offset) >>> 4 & 0xff;
    }

    /**
     * The explicit congestion notification field (RFC 3168 §5).
     *
     * @return 0 not capable, 1 ECT(1), 2 ECT(0), 3 congestion experienced
     */
    public int ecn() {
        return trafficClass() & 3;
    }

    /**
     * Whether the packet is a part of one that was fragmented, so that its payload is no whole upper-layer packet.
     *
     * @return true for any fragment, the first included; for IPv6 only when the fragment header comes first
     */
    public boolean isFragment() {
        return isV4()
                ? (Octets.u16(array, offset + 6) & MORE_FRAGMENTS_OR_OFFSET) != 0
                : protocol() == IpProtocol.IPV6_FRAGMENT;
    }

    /**
     * The array the packet is in, not copied.
     *
     * @return the array given to {@link #parse}
     */
    public byte[] array() {
        return array;
    }

    /**
     * Where the packet begins.
     *
     * @return the offset in {@link #array()} of the header's first octet
     */
    public int offset() {
        return offset;
    }

    /**
     * How long the packet is.
     *
     * @return header and payload in octets, as the header declares
     */
    public int length() {
        return totalLength;
    }

    /**
     * Where the payload begins.
     *
     * @return the offset in {@link #array()} of the first octet after the header and its options
     */
    public int payloadOffset() {
        return offset + headerLength;
    }

    /**
     * How long the payload is.
     *
     * @return octets
     */
    public int payloadLength() {
        return totalLength - headerLength;
    }

    /**
     * The sum of the pseudo header for this packet's payload.
     *
     * @return a sum for {@link Checksum#add}
     */
    public long pseudoHeader() {
        return Checksum.pseudoHeader(source, destination, protocol(), payloadLength());
    }

    /**
     * The packet without what followed it in the buffer.
     *
     * @return a view of the same array
     */
    public PacketBuffer toBuffer() {
        return new PacketBuffer(array, offset, totalLength);
    }

    /** Says who sends what to whom, without the contents. */
    @Override
    public String toString() {
        return "IPv" + version() + " " + source + " > " + destination + " " + IpProtocol.nameOf(protocol())
                + (isFragment() ? " fragment, " : ", ") + payloadLength() + " octets";
    }

    private boolean isV4() {
        return version() == 4;
    }
}
