package jkipsec;

import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.tcp.PortInUse;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpConfig;
import jkipsec.tcp.TcpConnection;
import jkipsec.tcp.TcpDrop;
import jkipsec.tcp.TcpEnd;
import jkipsec.tcp.TcpListener;

/** The TCP sockets of one tunnel. Methods say whether they are for the engine's thread or for any. */
final class TunnelConnections {
    /** It looks at every connection, on the thread of all tunnels; who is not served at once repeats. */
    private static final long COLLECT_EVERY = 10_000_000L;

    private final TunnelShell shell;
    private final TcpConfig config;

    // Confined to the engine's thread.
    private final GatewayTunnel tunnel;
    private final Set<AcceptQueue> listening = new HashSet<>();
    private final Set<TcpLink> links = new HashSet<>();
    private boolean collecting;
    private long collectedAt = -COLLECT_EVERY;

    TunnelConnections(TunnelShell shell, GatewayTunnel tunnel, TcpConfig config) {
        this.shell = shell;
        this.tunnel = tunnel;
        this.config = config;
    }

    /** What a new socket begins with. Any thread. */
    TunnelSocketOptions.Defaults defaults() {
        return new TunnelSocketOptions.Defaults(
                config.receiveBuffer(), config.sendBuffer(), config.noDelay(), config.keepAliveTimes());
    }

    // What the core tells. Engine.

    /** The tunnel has ended, and says why: whatever became of TCP, nobody waits for a connection any more. */
    void down() {
        List.copyOf(links).forEach(link -> link.closed(TcpEnd.TUNNEL_CLOSED));
        listening.forEach(queue -> queue.fail(shell::closedException));
        listening.clear();
    }

    /** Something happened to a connection. */
    void tcp(TcpAction action) {
        switch (action) {
            case TcpAction.Deliver delivery -> {
                if (link(delivery.connection()) instanceof TcpLink link) {
                    link.deliver(delivery);
                }
            }
            case TcpAction.SendSpace space -> {
                if (link(space.connection()) instanceof TcpLink link) {
                    link.sendSpace(space.octets());
                }
            }
            case TcpAction.Opened opened -> {
                if (link(opened.connection()) instanceof TcpLink link) {
                    link.opened();
                }
            }
            case TcpAction.Offered offered -> throw new IllegalArgumentException("not for a socket: " + offered);
            case TcpAction.Accepted accepted -> {
                var link = new TcpLink(shell, accepted.connection(), config.receiveBuffer(), true);
                if (accepted.listener().attachment() instanceof AcceptQueue queue) {
                    queue.add(accepted.listener(), link);
                } else {
                    link.close(true);
                }
            }
            case TcpAction.EndOfStream end -> {
                if (link(end.connection()) instanceof TcpLink link) {
                    link.peerFinished();
                }
            }
            case TcpAction.Closed closed -> {
                // With the tunnel: told as soon as its own end, and with it the reason, is known, which comes next.
                if (closed.cause() != TcpEnd.TUNNEL_CLOSED && link(closed.connection()) instanceof TcpLink link) {
                    link.closed(closed.cause());
                }
            }
            case TcpAction.MemoryShort asked -> {
                if (!collecting && shell.engine().now() - collectedAt >= COLLECT_EVERY) {
                    collecting = true;
                    shell.engine().afterBatch(this::collectMemory);
                }
            }
            case TcpAction.Transmit transmit -> throw new IllegalArgumentException("not for a socket: " + transmit);
        }
    }

    /** Has every connection report what was read, however little, and give up the room that it does not use. */
    private void collectMemory() {
        long now = shell.engine().now();
        collectedAt = now;
        try {
            new ArrayList<>(links).forEach(link -> link.saveMemory(now));
        } finally {
            collecting = false;
            shell.touched();
        }
    }

    void add(TcpLink link) {
        links.add(link);
        if (shell.cause() != null) {
            link.closed(TcpEnd.TUNNEL_CLOSED); // the packet that began it has used up what the tunnel may carry
        }
    }

