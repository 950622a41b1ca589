package jkipsec;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import jkipsec.bytes.PacketBuffer;
import jkipsec.gateway.DropReason;
import jkipsec.gateway.Gateway;
import jkipsec.gateway.GatewayAction;
import jkipsec.gateway.GatewayConfig;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.gateway.LocalSocket;
import jkipsec.ike.PortRole;
import jkipsec.ike.RedirectQuery;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.tcp.TcpConfig;

/**
 * A gateway of the protocol core with everything it needs to run: the engine, the UDP ports, the senders, the threads
 * for long work. It carries out what the gateway wants done. A server has one, and so has each tunnel of a client.
 */
final class Shell implements Engine.Core {
    /** Who wants to know about tunnels; called on the engine's thread. */
    interface Owner {
        /** A tunnel is up. */
        void up(Tunnel tunnel);

        /** A tunnel is down; {@code tunnel} is null when it had never been up. */
        void down(Tunnel tunnel, TerminationCause cause);

        /** Decides whether a device goes elsewhere, on the engine's thread; without one, all stay. */
        default Optional<Function<RedirectQuery, Optional<RedirectTarget>>> redirector() {
            return Optional.empty();
        }

        /** Decides about a device; called on a virtual thread. */
        AuthDecision authenticate(AuthChallenge challenge) throws Exception;
    }

    private static final System.Logger LOG = System.getLogger("jkipsec");
    private static final long ANSWER_NANOS = 2_500_000_000L;
    private static final long FLUSH_MILLIS = 1_000;
    private static final int LOGGED_REFUSALS_A_SECOND = 5;
    private static final long JOIN_MILLIS = 5_000;

    private final Engine engine;
    private final List<UdpPort> ports;
    private final Owner owner;
    private final TcpConfig tcp;
    private final Offloader offloader = new Offloader();
    private final Map<DropReason, LongAdder> drops = new ConcurrentHashMap<>();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    // Confined to the engine's thread, and after its end to the thread that closes.
    private final Gateway gateway;
    private final Set<TunnelShell> tunnels = new HashSet<>();
    private final Decisions decisions;
    private final List<Thread> senders = new ArrayList<>();
    private long refusalSecond;
    private int refusals;

    /**
     * Puts the parts together; nothing runs yet.
     *
     * @param name for the threads
     * @param bound the ports; the shell closes them
     * @param config makes the gateway's configuration from the ports
     * @param owner who wants to know about tunnels
     */
    Shell(String name, List<UdpPort> bound, Function<List<LocalSocket>, GatewayConfig> config, Owner owner) {
        this.ports = new CopyOnWriteArrayList<>(bound);
        this.owner = owner;
        this.engine = new Engine(name);
        GatewayConfig gatewayConfig = config.apply(ports.stream().map(UdpPort::local).toList());
        this.tcp = gatewayConfig.tcp();
        this.gateway = new Gateway(gatewayConfig, new SecureRandom()::nextBytes, this::perform);
        this.decisions = new Decisions(owner, engine, gateway, offloader);
        owner.redirector().ifPresent(
                redirector -> gateway.redirector(query -> decisions.redirect(redirector, query)));
    }

    /** Begins. */
    void start() {
        engine.start(this);
        ports.forEach(port -> port.start(engine::datagram));
    }

    Engine engine() {
        return engine;
    }

    /** The gateway; for tasks on the engine's thread. */
    Gateway gateway() {
        return gateway;
    }

    /** Tunnels that came up so far. */
    long opened() {
        return opened.get();
    }

    /** Datagrams received on all ports. */
    long datagrams() {
        return ports.stream().mapToLong(UdpPort::received).sum();
    }

    /** What was dropped, by reason. */
    Map<String, Long> drops() {
        var counted = new TreeMap<String, Long>();
        try {
            engine.look("statistics", now -> {
                tunnels.forEach(tunnel -> count(tunnel, counted));
                return null;
            });
        } catch (IOException closed) {
            // What the tunnels counted was added when they ended.
        }
        drops.forEach((reason, count) -> counted.merge(reason.toString(), count.sum(), Long::sum));
        putIfAny(counted, "udp.INBOX_FULL", engine.droppedDatagrams());
        putIfAny(counted, "udp.NOT_SENT", ports.stream().mapToLong(UdpPort::refused).sum());
        return counted;
    }

