package jkipsec.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jkipsec.ike.Path;
import jkipsec.ike.PortRole;
import jkipsec.ip.Endpoint;

/**
 * The sockets of one gateway by their numbers, and how an IKE message goes out over one (RFC 3948 §2.2). Confined to
 * the gateway's thread.
 */
final class Sockets {
    static final int NON_ESP_MARKER_LENGTH = 4;

    private final GatewayConfig config;
    private final Map<Integer, LocalSocket> byId = new HashMap<>();

    Sockets(GatewayConfig config) {
        this.config = config;
        config.sockets().forEach(socket -> byId.put(socket.id(), socket));
    }

    void add(LocalSocket socket) {
        if (byId.putIfAbsent(socket.id(), socket) != null) {
            throw new IllegalArgumentException("a socket has the number " + socket.id() + " already");
        }
    }

    LocalSocket of(int id) {
        LocalSocket socket = byId.get(id);
        if (socket == null) {
            throw new IllegalArgumentException("no socket has the number " + id);
        }
        return socket;
    }

    /** The first of those with a role that were there from the beginning. */
    Optional<LocalSocket> first(PortRole role) {
        return config.sockets().stream().filter(socket -> socket.role() == role).findFirst();
    }

    /** Where a socket is reached from outside, as far as this side knows. */
    Optional<Endpoint> localEndpoint(int id) {
        Endpoint bound = of(id).bound();
        Optional<Endpoint> own = bound.address().isUnspecified() ? Optional.empty() : Optional.of(bound);
        return config.publicAddress()
                .map(address -> new Endpoint(address, bound.port()))
                .or(() -> own);
    }

    /** An IKE message on its way, behind the non-ESP marker where it needs one. */
    static GatewayAction.SendDatagram datagram(Path path, byte[] message) {
        byte[] datagram = message;
        if (path.role() == PortRole.NAT_T) {
            datagram = new byte[NON_ESP_MARKER_LENGTH + message.length];
            System.arraycopy(message, 0, datagram, NON_ESP_MARKER_LENGTH, message.length);
        }
        return new GatewayAction.SendDatagram(path.socket(), path.peer(), datagram);
    }
}
