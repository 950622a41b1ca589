package jkipsec.gateway;

import jkipsec.bytes.PacketBuffer;
import jkipsec.esp.OutboundSa;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.Work;
import jkipsec.ip.Endpoint;
import jkipsec.tcp.TcpAction;
import jkipsec.udp.UdpAction;

/**
 * What a gateway wants done, in the order in which it is to be done. Actions are emitted from within a call to the
 * gateway, which must not be called again before that call returns.
 */
public sealed interface GatewayAction {
    /**
     * Send an IKE datagram, the non-ESP marker already in front where one is needed.
     *
     * @param socket from which of our sockets
     * @param peer to whom
     * @param datagram the UDP payload; not to be changed
     */
    record SendDatagram(int socket, Endpoint peer, byte[] datagram) implements GatewayAction {}

    /**
     * From now on the tunnel's sender seals with this SA, after the packets queued before this action. It owns every SA
     * that it was given until {@link DiscardOutbound}: one may be installed again, and goes on with its sequence numbers.
     *
     * @param tunnel the tunnel
     * @param sa the SA, handed over
     * @param socket from which of our sockets
     * @param peer to whom
     */
    record InstallOutbound(GatewayTunnel tunnel, OutboundSa sa, int socket, Endpoint peer) implements GatewayAction {}

    /**
     * An outbound SA is of no more use: the tunnel's sender destroys it, after the packets queued before this action.
     *
     * @param tunnel the tunnel
     * @param sa the SA
     */
    record DiscardOutbound(GatewayTunnel tunnel, OutboundSa sa) implements GatewayAction {}

    /**
     * Seal and send an inner packet.
     *
     * @param tunnel the tunnel
     * @param packet the inner IP packet, handed over
     */
    record SendInner(GatewayTunnel tunnel, PacketBuffer packet) implements GatewayAction {}

    /**
     * A tunnel is up. At most once a tunnel.
     *
     * @param tunnel the tunnel
     */
    record TunnelUp(GatewayTunnel tunnel) implements GatewayAction {}

    /**
     * The peer of a tunnel is reached elsewhere from now on: it moved, or the NAT before it did.
     *
     * @param tunnel the tunnel
     * @param socket from which of our sockets
     * @param peer its address and port today
     */
    record PathChanged(GatewayTunnel tunnel, int socket, Endpoint peer) implements GatewayAction {}

    /**
     * The keys of a tunnel that is up were replaced, by whichever side (RFC 7296 §2.8).
     *
     * @param tunnel the tunnel
     * @param ike true for those of the IKE SA; false for those that its packets are sent with from now on
     */
    record Rekeyed(GatewayTunnel tunnel, boolean ike) implements GatewayAction {}

    /**
     * A tunnel is down, or an initiation failed. At most once a tunnel; all its TCP connections have ended before.
     *
     * @param tunnel the tunnel
     * @param cause why
     */
    record TunnelDown(GatewayTunnel tunnel, TerminationCause cause) implements GatewayAction {}

    /**
     * A device that tried to connect did not get in; for the log.
     *
     * @param peer where it is
     * @param cause why
     */
    record HandshakeFailed(Endpoint peer, TerminationCause cause) implements GatewayAction {}

    /**
     * Something happened to a TCP connection or listener.
     *
     * @param tunnel the tunnel it is in
     * @param action what; never {@link TcpAction.Transmit}
     */
    record Tcp(GatewayTunnel tunnel, TcpAction action) implements GatewayAction {}

    /**
     * Something happened to a UDP endpoint.
     *
     * @param tunnel the tunnel it is in
     * @param action what; something that is for the application
     */
    record Udp(GatewayTunnel tunnel, UdpAction action) implements GatewayAction {}

    /**
     * A ping was answered. It comes once more for every further answer to the same one.
     *
     * @param tunnel the tunnel
     * @param ticket what {@link GatewayTunnel#ping} returned
     * @param payloadLength the octets of data that came back
     */
    record PingReply(GatewayTunnel tunnel, long ticket, int payloadLength) implements GatewayAction {}

    /**
     * Compute something on another thread, then call {@link Gateway#completed}.
     *
     * @param work what to run
     */
    record Offload(Work work) implements GatewayAction {}

    /**
     * Ask the application about a device, then call {@link Gateway#authenticated}.
     *
     * @param request who asks
     */
    record Authenticate(AuthRequest request) implements GatewayAction {}

    /**
     * The decision about a device is not needed any more, since it took too long or the device has given up: interrupt
     * who is at it. {@link Gateway#authenticated} is to be called all the same.
     *
     * @param request who asked
     */
    record AbandonAuthentication(AuthRequest request) implements GatewayAction {}

    /**
     * Something from the network was dropped; count it.
     *
     * @param reason why
     */
    record Dropped(DropReason reason) implements GatewayAction {}
}
