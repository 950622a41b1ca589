package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;

/**
 * Encrypted and Authenticated: payloads under the IKE SA's keys, still closed (RFC 7296 §3.14). It is the last payload,
 * so its body is the end of the message: what is authenticated but not encrypted is all that comes before.
 *
 * @param firstInner the {@link PayloadType} of the first payload inside, 0 to 255; {@link PayloadType#NONE} when there
 *     is none
 * @param body initialization vector, ciphertext and integrity check value
 */
public record EncryptedPayload(int firstInner, byte[] body) implements Payload {
    /** Checks that it fits its payload. */
    public EncryptedPayload {
        Require.u8("first inner payload type", firstInner);
        Require.bodyLength("SK", body.length);
        body = body.clone();
    }

    static EncryptedPayload parse(int firstInner, ByteReader body) {
        return new EncryptedPayload(firstInner, body.rest());
    }

    /**
     * Initialization vector, ciphertext and integrity check value.
     *
     * @return a copy
     */
    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.SK;
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
        return other instanceof EncryptedPayload that && firstInner == that.firstInner
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * firstInner + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return "SK, first inside: " + PayloadType.nameOf(firstInner) + ", " + body.length + " octets";
    }
}
