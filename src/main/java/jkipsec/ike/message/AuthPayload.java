package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Authentication: the proof that the sender is who its Identification payload says (RFC 7296 §3.8).
 *
 * @param method the {@link AuthMethod}, 0 to 255
 * @param data the proof
 */
public record AuthPayload(int method, byte[] data) implements Payload {
    private static final int FIXED = 4;

    /** Checks that it fits its payload. */
    public AuthPayload {
        Require.u8("method", method);
        Require.bodyLength("AUTH", data.length + (long) FIXED);
        data = data.clone();
    }

    static AuthPayload parse(ByteReader body) throws MalformedMessage {
        int method = body.u8("auth method");
        body.skip(3, "reserved");
        return new AuthPayload(method, body.rest());
    }

    /**
     * The proof.
     *
     * @return a copy
     */
    @Override
    public byte[] data() {
        return data.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.AUTH;
    }

    @Override
    public int bodyLength() {
        return data.length + FIXED;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u8(method).zeros(3).bytes(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuthPayload that && method == that.method && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * method + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "AUTH " + AuthMethod.nameOf(method) + ", " + data.length + " octets";
    }
}
