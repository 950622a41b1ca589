package jkipsec;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Makes sockets that reach through one tunnel, for libraries that take a {@link SocketFactory}. */
final class TunnelSocketFactory extends SocketFactory {
    private final TunnelShell tunnel;

    TunnelSocketFactory(TunnelShell tunnel) {
        this.tunnel = tunnel;
    }

    @Override
    public Socket createSocket() throws IOException {
        return TunnelSocketImpl.unconnected(tunnel);
    }

    /** The host is not looked up: it is one of the device's inner addresses. */
    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connect(null, InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connect(new InetSocketAddress(localHost, localPort), InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connect(null, new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connect(new InetSocketAddress(localHost, localPort), new InetSocketAddress(host, port));
    }

    private Socket connect(InetSocketAddress local, InetSocketAddress remote) throws IOException {
        Socket socket = createSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
