package jkipsec.udp;

/** Why a UDP datagram was not used. */
public enum UdpDrop {
    /** Its length contradicts the packet's, or its checksum is wrong or missing where there must be one. */
    MALFORMED,
    /** Nothing is bound to its port, or what is there is connected to somebody else; answered with ICMP. */
    PORT_CLOSED,
    /** The application reads too slowly: its queue is full. */
    QUEUE_FULL,
    /** To be forwarded to or from what no host has: port zero, an unspecified, broadcast or multicast address. */
    BAD_ADDRESS,
    /** The first of a flow to be forwarded, while there are as many flows as there may be. */
    TOO_MANY_FLOWS
}
