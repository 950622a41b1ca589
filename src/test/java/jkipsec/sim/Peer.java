package jkipsec.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import jkipsec.bytes.PacketBuffer;
import jkipsec.esp.OutboundSa;
import jkipsec.esp.SequenceExhausted;
import jkipsec.gateway.Gateway;
import jkipsec.gateway.GatewayAction;
import jkipsec.gateway.GatewayConfig;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.gateway.LocalSocket;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.Work;
import jkipsec.ip.Endpoint;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpStack;
import jkipsec.udp.UdpAction;

/**
 * A whole gateway or device in virtual time: it does what the shell does with a {@link Gateway}'s actions, in one thread
 * and in the world's time.
 */
public final class Peer {
    /** What takes the TCP actions of a tunnel. */
    public interface Application {
        void tcp(GatewayTunnel tunnel, TcpAction action);
    }

    /** What takes the UDP actions of a tunnel. */
    public interface Datagrams {
        void udp(GatewayTunnel tunnel, UdpAction action);
    }

    private record Outbound(OutboundSa sa, int socket, Endpoint peer) {}

    /** How long offloaded work, unless {@link #slow}, and the application's decision take. */
    private static final long WORK_TIME = World.MILLIS;

    private static final long LONGEST_WORK_TIME = 60 * World.MILLIS;

    /** Law 6: more ticks at one instant than any peer has timers mean that a deadline stands still. */
    private static final int MOST_TICKS_AT_ONCE = 1_000;

    private final World world;
    private final Network network;
    private final Map<Integer, Endpoint> sockets = new HashMap<>();
    private final Deque<GatewayAction> pending = new ArrayDeque<>();
    private final Map<GatewayTunnel, Outbound> outbound = new HashMap<>();
    private final List<GatewayTunnel> up = new ArrayList<>();
    private final Map<GatewayTunnel, TerminationCause> down = new HashMap<>();
    private final List<TerminationCause> failed = new ArrayList<>();
    private final Map<String, Integer> drops = new TreeMap<>();
    private final Gateway gateway;
    private Function<AuthRequest, AuthVerdict> authenticator = request -> new AuthVerdict.Rejected("nobody is known");
    private Application application = (tunnel, action) -> {};
    private Datagrams datagrams = (tunnel, action) -> {};
    private final Map<String, Integer> rekeys = new TreeMap<>();
    private final List<AuthRequest> abandoned = new ArrayList<>();
    private int pings;
    private int moves;
    private int handled;
    private boolean draining;
    private boolean slow;
    private long scheduledTick = Long.MAX_VALUE;
    /** When the world will tick anyway: a deadline that is the next one again and again is not to fill its calendar. */
    private final Set<Long> pendingTicks = new HashSet<>();
    private long lastTick = -1;
    private int ticksAtOnce;

    public Peer(World world, Network network, GatewayConfig config) {
        this.world = world;
        this.network = network;
        this.gateway = new Gateway(config, world.randomSource(), pending::add);
        for (LocalSocket socket : config.sockets()) {
            sockets.put(socket.id(), socket.bound());
            network.bind(socket.bound(), (from, octets) -> receive(socket.id(), from, octets));
        }
    }

    /** Binds one more socket. */
    public void add(LocalSocket socket) {
        sockets.put(socket.id(), socket.bound());
        network.bind(socket.bound(), (from, octets) -> receive(socket.id(), from, octets));
        gateway.add(socket);
    }

    /** What the application decides; null when it does not, until {@link #decide} is called. */
    public void authenticator(Function<AuthRequest, AuthVerdict> other) {
        authenticator = other;
    }

    /** From now on others keep its processors busy: work takes up to 60 ms, and what began later may be done first. */
    public void slow() {
        slow = true;
    }

    private long workTime() {
        double part = slow ? Math.pow(world.chance().nextDouble(), 3) : 0;
        return WORK_TIME + (long) (part * (LONGEST_WORK_TIME - WORK_TIME));
    }

    public void application(Application other) {
        application = other;
    }

    public void datagrams(Datagrams other) {
        datagrams = other;
    }

    public Gateway gateway() {
        return gateway;
    }

    /** The tunnels that came up and did not go down. */
    public List<GatewayTunnel> tunnels() {
        return List.copyOf(up);
    }

    public Optional<TerminationCause> causeOf(GatewayTunnel tunnel) {
        return Optional.ofNullable(down.get(tunnel));
    }

    /** How many tunnels went down, those included that never came up. */
    public int tunnelsEnded() {
        return down.size();
    }

    public List<TerminationCause> failedHandshakes() {
        return List.copyOf(failed);
    }

    /** How often a tunnel's peer turned up elsewhere. */
    public int moves() {
        return moves;
    }

    /** How often the gateway said that keys were replaced: of {@code ike} or {@code child}. */
    public int rekeys(String which) {
        return rekeys.getOrDefault(which, 0);
    }

