package jkipsec;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.SocketFactory;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.IpAddress;

/**
 * A tunnel to one device: blocking sockets to it and from it, until one side ends it.
 *
 * <p>The sockets are {@link Socket}, {@link ServerSocket} and {@link DatagramSocket} and behave as these are documented:
 * time-outs, half close, asynchronous and lingering close, interruption of virtual threads. Those of TCP behave as the
 * JDK's on Linux, to the messages of exceptions, but that a message may add an address or a reason, and in this: ports
 * are not shared (no {@code SO_REUSEPORT}); urgent data is not sent, and what comes is read in line; a reset is told
 * every reader, also after a writer has learned of it; and a peer that closes without having read everything resets at
 * once, so that the reader here does not take what it got for all.
 * When the tunnel ends they throw a {@link SocketException} that names the reason, after what had been received was read.
 *
 * <p>{@link #close()} lets connections finish that the application has closed before, or whose output it has shut
 * down: it waits until the peer has acknowledged what was sent on them, up to three seconds. So a socket and its tunnel
 * can be closed one after the other without loss, as a {@code try} with both does. Connections still in use are cut off.
 *
 * <p>Thread-safe.
 */
public final class Tunnel implements AutoCloseable {
    private static final int BACKLOG = 512;

    /** What is known about a tunnel that is up; what can change is looked up again when it did. */
    record Facts(long id, String identity, InetAddress localAddress, InetAddress remoteAddress,
            Optional<InetAddress> localAddress6, Optional<InetAddress> remoteAddress6, InetSocketAddress peer,
            String ikeSuite, String childSuite, List<InetAddress> dns, int innerMtu) {
        static Facts of(GatewayTunnel tunnel) {
            return new Facts(
                    tunnel.id(),
                    tunnel.peerIdentity().text(),
                    tunnel.localAddress().toInetAddress(),
                    tunnel.remoteAddress().toInetAddress(),
                    tunnel.localAddress6().map(IpAddress::toInetAddress),
                    tunnel.remoteAddress6().map(IpAddress::toInetAddress),
                    tunnel.peer().toInetSocketAddress(),
                    tunnel.ikeSuite(),
                    tunnel.childSuite(),
                    tunnel.addresses().dns().stream().map(IpAddress::toInetAddress).toList(),
                    tunnel.innerMtu());
        }
    }

    private static final int PING_OCTETS = 56;
    private static final Duration LONGEST_GRACE = Duration.ofDays(365);

    private final TunnelShell shell;
    private final AtomicReference<CompletionStage<TerminationCause>> closed = new AtomicReference<>();
    private volatile Facts facts;
    private final SocketFactory sockets;
    private volatile Runnable afterClose = () -> {};
    private volatile RedirectLimit redirects = new RedirectLimit();
    private volatile Mover mover;

    Tunnel(TunnelShell shell, Facts facts) {
        this.shell = shell;
        this.facts = facts;
        this.sockets = new TunnelSocketFactory(shell);
    }

    TunnelShell shell() {
        return shell;
    }

    /** Something about it changed. Engine. */
    void update(Facts changed) {
        facts = changed;
    }

    /** How often its client was redirected. */
    RedirectLimit redirects() {
        return redirects;
    }

    void redirects(RedirectLimit limit) {
        redirects = limit;
    }

    /** What {@link #close()} does last: a client has an endpoint of its own to release. */
    void afterClose(Runnable action) {
        afterClose = action;
    }

    /** What moves a client's end of the tunnel. */
    @FunctionalInterface
    interface Mover {
        /** Moves to another local address, or says that the present one has changed. */
        void move(Optional<InetAddress> local) throws IOException;
    }

    void mover(Mover action) {
        mover = action;
    }

    /**
     * Who the peer has proved to be.
     *
     * @return its identity as text
     */
    public String identity() {
        return facts.identity();
    }

    /**
     * This end's primary inner address: where the device reaches what {@link #listen} opened. It is the IPv4 address,
     * or the IPv6 address where the tunnel carries nothing else.
     *
     * @return an address that exists inside the tunnel only
     */
    public InetAddress localAddress() {
        return facts.localAddress();
    }

