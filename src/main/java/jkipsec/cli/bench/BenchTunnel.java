package jkipsec.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import jkipsec.AuthKey;
import jkipsec.ClientConfig;
import jkipsec.ServerConfig;
import jkipsec.Suite;
import jkipsec.Tunnel;
import jkipsec.VpnClient;
import jkipsec.VpnServer;
import jkipsec.esp.EspOverhead;

/** A gateway and a device in this process, over UDP on the loopback interface, and both ends of their tunnel. */
final class BenchTunnel implements AutoCloseable {
    private static final AuthKey KEY = AuthKey.derive("known to both ends");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CHUNK = 64 * 1024;

    private final Suite suite;
    private final VpnServer server;
    private final Tunnel host;
    private final Tunnel device;

    BenchTunnel(Suite suite) throws IOException, InterruptedException {
        this.suite = suite;
        server = startServer(suite);
        try {
            device = VpnClient.connect(clientConfig(server, suite));
            host = server.accept(PATIENCE);
        } catch (IOException | InterruptedException failed) {
            server.close();
            throw failed;
        }
    }

    static VpnServer startServer(Suite suite) throws IOException {
        return VpnServer.start(ServerConfig.builder().bind("127.0.0.1").ikePort(0).natTPort(0)
                .identity("bench.example").suites(suite).authenticator(challenge -> challenge.approveWith(KEY))
                .build());
    }

    static ClientConfig clientConfig(VpnServer server, Suite suite) {
        return ClientConfig.builder()
                .server("127.0.0.1", server.ikeAddress().getPort(), server.natTAddress().getPort())
                .identity("device").authKey(KEY).suites(suite).connectTimeout(PATIENCE).build();
    }

    /**
     * The length of the datagrams that a transfer through the tunnel sends.
     *
     * @return UDP payload octets
     */
    int datagramSize() {
        return EspOverhead.sealedLength(EspPackets.cipherSuite(suite), host.innerMtu());
    }

    /**
     * Where the gateway takes first messages.
     *
     * @return its IKE port
     */
    InetSocketAddress ikeAddress() {
        return server.ikeAddress();
    }

    /**
     * One connection, one direction.
     *
     * @param toDevice whether the host sends
     * @param limit how long to send
     * @return what the application at the other end has read when all has arrived, in Mbit/s
     * @throws IOException when the connection fails
     * @throws InterruptedException when interrupted
     */
    double goodput(boolean toDevice, Duration limit) throws IOException, InterruptedException {
        Tunnel from = toDevice ? host : device;
        Tunnel to = toDevice ? device : host;
        try (ServerSocket listener = to.listen(0); Socket sending = from.connect(listener.getLocalPort(), PATIENCE)) {
            Thread sender = Thread.ofVirtual().start(() -> send(sending, limit));
            try (Socket receiving = listener.accept()) {
                double rate = received(receiving, new Stopwatch(limit));
                sender.join();
                return rate;
            }
        }
    }

    /**
     * One connection, both directions at once: the device sends back what it gets.
     *
     * @param limit how long to send
     * @return what the application at the host has got back when all has arrived, in Mbit/s
     * @throws IOException when the connection fails
     * @throws InterruptedException when interrupted
     */
    double echoed(Duration limit) throws IOException, InterruptedException {
        try (ServerSocket listener = device.listen(0);
                Socket socket = host.connect(listener.getLocalPort(), PATIENCE);
                Socket echoing = listener.accept()) {
            Thread echo = Thread.ofVirtual().start(() -> echo(echoing));
            Thread sender = Thread.ofVirtual().start(() -> send(socket, limit));
            double rate = received(socket, new Stopwatch(limit));
            sender.join();
            echo.join();
            return rate;
        }
    }

    private static double received(Socket socket, Stopwatch watch) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] chunk = new byte[CHUNK];
        long octets = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            octets += count;
        }
        return watch.mbits(octets);
    }

    private static void echo(Socket socket) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = socket.getInputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                socket.getOutputStream().write(chunk, 0, count);
            }
            socket.shutdownOutput();
        } catch (IOException broken) {
            // The host sees the same and reports it.
        }
    }

    private static void send(Socket socket, Duration limit) {
        byte[] chunk = new byte[CHUNK];
        try {
            OutputStream out = socket.getOutputStream();
            var watch = new Stopwatch(limit);
            while (watch.running()) {
                out.write(chunk);
            }
            socket.shutdownOutput();
        } catch (IOException broken) {
            // The receiver sees the same and reports it.
        }
    }

    @Override
    public void close() {
        device.close();
        host.close();
        server.close();
    }

    /** A connection from the host to an echo service on the device. */
    final class Echo implements AutoCloseable {
        private final ServerSocket listener;
        private final Socket client;

        Echo() throws IOException {
            listener = device.listen(0);
            client = host.connect(listener.getLocalPort(), PATIENCE);
            client.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> {
                byte[] octets = new byte[RawUdp.ECHO_OCTETS];
                try (Socket accepted = listener.accept()) {
                    accepted.setTcpNoDelay(true);
                    int count;
                    while ((count = accepted.getInputStream().read(octets)) >= 0) {
                        accepted.getOutputStream().write(octets, 0, count);
                    }
                } catch (IOException closed) {
                    // The end.
                }
            });
        }

        /**
         * Measures for a while.
         *
         * @param limit how long
         * @return the median in microseconds
         * @throws IOException when the connection fails
         */
        double roundTrip(Duration limit) throws IOException {
            byte[] question = new byte[RawUdp.ECHO_OCTETS];
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            return RoundTrips.median(limit, () -> {
                out.write(question);
                if (in.readNBytes(RawUdp.ECHO_OCTETS).length < RawUdp.ECHO_OCTETS) {
                    throw new EOFException("the echo service closed the connection");
                }
            });
        }

        @Override
        public void close() throws IOException {
            client.close();
            listener.close();
        }
    }
}
