package jkipsec.ike.message;

/** Certificate encodings (RFC 7296 §3.6). */
public final class CertEncoding {
    /** A PKCS #7 wrapped X.509 certificate; use is unspecified. */
    public static final int PKCS7_X509 = 1;

    /** An X.509 certificate, DER; in requests, SHA-1 hashes of authorities' keys. */
    public static final int X509_SIGNATURE = 4;

    /** A certificate revocation list. */
    public static final int CRL = 7;

    /** The SHA-1 hash of an X.509 certificate, and where to get it. */
    public static final int HASH_AND_URL_X509 = 12;

    /** The SHA-1 hash of a bundle of certificates, and where to get it. */
    public static final int HASH_AND_URL_BUNDLE = 13;

    /** An OCSP response, RFC 4806. */
    public static final int OCSP_CONTENT = 14;

    /** A raw public key, RFC 7670. */
    public static final int RAW_PUBLIC_KEY = 15;

    private CertEncoding() {}

    /**
     * The name of an encoding.
     *
     * @param encoding the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int encoding) {
        return switch (encoding) {
            case PKCS7_X509 -> "PKCS7_X509";
            case X509_SIGNATURE -> "X509_SIGNATURE";
            case CRL -> "CRL";
            case HASH_AND_URL_X509 -> "HASH_AND_URL_X509";
            case HASH_AND_URL_BUNDLE -> "HASH_AND_URL_BUNDLE";
            case OCSP_CONTENT -> "OCSP_CONTENT";
            case RAW_PUBLIC_KEY -> "RAW_PUBLIC_KEY";
            default -> "encoding " + encoding;
        };
    }
}
