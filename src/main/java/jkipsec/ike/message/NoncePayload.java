package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Nonce: random octets that make an exchange's keys fresh (RFC 7296 §3.9).
 *
 * @param nonce the random octets, {@value #MIN_LENGTH} to {@value #MAX_LENGTH} octets
 */
public record NoncePayload(byte[] nonce) implements Payload {
    /** The shortest nonce, in octets. */
    public static final int MIN_LENGTH = 16;

    /** The longest nonce, in octets. */
    public static final int MAX_LENGTH = 256;

    /** Checks the length. */
    public NoncePayload {
        Require.range("a nonce's length", nonce.length, MIN_LENGTH, MAX_LENGTH);
        nonce = nonce.clone();
    }

    static NoncePayload parse(ByteReader body) throws MalformedMessage {
        int length = body.remaining();
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            throw body.malformed("nonce of " + length + " octets");
        }
        return new NoncePayload(body.rest());
    }

    /**
     * The random octets.
     *
     * @return a copy
     */
    @Override
    public byte[] nonce() {
        return nonce.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.NONCE;
    }

    @Override
    public int bodyLength() {
        return nonce.length;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.bytes(nonce);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoncePayload that && Arrays.equals(nonce, that.nonce);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(nonce);
    }

    @Override
    public String toString() {
        return "Nonce, " + nonce.length + " octets";
    }
}
