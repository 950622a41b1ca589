package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteWriter;

/**
 * A payload of a type this package does not know, kept as it came.
 *
 * @param type its type, 1 to 255, none that {@link PayloadType#isKnown} knows
 * @param critical whether a receiver that does not know the type must refuse the message (RFC 7296 §2.5)
 * @param body what follows the generic header
 */
public record UnknownPayload(int type, boolean critical, byte[] body) implements Payload {
    /** Checks that it fits its payload and that the type is not a known one. */
    public UnknownPayload {
        Require.range("payload type", type, 1, 0xff);
        if (PayloadType.isKnown(type)) {
            throw new IllegalArgumentException(
                    "type " + type + " is " + PayloadType.nameOf(type) + ", which has a record of its own");
        }
        Require.bodyLength("unknown", body.length);
        body = body.clone();
    }

    /**
     * What follows the generic header.
     *
     * @return a copy
     */
    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public int payloadType() {
        return type;
    }

    @Override
    public int bodyLength() {
        return body.length;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.bytes(body);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnknownPayload that && type == that.type && critical == that.critical
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * (critical ? -type : type) + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return PayloadType.nameOf(type) + (critical ? " (critical), " : ", ") + body.length + " octets";
    }
}
