package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Certificate Request (RFC 7296 §3.7).
 *
 * @param encoding the {@link CertEncoding} wanted, 0 to 255
 * @param authorities hashes of the trusted authorities' keys, or what the encoding says
 */
public record CertReqPayload(int encoding, byte[] authorities) implements Payload {
    private static final int FIXED = 1;

    /** Checks that it fits its payload. */
    public CertReqPayload {
        Require.u8("encoding", encoding);
        Require.bodyLength("CERTREQ", authorities.length + (long) FIXED);
        authorities = authorities.clone();
    }

    static CertReqPayload parse(ByteReader body) throws MalformedMessage {
        int encoding = body.u8("certificate encoding");
        return new CertReqPayload(encoding, body.rest());
    }

    /**
     * Hashes of the trusted authorities' keys, or what the encoding says.
     *
     * @return a copy
     */
    @Override
    public byte[] authorities() {
        return authorities.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.CERTREQ;
    }

    @Override
    public int bodyLength() {
        return authorities.length + FIXED;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u8(encoding).bytes(authorities);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CertReqPayload that && encoding == that.encoding
                && Arrays.equals(authorities, that.authorities);
    }

    @Override
    public int hashCode() {
        return 31 * encoding + Arrays.hashCode(authorities);
    }

    @Override
    public String toString() {
        return "CERTREQ " + CertEncoding.nameOf(encoding) + ", " + authorities.length + " octets";
    }
}
