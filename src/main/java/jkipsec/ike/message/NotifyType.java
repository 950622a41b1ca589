package jkipsec.ike.message;

/**
 * Notify message types (RFC 7296 §3.10.1 and the IANA registries). Errors are below {@value #FIRST_STATUS}; every other
 * type is a status that may be ignored when it is not known.
 */
public final class NotifyType {
    /** The lowest number of a status type. */
    public static final int FIRST_STATUS = 16384;

    /** Error: a payload with the critical bit is unknown; its type is the data. */
    public static final int UNSUPPORTED_CRITICAL_PAYLOAD = 1;

    /** Error: the IKE SPIs are unknown. */
    public static final int INVALID_IKE_SPI = 4;

    /** Error: the major version is not spoken. */
    public static final int INVALID_MAJOR_VERSION = 5;

    /** Error: the message is not well-formed, or was refused for reasons of policy. */
    public static final int INVALID_SYNTAX = 7;

    /** Error: the message ID is outside the window; never sent in a response. */
    public static final int INVALID_MESSAGE_ID = 9;

    /** Error: an ESP or AH packet came with an unknown SPI. */
    public static final int INVALID_SPI = 11;

    /** Error: no proposal is acceptable. */
    public static final int NO_PROPOSAL_CHOSEN = 14;

    /** Error: another key exchange method is wanted; its two-octet number is the data. */
    public static final int INVALID_KE_PAYLOAD = 17;

    /** Error: the peer could not be authenticated. */
    public static final int AUTHENTICATION_FAILED = 24;

    /** Error: selectors of a single pair of addresses are wanted. */
    public static final int SINGLE_PAIR_REQUIRED = 34;

    /** Error: no more Child SAs are accepted on this IKE SA. */
    public static final int NO_ADDITIONAL_SAS = 35;

    /** Error: no inner address can be assigned. */
    public static final int INTERNAL_ADDRESS_FAILURE = 36;

    /** Error: a configuration request was expected. */
    public static final int FAILED_CP_REQUIRED = 37;

    /** Error: no selector is acceptable. */
    public static final int TS_UNACCEPTABLE = 38;

    /** Error: an inner packet did not fit its SA's selectors. */
    public static final int INVALID_SELECTORS = 39;

    /** Error: MOBIKE, the new addresses are not acceptable, RFC 4555. */
    public static final int UNACCEPTABLE_ADDRESSES = 40;

    /** Error: MOBIKE, a NAT changed the addresses, RFC 4555. */
    public static final int UNEXPECTED_NAT_DETECTED = 41;

    /** Error: use the assigned home address, RFC 5026. */
    public static final int USE_ASSIGNED_HOA = 42;

    /** Error: not now, for instance while rekeying; try again. */
    public static final int TEMPORARY_FAILURE = 43;

    /** Error: the Child SA to be rekeyed does not exist. */
    public static final int CHILD_SA_NOT_FOUND = 44;

    /** Error: group key management, RFC 9838. */
    public static final int INVALID_GROUP_ID = 45;

    /** Error: group key management, RFC 9838. */
    public static final int AUTHORIZATION_FAILED = 46;

    /** Error: nothing to follow up, RFC 9370. */
    public static final int STATE_NOT_FOUND = 47;

    /** Error: no more Child SAs with these selectors, RFC 9611. */
    public static final int TS_MAX_QUEUE = 48;

    /** Status: this is the only IKE SA between the two identities. */
    public static final int INITIAL_CONTACT = 16384;

    /** Status: how many requests may be outstanding. */
    public static final int SET_WINDOW_SIZE = 16385;

    /** Status: the selectors were narrowed, others would be acceptable too. */
    public static final int ADDITIONAL_TS_POSSIBLE = 16386;

    /** Status: IP compression is offered. */
    public static final int IPCOMP_SUPPORTED = 16387;

    /** Status: a hash of the sender's address and port. */
    public static final int NAT_DETECTION_SOURCE_IP = 16388;

    /** Status: a hash of the receiver's address and port. */
    public static final int NAT_DETECTION_DESTINATION_IP = 16389;

    /** Status: proof of return routability, RFC 7296 §2.6. */
    public static final int COOKIE = 16390;

    /** Status: transport mode is wanted instead of tunnel mode. */
    public static final int USE_TRANSPORT_MODE = 16391;

    /** Status: certificates may be given by URL. */
    public static final int HTTP_CERT_LOOKUP_SUPPORTED = 16392;

    /** Status: the SA made here replaces the one named. */
    public static final int REKEY_SA = 16393;

    /** Status: traffic flow confidentiality padding is not accepted. */
    public static final int ESP_TFC_PADDING_NOT_SUPPORTED = 16394;