    private static void count(TunnelShell tunnel, Map<String, Long> counted) {
        tunnel.connections().drops().forEach(
                (reason, count) -> counted.merge(new DropReason("tcp", reason).toString(), count, Long::sum));
        tunnel.datagrams().drops().forEach(
                (reason, count) -> counted.merge(new DropReason("datagram", reason).toString(), count, Long::sum));
    }

    private static void putIfAny(Map<String, Long> counted, String reason, long count) {
        if (count > 0) {
            counted.put(reason, count);
        }
    }

    /**
     * Moves a tunnel that this endpoint initiated; any thread but the engine's.
     *
     * @param local the local address to bind a new NAT-T socket to; empty to keep the socket, below which the address has
     *     changed
     * @throws IOException when the address cannot be bound, or the tunnel is closed
     */
    void move(TunnelShell tunnel, Optional<InetAddress> local) throws IOException {
        engine.ask("move", now -> {
            tunnel.ensureOpen();
            int present = tunnel.tunnel().ike().path().socket();
            int socket = present;
            if (local.isPresent()) {
                // The old socket stays: what is on its way to it still counts. Those before it are not needed any more.
                ports.stream().filter(old -> old.local().id() > 1 && old.local().id() != present).forEach(UdpPort::close);
                UdpPort port = UdpPort.bind(ports.size(), PortRole.NAT_T, new InetSocketAddress(local.get(), 0));
                ports.add(port);
                gateway.add(port.local());
                port.start(engine::datagram);
                socket = port.local().id();
            }
            gateway.move(tunnel.tunnel(), socket, now);
            return null;
        });
    }

    // What the engine calls.

    @Override
    public void datagram(int socket, Endpoint peer, PacketBuffer datagram, long now) {
        gateway.datagram(socket, peer, datagram, now);
    }

    @Override
    public void hold() {
        gateway.hold();
    }

    @Override
    public void settle(long now) {
        gateway.settle(now);
    }

    @Override
    public void tick(long now) {
        gateway.tick(now);
    }

    @Override
    public long nextDeadline() {
        return gateway.nextDeadline();
    }

    // What the gateway wants done, on the engine's thread.

    /** A fault in carrying an action out must not stop the state machine in the middle of what it is doing. */
    private void perform(GatewayAction action) {
        try {
            carryOut(action);
        } catch (RuntimeException e) {
            engine.fault(action.getClass().getSimpleName(), e);
        }
    }

    private void carryOut(GatewayAction action) {
        switch (action) {
            case GatewayAction.SendInner inner -> shellOf(inner.tunnel()).sender().send(inner.packet());
            case GatewayAction.Tcp tcpAction -> shellOf(tcpAction.tunnel()).tcp(tcpAction.action());
            case GatewayAction.Udp udpAction -> shellOf(udpAction.tunnel()).udp(udpAction.action());
            case GatewayAction.SendDatagram send ->
                    ports.get(send.socket()).send(send.peer().toInetSocketAddress(), send.datagram());
            case GatewayAction.InstallOutbound install -> shellOf(install.tunnel()).install(
                    install.sa(), ports.get(install.socket()).socket(), install.peer().toInetSocketAddress());
            case GatewayAction.DiscardOutbound discard -> shellOf(discard.tunnel()).discard(discard.sa());
            case GatewayAction.TunnelUp up -> {
                opened.incrementAndGet();
                Tunnel tunnel = shellOf(up.tunnel()).up();
                LOG.log(Level.DEBUG, () -> "tunnel up: " + tunnel);
                owner.up(tunnel);
            }
            case GatewayAction.PathChanged moved -> {
                shellOf(moved.tunnel()).moved();
                LOG.log(Level.DEBUG, () -> "the peer of " + moved.tunnel() + " is at " + moved.peer());
            }
            case GatewayAction.Rekeyed rekeyed -> shellOf(rekeyed.tunnel()).rekeyed(
                    rekeyed.ike() ? TunnelEvent.Keys.IKE : TunnelEvent.Keys.CHILD);
            case GatewayAction.TunnelDown down -> down(down.tunnel(), down.cause());
            case GatewayAction.HandshakeFailed failed -> LOG.log(refusalLevel(failed.cause()),
                    () -> "a device at " + failed.peer() + " did not get in: " + failed.cause().describe());
            case GatewayAction.PingReply reply -> shellOf(reply.tunnel()).pings().answered(reply.ticket());
            case GatewayAction.Offload offload -> offloader.compute(offload.work(),
                    () -> engine.post("completed work", now -> gateway.completed(offload.work(), now)));
            case GatewayAction.Authenticate authenticate -> decisions.ask(authenticate.request());
            case GatewayAction.AbandonAuthentication abandoned -> decisions.abandon(abandoned.request());
            case GatewayAction.Dropped dropped ->
                    drops.computeIfAbsent(dropped.reason(), reason -> new LongAdder()).increment();
        }
    }

