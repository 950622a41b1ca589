package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;

/**
 * Extensible Authentication: carries an EAP packet (RFC 7296 §3.16).
 *
 * @param message the EAP packet, RFC 3748 §4, not looked into
 */
public record EapPayload(byte[] message) implements Payload {
    /** Checks that it fits its payload. */
    public EapPayload {
        Require.bodyLength("EAP", message.length);
        message = message.clone();
    }

    static EapPayload parse(ByteReader body) {
        return new EapPayload(body.rest());
    }

    /**
     * The EAP packet, RFC 3748 §4, not looked into.
     *
     * @return a copy
     */
    @Override
    public byte[] message() {
        return message.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.EAP;
    }

    @Override
    public int bodyLength() {
        return message.length;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.bytes(message);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EapPayload that && Arrays.equals(message, that.message);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(message);
    }

    @Override
    public String toString() {
        return "EAP, " + message.length + " octets";
    }
}
