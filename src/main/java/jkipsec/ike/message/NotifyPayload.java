package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;

/**
 * Notify: an error or a status (RFC 7296 §3.10).
 *
 * @param protocolId the {@link ProtocolId} of the SA it is about, 0 to 255; {@link ProtocolId#NONE} without an SPI
 * @param spi the SPI of the SA it is about, up to 255 octets; empty when it is about none, or about this IKE SA
 * @param type the {@link NotifyType}, 0 to 65,535
 * @param data what the type says
 */
public record NotifyPayload(int protocolId, byte[] spi, int type, byte[] data) implements Payload {
    private static final int FIXED = 4;
    private static final byte[] NOTHING = {};

    /** Checks that it fits its payload. */
    public NotifyPayload {
        Require.u8("protocol ID", protocolId);
        Require.u8("an SPI's length", spi.length);
        Require.u16("notify type", type);
        Require.bodyLength("Notify", FIXED + spi.length + (long) data.length);
        spi = spi.clone();
        data = data.clone();
    }

    /**
     * A notification without data that is about no SA in particular.
     *
     * @param type the {@link NotifyType}
     * @return the payload
     */
    public static NotifyPayload of(int type) {
        return of(type, NOTHING);
    }

    /**
     * A notification that is about no SA in particular.
     *
     * @param type the {@link NotifyType}
     * @param data what the type says
     * @return the payload
     */
    public static NotifyPayload of(int type, byte[] data) {
        return new NotifyPayload(ProtocolId.NONE, NOTHING, type, data);
    }

    static NotifyPayload parse(ByteReader body) throws MalformedMessage {
        int protocolId = body.u8("protocol ID");
        int spiSize = body.u8("SPI size");
        int type = body.u16("notify type");
        byte[] spi = body.bytes(spiSize, "SPI");
        return new NotifyPayload(protocolId, spi, type, body.rest());
    }

    /**
     * Whether this reports an error.
     *
     * @return false when it is a status
     */
    public boolean isError() {
        return NotifyType.isError(type);
    }

    /**
     * The SPI of the SA it is about.
     *
     * @return a copy
     */
    @Override
    public byte[] spi() {
        return spi.clone();
    }

    /**
     * What the type says.
     *
     * @return a copy
     */
    @Override
    public byte[] data() {
        return data.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.NOTIFY;
    }

    @Override
    public int bodyLength() {
        return FIXED + spi.length + data.length;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u8(protocolId).u8(spi.length).u16(type).bytes(spi).bytes(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NotifyPayload that && protocolId == that.protocolId && type == that.type
                && Arrays.equals(spi, that.spi) && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return ((31 * protocolId + type) * 31 + Arrays.hashCode(spi)) * 31 + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "N(" + NotifyType.nameOf(type) + ")"
                + (spi.length == 0 ? "" : " of " + ProtocolId.nameOf(protocolId) + " SPI " + Hex.brief(spi, 16))
                + (data.length == 0 ? "" : " " + Printable.hex(data));
    }
}
