package jkipsec.tcp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;

/** Two stacks and a link between them, in virtual time and one thread. The same seed gives the same run. */
final class TcpPair {
    static final long MILLIS = 1_000_000L;
    static final long SECOND = 1_000_000_000L;

    /** What a direction of the link does to packets. */
    static final class Link {
        long delay = 5 * MILLIS;
        /** Added at random, so that packets overtake each other. */
        long jitter;
        double loss;
        double duplication;
        /** Bits a second, 0 for no limit. */
        long rate;
        /** Octets that wait for the rate before packets are dropped. */
        long queue = 256 * 1024;
        /** Packets for which this is true are lost. */
        Predicate<TcpSegment> lose = segment -> false;
        long packets;
        long octets;
        private long busyUntil;
        private long lastArrival;

        void heal() {
            loss = 0;
            duplication = 0;
            jitter = 0;
            lose = segment -> false;
        }
    }

    /** What an application sees of a connection. */
    static final class App {
        final TcpConnection connection;
        final List<TcpAction> events = new ArrayList<>();
        byte[] received = new byte[64];
        int receivedLength;
        int unconsumed;
        boolean consumes = true;
        /** Reads at once, and reports it when it was a quarter of the window or the stack runs short of memory. */
        boolean reportsLate;
        boolean opened;
        boolean endOfStream;
        TcpEnd end;
        /** What is still to be written; written whenever there is space. */
        byte[] toWrite = {};
        int written;
        boolean shutdownWhenWritten;

        App(TcpConnection connection) {
            this.connection = connection;
        }

        byte[] received() {
            return Arrays.copyOf(received, receivedLength);
        }
    }

    /** One end. */
    final class Side {
        final TcpStack stack;
        final Endpoint address;
        final Link link = new Link();
        final Map<TcpConnection, App> apps = new LinkedHashMap<>();
        final List<App> accepted = new ArrayList<>();
        Side other;

        private Side(String address, TcpConfig config, long seed) {
            this.address = new Endpoint(IpAddress.parse(address), 0);
            var random = new Random(seed);
            stack = new TcpStack(config, random::nextBytes, this::act);
        }

        App connect(int port) throws PortInUse {
            return app(stack.connect(address, new Endpoint(other.address.address(), port), now));
        }

        TcpListener listen(int port) throws PortInUse {
            return stack.listen(new Endpoint(address.address(), port), 16);
        }

        App app(TcpConnection connection) {
            return apps.computeIfAbsent(connection, App::new);
        }

        private void act(TcpAction action) {
            switch (action) {
                case TcpAction.Transmit(PacketBuffer packet) -> transmit(this, packet);
                case TcpAction.Offered offered -> throw new AssertionError("nothing is forwarded");
                case TcpAction.Opened(TcpConnection connection) -> {
                    app(connection).opened = true;
                    fill(app(connection));
                }
                case TcpAction.Accepted(TcpListener listener, TcpConnection connection) -> {
                    listener.accepted();
                    app(connection).opened = true;
                    accepted.add(app(connection));
                }
                case TcpAction.Deliver(TcpConnection connection, byte[] array, int offset, int length) -> {
                    App app = app(connection);
                    if (app.endOfStream || app.end != null) {
                        throw new AssertionError("delivery after the end of " + connection);
                    }
                    if (app.receivedLength + length > app.received.length) {
                        app.received = Arrays.copyOf(app.received, 2 * (app.receivedLength + length));
                    }
                    System.arraycopy(array, offset, app.received, app.receivedLength, length);
                    app.receivedLength += length;
                    if (app.consumes && !app.reportsLate) {
                        connection.consumed(length, now);
                    } else {
                        app.unconsumed += length;
                    }
                    if (app.reportsLate && app.consumes && app.unconsumed >= connection.receiveWindow() / 4) {
                        report(app);
                    }
                }
                case TcpAction.SendSpace(TcpConnection connection, int octets) -> fill(app(connection));
                case TcpAction.MemoryShort asked -> apps.values().stream().filter(app -> app.reportsLate && app.consumes).forEach(
                        this::report);
                case TcpAction.EndOfStream(TcpConnection connection) -> app(connection).endOfStream = true;
                case TcpAction.Closed(TcpConnection connection, TcpEnd cause) -> {
                    App app = app(connection);
                    if (app.end != null) {
                        throw new AssertionError("closed twice: " + connection);
                    }
                    app.end = cause;
                }
            }
        }

        void write(App app, byte[] data) {
            app.toWrite = data;
            app.written = 0;
            fill(app);
        }

