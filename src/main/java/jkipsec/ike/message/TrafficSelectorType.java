package jkipsec.ike.message;

/** Traffic selector types (RFC 7296 §3.13.1). */
public final class TrafficSelectorType {
    /** A range of IPv4 addresses. */
    public static final int TS_IPV4_ADDR_RANGE = 7;

    /** A range of IPv6 addresses. */
    public static final int TS_IPV6_ADDR_RANGE = 8;

    /** A range of Fibre Channel addresses, RFC 4595; ignored by this library. */
    public static final int TS_FC_ADDR_RANGE = 9;

    /** A security label, RFC 9478; ignored by this library. */
    public static final int TS_SECLABEL = 10;

    private TrafficSelectorType() {}

    /**
     * The name of a type.
     *
     * @param type the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type) {
        return switch (type) {
            case TS_IPV4_ADDR_RANGE -> "TS_IPV4_ADDR_RANGE";
            case TS_IPV6_ADDR_RANGE -> "TS_IPV6_ADDR_RANGE";
            case TS_FC_ADDR_RANGE -> "TS_FC_ADDR_RANGE";
            case TS_SECLABEL -> "TS_SECLABEL";
            default -> "TS " + type;
        };
    }
}
