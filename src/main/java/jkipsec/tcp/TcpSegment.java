package jkipsec.tcp;

import java.util.Objects;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Checksum;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpPacket;

/**
 * A TCP segment: a header and a payload that lies in someone's array. The payload is not copied, and {@code equals}
 * compares the array by identity.
 *
 * @param header the header
 * @param array where the payload is
 * @param payloadOffset its first octet
 * @param payloadLength its length in octets
 */
public record TcpSegment(TcpHeader header, byte[] array, int payloadOffset, int payloadLength) {
    private static final byte[] EMPTY = {};

    /** Checks that the payload lies within the array. */
    public TcpSegment {
        Objects.requireNonNull(header, "header");
        Objects.checkFromIndexSize(payloadOffset, payloadLength, array.length);
    }

    /**
     * A segment without payload.
     *
     * @param header the header
     */
    public TcpSegment(TcpHeader header) {
        this(header, EMPTY, 0, 0);
    }

    /**
     * Reads the segment in a packet; the checksum is {@link #checksumMatches}' business.
     *
     * @param packet a whole packet of protocol 6
     * @return the segment, a view of the packet's array
     * @throws MalformedMessage when a length contradicts another
     */
    public static TcpSegment parse(IpPacket packet) throws MalformedMessage {
        byte[] array = packet.array();
        int offset = packet.payloadOffset();
        var header = TcpHeader.parse(array, offset, packet.payloadLength());
        // Not header.length(): unknown options count too.
        int headerLength = TcpHeader.headerLength(array, offset);
        return new TcpSegment(header, array, offset + headerLength, packet.payloadLength() - headerLength);
    }

    /**
     * Verifies the checksum over pseudo header, header and payload (RFC 9293 §3.1).
     *
     * @param packet a whole packet of protocol 6
     * @return true when it is right
     */
    public static boolean checksumMatches(IpPacket packet) {
        long sum = Checksum.add(packet.pseudoHeader(), packet.array(), packet.payloadOffset(), packet.payloadLength());
        return Checksum.finish(sum) == 0;
    }

    /**
     * Makes the packet that carries this segment, with its checksum.
     *
     * @param ip the IP header to put in front
     * @return a packet of its own, with room around it for the tunnel
     */
    public PacketBuffer toPacket(IpHeader ip) {
        PacketBuffer packet = ip.allocate(header.length() + payloadLength);
        int at = packet.offset() + ip.length();
        System.arraycopy(array, payloadOffset, packet.array(), at + header.length(), payloadLength);
        seal(packet, ip, header);
        return packet;
    }

    /** Writes a header into a packet that has its payload already, and the checksum over both. */
    static void seal(PacketBuffer packet, IpHeader ip, TcpHeader header) {
        int at = packet.offset() + ip.length();
        int length = packet.length() - ip.length();
        header.write(packet.array(), at);
        long pseudo = Checksum.pseudoHeader(ip.source(), ip.destination(), ip.protocol(), length);
        TcpHeader.putChecksum(packet.array(), at, Checksum.finish(Checksum.add(pseudo, packet.array(), at, length)));
    }

    /**
     * The sequence numbers the segment takes: SEG.LEN.
     *
     * @return payload octets, and one each for SYN and FIN
     */
    public int length() {
        return payloadLength + (has(TcpFlags.SYN) ? 1 : 0) + (has(TcpFlags.FIN) ? 1 : 0);
    }

    /**
     * The first sequence number: SEG.SEQ.
     *
     * @return the header's field
     */
    public int sequence() {
        return header.sequence();
    }

    /**
     * The acknowledgment number: SEG.ACK.
     *
     * @return the header's field
     */
    public int acknowledgment() {
        return header.acknowledgment();
    }

    /**
     * Whether a control bit is set.
     *
     * @param flag one of {@link TcpFlags}
     * @return true when it is set
     */
    public boolean has(int flag) {
        return header.has(flag);
    }

    /**
     * The part of the segment in a window, without SYN (RFC 9293 §3.10.7.4, first step).
     *
     * @param first the window's first sequence number
     * @param edge the one after its last
     * @return a segment with the rest of payload and FIN, perhaps with nothing
     */
    TcpSegment trimmedTo(int first, int edge) {
        int start = has(TcpFlags.SYN) ? sequence() + 1 : sequence();
        int end = start + payloadLength;
        int from = SequenceNumbers.max(start, first);
        int octets = Math.max(0, SequenceNumbers.min(end, edge) - from);
        int flags = header.flags() & ~TcpFlags.SYN;
        if (!SequenceNumbers.less(end, edge)) {
            flags &= ~TcpFlags.FIN;
        }
        var rest = new TcpHeader(header.sourcePort(), header.destinationPort(), from, header.acknowledgment(), flags,
                header.window(), header.options());
        return new TcpSegment(rest, array, octets == 0 ? payloadOffset : payloadOffset + from - start, octets);
    }

    /** Gives the header and {@code len=} with the payload's length; contents may be private. */
    @Override
    public String toString() {
        return header + " len=" + payloadLength;
    }
}
