package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hundreds of connections at once, opened from both sides and through a relay, many of which misbehave: those that
 * behave lose nothing, and when all are over nothing of them stays.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdTest extends ForwarderStage {
    private static final int CONNECTIONS = 240;
    private static final int OPENING_AT_ONCE = 32;
    private static final int MOST_OCTETS = 50_000;
    private static final int OPENER_SAYS = 1;
    private static final int ACCEPTOR_SAYS = 2;

    /** Which third of the connections goes where. */
    private static final int FROM_SERVER = 1;
    private static final int THROUGH_RELAY = 2;

    /** What is done with a connection, by who opens it and by who accepts it. */
    private enum Manner {
        /** Both send, in writes of any size, and both read to the end. */
        TALKS,
        /** The opener sends, and closes without waiting; the acceptor gets it all. */
        LEAVES,
        /** The acceptor does not want to hear what the opener sends, which the opener does not notice. */
        IS_IGNORED,
        /** Nothing is sent until all others are done. */
        IS_SILENT,
        /** Nobody reads what is sent until all others are done, and not then. */
        IS_NOT_READ,
        /** One of the two resets it at some time. */
        BREAKS;

        static Manner of(int number) {
            return switch (number / 3 % 12) {
                case 0, 1 -> LEAVES;
                case 2, 3 -> IS_IGNORED;
                case 4 -> IS_SILENT;
                case 5 -> IS_NOT_READ;
                case 6, 7 -> BREAKS;
                default -> TALKS;
            };
        }

        boolean behaves() {
            return this == TALKS || this == LEAVES || this == IS_IGNORED;
        }
    }

    private final long seed = Long.getLong("jkipsec.crowdSeed", 7);
    private final List<Manner> manners = IntStream.range(0, CONNECTIONS).mapToObj(Manner::of).toList();
    private final int behaving = (int) manners.stream().filter(Manner::behaves).count();
    private final CountDownLatch behavingSides = new CountDownLatch(2 * behaving);
    private final CountDownLatch someSides = new CountDownLatch(behaving / 2);
    private final List<CountDownLatch> openerDone = manners.stream().map(manner -> new CountDownLatch(1)).toList();
    private final Semaphore opening = new Semaphore(OPENING_AT_ONCE);
    private final Queue<Waiter<Void>> players = new ConcurrentLinkedQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicInteger relayed = new AtomicInteger();
    private List<ServerSocket> listening;

    CrowdTest() throws Exception {}

    @Test
    void whoBehavesLosesNothingAndNothingStays() throws Exception {
        start();
        someSides.await();
        device.move();
        device.move(server.natTAddress().getAddress());
        behavingSides.await();
        assertEquals(List.of(), List.copyOf(complaints));
        end();
        awaitNothingHeld(device);
        awaitNothingHeld(gateway);
        assertNoFaults();
    }

    @Test
    void nobodyGoesOnWaitingWhenTheTunnelEndsInTheMiddle() throws Exception {
        start();
        someSides.await();
        gateway.close();
        device.awaitClosed();
        for (ServerSocket each : listening) {
            each.close(); // one of them is no socket of the tunnel's
        }
        end();
        assertNoFaults();
        close();
        assertEquals(List.of(), server.threads().stream().filter(Thread::isAlive).toList());
    }

    /** Lets go of what was held back, and waits for everybody. */
    private void end() throws Exception {
        openerDone.forEach(CountDownLatch::countDown);
        while (behavingSides.getCount() > 0) {
            behavingSides.countDown();
        }
        for (Waiter<Void> player = players.poll(); player != null; player = players.poll()) {
            player.result();
        }
        while (relayed.get() > 0) {
            Thread.onSpinWait();
        }
    }

    private void assertNoFaults() {
        assertEquals(0, device.shell().engine().failures());
        assertEquals(0, server.statistics().faults());
    }

    /** Every connection is released when it has ended or is in TIME-WAIT; until then it has a send buffer reserved. */
    private static void awaitNothingHeld(Tunnel tunnel) throws IOException {
        TunnelShell shell = tunnel.shell();
        while (shell.engine().ask("memory", now -> shell.tunnel().tcp().memoryInUse()) > 0) {
            Thread.onSpinWait();
        }
    }

    private void start() throws IOException {
        gateway.forwarder(this::relay);
        listening = List.of(
                gateway.listen(0), device.listen(0), new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
        listening.forEach(each -> players.add(Waiter.start(() -> acceptAll(each))));
        for (int number = 0; number < CONNECTIONS; number++) {
            Tunnel from = number % 3 == FROM_SERVER ? gateway : device;
            ServerSocket to = listening.get(number % 3);
            InetAddress host = number % 3 == THROUGH_RELAY ? to.getInetAddress() : from.remoteAddress();
            int mine = number;
            players.add(Waiter.start(() -> {
                play(mine, true, () -> {
                    try (Socket socket = connect(from, new InetSocketAddress(host, to.getLocalPort()))) {
                        new Player(mine, socket).open();
                    }
                });
                openerDone.get(mine).countDown();
                return null;
            }));
        }
    }

    private void relay(Flow flow) throws IOException {
        relayed.incrementAndGet();
        try {
            flow.relayTo(flow.destination());
        } finally {
            relayed.decrementAndGet();
        }
    }

    private Socket connect(Tunnel from, InetSocketAddress to) throws Exception {
        opening.acquire();
        try {
            return from.connect(to, Duration.ZERO);
        } finally {
            opening.release();
        }
    }

    private Void acceptAll(ServerSocket listening) {
        try (listening) {
            for (int i = 0; i < CONNECTIONS / 3; i++) {
                Socket accepted = listening.accept();
                players.add(Waiter.start(() -> acceptOne(accepted)));
            }
        } catch (IOException e) {
            complaints.add("accepting: " + e);
        }
        return null;
    }

    private Void acceptOne(Socket accepted) {
        try (accepted) {
            int number;
            try {
                number = 256 * octet(accepted) + octet(accepted);
            } catch (IOException e) {
                return null; // reset before it said which it is: none of those that behave, for which the test waits
            }
            play(number, false, () -> new Player(number, accepted).accept());
        } catch (IOException e) {
            complaints.add("closing: " + e);
        }
        return null;
    }

    private static int octet(Socket socket) throws IOException {
        int octet = socket.getInputStream().read();
        if (octet < 0) {
            throw new EOFException();
        }
        return octet;
    }

    private interface Play {
        void run() throws Exception;
    }

    private void play(int number, boolean opens, Play play) {
        boolean behaves = manners.get(number).behaves();
        try {
            play.run();
        } catch (Exception | AssertionError e) {
            if (behaves || !(e instanceof IOException)) {
                complaints.add((opens ? "opener of " : "acceptor of ") + number + ", which "
                        + manners.get(number) + ": " + e);
            }
        }
        if (behaves) {
            behavingSides.countDown();
            someSides.countDown();
        }
    }

    /** One side of one connection. */
    private final class Player {
        private final int number;
        private final Manner manner;
        private final Socket socket;
        private final Random random;

        Player(int number, Socket socket) {
            this.number = number;
            this.manner = manners.get(number);
            this.socket = socket;
            this.random = new Random(seed * 31 + number);
        }

        void open() throws Exception {
            setBuffers();
            socket.getOutputStream().write(new byte[] {(byte) (number >> 8), (byte) number});
            switch (manner) {
                case TALKS -> talk(OPENER_SAYS, ACCEPTOR_SAYS);
                case LEAVES -> say(OPENER_SAYS);
                case IS_IGNORED -> {
                    say(OPENER_SAYS);
                    socket.shutdownOutput();
                    assertEquals(-1, read(new byte[1]));
                }
                case IS_SILENT -> behavingSides.await();
                case IS_NOT_READ -> sayForEver();
                case BREAKS -> breakOff();
            }
        }

        void accept() throws Exception {
            random.setSeed(~seed * 31 + number);
            setBuffers();
            switch (manner) {
                case TALKS -> talk(ACCEPTOR_SAYS, OPENER_SAYS);
                case LEAVES -> hear(OPENER_SAYS);
                case IS_IGNORED -> {
                    if (number % 3 == THROUGH_RELAY) {
                        hear(OPENER_SAYS); // Linux would reset what comes when both directions are shut
                        return;
                    }
                    socket.shutdownInput();
                    socket.shutdownOutput();
                    openerDone.get(number).await();
                }
                case IS_SILENT -> assertEquals(-1, read(new byte[1]));
                case IS_NOT_READ -> behavingSides.await();
                case BREAKS -> breakOff();
            }
        }

        private void setBuffers() throws IOException {
            socket.setTcpNoDelay(random.nextBoolean());
            if (random.nextBoolean()) {
                socket.setSendBufferSize(1 + random.nextInt(20_000));
            }
            if (random.nextBoolean()) {
                setReceiveBuffer(1 + random.nextInt(20_000));
            }
            if (random.nextInt(4) == 0) {
                socket.setSoTimeout(1 + random.nextInt(5));
            }
        }

        private void setReceiveBuffer(int octets) throws IOException {
            // The target of a relay is a socket of the system's, which with a small buffer may miss even a reset.
            if (number % 3 != THROUGH_RELAY) {
                socket.setReceiveBufferSize(octets);
            }
        }

        private void talk(int mine, int others) throws Exception {
            var speaker = Waiter.start(() -> {
                say(mine);
                socket.shutdownOutput();
                return null;
            });
            hear(others);
            speaker.result();
        }

        /** What one side says is known to both. */
        private Random words(int who) {
            return new Random(seed * 1_000 + number * 4L + who);
        }

        private void say(int who) throws IOException {
            Random words = words(who);
            OutputStream out = socket.getOutputStream();
            var sizes = new Random(number);
            for (int left = words.nextInt(MOST_OCTETS); left > 0; ) {
                byte[] piece = new byte[Math.min(left, 1 + sizes.nextInt(sizes.nextInt(4) == 0 ? 9_000 : 900))];
                for (int i = 0; i < piece.length; i++) {
                    piece[i] = (byte) words.nextInt();
                }
                out.write(piece);
                left -= piece.length;
                if (sizes.nextInt(20) == 0) {
                    socket.setSendBufferSize(1 + sizes.nextInt(30_000));
                    setReceiveBuffer(1 + sizes.nextInt(30_000));
                }
            }
        }

        private void hear(int who) throws IOException {
            Random words = words(who);
            byte[] piece = new byte[random.nextInt(3) == 0 ? 1 + random.nextInt(50) : 4_000];
            int left = words.nextInt(MOST_OCTETS);
            for (int n = read(piece); n >= 0; n = read(piece)) {
                for (int i = 0; i < n; i++) {
                    assertEquals((byte) words.nextInt(), piece[i]);
                }
                left -= n;
                if (random.nextInt(8) == 0) {
                    Thread.yield();
                }
                if (random.nextInt(20) == 0) {
                    socket.setSendBufferSize(1 + random.nextInt(30_000)); // while the other thread may wait to write
                }
            }
            assertEquals(0, left, "octets missing");
        }

        private int read(byte[] piece) throws IOException {
            InputStream in = socket.getInputStream();
            while (true) {
                try {
                    return in.read(piece);
                } catch (SocketTimeoutException again) {
                    assertTrue(socket.getSoTimeout() > 0);
                }
            }
        }

        private void sayForEver() throws IOException {
            while (true) {
                socket.getOutputStream().write(new byte[1 + random.nextInt(5_000)]);
            }
        }

        private void breakOff() throws IOException {
            byte[] piece = new byte[3_000];
            for (int i = random.nextInt(20); i > 0; i--) {
                socket.getOutputStream().write(piece, 0, random.nextInt(piece.length));
                if (random.nextBoolean() && read(piece) < 0) {
                    break;
                }
            }
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0);
            }
        }
    }
}
