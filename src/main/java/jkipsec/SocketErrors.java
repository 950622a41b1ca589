package jkipsec;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.tcp.TcpEnd;

/** Makes the exceptions that {@code java.net} documents from the reason for which a connection ended. */
final class SocketErrors {
    private SocketErrors() {}

    /**
     * Checks an address that a socket is to be bound to.
     *
     * @return the address; empty for the wildcard
     * @throws BindException when this end does not have it
     */
    static Optional<IpAddress> bindable(InetAddress host, TunnelShell tunnel) throws BindException {
        if (host.isAnyLocalAddress()) {
            return Optional.empty();
        }
        IpAddress address = IpAddress.of(host);
        if (!tunnel.isLocal(address)) {
            throw new BindException("Cannot assign requested address: " + address + "; this end of the tunnel has "
                    + tunnel.localAddresses());
        }
        return Optional.of(address);
    }

    /**
     * What readers and writers of a connection that broke get. As from the JDK's sockets, a reset is told every reader,
     * but one writer only, and none when a reader knows; others get a broken pipe, and so does everybody who writes to
     * a peer that had finished. Thread-safe.
     */
    static final class Broken {
        private final TcpEnd cause;
        private final boolean peerFinished;
        private final TunnelShell tunnel;
        private final AtomicBoolean told = new AtomicBoolean();

        Broken(TcpEnd cause, boolean peerFinished, TunnelShell tunnel) {
            this.cause = cause;
            this.peerFinished = peerFinished;
            this.tunnel = tunnel;
        }

        SocketException forReader() {
            told.set(true);
            return of(cause, tunnel);
        }

        SocketException forWriter() {
            return switch (cause) {
                case RESET, REFUSED, NORMAL -> new SocketException(
                        peerFinished || cause == TcpEnd.NORMAL || told.getAndSet(true)
                                ? "Broken pipe"
                                : "Connection reset by peer");
                default -> of(cause, tunnel);
            };
        }
    }

    private static SocketException of(TcpEnd cause, TunnelShell tunnel) {
        return switch (cause) {
            case RESET, REFUSED -> new SocketException("Connection reset");
            case TIMED_OUT -> new SocketException("Connection timed out");
            case UNREACHABLE -> new NoRouteToHostException("No route to host");
            case TUNNEL_CLOSED -> tunnel.closedException();
            default -> new SocketException("Socket closed");
        };
    }

    /** What an attempt to connect throws. */
    static IOException ofConnect(TcpEnd cause, TunnelShell tunnel, Endpoint remote) {
        return switch (cause) {
            case RESET, REFUSED -> new ConnectException("Connection refused: " + remote);
            case TIMED_OUT -> new ConnectException("Connection timed out: " + remote);
            case UNREACHABLE -> new NoRouteToHostException("No route to host: " + remote);
            default -> of(cause, tunnel);
        };
    }
}
