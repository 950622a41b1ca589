package jkipsec.tcp;

import java.util.Objects;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;

/**
 * A TCP header (RFC 9293 §3.1). The urgent pointer is not kept: it is ignored when reading and zero when writing.
 *
 * <pre>
 *   source port (16)          destination port (16)
 *   sequence number (32)
 *   acknowledgment number (32)
 *   data offset (4) reserved (4) flags (8)   window (16)
 *   checksum (16)             urgent pointer (16)
 *   options, padded to 32 bits
 * </pre>
 *
 * @param sourcePort 0 to 65,535
 * @param destinationPort 0 to 65,535
 * @param sequence the first payload octet's number, or the SYN's
 * @param acknowledgment the next number the sender expects; means something only with {@link TcpFlags#ACK}
 * @param flags bits of {@link TcpFlags}, 0 to 255
 * @param window the window field as on the wire, not scaled, 0 to 65,535
 * @param options the options
 */
public record TcpHeader(
        int sourcePort,
        int destinationPort,
        int sequence,
        int acknowledgment,
        int flags,
        int window,
        TcpOptions options) {
    /** The length of a header without options, in octets. */
    public static final int MINIMUM_LENGTH = 20;

    private static final int CHECKSUM = 16;
    private static final String SECTION = "RFC 9293 §3.1";

    /** Checks the ranges. */
    public TcpHeader {
        Objects.requireNonNull(options, "options");
        if ((sourcePort | destinationPort | window) >>> 16 != 0 || flags >>> 8 != 0) {
            throw new IllegalArgumentException("a field does not fit: ports " + sourcePort + " and " + destinationPort
                    + ", window " + window + ", flags " + flags);
        }
    }

    /**
     * Reads a header.
     *
     * @param array where it is
     * @param offset the first octet
     * @param length octets of header and payload together
     * @return the header
     * @throws MalformedMessage when it does not fit in the length or an option does not fit in the header
     * @throws IndexOutOfBoundsException when the range is not within the array
     */
    public static TcpHeader parse(byte[] array, int offset, int length) throws MalformedMessage {
        Objects.checkFromIndexSize(offset, length, array.length);
        if (length < MINIMUM_LENGTH) {
            throw new MalformedMessage("header of " + length + " octets", offset, SECTION);
        }
        int headerLength = headerLength(array, offset);
        if (headerLength < MINIMUM_LENGTH || headerLength > length) {
            throw new MalformedMessage("data offset of " + headerLength + " octets", offset + 12, SECTION);
        }
        TcpOptions options = headerLength == MINIMUM_LENGTH
                ? TcpOptions.NONE
                : TcpOptions.parse(array, offset + MINIMUM_LENGTH, offset + headerLength);
        return new TcpHeader(Octets.u16(array, offset), Octets.u16(array, offset + 2), Octets.i32(array, offset + 4),
                Octets.i32(array, offset + 8), array[offset + 13] & 0xff, Octets.u16(array, offset + 14), options);
    }

    /**
     * How long the header is on the wire.
     *
     * @return octets, options included
     */
    public int length() {
        return MINIMUM_LENGTH + options.length();
    }

    /**
     * Whether a control bit is set.
     *
     * @param flag one of {@link TcpFlags}
     * @return true when it is set
     */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * Writes the header with a checksum of zero.
     *
     * @param array where to write
     * @param offset the place of its first octet
     */
    public void write(byte[] array, int offset) {
        Octets.put16(array, offset, sourcePort);
        Octets.put16(array, offset + 2, destinationPort);
        Octets.put32(array, offset + 4, sequence);
        Octets.put32(array, offset + 8, acknowledgment);
        array[offset + 12] = (byte) (length() / 4 << 4);
        array[offset + 13] = (byte) flags;
        Octets.put16(array, offset + 14, window);
        Octets.put32(array, offset + CHECKSUM, 0);
        options.write(array, offset + MINIMUM_LENGTH);
    }

    /** Puts a checksum into a header already written. */
    static void putChecksum(byte[] array, int offset, int checksum) {
        Octets.put16(array, offset + CHECKSUM, checksum);
    }

    /** The length a header on the wire declares. */
    static int headerLength(byte[] array, int offset) {
        return (array[offset + 12] >>> 4 & 0xf) * 4;
    }

    /** Gives such as {@code 49152 > 80 SYN seq=1 ack=0 win=65535 mss=1360}. */
    @Override
    public String toString() {
        return sourcePort + " > " + destinationPort + " " + TcpFlags.toString(flags) + " seq="
                + Integer.toUnsignedString(sequence) + " ack=" + Integer.toUnsignedString(acknowledgment) + " win="
                + window + (options.length() == 0 ? "" : " " + options);
    }
}
