package jkipsec.udp;

/** Why a UDP datagram was not used. */
public enum UdpDrop {
    /** Its length contradicts the packet's, or its checksum is wrong or missing where there must be one. */
    MALFORMED,
    /** Nothing is bound to its port, or what is there is connected to somebody else; answered with ICMP. */
    PORT_CLOSED,
    /** The application reads too slowly: its queue is full. */
    QUEUE_FULL
}
