package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ip.IpAddress;

/**
 * Identification of one side (RFC 7296 §3.5).
 *
 * @param initiator whose: true in IDi, false in IDr
 * @param idType the {@link IdType}, 0 to 255
 * @param data the identity, in the form the type says; not checked against it
 */
public record IdPayload(boolean initiator, int idType, byte[] data) implements Payload {
    private static final int FIXED = 4;

    /** Checks that it fits its payload. */
    public IdPayload {
        Require.u8("ID type", idType);
        Require.bodyLength("Identification", data.length + (long) FIXED);
        data = data.clone();
    }

    static IdPayload parse(boolean initiator, ByteReader body) throws MalformedMessage {
        int idType = body.u8("ID type");
        body.skip(3, "reserved");
        return new IdPayload(initiator, idType, body.rest());
    }

    /**
     * The identity.
     *
     * @return a copy
     */
    @Override
    public byte[] data() {
        return data.clone();
    }

    @Override
    public int payloadType() {
        return initiator ? PayloadType.IDI : PayloadType.IDR;
    }

    @Override
    public int bodyLength() {
        return data.length + FIXED;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u8(idType).zeros(3).bytes(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdPayload that && initiator == that.initiator && idType == that.idType
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * payloadType() + idType + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return PayloadType.nameOf(payloadType()) + " " + IdType.nameOf(idType) + " " + text();
    }

    private String text() {
        boolean address = idType == IdType.ID_IPV4_ADDR && data.length == 4
                || idType == IdType.ID_IPV6_ADDR && data.length == 16;
        return address ? IpAddress.of(data).toString() : Printable.text(data);
    }
}
