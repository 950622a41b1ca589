package jkipsec.ike.message;

/** Payload types (RFC 7296 §3.2, IANA registry "IKEv2 Payload Types"). */
public final class PayloadType {
    /** No next payload. */
    public static final int NONE = 0;

    /** Security Association, {@link SaPayload}. */
    public static final int SA = 33;

    /** Key Exchange, {@link KePayload}. */
    public static final int KE = 34;

    /** Identification of the initiator, {@link IdPayload}. */
    public static final int IDI = 35;

    /** Identification of the responder, {@link IdPayload}. */
    public static final int IDR = 36;

    /** Certificate, {@link CertPayload}. */
    public static final int CERT = 37;

    /** Certificate Request, {@link CertReqPayload}. */
    public static final int CERTREQ = 38;

    /** Authentication, {@link AuthPayload}. */
    public static final int AUTH = 39;

    /** Nonce, {@link NoncePayload}. */
    public static final int NONCE = 40;

    /** Notify, {@link NotifyPayload}. */
    public static final int NOTIFY = 41;

    /** Delete, {@link DeletePayload}. */
    public static final int DELETE = 42;

    /** Vendor ID, {@link VendorIdPayload}. */
    public static final int VENDOR_ID = 43;

    /** Traffic Selectors of the initiator, {@link TsPayload}. */
    public static final int TSI = 44;

    /** Traffic Selectors of the responder, {@link TsPayload}. */
    public static final int TSR = 45;

    /** Encrypted and Authenticated, {@link EncryptedPayload}. */
    public static final int SK = 46;

    /** Configuration, {@link ConfigPayload}. */
    public static final int CP = 47;

    /** Extensible Authentication, {@link EapPayload}. */
    public static final int EAP = 48;

    /** Encrypted and Authenticated Fragment (RFC 7383 §2.5), {@link EncryptedFragmentPayload}. */
    public static final int SKF = 53;

    private PayloadType() {}

    /**
     * The name as the RFC's exchange diagrams use it.
     *
     * @param type the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type) {
        return switch (type) {
            case NONE -> "none";
            case SA -> "SA";
            case KE -> "KE";
            case IDI -> "IDi";
            case IDR -> "IDr";
            case CERT -> "CERT";
            case CERTREQ -> "CERTREQ";
            case AUTH -> "AUTH";
            case NONCE -> "Nonce";
            case NOTIFY -> "N";
            case DELETE -> "D";
            case VENDOR_ID -> "V";
            case TSI -> "TSi";
            case TSR -> "TSr";
            case SK -> "SK";
            case CP -> "CP";
            case EAP -> "EAP";
            case SKF -> "SKF";
            default -> "payload " + type;
        };
    }

    /**
     * The section that defines a payload's body.
     *
     * @param type the number on the wire
     * @return a citation for error reports; the generic one for a type not known here
     */
    static String sectionOf(int type) {
        return switch (type) {
            case SA -> "RFC 7296 §3.3";
            case KE -> "RFC 7296 §3.4";
            case IDI, IDR -> "RFC 7296 §3.5";
            case CERT -> "RFC 7296 §3.6";
            case CERTREQ -> "RFC 7296 §3.7";
            case AUTH -> "RFC 7296 §3.8";
            case NONCE -> "RFC 7296 §3.9";
            case NOTIFY -> "RFC 7296 §3.10";
            case DELETE -> "RFC 7296 §3.11";
            case VENDOR_ID -> "RFC 7296 §3.12";
            case TSI, TSR -> "RFC 7296 §3.13";
            case SK -> "RFC 7296 §3.14";
            case CP -> "RFC 7296 §3.15";
            case EAP -> "RFC 7296 §3.16";
            case SKF -> "RFC 7383 §2.5";
            default -> "RFC 7296 §3.2";
        };
    }

    /**
     * Whether this package has a record for a type.
     *
     * @param type the number on the wire
     * @return false when such a payload is an {@link UnknownPayload}
     */
    public static boolean isKnown(int type) {
        return type >= SA && type <= EAP || type == SKF;
    }
}