        void consumeAll(App app) {
            app.consumes = true;
            report(app);
        }

        private void report(App app) {
            app.connection.consumed(app.unconsumed, now);
            app.unconsumed = 0;
        }

        private void fill(App app) {
            if (app.end != null || !app.opened) {
                return;
            }
            if (app.written < app.toWrite.length) {
                app.written += app.connection.write(app.toWrite, app.written, app.toWrite.length - app.written, now);
            }
            if (app.shutdownWhenWritten && app.written == app.toWrite.length) {
                app.shutdownWhenWritten = false;
                app.connection.shutdownOutput(now);
            }
        }
    }

    private record Event(long time, long number, Runnable action) {}

    final Side a;
    final Side b;
    final Random random;
    long now = SECOND;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (x, y) -> x.time != y.time ? Long.compare(x.time, y.time) : Long.compare(x.number, y.number));
    private long eventNumber;

    TcpPair(long seed) {
        this(seed, TcpConfig.defaults());
    }

    TcpPair(long seed, TcpConfig config) {
        random = new Random(seed);
        a = new Side("10.8.0.1", config, seed + 1);
        b = new Side("10.8.0.2", config, seed + 2);
        a.other = b;
        b.other = a;
    }

    /** Runs an action later. */
    void at(long time, Runnable action) {
        events.add(new Event(time, eventNumber++, action));
    }

    /** Lets time pass up to a moment; everything due until then happens. */
    void runUntil(long end) {
        while (true) {
            long deadline = Math.min(a.stack.nextDeadline(), b.stack.nextDeadline());
            long event = events.isEmpty() ? Long.MAX_VALUE : events.peek().time;
            long next = Math.min(deadline, event);
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            if (event <= deadline) {
                events.poll().action.run();
            } else {
                tick(a);
                tick(b);
            }
        }
    }

    void run(long duration) {
        runUntil(now + duration);
    }

    /** Runs until nothing is left to happen, at most for a duration. */
    void settle(long atMost) {
        long end = now + atMost;
        while (now < end && !isQuiet()) {
            runUntil(Math.min(end, Math.max(now, next())));
        }
    }

    boolean isQuiet() {
        return next() == Long.MAX_VALUE;
    }

    private long next() {
        long event = events.isEmpty() ? Long.MAX_VALUE : events.peek().time;
        return Math.min(event, Math.min(a.stack.nextDeadline(), b.stack.nextDeadline()));
    }

    /** Law 6: ticking at the deadline moves it forward. */
    private void tick(Side side) {
        if (side.stack.nextDeadline() <= now) {
            side.stack.tick(now);
            if (side.stack.nextDeadline() <= now) {
                throw new AssertionError("the deadline did not move");
            }
        }
    }

    private void transmit(Side from, PacketBuffer packet) {
        Link link = from.link;
        link.packets++;
        link.octets += packet.length();
        byte[] octets = packet.toByteArray();
        if (link.lose.test(segment(octets)) || random.nextDouble() < link.loss) {
            return;
        }
        long departure = now;
        if (link.rate > 0) {
            long waiting = Math.max(0, link.busyUntil - now) * link.rate / 8 / SECOND;
            if (waiting + octets.length > link.queue) {
                return;
            }
            departure = Math.max(now, link.busyUntil) + octets.length * 8L * SECOND / link.rate;
            link.busyUntil = departure;
        }
        int copies = random.nextDouble() < link.duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long arrival = departure + link.delay;
            if (link.jitter > 0) {
                arrival += (long) (random.nextDouble() * link.jitter);
            } else {
                arrival = Math.max(arrival, link.lastArrival);
                link.lastArrival = arrival;
            }
            byte[] copy = octets.clone();
            at(arrival, () -> from.other.stack.receive(packet(copy), now));
        }
    }

    static IpPacket packet(byte[] octets) {
        try {
            return IpPacket.parse(PacketBuffer.wrap(octets));
        } catch (MalformedMessage e) {
            throw new AssertionError("the stack sent a broken packet", e);
        }
    }

    static TcpSegment segment(byte[] octets) {
        try {
            IpPacket packet = packet(octets);
            if (!TcpSegment.checksumMatches(packet)) {
                throw new AssertionError("the stack sent a wrong checksum");
            }
            return TcpSegment.parse(packet);
        } catch (MalformedMessage e) {
            throw new AssertionError("the stack sent a broken segment", e);
        }
    }

    static byte[] octets(long seed, int length) {
        byte[] octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }
}
