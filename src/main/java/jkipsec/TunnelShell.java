package jkipsec;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import jkipsec.esp.OutboundSa;
import jkipsec.gateway.Gateway;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ip.IpAddress;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpConfig;
import jkipsec.udp.UdpAction;

/**
 * What surrounds one tunnel of the protocol core: its sender, its sockets, and the application's face of it. Methods
 * say whether they are for the engine's thread or for any.
 */
final class TunnelShell {
    private static final long DRAIN_NANOS = 3_000_000_000L;
    private static final long DRAIN_POLL_MILLIS = 2;

    private final Engine engine;
    private final EspSender sender;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile TerminationCause cause;
    private volatile IpAddress localAddress;
    private volatile IpAddress remoteAddress;
    private volatile Optional<IpAddress> localAddress6 = Optional.empty();
    private volatile Optional<IpAddress> remoteAddress6 = Optional.empty();
    private volatile Tunnel face;
    private volatile long ikeRekeys;
    private volatile long childRekeys;
    private final TunnelEvents events = new TunnelEvents();

    // Confined to the engine's thread.
    private final Gateway gateway;
    private final GatewayTunnel tunnel;
    private final TunnelConnections connections;
    private final TunnelDatagrams datagrams;
    private final TunnelPings pings;

    // Written by the engine's thread.
    private volatile List<TrafficSelector> reach = List.of();
    private volatile Forwarding forwarding;

    /** Surrounds a tunnel of the core and starts its sender. Engine. */
    TunnelShell(Engine engine, Gateway gateway, TcpConfig tcpConfig, GatewayTunnel tunnel) {
        this.engine = engine;
        this.gateway = gateway;
        this.tunnel = tunnel;
        this.connections = new TunnelConnections(this, tunnel, tcpConfig);
        this.datagrams = new TunnelDatagrams(this, tunnel);
        this.pings = new TunnelPings(this, tunnel);
        this.sender = new EspSender(String.valueOf(tunnel.id()));
    }

    Engine engine() {
        return engine;
    }

    /** The tunnel's timers are to be looked at. Engine. */
    void touched() {
        gateway.touched(tunnel);
    }

    /** Makes a task on this tunnel's TCP, whose timers are looked at afterwards. */
    Engine.Call call(String what, Engine.Task task) {
        return new Engine.Call(what, now -> {
            task.run(now);
            touched();
        });
    }

    /** The sockets of TCP. */
    TunnelConnections connections() {
        return connections;
    }

    /** The datagram sockets. */
    TunnelDatagrams datagrams() {
        return datagrams;
    }

    /** The pings. */
    TunnelPings pings() {
        return pings;
    }

    /** The tunnel of the core. Engine. */
    GatewayTunnel tunnel() {
        return tunnel;
    }

    EspSender sender() {
        return sender;
    }

    /** The application's face; null until the tunnel is up. */
    Tunnel face() {
        return face;
    }

    IpAddress localAddress() {
        return localAddress;
    }

    Optional<IpAddress> localAddress6() {
        return localAddress6;
    }

    IpAddress remoteAddress() {
        return remoteAddress;
    }

    /** The address of this end that packets to an address of the other end come from. */
    IpAddress localAddressFor(IpAddress remote) {
        return remote.sameFamily(localAddress) ? localAddress : localAddress6.orElse(localAddress);
    }

    /** Whether this end has an address. */
    boolean isLocal(IpAddress address) {
        return address.equals(localAddress) || localAddress6.equals(Optional.of(address));
    }

    /** Whether an address is reached through the tunnel: the other end's, or one of the networks behind it. */
    boolean isRemote(IpAddress address) {
        return address.equals(remoteAddress) || remoteAddress6.equals(Optional.of(address))
                || !isLocal(address) && reach.stream().anyMatch(selector -> selector.contains(address));
    }

    /** The addresses of this end, for people to read. */
    String localAddresses() {
        return both(localAddress, localAddress6);
    }

    /** The addresses of the other end, for people to read. */
    String remoteAddresses() {
        return both(remoteAddress, remoteAddress6);
    }

    private static String both(IpAddress primary, Optional<IpAddress> ipv6) {
        return primary + ipv6.filter(address -> !address.equals(primary)).map(address -> " and " + address).orElse("");
    }

    /** Why the tunnel ended; null while it is open. */
    TerminationCause cause() {
        return cause;
    }

    /** How often keys were replaced. */
    long rekeys(TunnelEvent.Keys keys) {
        return keys == TunnelEvent.Keys.IKE ? ikeRekeys : childRekeys;
    }

    /** Who hears of what happens. */
    TunnelEvents events() {
        return events;
    }

    /** Opened when the tunnel has ended. */
    CountDownLatch ended() {
        return ended;
    }

    /** What to throw to who uses a tunnel that has ended. */
    SocketException closedException() {
        TerminationCause why = cause;
        return new SocketException("the tunnel is closed" + (why == null ? "" : ": " + why.describe()));
    }

    // What the core tells. Engine.

    Tunnel up() {
        localAddress = tunnel.localAddress();
        remoteAddress = tunnel.remoteAddress();
        localAddress6 = tunnel.localAddress6();
        remoteAddress6 = tunnel.remoteAddress6();
        reach = tunnel.reach();
        face = new Tunnel(this, Tunnel.Facts.of(tunnel));
        return face;
    }

    void down(TerminationCause why) {
        cause = why;
        try {
            sender.stop();
            connections.down();
            datagrams.down();
            pings.down();
            if (forwarding != null) {
                forwarding.down();
            }
        } finally {
            ended.countDown();
            events.tell(new TunnelEvent.Closed(why));
        }
    }

