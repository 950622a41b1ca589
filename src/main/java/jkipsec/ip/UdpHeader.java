package jkipsec.ip;

import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;

/**
 * A UDP header (RFC 768) and the extent of the payload behind it.
 *
 * @param sourcePort who sends, 0 to 65,535
 * @param destinationPort who receives, 0 to 65,535
 * @param payloadLength octets behind the header, 0 to 65,527
 */
public record UdpHeader(int sourcePort, int destinationPort, int payloadLength) {
    /** The header's length in octets. */
    public static final int LENGTH = 8;

    private static final String RFC_768 = "RFC 768";

    /** Checks that the numbers fit. */
    public UdpHeader {
        if (sourcePort < 0 || sourcePort > 0xffff || destinationPort < 0 || destinationPort > 0xffff) {
            throw new IllegalArgumentException(
                    "a port is 0 to 65535, not " + sourcePort + " or " + destinationPort);
        }
        if (payloadLength < 0 || payloadLength > 0xffff - LENGTH) {
            throw new IllegalArgumentException("a payload of " + payloadLength + " octets fits in no datagram");
        }
    }

    /**
     * Reads the header of a packet's payload and verifies the checksum. The datagram's payload starts
     * {@value #LENGTH} octets behind {@link IpPacket#payloadOffset()}.
     *
     * @param packet a packet with protocol {@link IpProtocol#UDP} that is no fragment
     * @return the header
     * @throws MalformedMessage when the lengths contradict each other or the checksum is wrong; without checksum
     *     (value zero) a datagram is accepted over IPv4 only (RFC 8200 §8.1)
     */
    public static UdpHeader parse(IpPacket packet) throws MalformedMessage {
        byte[] array = packet.array();
        int at = packet.payloadOffset();
        if (packet.payloadLength() < LENGTH) {
            throw new MalformedMessage("header of " + packet.payloadLength() + " octets", at, RFC_768);
        }
        int length = Octets.u16(array, at + 4);
        if (length < LENGTH || length > packet.payloadLength()) {
            throw new MalformedMessage("length " + length + " in " + packet.payloadLength() + " octets", at + 4,
                    RFC_768);
        }
        boolean unprotected = Octets.u16(array, at + 6) == 0 && packet.version() == 4;
        if (!unprotected && (Octets.u16(array, at + 6) == 0
                || checksum(array, at, length, packet.source(), packet.destination()) != 0)) {
            throw new MalformedMessage("wrong checksum", at + 6, RFC_768);
        }
        return new UdpHeader(Octets.u16(array, at), Octets.u16(array, at + 2), length - LENGTH);
    }

    /**
     * Makes a whole packet around a payload.
     *
     * @param source the address this is sent from
     * @param destination the address this is sent to, of the same family
     * @param payload the datagram's contents, {@link #payloadLength()} octets
     * @return an IP packet with room around it for the tunnel
     * @throws IllegalArgumentException when the payload has another length
     */
    public PacketBuffer packet(IpAddress source, IpAddress destination, byte[] payload) {
        if (payload.length != payloadLength) {
            throw new IllegalArgumentException(
                    "a payload of " + payload.length + " octets under a header for " + payloadLength);
        }
        IpHeader ip = IpHeader.of(source, destination, IpProtocol.UDP);
        PacketBuffer packet = ip.allocate(LENGTH + payloadLength);
        int at = packet.offset() + ip.length();
        System.arraycopy(payload, 0, packet.array(), at + LENGTH, payloadLength);
        write(packet.array(), at, source, destination);
        return packet;
    }

    /**
     * Writes the header in front of a payload that is there already, with the checksum over both.
     *
     * @param array where to write
     * @param offset the place of the header's first octet; the payload starts {@value #LENGTH} octets further on
     * @param source the address this is sent from
     * @param destination the address this is sent to, of the same family
     */
    public void write(byte[] array, int offset, IpAddress source, IpAddress destination) {
        int length = LENGTH + payloadLength;
        Octets.put16(array, offset, sourcePort);
        Octets.put16(array, offset + 2, destinationPort);
        Octets.put16(array, offset + 4, length);
        Octets.put16(array, offset + 6, 0);
        int checksum = checksum(array, offset, length, source, destination);
        Octets.put16(array, offset + 6, checksum == 0 ? 0xffff : checksum); // zero would mean: no checksum
    }

    private static int checksum(byte[] array, int offset, int length, IpAddress source, IpAddress destination) {
        long pseudoHeader = Checksum.pseudoHeader(source, destination, IpProtocol.UDP, length);
        return Checksum.finish(Checksum.add(pseudoHeader, array, offset, length));
    }
}
