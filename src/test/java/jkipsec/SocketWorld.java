package jkipsec;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.SocketFactory;

/** Where sockets come from: one of the two worlds that {@link SocketBehaviourTest} compares. */
interface SocketWorld {
    /** Sockets that are not connected, at the one end. */
    SocketFactory sockets();

    /** A server's socket that is not bound, at the other end. */
    ServerSocket server() throws IOException;

    /** The other end's address. */
    InetAddress there();

    /** This end's address. */
    InetAddress here();

    /** The operating system's, through the JDK, on the loopback interface. */
    static SocketWorld ofTheJdk() {
        return new SocketWorld() {
            @Override
            public SocketFactory sockets() {
                return SocketFactory.getDefault();
            }

            @Override
            public ServerSocket server() throws IOException {
                return new ServerSocket();
            }

            @Override
            public InetAddress there() {
                return InetAddress.getLoopbackAddress();
            }

            @Override
            public InetAddress here() {
                return there();
            }
        };
    }

    /** Those of a tunnel from a client to a server. */
    static SocketWorld inside(Loopback tunnel) {
        return new SocketWorld() {
            @Override
            public SocketFactory sockets() {
                return tunnel.client().socketFactory();
            }

            @Override
            public ServerSocket server() {
                return new TunnelServerSocket(tunnel.accepted().shell());
            }

            @Override
            public InetAddress there() {
                return tunnel.accepted().localAddress();
            }

            @Override
            public InetAddress here() {
                return tunnel.client().localAddress();
            }
        };
    }
}
