package jkipsec.eap;

/** Types of EAP requests and responses (RFC 3748 §5), those used here. */
public final class EapType {
    /** Who is there (RFC 3748 §5.1). */
    public static final int IDENTITY = 1;

    /** Text to be shown to the user (RFC 3748 §5.2). */
    public static final int NOTIFICATION = 2;

    /** A response that refuses the type requested, and names those wanted (RFC 3748 §5.3.1). */
    public static final int NAK = 3;

    /** EAP-MSCHAPv2 (draft-kamath-pppext-eap-mschapv2 §2). */
    public static final int MSCHAP_V2 = 26;

    private EapType() {}
}
