package jkipsec;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import jkipsec.gateway.GatewayConfig;
import jkipsec.gateway.LocalSocket;
import jkipsec.ike.Identification;
import jkipsec.ike.PortRole;
import jkipsec.ike.RedirectQuery;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.IpAddress;
import jkipsec.tcp.TcpConfig;

/**
 * A VPN server: it lets devices in that prove who they are, and gives the application a {@link Tunnel} to each.
 *
 * {@snippet :
 * try (VpnServer server = VpnServer.start(config)) {
 *     while (true) {
 *         Tunnel phone = server.accept();
 *         Thread.startVirtualThread(() -> talkTo(phone));
 *     }
 * }
 * }
 *
 * <p>Its threads are daemons: a program that should go on serving has to wait somewhere, as in {@link #accept()}.
 * Thread-safe.
 */
public final class VpnServer implements AutoCloseable {
    private final ServerConfig config;
    private final InetSocketAddress ikeAddress;
    private final InetSocketAddress natTAddress;
    private final Shell shell;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Tunnel> waiting = new ArrayDeque<>();
    private final Set<Tunnel> open = new LinkedHashSet<>();
    private long notAccepted;
    private boolean closed;

    private VpnServer(ServerConfig config, UdpPort ike, UdpPort natT) {
        this.config = config;
        this.ikeAddress = ike.address();
        this.natTAddress = natT.address();
        this.shell = new Shell("server", List.of(ike, natT), this::gatewayConfig, new Events());
        shell.gateway().additionalAddresses(config.additionalAddresses(), 0);
    }

    /**
     * Binds both ports and begins to serve.
     *
     * @param config what the server is and whom it lets in
     * @return a running server
     * @throws java.net.BindException when a port cannot be bound; the message names the address, the port and the ways
     *     out
     * @throws IOException when the network fails otherwise
     */
    public static VpnServer start(ServerConfig config) throws IOException {
        UdpPort ike = UdpPort.bind(0, PortRole.IKE, address(config, config.ikePort()));
        UdpPort natT;
        try {
            natT = UdpPort.bind(1, PortRole.NAT_T, address(config, config.natTPort()));
        } catch (IOException e) {
            ike.close();
            throw e;
        }
        try {
            var server = new VpnServer(config, ike, natT);
            server.shell.start();
            return server;
        } catch (RuntimeException e) {
            ike.close();
            natT.close();
            throw e;
        }
    }

    /**
     * Waits for the next device that comes up.
     *
     * <p>Each tunnel is returned once, in the order in which they came up. Tunnels nobody accepts wait here, at most as
     * many as the pool has addresses. One that ends meanwhile is not returned, since nothing can be done with it; it is
     * counted in {@link ServerStatistics}, and a {@link ServerConfig.Builder#listener} hears of it.
     *
     * @return a tunnel, open a moment ago
     * @throws InterruptedException when this thread was interrupted while waiting
     * @throws IOException when the server is closed
     */
    public Tunnel accept() throws InterruptedException, IOException {
        return next(Long.MAX_VALUE);
    }

    /**
     * Waits for the next device that comes up, but not for ever.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return a tunnel, open a moment ago
     * @throws SocketTimeoutException when none came up in time
     * @throws InterruptedException when this thread was interrupted while waiting
     * @throws IOException when the server is closed
     */
    public Tunnel accept(Duration timeout) throws InterruptedException, IOException {
        return next(timeout.toNanos());
    }

    /**
     * The open tunnels, accepted or not.
     *
     * @return a copy, in the order in which they came up
     */
    public List<Tunnel> tunnels() {
        lock.lock();
        try {
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Where the server receives IKE.
     *
     * @return the bound address and the real port
     */
    public InetSocketAddress ikeAddress() {
        return ikeAddress;
    }

    /**
     * Where the server receives NAT-T and ESP.
     *
     * @return the bound address and the real port
     */
    public InetSocketAddress natTAddress() {
        return natTAddress;
    }

    /**
     * What the server has seen so far.
     *
     * @return counters as of now
     */
    public ServerStatistics statistics() {
        Map<String, Long> drops = shell.drops();
        lock.lock();
        try {
            return new ServerStatistics(shell.opened(), open.size(), notAccepted, shell.datagrams(), drops,
                    shell.engine().failures());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends every tunnel as {@link Tunnel#close()} does, sends DELETE to every device, releases the ports and ends all
     * threads. Waits for that, a few seconds at the most. Doing it again changes nothing, and waits for that, too.
     *
     * @throws IllegalStateException when a {@link Redirector} calls it
     */
    @Override
    public void close() {
        shell.engine().requireOtherThread("close");
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        shell.close();
    }

    /** Says where the server receives. */
    @Override
    public String toString() {
        return "VpnServer[" + config.identity() + " at " + ikeAddress + " and " + natTAddress + "]";
    }

    /** The threads, for a test that all end. */
    List<Thread> threads() {
        return shell.threads();
    }

    private Tunnel next(long nanos) throws InterruptedException, IOException {
        long remaining = nanos;
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new SocketException("the server is closed");
                }
                Tunnel tunnel = waiting.poll();
                if (tunnel != null) {
                    return tunnel;
                }
                if (remaining <= 0) {
                    throw new SocketTimeoutException("no device came up in " + Duration.ofNanos(nanos));
                }
                if (nanos == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    remaining = changed.awaitNanos(remaining);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private GatewayConfig gatewayConfig(List<LocalSocket> sockets) {
        return new GatewayConfig(
                Optional.of(new GatewayConfig.Responder(
                        config.identity(), config.inner(), config.certificates().config(), config.ppk())),
                config.publicAddress(),
                config.policy(),
                TcpConfig.defaults(),
                config.mtu(),
                sockets);
    }

    private static InetSocketAddress address(ServerConfig config, int port) {
        return new InetSocketAddress(config.bindAddress().toInetAddress(), port);
    }

    /** What the engine tells. */
    private final class Events implements Shell.Owner {
        @Override
        public void up(Tunnel tunnel) {
            config.listener().ifPresent(
                    listener -> tunnel.shell().events().addFirst(event -> listener.event(tunnel, event)));
            config.forwarder().ifPresent(forwarder -> tunnel.shell().install(forwarder, config.forwardLimits()));
            lock.lock();
            try {
                open.add(tunnel);
                if (!closed) {
                    waiting.add(tunnel);
                    changed.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void down(Tunnel tunnel, TerminationCause cause) {
            lock.lock();
            try {
                open.remove(tunnel);
                if (waiting.remove(tunnel)) {
                    notAccepted++;
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Optional<Function<RedirectQuery, Optional<RedirectTarget>>> redirector() {
            return config.redirector().map(redirector -> query -> redirector.redirect(new Redirector.Device(
                    query.device().toInetSocketAddress(),
                    query.identity().map(Identification::text),
                    query.redirectedFrom().map(IpAddress::toInetAddress))));
        }

        @Override
        public AuthDecision authenticate(AuthChallenge challenge) throws Exception {
            return config.authenticator().authenticate(challenge);
        }
    }
}
