package jkipsec;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import jkipsec.bytes.PacketBuffer;
import jkipsec.gateway.LocalSocket;
import jkipsec.ike.PortRole;
import jkipsec.ip.Endpoint;

/**
 * One bound UDP socket with its two threads: a reader that hands each datagram to the engine, and a writer that sends
 * IKE datagrams so that the engine need not. ESP packets are sent by each tunnel's {@link EspSender} itself.
 */
final class UdpPort {
    /** Where received datagrams go. */
    @FunctionalInterface
    interface Receiver {
        /** Takes a datagram over; may drop it. */
        void received(int socket, Endpoint peer, PacketBuffer datagram);
    }

    private static final System.Logger LOG = System.getLogger("jkipsec");
    private static final int LARGEST_DATAGRAM = 65_535;
    private static final int KERNEL_BUFFER = 4 * 1024 * 1024;
    private static final long WAITING_OCTETS = 1024 * 1024;

    /** Something for the writer. */
    private sealed interface Outgoing {}

    private record Datagram(InetSocketAddress peer, byte[] contents) implements Outgoing {}

    /** Everything queued before it has been sent when it is reached. */
    private record Flush(CountDownLatch done) implements Outgoing {}

    private record Stop() implements Outgoing {}

    private final int id;
    private final PortRole role;
    private final DatagramSocket socket;
    private final Mailbox<Outgoing> outgoing = new Mailbox<>(WAITING_OCTETS);
    private final LongAdder refused = new LongAdder();
    private final AtomicLong received = new AtomicLong();
    private Thread reader;
    private Thread writer;

    private UdpPort(int id, PortRole role, DatagramSocket socket) {
        this.id = id;
        this.role = role;
        this.socket = socket;
    }

    /**
     * Binds a socket.
     *
     * @param id the number the gateway knows it by
     * @param role what it carries
     * @param address the local address and port; port 0 takes a free one
     * @throws BindException when that fails; the message names the address, the port and the ways out
     */
    static UdpPort bind(int id, PortRole role, InetSocketAddress address) throws IOException {
        try {
            var socket = new DatagramSocket(null);
            try {
                // A burst of a whole TCP window has to fit while the reader waits for a processor.
                socket.setReceiveBufferSize(KERNEL_BUFFER);
                socket.setSendBufferSize(KERNEL_BUFFER);
                socket.bind(address);
                return new UdpPort(id, role, socket);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        } catch (SocketException e) {
            throw BindAdvice.explain(address, e);
        }
    }

    /** The bound address, with the real port. */
    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** The socket as the gateway knows it. */
    LocalSocket local() {
        return new LocalSocket(id, role, Endpoint.of(address()));
    }

    /** The socket itself, for the senders. */
    DatagramSocket socket() {
        return socket;
    }

    /** Datagrams that arrived. */
    long received() {
        return received.get();
    }

    /** IKE datagrams not sent because too many waited or the system refused them. */
    long refused() {
        return refused.sum();
    }

    /** Starts reading and writing. */
    void start(Receiver receiver) {
        String name = "jkipsec-udp-" + address().getPort();
        // Before JDK 24 a virtual thread in DatagramSocket.receive holds on to its carrier all the time; two sockets
        // would bring a machine with two processors to a stand.
        Thread.Builder builder = Runtime.version().feature() >= 24
                ? Thread.ofVirtual()
                : Thread.ofPlatform().daemon();
        reader = builder.name(name + "-reader").start(() -> read(receiver));
        writer = Thread.ofVirtual().name(name + "-writer").start(this::write);
    }

    /** Queues an IKE datagram; drops it when too many wait already, as a busy network would. */
    void send(InetSocketAddress peer, byte[] contents) {
        if (!outgoing.offer(new Datagram(peer, contents), contents.length)) {
            refused.increment();
        }
    }

    /**
     * Waits until everything queued so far has left.
     *
     * @return false when that took longer than allowed
     */
    boolean flush(long timeoutMillis) throws InterruptedException {
        var done = new CountDownLatch(1);
        return !outgoing.put(new Flush(done)) || done.await(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /** Ends both threads and releases the port. */
    void close() {
        outgoing.put(new Stop());
        socket.close();
    }

    /** The threads that {@link #close()} ends. */
    List<Thread> threads() {
        return reader == null ? List.of() : List.of(reader, writer);
    }

    private void read(Receiver receiver) {
        byte[] buffer = new byte[LARGEST_DATAGRAM];
        var packet = new DatagramPacket(buffer, buffer.length);
        SocketAddress lastAddress = null;
        Endpoint lastPeer = null;
        int failures = 0;
        while (!socket.isClosed()) {
            try {
                packet.setLength(buffer.length);
                socket.receive(packet);
                failures = 0;
                SocketAddress address = packet.getSocketAddress();
                if (!address.equals(lastAddress)) {
                    lastAddress = address;
                    lastPeer = Endpoint.of((InetSocketAddress) address);
                }
                received.incrementAndGet();
                receiver.received(id, lastPeer, PacketBuffer.wrap(Arrays.copyOf(buffer, packet.getLength())));
            } catch (IOException | RuntimeException e) {
                if (socket.isClosed()) {
                    return;
                }
                // An ICMP error about an earlier datagram comes out here; it concerns that one only. A socket that
                // fails again and again must not take a processor for itself, though.
                failures = Math.min(failures + 1, 1_000);
                if (failures == 2) {
                    LOG.log(Level.WARNING, "receiving on UDP " + address() + " fails: " + e);
                }
                pause(failures);
            }
        }
    }

    private void write() {
        var packet = new DatagramPacket(new byte[0], 0);
        while (true) {
            Outgoing next = outgoing.poll();
            switch (next) {
                case null -> outgoing.await(Long.MAX_VALUE);
                case Datagram datagram -> send(packet, datagram);
                case Flush flush -> flush.done.countDown();
                case Stop stop -> {
                    outgoing.close(leftover -> {
                        if (leftover instanceof Flush flush) {
                            flush.done.countDown();
                        }
                    });
                    return;
                }
            }
        }
    }

    private void send(DatagramPacket packet, Datagram datagram) {
        try {
            packet.setData(datagram.contents);
            packet.setSocketAddress(datagram.peer);
            socket.send(packet);
        } catch (IOException | RuntimeException e) {
            refused.increment();
            LOG.log(Level.DEBUG, () -> "could not send to " + datagram.peer + ": " + e);
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // Nobody stops this thread by interrupting it; closing the socket does.
        }
    }
}
