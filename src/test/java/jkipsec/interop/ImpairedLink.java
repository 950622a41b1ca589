package jkipsec.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A bad link in user space: takes IKE and ESP of one device on UDP ports 500 and 4500, and passes them on to a gateway
 * and back, late, at a limited rate, and not all of them. A program of the comparison with Linux's TCP ({@code
 * src/test/interop/compare}), for machines whose kernel has no netem.
 *
 * <pre>
 *   java jkipsec.interop.ImpairedLink LOCAL GATEWAY
 * </pre>
 *
 * <p>It reads what the link is like from standard input, one line each time it changes: round-trip time in
 * milliseconds, rate in Mbit/s, loss in percent, and a seed. Each direction has the rate, half the delay, the loss, and
 * before it a drop-tail queue of one bandwidth-delay product, of 20 packets at the least. It answers with a line of what it
 * dropped under the former conditions.
 */
public final class ImpairedLink {
    private static final int[] PORTS = {500, 4500};
    private static final int LARGEST = 65_535;
    private static final int SOCKET_BUFFER = 4 << 20;
    /** What IPv4 and UDP put around a payload. */
    private static final int HEADERS = 28;
    private static final int SMALLEST_QUEUE = 20 * 1_500;

    /** What the link is like. Immutable; read by all threads. */
    private record Conditions(long oneWayNanos, double octetsPerNano, double loss, long queueNanos, long seed) {
        static Conditions parse(String line) {
            String[] words = line.trim().split("\\s+");
            if (words.length != 4) {
                throw new IllegalArgumentException("expected: RTT-MILLIS MBIT-PER-SECOND LOSS-PERCENT SEED, not " + line);
            }
            double roundTrip = Double.parseDouble(words[0]) * 1e6;
            double rate = Double.parseDouble(words[1]) * 1e6 / 8 / 1e9;
            double queue = Math.max(roundTrip, SMALLEST_QUEUE / rate);
            return new Conditions((long) (roundTrip / 2), rate, Double.parseDouble(words[2]) / 100, (long) queue,
                    Long.parseLong(words[3]));
        }
    }

    /** A datagram on its way. */
    private record Flying(byte[] payload, SocketAddress to, long due) {}

    private static volatile Conditions conditions = Conditions.parse("0.1 1000 0 1");
    private static final AtomicLong LOST = new AtomicLong();
    private static final AtomicLong OVERFLOWED = new AtomicLong();
    private static final AtomicLong PASSED = new AtomicLong();

    private ImpairedLink() {}

    /**
     * Runs until standard input ends.
     *
     * @param arguments the address to take datagrams at, and the gateway's
     * @throws IOException when a port cannot be bound
     */
    public static void main(String[] arguments) throws IOException {
        InetAddress local = InetAddress.getByName(arguments[0]);
        InetAddress gateway = InetAddress.getByName(arguments[1]);
        for (int port : PORTS) {
            join(bound(new InetSocketAddress(local, port)), bound(new InetSocketAddress(0)),
                    new InetSocketAddress(gateway, port));
        }
        System.out.println("ready");
        var input = new BufferedReader(new InputStreamReader(System.in));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            conditions = Conditions.parse(line);
            System.out.println("passed " + PASSED.getAndSet(0) + " lost " + LOST.getAndSet(0) + " overflowed "
                    + OVERFLOWED.getAndSet(0));
        }
        System.exit(0);
    }

    private static DatagramSocket bound(InetSocketAddress address) throws IOException {
        var socket = new DatagramSocket(address);
        socket.setReceiveBufferSize(SOCKET_BUFFER);
        socket.setSendBufferSize(SOCKET_BUFFER);
        return socket;
    }

    /** One port's way there and back: towards the gateway from a socket of its own, and back to whoever wrote last. */
    private static void join(DatagramSocket device, DatagramSocket outside, InetSocketAddress gateway) {
        var last = new AtomicReference<SocketAddress>();
        direction(device, outside, from -> {
            last.set(from);
            return gateway;
        }, 1);
        direction(outside, device, from -> last.get(), 2);
    }

    private interface Route {
        SocketAddress to(SocketAddress from);
    }

    private static void direction(DatagramSocket in, DatagramSocket out, Route route, int salt) {
        BlockingQueue<Flying> flying = new LinkedBlockingQueue<>();
        start("in " + in.getLocalPort(), () -> {
            Conditions seeded = null;
            SplittableRandom random = null;
            var packet = new DatagramPacket(new byte[LARGEST], LARGEST);
            long free = System.nanoTime();
            while (true) {
                packet.setLength(LARGEST);
                in.receive(packet);
                SocketAddress to = route.to(packet.getSocketAddress());
                long now = System.nanoTime();
                Conditions today = conditions;
                if (today != seeded) {
                    seeded = today;
                    random = new SplittableRandom(today.seed() * 31 + salt);
                }
                long begin = Math.max(now, free);
                if (begin - now > today.queueNanos()) {
                    OVERFLOWED.incrementAndGet();
                } else {
                    free = begin + (long) ((packet.getLength() + HEADERS) / today.octetsPerNano());
                    if (random.nextDouble() < today.loss()) {
                        LOST.incrementAndGet();
                    } else if (to != null) {
                        byte[] payload = new byte[packet.getLength()];
                        System.arraycopy(packet.getData(), packet.getOffset(), payload, 0, payload.length);
                        flying.add(new Flying(payload, to, free + today.oneWayNanos()));
                    }
                }
            }
        });
        start("out " + out.getLocalPort(), () -> {
            while (true) {
                Flying next = flying.take();
                for (long wait = next.due() - System.nanoTime(); wait > 0; wait = next.due() - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                out.send(new DatagramPacket(next.payload(), next.payload().length, next.to()));
                PASSED.incrementAndGet();
            }
        });
    }

    private interface Loop {
        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Loop loop) {
        Thread.ofPlatform().name(name).start(() -> {
            try {
                loop.run();
            } catch (IOException | InterruptedException broken) {
                System.err.println(name + ": " + broken);
                System.exit(1);
            }
        });
    }
}
