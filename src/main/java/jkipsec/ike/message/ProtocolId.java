package jkipsec.ike.message;

/** Security protocol identifiers (RFC 7296 §3.3.1). */
public final class ProtocolId {
    /** No protocol: in notifications that concern no existing SA, RFC 7296 §3.10. */
    public static final int NONE = 0;

    /** IKE itself. */
    public static final int IKE = 1;

    /** Authentication Header, RFC 4302; not offered by this library. */
    public static final int AH = 2;

    /** Encapsulating Security Payload, RFC 4303. */
    public static final int ESP = 3;

    private ProtocolId() {}

    /**
     * The name of a protocol.
     *
     * @param id the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int id) {
        return switch (id) {
            case NONE -> "none";
            case IKE -> "IKE";
            case AH -> "AH";
            case ESP -> "ESP";
            default -> "protocol " + id;
        };
    }
}