    /** Status: fragments may travel on the SA, RFC 4301. */
    public static final int NON_FIRST_FRAGMENTS_ALSO = 16395;

    /** Status: RFC 4555. */
    public static final int MOBIKE_SUPPORTED = 16396;

    /** Status: another address of the sender, RFC 4555. */
    public static final int ADDITIONAL_IP4_ADDRESS = 16397;

    /** Status: another address of the sender, RFC 4555. */
    public static final int ADDITIONAL_IP6_ADDRESS = 16398;

    /** Status: the sender has no other address, RFC 4555. */
    public static final int NO_ADDITIONAL_ADDRESSES = 16399;

    /** Status: the SAs move to this message's addresses, RFC 4555. */
    public static final int UPDATE_SA_ADDRESSES = 16400;

    /** Status: return routability check, RFC 4555. */
    public static final int COOKIE2 = 16401;

    /** Status: the addresses must not be changed on the way, RFC 4555. */
    public static final int NO_NATS_ALLOWED = 16402;

    /** Status: seconds until authentication must be repeated, RFC 4478. */
    public static final int AUTH_LIFETIME = 16403;

    /** Status: RFC 4739. */
    public static final int MULTIPLE_AUTH_SUPPORTED = 16404;

    /** Status: RFC 4739. */
    public static final int ANOTHER_AUTH_FOLLOWS = 16405;

    /** Status: RFC 5685. */
    public static final int REDIRECT_SUPPORTED = 16406;

    /** Status: go to another gateway, RFC 5685. */
    public static final int REDIRECT = 16407;

    /** Status: which gateway sent the client here, RFC 5685. */
    public static final int REDIRECTED_FROM = 16408;

    /** Status: session resumption, RFC 5723. */
    public static final int TICKET_LT_OPAQUE = 16409;

    /** Status: session resumption, RFC 5723. */
    public static final int TICKET_REQUEST = 16410;

    /** Status: session resumption, RFC 5723. */
    public static final int TICKET_ACK = 16411;

    /** Status: session resumption, RFC 5723. */
    public static final int TICKET_NACK = 16412;

    /** Status: session resumption, RFC 5723. */
    public static final int TICKET_OPAQUE = 16413;

    /** Status: RFC 5739. */
    public static final int LINK_ID = 16414;

    /** Status: RFC 5840. */
    public static final int USE_WESP_MODE = 16415;

    /** Status: header compression, RFC 5857. */
    public static final int ROHC_SUPPORTED = 16416;

    /** Status: the gateway need not authenticate otherwise, RFC 5998. */
    public static final int EAP_ONLY_AUTHENTICATION = 16417;

    /** Status: IKE_AUTH may make no Child SA, RFC 6023. */
    public static final int CHILDLESS_IKEV2_SUPPORTED = 16418;

    /** Status: RFC 6290. */
    public static final int QUICK_CRASH_DETECTION = 16419;

    /** Status: failover of a cluster, RFC 6311. */
    public static final int IKEV2_MESSAGE_ID_SYNC_SUPPORTED = 16420;

    /** Status: failover of a cluster, RFC 6311. */
    public static final int IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED = 16421;

    /** Status: failover of a cluster, RFC 6311. */
    public static final int IKEV2_MESSAGE_ID_SYNC = 16422;

    /** Status: failover of a cluster, RFC 6311. */
    public static final int IPSEC_REPLAY_COUNTER_SYNC = 16423;

    /** Status: RFC 6467. */
    public static final int SECURE_PASSWORD_METHODS = 16424;

    /** Status: RFC 6631. */
    public static final int PSK_PERSIST = 16425;

    /** Status: RFC 6631. */
    public static final int PSK_CONFIRM = 16426;

    /** Status: RFC 6867. */
    public static final int ERX_SUPPORTED = 16427;

    /** Status: 3GPP. */
    public static final int IFOM_CAPABILITY = 16428;

    /** Status: group key management, RFC 9838. */
    public static final int GROUP_SENDER = 16429;

    /** Status: RFC 7383. */
    public static final int IKEV2_FRAGMENTATION_SUPPORTED = 16430;

    /** Status: the hashes accepted in signatures, two octets each, RFC 7427. */
    public static final int SIGNATURE_HASH_ALGORITHMS = 16431;

    /** Status: RFC 7791. */
    public static final int CLONE_IKE_SA_SUPPORTED = 16432;

    /** Status: RFC 7791. */
    public static final int CLONE_IKE_SA = 16433;

    /** Status: work to be done by the initiator, RFC 8019. */
    public static final int PUZZLE = 16434;

