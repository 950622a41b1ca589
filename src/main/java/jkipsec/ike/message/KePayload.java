package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Key Exchange: a public value (RFC 7296 §3.4, for P-256 RFC 5903 §7).
 *
 * @param group the key exchange method, 0 to 65,535, such as {@link TransformId#ECP_256}
 * @param data the public value
 */
public record KePayload(int group, byte[] data) implements Payload {
    private static final int FIXED = 4;

    /** Checks that it fits its payload. */
    public KePayload {
        Require.u16("group", group);
        Require.bodyLength("KE", data.length + (long) FIXED);
        data = data.clone();
    }

    static KePayload parse(ByteReader body) throws MalformedMessage {
        int group = body.u16("key exchange method");
        body.skip(2, "reserved");
        return new KePayload(group, body.rest());
    }

    /**
     * The public value.
     *
     * @return a copy
     */
    @Override
    public byte[] data() {
        return data.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.KE;
    }

    @Override
    public int bodyLength() {
        return data.length + FIXED;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u16(group).zeros(2).bytes(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KePayload that && group == that.group && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * group + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "KE " + TransformId.keyExchange(group) + ", " + data.length + " octets";
    }
}
