package jkipsec.ip;

/** Why an IP packet was not used. */
public enum IpDrop {
    /** It is not an IP packet, or a header in it contradicts itself or a checksum. */
    MALFORMED,
    /** Its addresses or ports are outside what may come this way (RFC 4301 §5.2). */
    OUTSIDE_SELECTORS,
    /** It may come this way, but is not for an address of this end: nothing is forwarded. */
    NOT_FORWARDED,
    /** A protocol that nothing here takes. */
    PROTOCOL,
    /** Nothing follows the headers (RFC 8200 §4.7). */
    NO_NEXT_HEADER,
    /** An extension header or option says that who does not know it must drop the packet (RFC 8200 §4). */
    EXTENSION_HEADER,
    /** An ICMP message that asks nothing of us. */
    ICMP,
    /** An ICMP error about a packet that was never sent, or no longer matters (RFC 5927 §4). */
    ICMP_UNFOUNDED,
    /** A fragment of a length or at a place that cannot be (RFC 791 §3.2, RFC 8200 §4.5). */
    FRAGMENT_MALFORMED,
    /** A first fragment without all headers (RFC 7112, RFC 3128). */
    FRAGMENT_TINY,
    /** A fragment overlaps another: all of its packet is dropped (RFC 5722). */
    FRAGMENT_OVERLAP,
    /** A fragment that came before. */
    FRAGMENT_DUPLICATE,
    /** The others did not come in time; counted once for each packet. */
    FRAGMENT_TIMEOUT,
    /** Too many fragments wait: the oldest packet gives way, or one has too many; counted once for each packet. */
    FRAGMENT_LIMIT
}