    void rekeyed(TunnelEvent.Keys keys) {
        if (keys == TunnelEvent.Keys.IKE) {
            ikeRekeys++;
        } else {
            childRekeys++;
        }
        refresh();
        events.tell(new TunnelEvent.Rekeyed(keys));
    }

    void moved() {
        Tunnel known = face;
        if (known != null) {
            InetSocketAddress before = known.peer();
            refresh();
            if (!known.peer().equals(before)) {
                events.tell(new TunnelEvent.PeerMoved(before, known.peer()));
            }
        }
    }

    private void refresh() {
        reach = tunnel.reach();
        Tunnel known = face;
        if (known != null) {
            known.update(Tunnel.Facts.of(tunnel));
        }
    }

    void discard(OutboundSa sa) {
        sender.discard(sa);
    }

    void install(OutboundSa sa, DatagramSocket socket, InetSocketAddress peer) {
        sender.install(sa, socket, peer);
    }

    /** Something happened to the tunnel's TCP. Engine. */
    void tcp(TcpAction action) {
        switch (action) {
            case TcpAction.Transmit transmit -> sender.send(transmit.packet());
            case TcpAction.Offered offered -> {
                if (forwarding != null) {
                    forwarding.offered(offered.offer());
                }
            }
            default -> connections.tcp(action);
        }
    }

    /** Something happened to the tunnel's UDP. Engine. */
    void udp(UdpAction action) {
        if (action instanceof UdpAction.Offered offered) {
            if (forwarding != null) {
                forwarding.offered(offered.offer());
            }
        } else {
            datagrams.udp(action);
        }
    }

    // What the application wants. Any thread but the engine's.

    /** Has a forwarder asked about what is for others. */
    void forward(Forwarder forwarder, ForwardLimits limits) throws IOException {
        engine.ask("forwarder", now -> {
            ensureOpen();
            if (forwarding != null) {
                throw new IllegalStateException("this tunnel has a forwarder already; it stays to the end");
            }
            install(forwarder, limits);
            return null;
        });
    }

    /** Has a forwarder asked in a tunnel that has none. Engine. */
    void install(Forwarder forwarder, ForwardLimits limits) {
        tunnel.forward(limits.config());
        forwarding = new Forwarding(this, forwarder);
    }

    /** What became of flows; nothing without a forwarder. */
    Optional<FlowStatistics> flows() {
        return Optional.ofNullable(forwarding).map(Forwarding::statistics);
    }

    /** How long ago something verified came from the peer; when the endpoint is closed, as of its end or later. */
    Duration sinceHeard() {
        long heard;
        try {
            heard = engine.look("last heard", now -> tunnel.ike().lastHeard());
        } catch (IOException closed) {
            // The engine has ended, and was the last to touch it.
            heard = tunnel.ike().lastHeard();
        }
        return Duration.ofNanos(Math.max(0, engine.now() - heard));
    }

    /** Counts what went through; when the endpoint is closed, what can still be known. */
    TunnelStatistics statistics() {
        long packetsIn;
        long octetsIn;
        try {
            long[] in = engine.look("statistics", now -> new long[] {tunnel.inboundPackets(), tunnel.inboundOctets()});
            packetsIn = in[0];
            octetsIn = in[1];
        } catch (IOException closed) {
            // The engine has ended, and was the last to touch them.
            packetsIn = tunnel.inboundPackets();
            octetsIn = tunnel.inboundOctets();
        }
        return new TunnelStatistics(packetsIn, octetsIn, sender.packets(), sender.octets(), sender.dropped());
    }

    /**
     * Waits until the peer has acknowledged all that was sent on connections the application has finished, so that
     * closing a socket and then its tunnel loses nothing; but not for long, as the peer may be gone.
     *
     * @throws InterruptedException when this thread was interrupted while waiting
     */
    void drain() throws InterruptedException {
        drain(drainDeadline());
    }

    /** How long to {@link #drain(long)} from now on, on the clock of {@link System#nanoTime}. */
    static long drainDeadline() {
        return System.nanoTime() + DRAIN_NANOS;
    }

    /** The same with a deadline, which several tunnels may share. */
    void drain(long deadline) throws InterruptedException {
        await("whether all was sent", connections::isDrained, deadline);
    }

    /**
     * Waits until something holds, the tunnel has ended or it is too late.
     *
     * @param what a few words
     * @param done looks; called on the engine's thread, now and then
     * @param deadline on the clock of {@link System#nanoTime}
     * @throws InterruptedException when this thread was interrupted while waiting
     */
    void await(String what, BooleanSupplier done, long deadline) throws InterruptedException {
        try {
            while (cause == null && System.nanoTime() - deadline < 0
                    && !engine.<Boolean>ask(what, now -> done.getAsBoolean())) {
                ended.await(DRAIN_POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            // The engine has ended; there is nothing left to wait for.
        }
    }

    /** Sends the device elsewhere; says whether it follows. */
    boolean redirect(RedirectTarget target, Duration grace) throws IOException {
        return engine.ask("redirect", now -> {
            ensureOpen();
            return gateway.redirect(tunnel, target, grace.toNanos(), now);
        });
    }

    /** Ends the tunnel, with DELETE to the peer; the caller waits for the end. */
    void close() {
        engine.requireOtherThread("close of a tunnel");
        engine.post("close of a tunnel", now -> gateway.close(tunnel, now));
    }

    void ensureOpen() throws SocketException {
        if (cause != null) {
            throw closedException();
        }
    }
}
