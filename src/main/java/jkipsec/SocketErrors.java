package jkipsec;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import jkipsec.ip.Endpoint;
import jkipsec.tcp.TcpEnd;

/** Makes the exceptions that {@code java.net} documents from the reason for which a connection ended. */
final class SocketErrors {
    private SocketErrors() {}

    /** What a read or a write of a connection that was open throws. */
    static SocketException of(TcpEnd cause, TunnelShell tunnel) {
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
