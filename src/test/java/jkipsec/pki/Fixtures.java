package jkipsec.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import jkipsec.testing.Vectors;

/** The keys and certificates of {@code test-vectors/pki}. */
final class Fixtures {
    /** A time at which all are valid but {@code short}, which was so in January 2020. */
    static final Instant NOW = Instant.parse("2030-06-01T12:00:00Z");

    private Fixtures() {}

    static String pem(String name) {
        try {
            return Files.readString(Vectors.folder().resolve("pki").resolve(name + ".pem"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Credentials credentials(String name) {
        return Credentials.parse(pem(name), new Random(1)::nextBytes);
    }

    static TrustAnchors anchors(String name) {
        return TrustAnchors.parse(pem(name));
    }

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    static List<byte[]> der(List<X509Certificate> certificates) {
        return certificates.stream().map(Fixtures::der).toList();
    }
}
