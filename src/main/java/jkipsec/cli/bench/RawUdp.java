package jkipsec.cli.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** What UDP over the loopback interface does by itself. */
final class RawUdp {
    static final int ECHO_OCTETS = 64;
    private static final int KERNEL_BUFFER = 4 << 20;
    private static final int SILENCE_MILLIS = 100;

    private RawUdp() {}

    /**
     * One thread sends as fast as it can, another receives; what the receiver's buffer did not hold is lost and does
     * not count.
     *
     * @param size the datagrams' length in octets
     * @param limit how long to send
     * @return received payload in Mbit/s
     * @throws IOException when the sockets fail
     * @throws InterruptedException when interrupted
     */
    static double goodput(int size, Duration limit) throws IOException, InterruptedException {
        try (var receiver = loopback(); var sender = loopback()) {
            receiver.setSoTimeout(SILENCE_MILLIS);
            var stop = new AtomicBoolean();
            Thread sending = Thread.ofVirtual().start(() -> {
                var datagram = new DatagramPacket(new byte[size], size, receiver.getLocalSocketAddress());
                try {
                    while (!stop.get()) {
                        sender.send(datagram);
                    }
                } catch (IOException closed) {
                    // The receiver will notice the silence.
                }
            });
            var buffer = new DatagramPacket(new byte[2048], 2048);
            long octets = 0;
            var watch = new Stopwatch(limit);
            while (watch.running()) {
                try {
                    receiver.receive(buffer);
                    octets += buffer.getLength();
                } catch (SocketTimeoutException starved) {
                    // The sender did not get a processor for a while; that is part of the measurement.
                }
            }
            double rate = watch.mbits(octets);
            stop.set(true);
            sending.join();
            return rate;
        }
    }

    private static DatagramSocket loopback() throws SocketException {
        var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(KERNEL_BUFFER);
        socket.setSendBufferSize(KERNEL_BUFFER);
        return socket;
    }

    /** A datagram there and back. */
    static final class Echo implements AutoCloseable {
        private final DatagramSocket server = loopback();
        private final DatagramSocket client = loopback();

        Echo() throws SocketException {
            client.setSoTimeout(10_000);
            Thread.ofVirtual().start(() -> {
                var datagram = new DatagramPacket(new byte[ECHO_OCTETS], ECHO_OCTETS);
                try {
                    while (true) {
                        server.receive(datagram);
                        server.send(datagram);
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
         * @throws IOException when the sockets fail
         */
        double roundTrip(Duration limit) throws IOException {
            var question = new DatagramPacket(new byte[ECHO_OCTETS], ECHO_OCTETS, server.getLocalSocketAddress());
            var answer = new DatagramPacket(new byte[ECHO_OCTETS], ECHO_OCTETS);
            return RoundTrips.median(limit, () -> {
                client.send(question);
                client.receive(answer);
            });
        }

        @Override
        public void close() {
            server.close();
            client.close();
        }
    }
}