    /**
     * The device's primary inner address: where {@link #connect} connects to. It is the IPv4 address, or the IPv6
     * address where the tunnel carries nothing else.
     *
     * @return an address that exists inside the tunnel only
     */
    public InetAddress remoteAddress() {
        return facts.remoteAddress();
    }

    /**
     * This end's inner IPv6 address, where the device too reaches what {@link #listen} opened.
     *
     * @return the address, or nothing when the tunnel carries IPv4 only
     */
    public Optional<InetAddress> localAddress6() {
        return facts.localAddress6();
    }

    /**
     * The device's inner IPv6 address; a socket of {@link #socketFactory} connects to it.
     *
     * @return the address, or nothing when the tunnel carries IPv4 only
     */
    public Optional<InetAddress> remoteAddress6() {
        return facts.remoteAddress6();
    }

    /**
     * Where the peer is on the outer network; it may move while the tunnel is up.
     *
     * @return its address, or that of a NAT before it, and the UDP port, as of now
     */
    public InetSocketAddress peer() {
        return facts.peer();
    }

    /**
     * What protects the IKE SA.
     *
     * @return the negotiated algorithms, for people to read
     */
    public String ikeSuite() {
        return facts.ikeSuite();
    }

    /**
     * What protects the packets.
     *
     * @return the negotiated algorithms, for people to read
     */
    public String childSuite() {
        return facts.childSuite();
    }

    /**
     * The DNS servers that go with the tunnel.
     *
     * @return on a server what the device was told; on a client what the server told
     */
    public List<InetAddress> dns() {
        return facts.dns();
    }

    /**
     * The largest inner packet that fits one outer packet.
     *
     * @return octets, the inner IP header included
     */
    public int innerMtu() {
        return facts.innerMtu();
    }

    /**
     * Opens a connection to the device, waiting as long as TCP tries.
     *
     * @param port the device's TCP port, 1 to 65,535
     * @return a connected socket
     * @throws java.net.ConnectException when the device refuses or does not answer
     * @throws IOException when the tunnel is closed
     */
    public Socket connect(int port) throws IOException {
        return connect(port, Duration.ZERO);
    }

