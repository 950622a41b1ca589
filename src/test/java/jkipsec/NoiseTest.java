package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Anybody can send anything to a server's ports; established tunnels do not notice. */
@Timeout(60)
class NoiseTest {
    private static final int LEAST_DATAGRAMS = 2_000;

    @Test
    void randomAndMutatedDatagramsDoNotDisturbATransfer() throws Exception {
        try (var pair = Loopback.start(); var listening = pair.accepted().listen(0)) {
            List<byte[]> genuine = recorded();
            var stop = new AtomicBoolean();
            var sent = new AtomicLong();
            var noise = Waiter.start(() -> makeNoise(pair.server(), genuine, stop, sent));
            long faults = 0;
            for (int round = 0; round < 4 || sent.get() < LEAST_DATAGRAMS; round++) {
                transfer(pair, listening, round);
                faults += pair.server().statistics().faults();
            }
            stop.set(true);
            noise.result();
            assertEquals(0, faults);
            assertTrue(pair.client().isOpen() && pair.accepted().isOpen());
            assertTrue(dropped(pair) > 0, "the noise arrived");
            assertEquals(0, pair.accepted().statistics().droppedOut());
        }
    }

    private static long dropped(Loopback pair) {
        return pair.server().statistics().dropped().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void transfer(Loopback pair, ServerSocket listening, int seed) throws Exception {
        try (Socket near = pair.client().connect(listening.getLocalPort()); Socket far = listening.accept()) {
            var up = Waiter.start(() -> Loopback.send(near, 1_000_000, seed));
            var down = Waiter.start(() -> Loopback.send(far, 1_000_000, seed + 100));
            var received = Waiter.start(() -> Loopback.receive(far));
            // Read before asking what was sent: a million octets do not fit in buffers that nobody reads.
            String atNear = Loopback.receive(near);
            assertEquals(down.result(), atNear);
            assertEquals(up.result(), received.result());
        }
    }

    /** What a client sends to a port when it connects. */
    private static List<byte[]> recorded() throws IOException {
        var recorded = new ArrayList<byte[]>();
        try (var tap = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var config = ClientConfig.builder()
                    .server("127.0.0.1", tap.getLocalPort(), tap.getLocalPort())
                    .identity("alice")
                    .authKey(Loopback.ALICE)
                    .build();
            var client = Waiter.start(() -> VpnClient.connect(config));
            var packet = new DatagramPacket(new byte[2_000], 2_000);
            tap.receive(packet);
            recorded.add(Arrays.copyOf(packet.getData(), packet.getLength()));
            client.awaitWaiting();
            client.thread().interrupt();
        }
        return recorded;
    }

    /** About a thousand datagrams a second at each port until it is stopped. */
    private static Void makeNoise(VpnServer server, List<byte[]> genuine, AtomicBoolean stop, AtomicLong sent)
            throws IOException {
        var random = new Random(5);
        try (var socket = new DatagramSocket()) {
            while (!stop.get()) {
                byte[] noise = next(random, genuine);
                socket.send(new DatagramPacket(noise, noise.length, server.ikeAddress()));
                byte[] marked = random.nextBoolean() ? noise : withMarker(noise);
                socket.send(new DatagramPacket(marked, marked.length, server.natTAddress()));
                sent.addAndGet(2);
                LockSupport.parkNanos(1_000_000);
            }
        }
        return null;
    }

    private static byte[] next(Random random, List<byte[]> genuine) {
        if (random.nextInt(3) == 0) {
            byte[] noise = new byte[random.nextInt(1_500)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] mutated = genuine.get(random.nextInt(genuine.size())).clone();
        for (int i = random.nextInt(4); i > 0; i--) {
            mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
        }
        // Another initiator's SPI each time: the server has to take it for a new handshake.
        for (int i = 0; i < 8; i++) {
            mutated[i] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(mutated, random.nextInt(mutated.length)) : mutated;
    }

    private static byte[] withMarker(byte[] message) {
        byte[] marked = new byte[message.length + 4];
        System.arraycopy(message, 0, marked, 4, message.length);
        return marked;
    }
}
