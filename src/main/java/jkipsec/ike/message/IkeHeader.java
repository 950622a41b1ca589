package jkipsec.ike.message;

import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * The header of an IKE message (RFC 7296 §3.1), without what follows from the rest of the message: the first payload's
 * type, the length, and the version, which is always 2.0 when written.
 *
 * @param initiatorSpi the SPI chosen by the IKE SA's original initiator, not 0 in a real message
 * @param responderSpi the SPI chosen by its original responder, 0 in the first request
 * @param exchangeType the {@link ExchangeType}, 0 to 255
 * @param initiator whether the sender is the IKE SA's original initiator (I flag)
 * @param response whether this answers a request (R flag)
 * @param messageId the number of the request, as 32 unsigned bits
 */
public record IkeHeader(
        long initiatorSpi, long responderSpi, int exchangeType, boolean initiator, boolean response, int messageId) {
    /** The header's length in octets. */
    public static final int LENGTH = 28;

    /** The major version this library speaks. */
    public static final int MAJOR_VERSION = 2;

    private static final String SECTION = "RFC 7296 §3.1";
    private static final int INITIATOR = 0x08;
    private static final int RESPONSE = 0x20;

    /** Checks that it can be written. */
    public IkeHeader {
        Require.u8("exchange type", exchangeType);
    }

    /**
     * All that a received header says.
     *
     * @param header what is kept of it
     * @param firstPayload the {@link PayloadType} of the first payload, 0 to 255
     * @param majorVersion 0 to 15; a receiver answers more than {@link #MAJOR_VERSION} with INVALID_MAJOR_VERSION
     *     (RFC 7296 §2.5)
     * @param minorVersion 0 to 15, to be ignored
     * @param length the whole message's length in octets, as 32 unsigned bits
     */
    public record Received(IkeHeader header, int firstPayload, int majorVersion, int minorVersion, int length) {}

    /**
     * Reads the header of a message of any version, without looking at what follows.
     *
     * @param array where the message is
     * @param offset its first octet
     * @param length the octets there are from there on
     * @return what the header says, which may contradict what is there
     * @throws MalformedMessage when there are fewer than {@value #LENGTH} octets
     * @throws IndexOutOfBoundsException when the range is not within the array
     */
    public static Received peek(byte[] array, int offset, int length) throws MalformedMessage {
        return read(new ByteReader(array, offset, length, SECTION));
    }

    static Received read(ByteReader reader) throws MalformedMessage {
        long initiatorSpi = reader.i64("initiator's SPI");
        long responderSpi = reader.i64("responder's SPI");
        int firstPayload = reader.u8("next payload");
        int version = reader.u8("version");
        int exchangeType = reader.u8("exchange type");
        int flags = reader.u8("flags"); // all others are ignored
        int messageId = reader.i32("message ID");
        int length = reader.i32("length");
        var header = new IkeHeader(initiatorSpi, responderSpi, exchangeType, (flags & INITIATOR) != 0,
                (flags & RESPONSE) != 0, messageId);
        return new Received(header, firstPayload, version >>> 4, version & 0xf, length);
    }

    /**
     * Writes the header.
     *
     * @param out where to
     * @param firstPayload the {@link PayloadType} of the first payload
     * @param length the whole message's length in octets, this header included
     */
    public void write(ByteWriter out, int firstPayload, int length) {
        out.i64(initiatorSpi).i64(responderSpi).u8(firstPayload).u8(MAJOR_VERSION << 4).u8(exchangeType)
                .u8((initiator ? INITIATOR : 0) | (response ? RESPONSE : 0)).i32(messageId).i32(length);
    }

    @Override
    public String toString() {
        return "%s %s %s, SPIs %016x %016x, from the original %s".formatted(
                ExchangeType.nameOf(exchangeType), response ? "response" : "request",
                Integer.toUnsignedString(messageId), initiatorSpi, responderSpi, initiator ? "initiator" : "responder");
    }
}
