package jkipsec;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** A {@link ServerSocket} at this end of a tunnel. */
final class TunnelServerSocket extends ServerSocket {
    private final TunnelShell tunnel;

    TunnelServerSocket(TunnelShell tunnel) {
        super(new TunnelServerSocketImpl(tunnel));
        this.tunnel = tunnel;
    }

    /** The JDK would look for a global factory of sockets here. */
    @Override
    public Socket accept() throws IOException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
        Socket accepted = TunnelSocketImpl.unconnected(tunnel);
        implAccept(accepted);
        return accepted;
    }
}
