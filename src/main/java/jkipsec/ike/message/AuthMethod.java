package jkipsec.ike.message;

/** Authentication methods (RFC 7296 §3.8). */
public final class AuthMethod {
    /** RSA digital signature. */
    public static final int RSA_SIGNATURE = 1;

    /** Shared key message integrity code. */
    public static final int SHARED_KEY_MIC = 2;

    /** DSS digital signature. */
    public static final int DSS_SIGNATURE = 3;

    /** ECDSA with SHA-256 on P-256, RFC 4754. */
    public static final int ECDSA_256 = 9;

    /** ECDSA with SHA-384 on P-384, RFC 4754. */
    public static final int ECDSA_384 = 10;

    /** ECDSA with SHA-512 on P-521, RFC 4754. */
    public static final int ECDSA_521 = 11;

    /** A password method, RFC 6467. */
    public static final int GENERIC_SECURE_PASSWORD = 12;

    /** No authentication, RFC 7619. */
    public static final int NULL = 13;

    /** A signature whose algorithm is named in the data, RFC 7427. */
    public static final int DIGITAL_SIGNATURE = 14;

    private AuthMethod() {}

    /**
     * The name of a method.
     *
     * @param method the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int method) {
        return switch (method) {
            case RSA_SIGNATURE -> "RSA_SIGNATURE";
            case SHARED_KEY_MIC -> "SHARED_KEY_MIC";
            case DSS_SIGNATURE -> "DSS_SIGNATURE";
            case ECDSA_256 -> "ECDSA_256";
            case ECDSA_384 -> "ECDSA_384";
            case ECDSA_521 -> "ECDSA_521";
            case GENERIC_SECURE_PASSWORD -> "GENERIC_SECURE_PASSWORD";
            case NULL -> "NULL";
            case DIGITAL_SIGNATURE -> "DIGITAL_SIGNATURE";
            default -> "method " + method;
        };
    }
}
