package jkipsec.ike.message;

/** Exchange types (RFC 7296 §3.1, IANA registry "IKEv2 Exchange Types"). */
public final class ExchangeType {
    /** Agrees on algorithms and a shared secret, RFC 7296 §1.2. */
    public static final int IKE_SA_INIT = 34;

    /** Authenticates both sides and makes the first Child SA, RFC 7296 §1.2. */
    public static final int IKE_AUTH = 35;

    /** Makes or replaces an SA, RFC 7296 §1.3. */
    public static final int CREATE_CHILD_SA = 36;

    /** Deletes, reports, or only asks whether the peer is there, RFC 7296 §1.4. */
    public static final int INFORMATIONAL = 37;

    /** Resumes from a ticket, RFC 5723 §4.3. */
    public static final int IKE_SESSION_RESUME = 38;

    /** Goes between IKE_SA_INIT and IKE_AUTH, RFC 9242. */
    public static final int IKE_INTERMEDIATE = 43;

    /** Continues CREATE_CHILD_SA with more key exchanges, RFC 9370 §2.2.4. */
    public static final int IKE_FOLLOWUP_KE = 44;

    private ExchangeType() {}

    /**
     * The name of an exchange.
     *
     * @param type the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type) {
        return switch (type) {
            case IKE_SA_INIT -> "IKE_SA_INIT";
            case IKE_AUTH -> "IKE_AUTH";
            case CREATE_CHILD_SA -> "CREATE_CHILD_SA";
            case INFORMATIONAL -> "INFORMATIONAL";
            case IKE_SESSION_RESUME -> "IKE_SESSION_RESUME";
            case IKE_INTERMEDIATE -> "IKE_INTERMEDIATE";
            case IKE_FOLLOWUP_KE -> "IKE_FOLLOWUP_KE";
            default -> "exchange " + type;
        };
    }
}
