package jkipsec.gateway;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.RandomSource;
import jkipsec.esp.EspResult;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.IkeSa;
import jkipsec.ike.Initiation;
import jkipsec.ike.Path;
import jkipsec.ike.PortRole;
import jkipsec.ike.RedirectQuery;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.Work;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpProtocol;

/**
 * One IPsec endpoint: responder for any number of devices, initiator of any number of tunnels.
 *
 * <p>Sans-I/O: datagrams, finished work, decisions and ticks go in, {@link GatewayAction}s come out. Given the same
 * random source and the same calls it emits the same octets. Confined to one thread; {@code now} is the time in
 * nanoseconds of one monotonic clock, never negative.
 */
public final class Gateway {
    private final Consumer<? super GatewayAction> actions;
    private final Sockets sockets;
    private final Tunnels tunnels;
    private final GatewayHost host;
    private final IkeTable ikeSas;
    private final Receivers receivers;
    private final Deadlines deadlines = new Deadlines();
    private long lastNow;
    private boolean holding;
    private final Set<GatewayTunnel> held = new LinkedHashSet<>();

    /**
     * Makes an endpoint.
     *
     * @param config what it is
     * @param random the source of keys, nonces and SPIs; thread-safe if {@link GatewayAction.Offload} runs elsewhere
     * @param actions takes what is to be done, from within the calls below; must not call back
     */
    public Gateway(GatewayConfig config, RandomSource random, Consumer<? super GatewayAction> actions) {
        this.actions = Objects.requireNonNull(actions);
        this.sockets = new Sockets(config);
        this.tunnels = new Tunnels(config, Objects.requireNonNull(random), actions, () -> lastNow);
        this.host = new GatewayHost(new GatewayHost.Parts(
                config, random, actions, sockets, tunnels, deadlines, () -> lastNow));
        this.ikeSas = host.ikeSas();
        this.receivers = host.receivers();
    }

    /**
     * Takes a datagram from the network.
     *
     * @param socket the number of the socket it came in at
     * @param peer where it came from
     * @param datagram the UDP payload, handed over: it is decrypted in place
     * @param now the time in nanoseconds
     */
    public void datagram(int socket, Endpoint peer, PacketBuffer datagram, long now) {
        LocalSocket local = sockets.of(socket);
        lastNow = now;
        var path = new Path(socket, local.role(), peer);
        if (local.role() == PortRole.IKE) {
            ike(path, datagram, now);
        } else if (datagram.length() < Sockets.NON_ESP_MARKER_LENGTH) {
            boolean keepalive = datagram.length() == 1 && datagram.array()[datagram.offset()] == (byte) 0xff;
            drop(DropReason.udp(keepalive ? DropReason.Inner.KEEPALIVE : DropReason.Inner.TOO_SHORT));
        } else if (Octets.i32(datagram.array(), datagram.offset()) == 0) {
            ike(path, new PacketBuffer(
                    datagram.array(),
                    datagram.offset() + Sockets.NON_ESP_MARKER_LENGTH,
                    datagram.length() - Sockets.NON_ESP_MARKER_LENGTH), now);
        } else {
            esp(path, datagram, now);
        }
    }

    private void ike(Path path, PacketBuffer message, long now) {
        IkeSa sa = ikeSas.receive(path, message.toByteArray(), now);
        if (sa != null) {
            touched(sa);
        }
    }

    private void esp(Path path, PacketBuffer datagram, long now) {
        Receivers.Receiver receiver = receivers.of(Octets.i32(datagram.array(), datagram.offset()));
        if (receiver == null) {
            drop(DropReason.esp(DropReason.Inner.UNKNOWN_SPI));
            return;
        }
        GatewayTunnel tunnel = receiver.tunnel();
        switch (receiver.child().inbound().open(datagram)) {
            case EspResult.Dropped dropped -> drop(DropReason.esp(dropped.reason()));
            case EspResult.Opened opened -> {
                tunnel.ike().heard(receiver.child(), path, receiver.isNewest(opened.sequence()), now);
                if (opened.nextHeader() == IpProtocol.IPV4 || opened.nextHeader() == IpProtocol.IPV6) {
                    if (holding) {
                        tunnel.tcp().hold();
                    }
                    tunnel.receive(receiver.child(), opened.inner(), now);
                } else {
                    drop(DropReason.nextHeader());
                }
                touched(tunnel);
            }
        }
    }

