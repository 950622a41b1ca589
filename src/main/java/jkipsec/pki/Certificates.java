package jkipsec.pki;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import jkipsec.bytes.MalformedMessage;

/** What the classes here have in common in dealing with the Java platform's certificates. */
final class Certificates {
    private static final byte SEQUENCE = 0x30;

    private Certificates() {}

    static CertificateFactory factory() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw lacks("X.509", e);
        }
    }

    /**
     * Reads one certificate in DER; the platform's factory alone would take PEM too, leave a rest unread, and take what
     * {@link CertificateFrame} does not.
     */
    static X509Certificate parse(byte[] der) throws CertificateException {
        if (der.length == 0 || der[0] != SEQUENCE) {
            throw new CertificateException("not DER");
        }
        try {
            var certificate = (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
            if (!Arrays.equals(der, CertificateFrame.of(certificate))) {
                throw new CertificateException("octets after the certificate, another algorithm outside what is signed"
                        + " than inside, or not DER");
            }
            if (certificate.getPublicKey() == null) {
                throw new CertificateException("a public key that cannot be read");
            }
            return certificate;
        } catch (CertificateException e) {
            throw e;
        } catch (MalformedMessage e) {
            throw new CertificateException(e);
        } catch (RuntimeException e) {
            // The factory promises to throw none, but it reads hostile octets, and one would end a caller's thread.
            throw new CertificateException(e);
        }
    }

    /** The SHA-1 hash of a certificate's SubjectPublicKeyInfo, which names an authority in CERTREQ (RFC 7296 §3.7). */
    static byte[] authorityHash(X509Certificate authority) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(authority.getPublicKey().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw lacks("SHA-1", e);
        }
    }

    static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    static IllegalStateException lacks(String algorithm, GeneralSecurityException cause) {
        return new IllegalStateException(
                algorithm + " does not work here: the Java platform requires it, so look at the security providers in "
                        + "the java.security file", cause);
    }
}