    /**
     * Opens a connection to the device.
     *
     * @param port the device's TCP port, 1 to 65,535
     * @param timeout how long to wait at most, to the millisecond; zero waits as long as TCP tries
     * @return a connected socket
     * @throws SocketTimeoutException when the time ran out
     * @throws java.net.ConnectException when the device refuses or does not answer
     * @throws IOException when the tunnel is closed
     * @throws IllegalArgumentException when the port is out of range or the time-out negative
     */
    public Socket connect(int port, Duration timeout) throws IOException {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a device's TCP port is 1 to 65535, not " + port);
        }
        return connect(new InetSocketAddress(facts.remoteAddress(), port), timeout);
    }

    /**
     * Opens a connection to any host that is reached through the tunnel: what its traffic selectors name. From a client
     * these are the networks that the server offers; from a server, the device alone.
     *
     * @param destination an address and a port; a name that was not resolved is not looked up
     * @param timeout how long to wait at most, to the millisecond; zero waits as long as TCP tries
     * @return a connected socket
     * @throws SocketTimeoutException when the time ran out
     * @throws java.net.ConnectException when the host refuses or does not answer
     * @throws java.net.NoRouteToHostException when the tunnel does not lead there, or the other end says so
     * @throws java.net.UnknownHostException when the address is a name
     * @throws IOException when the tunnel is closed
     * @throws IllegalArgumentException when the time-out is negative
     */
    public Socket connect(InetSocketAddress destination, Duration timeout) throws IOException {
        Socket socket = sockets.createSocket();
        try {
            socket.connect(destination, millis(timeout));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Makes sockets to the device for libraries that take a factory: JDBC drivers, HTTP clients. A socket of it
     * connects to the device's inner addresses, IPv4 or IPv6, and to what else is reached through the tunnel; names are
     * not looked up.
     *
     * @return a factory, good while the tunnel is open
     */
    public SocketFactory socketFactory() {
        return sockets;
    }

    /**
     * Listens at this end's inner addresses, IPv4 and IPv6, for connections that the device opens. 512 of them may wait
     * to be accepted.
     *
     * @param port the TCP port, 1 to 65,535; 0 takes any free one, see {@link ServerSocket#getLocalPort}
     * @return a server socket, bound to the wildcard address as one of {@code new ServerSocket(port)} is
     * @throws java.net.BindException when something listens there already
     * @throws IOException when the tunnel is closed
     * @throws IllegalArgumentException when the port is out of range
     */
    public ServerSocket listen(int port) throws IOException {
        return listen(port, BACKLOG);
    }

    /**
     * Listens as {@link #listen(int)} does, with another backlog.
     *
     * @param port the TCP port, 1 to 65,535; 0 takes any free one
     * @param backlog how many connections may wait to be accepted, from 1, and how many more be on their way to that;
     *     the device is not answered beyond it, and tries again a second later
     * @return a server socket, bound to the wildcard address
     * @throws java.net.BindException when something listens there already
     * @throws IOException when the tunnel is closed
     * @throws IllegalArgumentException when the port or the backlog is out of range
     */
    public ServerSocket listen(int port, int backlog) throws IOException {
        if (backlog < 1) {
            throw new IllegalArgumentException("a backlog is at least 1, not " + backlog);
        }
        var listening = new TunnelServerSocket(shell);
        listening.bind(new InetSocketAddress(port), backlog);
        return listening;
    }

    /**
     * Opens a datagram socket at any free port of this end, see {@link DatagramSocket#getLocalPort}.
     *
     * @return a bound socket
     * @throws IOException when the tunnel is closed
     */
    public DatagramSocket datagramSocket() throws IOException {
        return datagramSocket(0);
    }

    /**
     * Opens a datagram socket at a port of this end's inner addresses, IPv4 and IPv6.
     *
     * <p>It sends to the device's inner addresses, and receives what the device sends to this port. A datagram larger
     * than the tunnel's packets goes in fragments. Options are SO_RCVBUF and SO_SNDBUF, which bound what may wait, and
     * SO_REUSEADDR. The socket is closed with the tunnel: who receives then reads what had come, and then gets a {@link
     * SocketException} that names the reason.
     *
     * @param port the UDP port, 1 to 65,535; 0 takes any free one, see {@link DatagramSocket#getLocalPort}
     * @return a bound socket
     * @throws java.net.BindException when something is bound there already
     * @throws IOException when the tunnel is closed
     * @throws IllegalArgumentException when the port is out of range
     */
    public DatagramSocket datagramSocket(int port) throws IOException {
        return datagramSocket(new InetSocketAddress(port));
    }

    /**
     * Opens a datagram socket, as {@link #datagramSocket(int)} does, at one address of this end or not bound yet.
     *
     * @param local an inner address of this end, or the unspecified one for all of them, and a port or 0; null for a
     *     socket that is bound when it is first used, or by {@link DatagramSocket#bind}
     * @return a socket
     * @throws java.net.BindException when something is bound there already, or this end has no such address
     * @throws IOException when the tunnel is closed
     */
    public DatagramSocket datagramSocket(SocketAddress local) throws IOException {
        shell.ensureOpen();
        var socket = new TunnelDatagramSocket(shell);
        if (local != null) {
            socket.bind(local);
        }
        return socket;
    }

    /**
     * Has a forwarder decide about the TCP connections and UDP datagrams that the device sends to others than this end:
     * to the networks that {@link ServerConfig.Builder#offer} names. Before this is called they are dropped. The same as
     * {@link #forwarder(Forwarder, ForwardLimits)} with the default limits.
     *
     * {@snippet :
     * phone.forwarder(Forwarders.relay());    // the phone reaches whatever this machine reaches
     * }
     *
     * @param decides called for each flow on a virtual thread of its own
     * @throws IOException when the tunnel is closed
     * @throws IllegalStateException when the tunnel has a forwarder
     */
    public void forwarder(Forwarder decides) throws IOException {
        forwarder(decides, ForwardLimits.defaults());
    }

    /**
     * Has a forwarder decide about what the device sends to others than this end. It stays until the tunnel ends, and
     * with it every flow that it relays.
     *
     * @param decides called for each flow on a virtual thread of its own
     * @param limits how many flows there may be
     * @throws IOException when the tunnel is closed
     * @throws IllegalStateException when the tunnel has a forwarder
     */
    public void forwarder(Forwarder decides, ForwardLimits limits) throws IOException {
        shell.forward(Objects.requireNonNull(decides, "decides"), Objects.requireNonNull(limits, "limits"));
    }

    /**
     * What became of the flows that the {@link #forwarder} was asked about.
     *
     * @return counters as of now; nothing when the tunnel has no forwarder
     */
    public Optional<FlowStatistics> flows() {
        return shell.flows();
    }

    /**
     * Sends an ICMP echo request to the device and waits for the reply.
     *
     * @param timeout how long to wait at most, more than zero
     * @return the round-trip time through the tunnel
     * @throws SocketTimeoutException when no reply came in time
     * @throws IOException when the tunnel is closed
     * @throws InterruptedException when this thread was interrupted while waiting
     * @throws IllegalArgumentException when the time-out is not more than zero
     */
    public Duration ping(Duration timeout) throws IOException, InterruptedException {
        return shell.pings().ping(PING_OCTETS, timeout);
    }

    /**
     * Sends a number of ICMP echo requests to the device and says what came of them. When the last is sent it waits for
     * what is not answered yet: a second, or twice the longest round trip when that is more.
     *
     * @param count how many, at least 1
     * @param interval how long from one to the next; zero sends them without a pause
     * @param octets how much data each carries, 0 to 65,507; what does not fit the tunnel's packets goes in fragments
     * @return how many were answered, and how fast
     * @throws IOException when the tunnel is closed
     * @throws InterruptedException when this thread was interrupted while waiting
     * @throws IllegalArgumentException when a number is out of range
     */
    public PingStatistics ping(int count, Duration interval, int octets) throws IOException, InterruptedException {
        return shell.pings().ping(count, interval, octets);
    }

    /**
     * Where in its life the tunnel is.
     *
     * @return up, or closed and why
     */
    public TunnelState state() {
        TerminationCause cause = shell.cause();
        return cause == null ? new TunnelState.Up() : new TunnelState.Closed(cause);
    }

    /**
     * How often the keys were replaced since the tunnel came up (RFC 7296 §2.8), by either side.
     *
     * @param keys which keys
     * @return a count
     */
    public long rekeys(TunnelEvent.Keys keys) {
        return shell.rekeys(keys);
    }

    /**
     * When something last came from the peer that was verified to be its own, be it a packet or an IKE message.
     *
     * @return a time of the system's clock
     */
    public Instant lastHeard() {
        Duration ago = shell.sinceHeard();
        return Instant.now().minus(ago);
    }

    /**
     * Has a listener told of what happens to the tunnel from now on, to the end. It is called on a virtual thread of its
     * own, once for each event and in their order; a slow one holds up nothing else, but is not told of all when too
     * much happens meanwhile (see {@link TunnelEvent.Missed}). When the tunnel has ended already it is told that. What it
     * throws is logged.
     *
     * @param listener takes the events
     */
    public void onEvent(Consumer<? super TunnelEvent> listener) {
        shell.events().add(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * The tunnel's end, to go on with when it has come. What depends on it runs on a virtual thread.
     *
     * @return completes with the reason, never exceptionally; the same stage each time
     */
    public CompletionStage<TerminationCause> closed() {
        var ours = new CompletableFuture<TerminationCause>();
        if (!closed.compareAndSet(null, ours.minimalCompletionStage())) {
            return closed.get();
        }
        onEvent(event -> {
            if (event instanceof TunnelEvent.Closed end) {
                ours.complete(end.cause());
            }
        });
        return closed.get();
    }

    /**
     * Whether the tunnel can be used.
     *
     * @return false once either side has ended it
     */
    public boolean isOpen() {
        return shell.cause() == null;
    }

    /**
     * Why the tunnel ended.
     *
     * @return the reason, or nothing while it is open
     */
    public Optional<TerminationCause> termination() {
        return Optional.ofNullable(shell.cause());
    }

    /**
     * Waits until the tunnel ends, whoever ends it.
     *
     * @return why it ended
     * @throws InterruptedException when this thread was interrupted while waiting
     */
    public TerminationCause awaitClosed() throws InterruptedException {
        shell.ended().await();
        return shell.cause();
    }

    /**
     * Sends the device to another server (RFC 5685 §5): this one goes into maintenance, for instance. The device ends the
     * tunnel when it goes there; both sides then give {@link TerminationCause.Redirected} as the reason. Connections
     * inside the tunnel end with it.
     *
     * @param target where to
     * @param grace how long the device has before this side ends the tunnel; zero to 365 days
     * @return false when nothing was sent: the device did not say that it follows, or this side is the device
     * @throws IOException when the tunnel is closed
     * @throws IllegalArgumentException when the time is out of range
     */
    public boolean redirect(RedirectTarget target, Duration grace) throws IOException {
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("the time for the device to go is " + grace + "; give zero to "
                    + LONGEST_GRACE.toDays() + " days");
        }
        return shell.redirect(Objects.requireNonNull(target, "target"), grace);
    }

    /**
     * Says that this computer's network has changed: another Wi-Fi, another address. The server learns at once where this
     * client is now (MOBIKE, RFC 4555 §3.5), or with the next packet where it does not support that. The tunnel and
     * the connections inside go on. Without this call the change is noticed by the next packet or liveness check.
     *
     * @throws IOException when the tunnel is closed
     * @throws IllegalStateException when this is a server's end of the tunnel: devices move of their own accord
     */
    public void move() throws IOException {
        mover().move(Optional.empty());
    }

    /**
     * Moves this client's end of the tunnel to another local address, such as that of another network interface: packets
     * leave from a new UDP socket that is bound to it. The tunnel and the connections inside go on.
     *
     * @param local an address of this computer, of the family in which the server was connected to
     * @throws java.net.BindException when the address cannot be bound
     * @throws IOException when the tunnel is closed
     * @throws IllegalArgumentException when the address is of the other family
     * @throws IllegalStateException when this is a server's end of the tunnel: devices move of their own accord
     */
    public void move(InetAddress local) throws IOException {
        InetAddress server = facts.peer().getAddress();
        if (IpAddress.of(local).bitLength() != IpAddress.of(server).bitLength()) {
            throw new IllegalArgumentException("the server is at " + server.getHostAddress() + ", which cannot be reached"
                    + " from " + local.getHostAddress() + "; give an address of the same family");
        }
        mover().move(Optional.of(local));
    }

    private Mover mover() {
        if (mover == null) {
            throw new IllegalStateException("this end of the tunnel is a server's; only a client moves");
        }
        return mover;
    }

    /**
     * What went through the tunnel so far.
     *
     * @return counters as of now
     */
    public TunnelStatistics statistics() {
        return shell.statistics();
    }

    /**
     * Ends the tunnel: waits for what was sent on finished connections, see above; then closes every socket of the
     * tunnel and sends the peer DELETE. Returns when that is done on this side. Doing it again changes nothing. A thread
     * that is interrupted meanwhile ends the tunnel at once, and finds its interrupt status set.
     */
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            shell.drain();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        shell.close();
        while (true) {
            try {
                shell.ended().await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        afterClose.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says who is at the other end, and where. */
    @Override
    public String toString() {
        return "Tunnel[" + facts.id() + ": " + facts.identity() + " at " + facts.remoteAddress().getHostAddress()
                + ", peer " + facts.peer() + (isOpen() ? "" : ", closed") + "]";
    }

    private static int millis(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("the connect time-out is negative: " + timeout);
        }
        // Less than a millisecond must not become zero, which means for ever.
        long millis = timeout.plusNanos(999_999).toMillis();
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