    /** Status: post-quantum preshared keys, RFC 8784. */
    public static final int USE_PPK = 16435;

    /** Status: post-quantum preshared keys, RFC 8784. */
    public static final int PPK_IDENTITY = 16436;

    /** Status: post-quantum preshared keys, RFC 8784. */
    public static final int NO_PPK_AUTH = 16437;

    /** Status: RFC 9242. */
    public static final int INTERMEDIATE_EXCHANGE_SUPPORTED = 16438;

    /** Status: RFC 8983. */
    public static final int IP4_ALLOWED = 16439;

    /** Status: RFC 8983. */
    public static final int IP6_ALLOWED = 16440;

    /** Status: links follow-up exchanges, RFC 9370. */
    public static final int ADDITIONAL_KEY_EXCHANGE = 16441;

    /** Status: IP traffic flow security, RFC 9347. */
    public static final int USE_AGGFRAG = 16442;

    /** Status: RFC 9593. */
    public static final int SUPPORTED_AUTH_METHODS = 16443;

    /** Status: RFC 9611. */
    public static final int SA_RESOURCE_INFO = 16444;

    private NotifyType() {}

    /**
     * The name of a notification.
     *
     * @param type the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type) {
        return switch (type) {
            case UNSUPPORTED_CRITICAL_PAYLOAD -> "UNSUPPORTED_CRITICAL_PAYLOAD";
            case INVALID_IKE_SPI -> "INVALID_IKE_SPI";
            case INVALID_MAJOR_VERSION -> "INVALID_MAJOR_VERSION";
            case INVALID_SYNTAX -> "INVALID_SYNTAX";
            case INVALID_MESSAGE_ID -> "INVALID_MESSAGE_ID";
            case INVALID_SPI -> "INVALID_SPI";
            case NO_PROPOSAL_CHOSEN -> "NO_PROPOSAL_CHOSEN";
            case INVALID_KE_PAYLOAD -> "INVALID_KE_PAYLOAD";
            case AUTHENTICATION_FAILED -> "AUTHENTICATION_FAILED";
            case SINGLE_PAIR_REQUIRED -> "SINGLE_PAIR_REQUIRED";
            case NO_ADDITIONAL_SAS -> "NO_ADDITIONAL_SAS";
            case INTERNAL_ADDRESS_FAILURE -> "INTERNAL_ADDRESS_FAILURE";
            case FAILED_CP_REQUIRED -> "FAILED_CP_REQUIRED";
            case TS_UNACCEPTABLE -> "TS_UNACCEPTABLE";
            case INVALID_SELECTORS -> "INVALID_SELECTORS";
            case UNACCEPTABLE_ADDRESSES -> "UNACCEPTABLE_ADDRESSES";
            case UNEXPECTED_NAT_DETECTED -> "UNEXPECTED_NAT_DETECTED";
            case USE_ASSIGNED_HOA -> "USE_ASSIGNED_HoA";
            case TEMPORARY_FAILURE -> "TEMPORARY_FAILURE";
            case CHILD_SA_NOT_FOUND -> "CHILD_SA_NOT_FOUND";
            case INVALID_GROUP_ID -> "INVALID_GROUP_ID";
            case AUTHORIZATION_FAILED -> "AUTHORIZATION_FAILED";
            case STATE_NOT_FOUND -> "STATE_NOT_FOUND";
            case TS_MAX_QUEUE -> "TS_MAX_QUEUE";
            case INITIAL_CONTACT -> "INITIAL_CONTACT";
            case SET_WINDOW_SIZE -> "SET_WINDOW_SIZE";
            case ADDITIONAL_TS_POSSIBLE -> "ADDITIONAL_TS_POSSIBLE";
            case IPCOMP_SUPPORTED -> "IPCOMP_SUPPORTED";
            case NAT_DETECTION_SOURCE_IP -> "NAT_DETECTION_SOURCE_IP";
            case NAT_DETECTION_DESTINATION_IP -> "NAT_DETECTION_DESTINATION_IP";
            case COOKIE -> "COOKIE";
            case USE_TRANSPORT_MODE -> "USE_TRANSPORT_MODE";
            case HTTP_CERT_LOOKUP_SUPPORTED -> "HTTP_CERT_LOOKUP_SUPPORTED";
            case REKEY_SA -> "REKEY_SA";
            case ESP_TFC_PADDING_NOT_SUPPORTED -> "ESP_TFC_PADDING_NOT_SUPPORTED";
            case NON_FIRST_FRAGMENTS_ALSO -> "NON_FIRST_FRAGMENTS_ALSO";
            case MOBIKE_SUPPORTED -> "MOBIKE_SUPPORTED";
            case ADDITIONAL_IP4_ADDRESS -> "ADDITIONAL_IP4_ADDRESS";
            case ADDITIONAL_IP6_ADDRESS -> "ADDITIONAL_IP6_ADDRESS";
            case NO_ADDITIONAL_ADDRESSES -> "NO_ADDITIONAL_ADDRESSES";
            case UPDATE_SA_ADDRESSES -> "UPDATE_SA_ADDRESSES";
            case COOKIE2 -> "COOKIE2";
            case NO_NATS_ALLOWED -> "NO_NATS_ALLOWED";
            case AUTH_LIFETIME -> "AUTH_LIFETIME";
            case MULTIPLE_AUTH_SUPPORTED -> "MULTIPLE_AUTH_SUPPORTED";
            case ANOTHER_AUTH_FOLLOWS -> "ANOTHER_AUTH_FOLLOWS";
            case REDIRECT_SUPPORTED -> "REDIRECT_SUPPORTED";
            case REDIRECT -> "REDIRECT";
            case REDIRECTED_FROM -> "REDIRECTED_FROM";
            case TICKET_LT_OPAQUE -> "TICKET_LT_OPAQUE";
            case TICKET_REQUEST -> "TICKET_REQUEST";
            case TICKET_ACK -> "TICKET_ACK";
            case TICKET_NACK -> "TICKET_NACK";
            case TICKET_OPAQUE -> "TICKET_OPAQUE";
            case LINK_ID -> "LINK_ID";
            case USE_WESP_MODE -> "USE_WESP_MODE";
            case ROHC_SUPPORTED -> "ROHC_SUPPORTED";
            case EAP_ONLY_AUTHENTICATION -> "EAP_ONLY_AUTHENTICATION";
            case CHILDLESS_IKEV2_SUPPORTED -> "CHILDLESS_IKEV2_SUPPORTED";
            case QUICK_CRASH_DETECTION -> "QUICK_CRASH_DETECTION";
            case IKEV2_MESSAGE_ID_SYNC_SUPPORTED -> "IKEV2_MESSAGE_ID_SYNC_SUPPORTED";
            case IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED -> "IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED";
            case IKEV2_MESSAGE_ID_SYNC -> "IKEV2_MESSAGE_ID_SYNC";
            case IPSEC_REPLAY_COUNTER_SYNC -> "IPSEC_REPLAY_COUNTER_SYNC";
            case SECURE_PASSWORD_METHODS -> "SECURE_PASSWORD_METHODS";
            case PSK_PERSIST -> "PSK_PERSIST";
            case PSK_CONFIRM -> "PSK_CONFIRM";
            case ERX_SUPPORTED -> "ERX_SUPPORTED";
            case IFOM_CAPABILITY -> "IFOM_CAPABILITY";
            case GROUP_SENDER -> "GROUP_SENDER";
            case IKEV2_FRAGMENTATION_SUPPORTED -> "IKEV2_FRAGMENTATION_SUPPORTED";
            case SIGNATURE_HASH_ALGORITHMS -> "SIGNATURE_HASH_ALGORITHMS";
            case CLONE_IKE_SA_SUPPORTED -> "CLONE_IKE_SA_SUPPORTED";
            case CLONE_IKE_SA -> "CLONE_IKE_SA";
            case PUZZLE -> "PUZZLE";
            case USE_PPK -> "USE_PPK";
            case PPK_IDENTITY -> "PPK_IDENTITY";
            case NO_PPK_AUTH -> "NO_PPK_AUTH";
            case INTERMEDIATE_EXCHANGE_SUPPORTED -> "INTERMEDIATE_EXCHANGE_SUPPORTED";
            case IP4_ALLOWED -> "IP4_ALLOWED";
            case IP6_ALLOWED -> "IP6_ALLOWED";
            case ADDITIONAL_KEY_EXCHANGE -> "ADDITIONAL_KEY_EXCHANGE";
            case USE_AGGFRAG -> "USE_AGGFRAG";
            case SUPPORTED_AUTH_METHODS -> "SUPPORTED_AUTH_METHODS";
            case SA_RESOURCE_INFO -> "SA_RESOURCE_INFO";
            default -> "notify " + type;
        };
    }

    /**
     * Whether a type reports an error. An unknown error in a response means that the request failed entirely; in a
     * request it is ignored (RFC 7296 §3.10.1).
     *
     * @param type the number on the wire
     * @return true below {@value #FIRST_STATUS}
     */
    public static boolean isError(int type) {
        return type < FIRST_STATUS;
    }
}
