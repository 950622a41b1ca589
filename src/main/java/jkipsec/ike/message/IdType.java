package jkipsec.ike.message;

/** Identification types (RFC 7296 §3.5). */
public final class IdType {
    /** An IPv4 address, 4 octets. */
    public static final int ID_IPV4_ADDR = 1;

    /** A domain name, not ended by a zero octet. */
    public static final int ID_FQDN = 2;

    /** A mail address. */
    public static final int ID_RFC822_ADDR = 3;

    /** An IPv6 address, 16 octets. */
    public static final int ID_IPV6_ADDR = 5;

    /** An X.500 distinguished name. */
    public static final int ID_DER_ASN1_DN = 9;

    /** An X.509 general name. */
    public static final int ID_DER_ASN1_GN = 10;

    /** Opaque octets of some private meaning. */
    public static final int ID_KEY_ID = 11;

    /** No identity, RFC 7619. */
    public static final int ID_NULL = 13;

    private IdType() {}

    /**
     * The name of an identification type.
     *
     * @param type the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type) {
        return switch (type) {
            case ID_IPV4_ADDR -> "ID_IPV4_ADDR";
            case ID_FQDN -> "ID_FQDN";
            case ID_RFC822_ADDR -> "ID_RFC822_ADDR";
            case ID_IPV6_ADDR -> "ID_IPV6_ADDR";
            case ID_DER_ASN1_DN -> "ID_DER_ASN1_DN";
            case ID_DER_ASN1_GN -> "ID_DER_ASN1_GN";
            case ID_KEY_ID -> "ID_KEY_ID";
            case ID_NULL -> "ID_NULL";
            default -> "ID " + type;
        };
    }
}
