package jkipsec.udp;

import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpPacket;
import jkipsec.ip.Refusal;

/** What a {@link UdpStack} wants done or tells; emitted from within the call that caused it. */
public sealed interface UdpAction {
    /**
     * Send a packet. It may be larger than the link: then it is to be fragmented.
     *
     * @param packet a whole IP packet, with the room around it that {@link PacketBuffer#allocate} leaves; the receiver
     *     owns it
     */
    record Transmit(PacketBuffer packet) implements UdpAction {}

    /**
     * A datagram came. Use it at once; the stack does not keep it.
     *
     * @param endpoint for whom
     * @param source who sent it
     * @param array where its payload is; the stack does not use this array again, but others may: copy out
     * @param offset the payload's first octet
     * @param length how many, from 0
     */
    record Received(UdpEndpoint endpoint, Endpoint source, byte[] array, int offset, int length)
            implements UdpAction {}

    /**
     * What an endpoint sent did not arrive: the other side says that nothing listens there, or that no way leads there.
     *
     * @param endpoint who sent it
     * @param remote where to
     * @param port true when it is the port that is closed, false when the host was not reached
     */
    record Unreachable(UdpEndpoint endpoint, Endpoint remote, boolean port) implements UdpAction {}

    /**
     * A datagram came for a port that nothing is bound to: answer it with ICMP port unreachable (RFC 1122 §4.1.3.1).
     *
     * @param packet the packet
     */
    record PortClosed(IpPacket packet) implements UdpAction {}

    /**
     * The peer sends datagrams to an address that is not ours; answer with {@link UdpOffer#accept} or {@link
     * UdpOffer#refuse}, at once or later.
     *
     * @param offer the flow that began
     */
    record Offered(UdpOffer offer) implements UdpAction {}

    /**
     * A flow that was accepted is over: it was idle, had to give way, or was refused later. Nothing more comes for its
     * endpoint.
     *
     * @param endpoint whose
     */
    record Ended(UdpEndpoint endpoint) implements UdpAction {}

    /**
     * A datagram of a flow is refused: say so with ICMP.
     *
     * @param packet the packet
     * @param how what to say; never {@link Refusal#SILENT}
     */
    record Refused(IpPacket packet, Refusal how) implements UdpAction {}
}
