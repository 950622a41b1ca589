package jkipsec.ike.message;

/** Kinds of configuration payload (RFC 7296 §3.15). */
public final class ConfigType {
    /** Asks for values. */
    public static final int CFG_REQUEST = 1;

    /** Gives values. */
    public static final int CFG_REPLY = 2;

    /** Pushes values. */
    public static final int CFG_SET = 3;

    /** Accepts pushed values. */
    public static final int CFG_ACK = 4;

    private ConfigType() {}

    /**
     * The name of a kind.
     *
     * @param type the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type) {
        return switch (type) {
            case CFG_REQUEST -> "CFG_REQUEST";
            case CFG_REPLY -> "CFG_REPLY";
            case CFG_SET -> "CFG_SET";
            case CFG_ACK -> "CFG_ACK";
            default -> "CFG " + type;
        };
    }
}
