package jkipsec.ip;

/** The protocol numbers this library deals in, as IPv4's protocol and IPv6's next header carry them (IANA registry). */
public final class IpProtocol {
    /** Any protocol, in traffic selectors only (RFC 7296 §3.13.1); on the wire it is IPv6 Hop-by-Hop Options. */
    public static final int ANY = 0;

    /** IPv6's hop-by-hop options, RFC 8200 §4.3. */
    public static final int HOP_BY_HOP = 0;

    /** ICMP for IPv4, RFC 792. */
    public static final int ICMP = 1;

    /** An IPv4 packet inside, RFC 2003; ESP's next header in tunnel mode. */
    public static final int IPV4 = 4;

    /** TCP, RFC 9293. */
    public static final int TCP = 6;

    /** UDP, RFC 768. */
    public static final int UDP = 17;

    /** An IPv6 packet inside, RFC 2473; ESP's next header in tunnel mode. */
    public static final int IPV6 = 41;

    /** IPv6's routing extension header, RFC 8200 §4.4. */
    public static final int ROUTING = 43;

    /** IPv6's fragment extension header, RFC 8200 §4.5. */
    public static final int IPV6_FRAGMENT = 44;

    /** ESP, RFC 4303. */
    public static final int ESP = 50;

    /** AH, RFC 4302. */
    public static final int AH = 51;

    /** ICMP for IPv6, RFC 4443. */
    public static final int ICMPV6 = 58;

    /** Nothing follows, RFC 8200 §4.7; marks an ESP dummy packet (RFC 4303 §2.6). */
    public static final int NO_NEXT_HEADER = 59;

    /** IPv6's destination options, RFC 8200 §4.6. */
    public static final int DESTINATION_OPTIONS = 60;

    private IpProtocol() {}

    /**
     * The protocol's name.
     *
     * @param protocol 0 to 255
     * @return its name, or the number in decimal when it has none here
     */
    public static String nameOf(int protocol) {
        return switch (protocol) {
            case ANY -> "any";
            case ICMP -> "ICMP";
            case IPV4 -> "IPv4";
            case TCP -> "TCP";
            case UDP -> "UDP";
            case IPV6 -> "IPv6";
            case ROUTING -> "IPv6-Route";
            case IPV6_FRAGMENT -> "IPv6-Frag";
            case ESP -> "ESP";
            case AH -> "AH";
            case ICMPV6 -> "ICMPv6";
            case NO_NEXT_HEADER -> "no next header";
            case DESTINATION_OPTIONS -> "IPv6-Opts";
            default -> Integer.toString(protocol);
        };
    }
}
