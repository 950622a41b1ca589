package jkipsec.tcp;

/** Why a packet, or its payload, was not used. */
public enum TcpDrop {
    /** Not protocol 6, or a fragment. */
    NOT_A_SEGMENT,
    /** A length in the header or in an option contradicts another. */
    MALFORMED,
    /** The checksum is wrong. */
    BAD_CHECKSUM,
    /** A source or destination that no connection can have: port zero, unspecified, broadcast or multicast. */
    BAD_ADDRESS,
    /** A combination of flags that means nothing, such as SYN with FIN, or no ACK where one must be. */
    BAD_FLAGS,
    /** For no connection and no listener; answered with RST unless it was one. */
    NO_CONNECTION,
    /** The same, beyond the number that is answered in a second. */
    TOO_MANY_RESETS,
    /**
     * A SYN, or the end of a handshake, for a listener whose backlog is full; a SYN to be forwarded while too many others
     * are undecided.
     */
    BACKLOG_FULL,
    /** A half-open connection whose peer did not answer in time, in favour of a newer one. */
    HALF_OPEN,
    /** A SYN while the stack, or its forwarding, has as many connections as allowed. */
    TOO_MANY_CONNECTIONS,
    /** The stack's connections hold as much memory as its configuration allows: a SYN, or data that will come again. */
    NO_MEMORY,
    /** Nothing in it that was not received before; acknowledged again. */
    DUPLICATE,
    /** Outside the receive window. */
    OUT_OF_WINDOW,
    /** Data out of order in more pieces than are kept. */
    TOO_MANY_GAPS,
    /** It has no timestamp although both sides agreed on them (RFC 7323 §3.2). */
    NO_TIMESTAMP,
    /** Its timestamp is older than one seen before: a duplicate from long ago (PAWS, RFC 7323 §5); acknowledged. */
    OLD_TIMESTAMP,
    /** A block of a selective acknowledgment that covers what was never sent, or nothing; only the block is ignored. */
    BAD_SACK,
    /** It acknowledges what was never sent, or what was acknowledged long ago (RFC 5961 §5). */
    BAD_ACKNOWLEDGMENT,
    /** A RST not exactly at the next sequence number; challenged when in the window (RFC 5961 §3). */
    BAD_RESET,
    /** A SYN on a synchronised connection; challenged (RFC 5961 §4). */
    UNEXPECTED_SYN,
    /** Data for an application that has closed; answered with RST. */
    AFTER_CLOSE
}
