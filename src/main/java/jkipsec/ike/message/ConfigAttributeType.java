package jkipsec.ike.message;

/** Attribute types of the configuration payload (RFC 7296 §3.15.1, IANA registry). */
public final class ConfigAttributeType {
    /** An address inside the tunnel, 0 or 4 octets. */
    public static final int INTERNAL_IP4_ADDRESS = 1;

    /** The inner network's mask, 0 or 4 octets. */
    public static final int INTERNAL_IP4_NETMASK = 2;

    /** A name server, 0 or 4 octets. */
    public static final int INTERNAL_IP4_DNS = 3;

    /** A NetBIOS name server, 0 or 4 octets. */
    public static final int INTERNAL_IP4_NBNS = 4;

    /** A DHCP server, 0 or 4 octets. */
    public static final int INTERNAL_IP4_DHCP = 6;

    /** The program's name and version, as text. */
    public static final int APPLICATION_VERSION = 7;

    /** An address inside the tunnel and its prefix length, 0 or 17 octets. */
    public static final int INTERNAL_IP6_ADDRESS = 8;

    /** A name server, 0 or 16 octets. */
    public static final int INTERNAL_IP6_DNS = 10;

    /** A DHCP server, 0 or 16 octets. */
    public static final int INTERNAL_IP6_DHCP = 12;

    /** A network the gateway protects, address and mask, 0 or 8 octets. */
    public static final int INTERNAL_IP4_SUBNET = 13;

    /** The attribute types the sender supports, two octets each. */
    public static final int SUPPORTED_ATTRIBUTES = 14;

    /** A network the gateway protects, address and prefix length, 0 or 17 octets. */
    public static final int INTERNAL_IP6_SUBNET = 15;

    /** Home prefix, RFC 5026. */
    public static final int MIP6_HOME_PREFIX = 16;

    /** Link-local interface, RFC 5739. */
    public static final int INTERNAL_IP6_LINK = 17;

    /** A prefix for the device, RFC 5739. */
    public static final int INTERNAL_IP6_PREFIX = 18;

    /** Home agent, 3GPP. */
    public static final int HOME_AGENT_ADDRESS = 19;

    /** A call server, RFC 7651. */
    public static final int P_CSCF_IP4_ADDRESS = 20;

    /** A call server, RFC 7651. */
    public static final int P_CSCF_IP6_ADDRESS = 21;

    /** How long to wait before checking for life, 3GPP. */
    public static final int TIMEOUT_PERIOD_FOR_LIVENESS_CHECK = 24;

    /** A domain to ask the inner name servers about, RFC 8598. */
    public static final int INTERNAL_DNS_DOMAIN = 25;

    /** A DNSSEC trust anchor for inner domains, RFC 8598. */
    public static final int INTERNAL_DNSSEC_TA = 26;

    /** An encrypted name server, RFC 9464. */
    public static final int ENCDNS_IP4 = 27;

    /** An encrypted name server, RFC 9464. */
    public static final int ENCDNS_IP6 = 28;

    /** How to verify an encrypted name server, RFC 9464. */
    public static final int ENCDNS_DIGEST_INFO = 29;

    private ConfigAttributeType() {}

    /**
     * The name of an attribute.
     *
     * @param type the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type) {
        return switch (type) {
            case INTERNAL_IP4_ADDRESS -> "INTERNAL_IP4_ADDRESS";
            case INTERNAL_IP4_NETMASK -> "INTERNAL_IP4_NETMASK";
            case INTERNAL_IP4_DNS -> "INTERNAL_IP4_DNS";
            case INTERNAL_IP4_NBNS -> "INTERNAL_IP4_NBNS";
            case INTERNAL_IP4_DHCP -> "INTERNAL_IP4_DHCP";
            case APPLICATION_VERSION -> "APPLICATION_VERSION";
            case INTERNAL_IP6_ADDRESS -> "INTERNAL_IP6_ADDRESS";
            case INTERNAL_IP6_DNS -> "INTERNAL_IP6_DNS";
            case INTERNAL_IP6_DHCP -> "INTERNAL_IP6_DHCP";
            case INTERNAL_IP4_SUBNET -> "INTERNAL_IP4_SUBNET";
            case SUPPORTED_ATTRIBUTES -> "SUPPORTED_ATTRIBUTES";
            case INTERNAL_IP6_SUBNET -> "INTERNAL_IP6_SUBNET";
            case MIP6_HOME_PREFIX -> "MIP6_HOME_PREFIX";
            case INTERNAL_IP6_LINK -> "INTERNAL_IP6_LINK";
            case INTERNAL_IP6_PREFIX -> "INTERNAL_IP6_PREFIX";
            case HOME_AGENT_ADDRESS -> "HOME_AGENT_ADDRESS";
            case P_CSCF_IP4_ADDRESS -> "P_CSCF_IP4_ADDRESS";
            case P_CSCF_IP6_ADDRESS -> "P_CSCF_IP6_ADDRESS";
            case TIMEOUT_PERIOD_FOR_LIVENESS_CHECK -> "TIMEOUT_PERIOD_FOR_LIVENESS_CHECK";
            case INTERNAL_DNS_DOMAIN -> "INTERNAL_DNS_DOMAIN";
            case INTERNAL_DNSSEC_TA -> "INTERNAL_DNSSEC_TA";
            case ENCDNS_IP4 -> "ENCDNS_IP4";
            case ENCDNS_IP6 -> "ENCDNS_IP6";
            case ENCDNS_DIGEST_INFO -> "ENCDNS_DIGEST_INFO";
            default -> "attribute " + type;
        };
    }
}
