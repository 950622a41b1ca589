package jkipsec.pki;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * What of a certificate its signature does not cover (RFC 5280 §4.1): the octets around what is signed. For each
 * certificate there is one right way to write them, and platforms read others too and forget the difference: Java 21
 * takes any number of unused bits and does not compare the two algorithms. So anyone could make many certificates of
 * one, all of them valid.
 *
 * <pre>
 *   SEQUENCE
 *     tbsCertificate      SEQUENCE, what is signed
 *       version           [0], perhaps
 *       serialNumber      INTEGER
 *       signature         SEQUENCE: the algorithm
 *       ...
 *     signatureAlgorithm  SEQUENCE: the same again (RFC 5280 §4.1.1.2)
 *     signatureValue      BIT STRING without unused bits (RFC 5280 §4.1.1.3)
 * </pre>
 */
final class CertificateFrame {
    private static final String SECTION = "RFC 5280 §4.1";
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    private static final int VERSION = 0xa0;
    private static final int LONG_LENGTH = 0x80;

    private CertificateFrame() {}

    /**
     * Writes a certificate as it has to be.
     *
     * @param certificate as the platform understood it
     * @return the DER in which it should have come
     * @throws CertificateEncodingException when the platform cannot say what is signed
     * @throws MalformedMessage when that is none
     */
    static byte[] of(X509Certificate certificate) throws CertificateEncodingException, MalformedMessage {
        byte[] signed = certificate.getTBSCertificate();
        byte[] signature = certificate.getSignature();
        var content = new ByteWriter()
                .bytes(signed)
                .bytes(algorithm(signed));
        header(content, BIT_STRING, 1 + signature.length);
        content.u8(0).bytes(signature);
        var whole = new ByteWriter();
        header(whole, SEQUENCE, content.length());
        return whole.bytes(content.toByteArray()).toByteArray();
    }

    /** The whole element in which the authority says by which algorithm it signs. */
    private static byte[] algorithm(byte[] signed) throws MalformedMessage {
        var reader = new ByteReader(signed, SECTION);
        reader.skip(1, "tag");
        length(reader);
        if (signed[reader.position()] == (byte) VERSION) {
            skip(reader);
        }
        skip(reader);
        int begin = reader.position();
        skip(reader);
        return new ByteReader(signed, begin, reader.position() - begin, SECTION).rest();
    }

    private static void skip(ByteReader reader) throws MalformedMessage {
        reader.skip(1, "tag");
        reader.skip(length(reader), "element");
    }

    private static int length(ByteReader reader) throws MalformedMessage {
        int first = reader.u8("length");
        if (first < LONG_LENGTH) {
            return first;
        }
        return switch (first - LONG_LENGTH) {
            case 1 -> reader.u8("length");
            case 2 -> reader.u16("length");
            default -> throw reader.malformed("a length that is too long");
        };
    }

    private static void header(ByteWriter out, int tag, int length) {
        out.u8(tag);
        if (length < LONG_LENGTH) {
            out.u8(length);
        } else if (length <= 0xff) {
            out.u8(LONG_LENGTH + 1).u8(length);
        } else {
            out.u8(LONG_LENGTH + 2).u16(length);
        }
    }
}
