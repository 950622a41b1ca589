package jkipsec.stack;

import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IpDrop;
import jkipsec.tcp.TcpAction;
import jkipsec.udp.UdpAction;

/** What an {@link IpStack} wants done or tells, in the order it happened; emitted from within the call that caused it. */
public sealed interface StackAction {
    /**
     * Send a packet.
     *
     * @param packet a whole IP packet no larger than the MTU, with the room around it that {@link PacketBuffer#allocate}
     *     leaves; the receiver owns it
     */
    record Transmit(PacketBuffer packet) implements StackAction {}

    /**
     * Something happened to a TCP connection or listener.
     *
     * @param action what; never {@link TcpAction.Transmit}
     */
    record Tcp(TcpAction action) implements StackAction {}

    /**
     * Something happened to a UDP endpoint.
     *
     * @param action what; {@link UdpAction.Received} or {@link UdpAction.Unreachable}
     */
    record Udp(UdpAction action) implements StackAction {}

    /**
     * A ping was answered. It comes once more for every further answer to the same one.
     *
     * @param ticket what {@link IpStack#ping} returned
     * @param payloadLength the octets of data that came back
     */
    record PingReply(long ticket, int payloadLength) implements StackAction {}

    /**
     * A packet was dropped; count it. What TCP and UDP drop they count themselves.
     *
     * @param reason why
     */
    record Dropped(IpDrop reason) implements StackAction {}
}