    /** Whose decision was not needed any more before it came. */
    public List<AuthRequest> abandoned() {
        return List.copyOf(abandoned);
    }

    public int pingsAnswered() {
        return pings;
    }

    /** How many calls the gateway took, for tests that must see that nothing happens. */
    public int handled() {
        return handled;
    }

    public int drops(String reason) {
        return drops.getOrDefault(reason, 0);
    }

    public Map<String, Integer> drops() {
        return Map.copyOf(drops);
    }

    private void receive(int socket, Endpoint from, byte[] octets) {
        call(() -> gateway.datagram(socket, from, PacketBuffer.wrap(octets), world.now()));
    }

    /** Does something with the gateway, then all that it wants done. */
    public void call(Runnable doing) {
        handled++;
        doing.run();
        drain();
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        GatewayAction action;
        while ((action = pending.poll()) != null) {
            perform(action);
        }
        draining = false;
        schedule();
    }

    private void schedule() {
        long deadline = gateway.nextDeadline();
        if (deadline < scheduledTick) {
            scheduledTick = deadline;
            if (!pendingTicks.add(deadline)) {
                return;
            }
            world.at(deadline, () -> {
                pendingTicks.remove(deadline);
                scheduledTick = Long.MAX_VALUE;
                call(() -> gateway.tick(world.now()));
                ticksAtOnce = world.now() == lastTick ? ticksAtOnce + 1 : 0;
                lastTick = world.now();
                if (ticksAtOnce > MOST_TICKS_AT_ONCE) {
                    throw new AssertionError("stepping at the next deadline does not move it forward: " + gateway);
                }
            });
        }
    }

    private void perform(GatewayAction action) {
        switch (action) {
            case GatewayAction.SendDatagram send ->
                network.send(sockets.get(send.socket()), send.peer(), send.datagram());
            case GatewayAction.InstallOutbound install ->
                outbound.put(install.tunnel(), new Outbound(install.sa(), install.socket(), install.peer()));
            case GatewayAction.DiscardOutbound discard -> {
                discard.sa().destroy();
                outbound.values().removeIf(out -> out.sa() == discard.sa());
            }
            case GatewayAction.SendInner inner -> sendInner(inner);
            case GatewayAction.TunnelUp tunnelUp -> up.add(tunnelUp.tunnel());
            case GatewayAction.TunnelDown tunnelDown -> {
                up.remove(tunnelDown.tunnel());
                down.put(tunnelDown.tunnel(), tunnelDown.cause());
                outbound.remove(tunnelDown.tunnel());
            }
            case GatewayAction.PathChanged moved -> moves++;
            case GatewayAction.Rekeyed rekeyed -> rekeys.merge(rekeyed.ike() ? "ike" : "child", 1, Integer::sum);
            case GatewayAction.HandshakeFailed handshake -> failed.add(handshake.cause());
            case GatewayAction.Tcp tcp -> application.tcp(tcp.tunnel(), tcp.action());
            case GatewayAction.Udp udp -> datagrams.udp(udp.tunnel(), udp.action());
            case GatewayAction.PingReply reply -> pings++;
            case GatewayAction.Offload offload -> world.in(workTime(), () -> finish(offload.work()));
            case GatewayAction.Authenticate authenticate ->
                world.in(WORK_TIME, () -> decide(authenticate.request(), authenticator.apply(authenticate.request())));
            case GatewayAction.AbandonAuthentication abandoned -> this.abandoned.add(abandoned.request());
            case GatewayAction.Dropped dropped -> drops.merge(dropped.reason().toString(), 1, Integer::sum);
        }
    }

    /** Tells the gateway what the application decided about a device; nothing when it decided nothing, that is null. */
    public void decide(AuthRequest request, AuthVerdict verdict) {
        if (verdict != null) {
            call(() -> gateway.authenticated(request, verdict, world.now()));
        }
    }

    private void finish(Work work) {
        work.run();
        call(() -> gateway.completed(work, world.now()));
    }

    private void sendInner(GatewayAction.SendInner inner) {
        Outbound out = outbound.get(inner.tunnel());
        if (out != null) {
            int nextHeader = (inner.packet().array()[inner.packet().offset()] >> 4 & 15) == 4 ? 4 : 41;
            try {
                byte[] sealed = out.sa().seal(inner.packet(), nextHeader).toByteArray();
                network.send(sockets.get(out.socket()), out.peer(), sealed);
            } catch (SequenceExhausted e) {
                throw new IllegalStateException("a simulation never sends 2^32 packets under one key", e);
            }
        }
    }

    /** Uses a tunnel's TCP stack, or its connections, and looks after the timers. */
    public void tcp(GatewayTunnel tunnel, Consumer<TcpStack> use) {
        call(() -> {
            use.accept(tunnel.tcp());
            gateway.touched(tunnel);
        });
    }
}