    void gone(TcpLink link) {
        links.remove(link);
    }

    void gone(AcceptQueue queue) {
        listening.remove(queue);
    }

    /** Whether the peer has acknowledged all that was sent on connections the application has finished. */
    boolean isDrained() {
        return links.stream().allMatch(TcpLink::isDrained);
    }

    /** What the tunnel's TCP dropped. */
    Map<TcpDrop, Long> drops() {
        return tunnel.tcp().drops();
    }

    /** Ties a connection that was offered and accepted; it is not established yet. */
    TcpLink adopt(TcpConnection connection) {
        shell.touched();
        return new TcpLink(shell, connection, config.receiveBuffer(), false);
    }

    private static TcpLink link(TcpConnection connection) {
        return (TcpLink) connection.attachment();
    }

    // What the application wants. Any thread but the engine's.

    /** Begins to connect; {@link TcpLink#awaitOpen} waits for the outcome. */
    TcpLink open(int localPort, Endpoint remote, TunnelSocketOptions.ForTcp options) throws IOException {
        return shell.engine().ask("connect", now -> {
            shell.ensureOpen();
            try {
                IpAddress local = tunnel.localAddressFor(remote.address()).orElse(shell.localAddress());
                TcpConnection connection = tunnel.tcp().connect(new Endpoint(local, localPort), remote, now);
                options.apply(connection, now);
                shell.touched();
                return new TcpLink(shell, connection, config.receiveBuffer(), false);
            } catch (PortInUse e) {
                throw inUse(e);
            }
        });
    }

    /**
     * Listens.
     *
     * @param bound the local address to listen at; empty for every address of this end, at the same port
     */
    AcceptQueue listen(Optional<IpAddress> bound, int localPort, int backlog) throws IOException {
        return shell.engine().ask("listen", now -> {
            shell.ensureOpen();
            var listeners = new ArrayList<TcpListener>();
            try {
                int port = localPort;
                for (IpAddress address : bindable(bound)) {
                    TcpListener listener = tunnel.tcp().listen(new Endpoint(address, port), backlog);
                    listeners.add(listener);
                    port = listener.local().port();
                }
            } catch (PortInUse e) {
                listeners.forEach(listener -> listener.close(now));
                throw inUse(e);
            }
            var queue = new AcceptQueue(shell, listeners);
            listening.add(queue);
            return queue;
        });
    }

    /**
     * Keeps a local port for a socket that will connect, until {@link #release}.
     *
     * @param bound the local address; empty for every address of this end, at the same port
     * @return what was kept, at least one, all with the same port
     */
    List<Endpoint> reserve(Optional<IpAddress> bound, int localPort) throws IOException {
        return shell.engine().ask("bind", now -> {
            shell.ensureOpen();
            var kept = new ArrayList<Endpoint>();
            try {
                int port = localPort;
                for (IpAddress address : bindable(bound)) {
                    Endpoint one = tunnel.tcp().reserve(new Endpoint(address, port));
                    kept.add(one);
                    port = one.port();
                }
            } catch (PortInUse e) {
                kept.forEach(tunnel.tcp()::release);
                throw inUse(e);
            }
            return List.copyOf(kept);
        });
    }

    /** Gives back what {@link #reserve} kept. */
    void release(List<Endpoint> kept) {
        shell.engine().post("release of a port", now -> kept.forEach(tunnel.tcp()::release));
    }

    private Set<IpAddress> bindable(Optional<IpAddress> bound) {
        return bound.map(Set::of).orElseGet(() -> {
            var all = new LinkedHashSet<IpAddress>();
            all.add(shell.localAddress());
            shell.localAddress6().ifPresent(all::add);
            return all;
        });
    }

    private static BindException inUse(PortInUse reason) {
        return new BindException("Address already in use: " + reason.getMessage());
    }
}
