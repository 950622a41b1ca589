package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Encrypted and Authenticated Fragment: a part of what an {@link EncryptedPayload} would hold, still closed (RFC 7383
 * §2.5). It is the last payload of its message.
 *
 * @param firstInner the {@link PayloadType} of the first payload inside the whole, 0 to 255; by the sender's rules 0 in
 *     every fragment but the first
 * @param number which fragment this is, from 1 to total
 * @param total how many fragments there are, 1 to 65,535
 * @param body initialization vector, ciphertext and integrity check value
 */
public record EncryptedFragmentPayload(int firstInner, int number, int total, byte[] body) implements Payload {
    private static final int FIXED = 4;

    /** Checks the numbers and that it fits its payload. */
    public EncryptedFragmentPayload {
        Require.u8("first inner payload type", firstInner);
        Require.range("number of fragments", total, 1, 0xffff);
        Require.range("fragment number", number, 1, total);
        Require.bodyLength("SKF", body.length + (long) FIXED);
        body = body.clone();
    }

    static EncryptedFragmentPayload parse(int firstInner, ByteReader body) throws MalformedMessage {
        int number = body.u16("fragment number");
        int total = body.u16("total fragments");
        if (number == 0 || number > total) {
            throw body.malformed("fragment " + number + " of " + total);
        }
        return new EncryptedFragmentPayload(firstInner, number, total, body.rest());
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
        return PayloadType.SKF;
    }

    @Override
    public int bodyLength() {
        return body.length + FIXED;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u16(number).u16(total).bytes(body);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncryptedFragmentPayload that && firstInner == that.firstInner
                && number == that.number && total == that.total && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return ((31 * firstInner + number) * 31 + total) * 31 + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return "SKF " + number + " of " + total + ", first inside: " + PayloadType.nameOf(firstInner) + ", "
                + body.length + " octets";
    }
}
