package jkipsec.ike.message;

/** Transform types (RFC 7296 §3.3.2). */
public final class TransformType {
    /** Encryption algorithm, for IKE and ESP. */
    public static final int ENCR = 1;

    /** Pseudorandom function, for IKE. */
    public static final int PRF = 2;

    /** Integrity algorithm, for IKE, AH, and ESP when the cipher does not authenticate. */
    public static final int INTEG = 3;

    /** Key exchange method (Diffie-Hellman group), for IKE, optional for AH and ESP. */
    public static final int KE = 4;

    /** Extended sequence numbers, for AH and ESP. */
    public static final int ESN = 5;

    /** First additional key exchange, RFC 9370; six more follow in number. */
    public static final int ADDITIONAL_KE_1 = 6;

    /** Last additional key exchange, RFC 9370. */
    public static final int ADDITIONAL_KE_7 = 12;

    private TransformType() {}

    /**
     * The name of a transform type.
     *
     * @param type the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type) {
        return switch (type) {
            case ENCR -> "ENCR";
            case PRF -> "PRF";
            case INTEG -> "INTEG";
            case KE -> "KE";
            case ESN -> "ESN";
            case ADDITIONAL_KE_1 -> "ADDITIONAL_KE_1";
            case ADDITIONAL_KE_7 -> "ADDITIONAL_KE_7";
            default -> "transform type " + type;
        };
    }
}
