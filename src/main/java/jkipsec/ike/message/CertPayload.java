package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Certificate, or something related (RFC 7296 §3.6).
 *
 * @param encoding the {@link CertEncoding}, 0 to 255
 * @param data the certificate, or what the encoding says
 */
public record CertPayload(int encoding, byte[] data) implements Payload {
    private static final int FIXED = 1;

    /** Checks that it fits its payload. */
    public CertPayload {
        Require.u8("encoding", encoding);
        Require.bodyLength("CERT", data.length + (long) FIXED);
        data = data.clone();
    }

    static CertPayload parse(ByteReader body) throws MalformedMessage {
        int encoding = body.u8("certificate encoding");
        return new CertPayload(encoding, body.rest());
    }

    /**
     * The certificate, or what the encoding says.
     *
     * @return a copy
     */
    @Override
    public byte[] data() {
        return data.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.CERT;
    }

    @Override
    public int bodyLength() {
        return data.length + FIXED;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u8(encoding).bytes(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CertPayload that && encoding == that.encoding && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * encoding + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "CERT " + CertEncoding.nameOf(encoding) + ", " + data.length + " octets";
    }
}
