package jkipsec.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;

/** Serves connections with blocking streams, each on a virtual thread of its own, and datagrams. */
final class Relay {
    private static final int CHUNK = 64 * 1024;

    private Relay() {}

    /**
     * What to do with an accepted connection, on a virtual thread of its own. Throwing ends that connection only.
     */
    @FunctionalInterface
    interface Service {
        /**
         * Serves one connection.
         *
         * @param connection the accepted socket, which the caller closes afterwards
         * @throws IOException when the connection failed
         */
        void serve(Socket connection) throws IOException;
    }

    /**
     * Serves every connection a listener gets, until the listener is closed. Returns at once.
     *
     * @param listener where connections arrive
     * @param service what to do with each
     */
    static void acceptAll(ServerSocket listener, Service service) {
        Thread.ofVirtual().name("accept " + listener.getLocalPort()).start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket connection = listener.accept();
                    Thread.ofVirtual().name("serve " + listener.getLocalPort()).start(() -> {
                        try (connection) {
                            service.serve(connection);
                        } catch (IOException ended) {
                            // The connection broke, as connections do; whoever was at its other end knows.
                        }
                    });
                } catch (IOException ended) {
                    return;
                }
            }
        });
    }

    /**
     * Sends back whatever comes, until the peer has finished; then finishes too.
     *
     * @param connection an open socket
     * @throws IOException when the connection breaks
     */
    static void echo(Socket connection) throws IOException {
        connection.setTcpNoDelay(true);
        copy(connection.getInputStream(), connection.getOutputStream());
        connection.shutdownOutput();
    }

    /**
     * Sends back every datagram a socket gets, until the socket is closed. Returns at once.
     *
     * @param socket a bound socket
     */
    static void echo(DatagramSocket socket) {
        Thread.ofVirtual().name("echo " + socket.getLocalPort()).start(() -> {
            var datagram = new DatagramPacket(new byte[CHUNK], CHUNK);
            while (!socket.isClosed()) {
                try {
                    datagram.setLength(CHUNK);
                    socket.receive(datagram);
                    socket.send(datagram);
                } catch (IOException ended) {
                    return;
                }
            }
        });
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int count;
        while ((count = from.read(chunk)) >= 0) {
            to.write(chunk, 0, count);
        }
    }
}