    /**
     * Begins to connect to another gateway; ends in {@link GatewayAction.TunnelUp} or {@link GatewayAction.TunnelDown}.
     *
     * @param target whom to connect to, and as whom
     * @param now the time in nanoseconds
     * @return the tunnel, not yet up
     */
    public GatewayTunnel initiate(InitiatorConfig target, long now) {
        LocalSocket natT = sockets.first(PortRole.NAT_T).orElseThrow();
        LocalSocket ike = sockets.first(PortRole.IKE).orElse(natT);
        // A gateway's NAT-T port takes IKE from the first message on, so one socket of ours is enough (§2.23).
        Endpoint first = ike.role() == PortRole.IKE ? target.serverIke() : target.serverNatT();
        var initiation = new Initiation(
                new Path(ike.id(), ike.role(), first),
                new Path(natT.id(), PortRole.NAT_T, target.serverNatT()),
                target.local(),
                target.remote(),
                target.login(),
                target.policy(),
                target.families(),
                target.redirectedFrom(),
                target.ppk());
        IkeSa sa = IkeSa.initiate(initiation, host.settings(), ikeSas.newSpi(), now);
        ikeSas.add(sa);
        GatewayTunnel tunnel = tunnels.open(sa);
        deadlines.update(ikeSas.timed(sa));
        return tunnel;
    }

    /**
     * Goes on with a computation that {@link GatewayAction.Offload} asked for.
     *
     * @param work the work, run
     * @param now the time in nanoseconds
     */
    public void completed(Work work, long now) {
        lastNow = now;
        work.finish(now);
        touched(work.sa());
    }

    /**
     * Takes the application's decision that {@link GatewayAction.Authenticate} asked for.
     *
     * @param request the request
     * @param verdict the decision
     * @param now the time in nanoseconds
     */
    public void authenticated(AuthRequest request, AuthVerdict verdict, long now) {
        lastNow = now;
        host.undecided().answered(request);
        request.sa().decided(verdict, now);
        touched(request.sa());
    }

    /**
     * Closes a tunnel: {@link GatewayAction.TunnelDown} follows at once, and DELETE goes to the peer. Closing a tunnel
     * that is down changes nothing.
     *
     * @param tunnel the tunnel
     * @param now the time in nanoseconds
     */
    public void close(GatewayTunnel tunnel, long now) {
        if (tunnels.has(tunnel)) {
            tunnel.ike().close(now);
            deadlines.update(ikeSas.timed(tunnel.ike()));
        }
    }

    /**
     * Sends the device of a tunnel to another gateway (RFC 5685 §5); it ends the tunnel when it goes there.
     *
     * @param tunnel a tunnel of a device that connected
     * @param target where to
     * @param grace how long the device has, in nanoseconds, before this side ends the tunnel
     * @param now the time in nanoseconds
     * @return false when the tunnel is down, the device does not follow redirects, or this side is the device
     */
    public boolean redirect(GatewayTunnel tunnel, RedirectTarget target, long grace, long now) {
        boolean begun = tunnels.has(tunnel) && tunnel.ike().redirect(target, now + grace, now);
        deadlines.update(ikeSas.timed(tunnel.ike()));
        return begun;
    }

    /**
     * Says who decides which devices are to go to another gateway (RFC 5685); before this is called, none is.
     *
     * @param decides where a device goes, or nothing when it may stay; asked on this thread in IKE_SA_INIT, and again in
     *     IKE_AUTH once the device has proved who it is; must answer at once, and not call back
     */
    public void redirector(Function<? super RedirectQuery, Optional<RedirectTarget>> decides) {
        host.redirector(Objects.requireNonNull(decides));
    }

    /**
     * Says at which other addresses, with the same ports, this endpoint can be reached from outside; the peers of tunnels
     * that are up are told (RFC 4555 §3.4, §3.6).
     *
     * @param addresses the addresses besides the one that the peer of a tunnel uses
     * @param now the time in nanoseconds
     */
    public void additionalAddresses(List<IpAddress> addresses, long now) {
        host.additionalAddresses(List.copyOf(addresses));
        for (GatewayTunnel tunnel : tunnels()) {
            tunnel.ike().tellAddresses(now);
            touched(tunnel);
        }
    }

