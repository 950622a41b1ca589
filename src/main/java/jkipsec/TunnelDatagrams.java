package jkipsec;

import java.io.IOException;
import java.net.BindException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.ip.Endpoint;
import jkipsec.udp.UdpAction;
import jkipsec.udp.UdpDrop;
import jkipsec.udp.UdpEndpoint;
import jkipsec.udp.UdpOffer;

/** The datagram sockets of one tunnel. Methods say whether they are for the engine's thread or for any. */
final class TunnelDatagrams {
    private final TunnelShell shell;

    // Confined to the engine's thread.
    private final GatewayTunnel tunnel;
    private final Set<UdpLink> links = new HashSet<>();

    TunnelDatagrams(TunnelShell shell, GatewayTunnel tunnel) {
        this.shell = shell;
        this.tunnel = tunnel;
    }

    /** Binds a port; an unspecified address stands for all of this end. Any thread but the engine's. */
    UdpLink bind(Endpoint local) throws IOException {
        return shell.engine().ask("bind of a datagram socket", now -> {
            shell.ensureOpen();
            UdpEndpoint endpoint = tunnel.udp().bind(local).orElseThrow(() -> new BindException(
                    "Address already in use: UDP port " + local.port() + " of this end of the tunnel"));
            var link = new UdpLink(shell, endpoint);
            links.add(link);
            return link;
        });
    }

    /** Ties a flow of datagrams that was offered, and takes what waits in it. Engine. */
    UdpLink accept(UdpOffer offer) {
        var accepted = new UdpLink[1];
        offer.accept(endpoint -> {
            accepted[0] = new UdpLink(shell, endpoint);
            links.add(accepted[0]);
        });
        return accepted[0];
    }

    /** Something happened to an endpoint. Engine. */
    void udp(UdpAction action) {
        UdpEndpoint endpoint = switch (action) {
            case UdpAction.Received received -> received.endpoint();
            case UdpAction.Unreachable unreachable -> unreachable.endpoint();
            case UdpAction.Ended ended -> ended.endpoint();
            case UdpAction.Offered offered -> throw new IllegalArgumentException("not for a socket: " + offered);
            case UdpAction.Refused refused -> throw new IllegalArgumentException("not for a socket: " + refused);
            case UdpAction.Transmit transmit -> throw new IllegalArgumentException("not for a socket: " + transmit);
            case UdpAction.PortClosed closed -> throw new IllegalArgumentException("not for a socket: " + closed);
        };
        if (endpoint.attachment() instanceof UdpLink link) {
            link.udp(action);
        }
    }

    /** A socket was closed. Engine. */
    void gone(UdpLink link) {
        links.remove(link);
    }

    /** There is no tunnel any more. Engine. */
    void down() {
        links.forEach(UdpLink::tunnelClosed);
        links.clear();
    }

    /** What the tunnel's UDP dropped. Engine. */
    Map<UdpDrop, Long> drops() {
        return tunnel.udp().drops();
    }
}
