package jkipsec.ip;

import jkipsec.bytes.MalformedMessage;

/**
 * What comes behind a packet's extension headers (RFC 8200 §4), as its destination sees it: the headers are processed
 * in their order and nothing is done that they ask for, since every option that this library knows asks for nothing.
 */
public sealed interface Ipv6Headers {
    /**
     * The headers end here.
     *
     * @param packet the same packet, its payload and {@link IpPacket#protocol()} those behind the headers
     */
    record Payload(IpPacket packet) implements Ipv6Headers {}

    /**
     * A part of a packet (§4.5): what follows is to be put together first. A fragment header of a packet that is whole
     * (RFC 6946) is skipped as any other.
     *
     * @param packet the same packet, its payload beginning with the fragment header
     */
    record Fragment(IpPacket packet) implements Ipv6Headers {}

    /**
     * The packet is to be dropped, and its sender told by an ICMPv6 parameter problem (RFC 4443 §3.4).
     *
     * @param code the message's code, one of those in {@link IcmpMessage.ParameterProblem}
     * @param pointer octets from the packet's start to what is wrong
     */
    record Refused(int code, int pointer) implements Ipv6Headers {}

    /** The packet is to be dropped without a word: an option says so (§4.2). */
    record Ignored() implements Ipv6Headers {}

    /** The length of a fragment header, in octets. */
    int FRAGMENT_LENGTH = 8;

    /** How many headers there may be: more than any honest packet has (RFC 8504 §5.3). */
    int MOST = 8;

    /**
     * Goes through the headers of a packet.
     *
     * @param packet a packet of either family; one of IPv4 has no such headers and comes back as it is
     * @return what comes behind them
     * @throws MalformedMessage when a header is longer than the packet, or there are more than {@value #MOST}
     */
    static Ipv6Headers walk(IpPacket packet) throws MalformedMessage {
        return packet.version() == 4
                ? new Payload(packet)
                : new Ipv6HeaderWalk(packet, packet.payloadOffset(), packet.offset() + packet.protocolOffset()).go();
    }

    /**
     * Goes through what a first fragment holds of the headers behind its fragment header.
     *
     * @param fragment a packet whose payload is the fragment header
     * @return what comes behind them
     * @throws MalformedMessage when the fragment ends before they do
     */
    static Ipv6Headers walkFirstFragment(IpPacket fragment) throws MalformedMessage {
        return new Ipv6HeaderWalk(fragment, fragment.payloadOffset() + FRAGMENT_LENGTH, fragment.payloadOffset()).go();
    }
}