    /**
     * Takes one more socket, to which tunnels can be moved.
     *
     * @param socket the socket; no other has its number
     */
    public void add(LocalSocket socket) {
        sockets.add(socket);
    }

    /**
     * This side of a tunnel has moved: the peer is told by MOBIKE, or notices by what comes from the new address.
     *
     * @param tunnel a tunnel that this side initiated
     * @param socket the NAT-T socket to use from now on; the present one to announce an address that has changed under it
     * @param now the time in nanoseconds
     */
    public void move(GatewayTunnel tunnel, int socket, long now) {
        if (sockets.of(socket).role() != PortRole.NAT_T) {
            throw new IllegalArgumentException("a tunnel moves to a NAT-T socket, not to number " + socket);
        }
        lastNow = now;
        tunnel.ike().move(new Path(socket, PortRole.NAT_T, tunnel.peer()), now);
        touched(tunnel);
    }

    /**
     * Looks at a tunnel's timers again, after its {@link GatewayTunnel#tcp} or {@link GatewayTunnel#udp} was used; after
     * {@link #hold} only when it comes to {@link #settle}.
     *
     * @param tunnel the tunnel
     */
    public void touched(GatewayTunnel tunnel) {
        if (holding) {
            held.add(tunnel);
            return;
        }
        deadlines.update(tunnel);
        deadlines.update(ikeSas.timed(tunnel.ike()));
    }

    private void touched(IkeSa sa) {
        deadlines.update(ikeSas.timed(sa));
        if (sa.attachment() instanceof GatewayTunnel tunnel) {
            touched(tunnel);
        }
    }

    /**
     * Says that several datagrams may come at once, and {@link #settle} after them: see {@link
     * jkipsec.tcp.TcpStack#hold}. Until then {@link #nextDeadline} does not know of what they changed.
     */
    public void hold() {
        holding = true;
    }

    /**
     * Does what was put off because more might have come at once.
     *
     * @param now the time in nanoseconds
     */
    public void settle(long now) {
        holding = false;
        var faults = new Faults();
        for (GatewayTunnel tunnel : held) {
            faults.collect(() -> tunnel.tcp().settle(now));
            touched(tunnel);
        }
        held.clear();
        faults.rethrow();
    }

    /**
     * When {@link #tick} is to be called at the latest; it does no harm to call it earlier.
     *
     * @return a time in nanoseconds, or {@link Long#MAX_VALUE} for never
     */
    public long nextDeadline() {
        return deadlines.next();
    }

    /**
     * Does what is due.
     *
     * @param now the time in nanoseconds
     */
    public void tick(long now) {
        lastNow = now;
        deadlines.tick(now);
    }

    /**
     * Closes every tunnel and abandons every handshake. The DELETEs are on their way when this returns; they are repeated
     * for as long as {@link #tick} is called and {@link #awaitsAnswers} holds.
     *
     * @param now the time in nanoseconds
     */
    public void shutdown(long now) {
        ikeSas.stop();
        for (IkeSa sa : ikeSas.all()) {
            sa.close(now);
            deadlines.update(ikeSas.timed(sa));
        }
    }

    /**
     * Whether a peer has not yet answered a DELETE or another request of ours.
     *
     * @return true while something is outstanding
     */
    public boolean awaitsAnswers() {
        return ikeSas.all().stream().anyMatch(IkeSa::awaitsAnswer);
    }

    /**
     * The tunnels that are up or, as initiator, on their way.
     *
     * @return a copy, in order of age
     */
    public List<GatewayTunnel> tunnels() {
        return tunnels.all();
    }

    /**
     * How many IKE SAs are kept, in whatever state.
     *
     * @return the number
     */
    public int ikeSaCount() {
        return ikeSas.all().size();
    }

    /** Says what it keeps. */
    @Override
    public String toString() {
        return "Gateway[" + ikeSas.all() + ", " + tunnels + "]";
    }

    private void drop(DropReason reason) {
        actions.accept(new GatewayAction.Dropped(reason));
    }
}