    /** Why a device was refused matters to who set it up, but anybody can cause it: a flood must not fill the log. */
    private Level refusalLevel(TerminationCause cause) {
        boolean worthSaying = cause instanceof TerminationCause.AuthenticationFailed
                || cause instanceof TerminationCause.NegotiationFailed;
        if (!worthSaying) {
            return Level.DEBUG;
        }
        long second = engine.now() / 1_000_000_000;
        if (second != refusalSecond) {
            refusalSecond = second;
            refusals = 0;
        }
        return refusals++ < LOGGED_REFUSALS_A_SECOND ? Level.INFO : Level.DEBUG;
    }

    private TunnelShell shellOf(GatewayTunnel tunnel) {
        if (tunnel.attachment() instanceof TunnelShell shell) {
            return shell;
        }
        var shell = new TunnelShell(engine, gateway, tcp, tunnel);
        tunnel.attach(shell);
        tunnels.add(shell);
        senders.add(shell.sender().thread());
        return shell;
    }

    private void down(GatewayTunnel tunnel, TerminationCause cause) {
        TunnelShell shell = shellOf(tunnel);
        Tunnel face = shell.face();
        tunnels.remove(shell);
        shell.connections().drops().forEach((reason, count) -> add(new DropReason("tcp", reason), count));
        shell.datagrams().drops().forEach((reason, count) -> add(new DropReason("datagram", reason), count));
        shell.down(cause);
        senders.removeIf(thread -> !thread.isAlive());
        if (face != null) {
            LOG.log(Level.DEBUG, () -> "tunnel down: " + face + ": " + cause.describe());
        }
        owner.down(face, cause);
    }

    private void add(DropReason reason, long count) {
        drops.computeIfAbsent(reason, first -> new LongAdder()).add(count);
    }

    /**
     * Ends everything: DELETE to every peer, then the threads. Returns when all have ended, or after a few seconds
     * when a peer does not answer or the system does not take the last datagrams. When somebody else is closing, waits
     * for that.
     */
    void close() {
        engine.requireOtherThread("close");
        boolean interrupted = false;
        if (closing.compareAndSet(false, true)) {
            try {
                interrupted = end();
            } finally {
                closed.countDown();
            }
        }
        while (true) {
            try {
                closed.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says whether this thread was interrupted meanwhile. */
    private boolean end() {
        boolean interrupted = false;
        try {
            // One deadline for all, so that many peers that have gone do not add up.
            long deadline = TunnelShell.drainDeadline();
            for (TunnelShell tunnel : engine.ask("tunnels", now -> List.copyOf(tunnels))) {
                tunnel.drain(deadline);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (IOException e) {
            // The engine has ended already.
        }
        engine.post("shutdown", now -> {
            gateway.shutdown(now);
            engine.stopWhen(() -> !gateway.awaitsAnswers(), now + ANSWER_NANOS);
        });
        interrupted |= join(List.of(engine.thread()));
        for (UdpPort port : ports) {
            try {
                port.flush(FLUSH_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        // None is left unless the core failed; whoever waits for one of them must not wait for ever.
        tunnels.forEach(tunnel -> tunnel.down(new TerminationCause.ClosedLocally()));
        interrupted |= join(senders);
        ports.forEach(UdpPort::close);
        offloader.close();
        return interrupted | join(threads());
    }

    /** The threads that run until {@link #close()}; for use after it. */
    List<Thread> threads() {
        var all = new ArrayList<Thread>(senders);
        all.add(engine.thread());
        ports.forEach(port -> all.addAll(port.threads()));
        all.addAll(offloader.threads());
        return all;
    }

    private static boolean join(List<Thread> threads) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + JOIN_MILLIS * 1_000_000;
        for (Thread thread : threads) {
            while (thread != Thread.currentThread() && thread.isAlive() && System.nanoTime() < deadline) {
                try {
                    thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        return interrupted;
    }
}
