package jkipsec.gateway;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
import jkipsec.ike.CertificateConfig;
import jkipsec.ike.ChildSa;
import jkipsec.ike.Identification;
import jkipsec.ike.IkeDrop;
import jkipsec.ike.IkeHost;
import jkipsec.ike.IkeSa;
import jkipsec.ike.IkeSettings;
import jkipsec.ike.Initiation;
import jkipsec.ike.InnerAddresses;
import jkipsec.ike.InnerFamilies;
import jkipsec.ike.Path;
import jkipsec.ike.PortRole;
import jkipsec.ike.PpkPolicy;
import jkipsec.ike.RedirectQuery;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.Work;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpProtocol;
import jkipsec.stack.IpStack;
import jkipsec.stack.StackConfig;

/**
 * One IPsec endpoint: responder for any number of devices, initiator of any number of tunnels.
 *
 * <p>Sans-I/O: datagrams, finished work, decisions and ticks go in, {@link GatewayAction}s come out. Given the same
 * random source and the same calls it emits the same octets. Confined to one thread; {@code now} is the time in
 * nanoseconds of one monotonic clock, never negative.
 */
public final class Gateway {
    private static final int NON_ESP_MARKER_LENGTH = 4;

    private final GatewayConfig config;
    private final RandomSource random;
    private final Consumer<? super GatewayAction> actions;
    private final IkeSettings settings;
    private final Optional<InnerLeases> leases;
    private final Undecided undecided;
    private final SecondLogin secondLogin;
    private final IkeTable ikeSas;
    private final Receivers receivers;
    private final Map<Integer, LocalSocket> sockets = new HashMap<>();
    private final Map<Long, GatewayTunnel> tunnels = new HashMap<>();
    private final Deadlines deadlines = new Deadlines();
    private Function<? super RedirectQuery, Optional<RedirectTarget>> redirector = query -> Optional.empty();
    private List<IpAddress> additionalAddresses = List.of();
    private long nextTunnel = 1;
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
        this.config = Objects.requireNonNull(config);
        this.random = Objects.requireNonNull(random);
        this.actions = Objects.requireNonNull(actions);
        Identification identity = config.responder()
                .map(GatewayConfig.Responder::identity)
                .orElse(Identification.of("initiator.invalid"));
        CertificateConfig certificates = config.responder()
                .map(GatewayConfig.Responder::certificates)
                .orElse(CertificateConfig.none());
        PpkPolicy ppk = config.responder().map(GatewayConfig.Responder::ppk).orElse(PpkPolicy.none());
        this.settings = new IkeSettings(config.policy(), identity, random, new Host(), certificates, ppk);
        this.undecided = new Undecided(config.policy().limits().decisions().atOnce(), actions);
        this.leases = config.responder().map(responder -> new InnerLeases(responder.inner()));
        this.secondLogin = new SecondLogin(config.policy().liveness());
        this.receivers = new Receivers(random);
        this.ikeSas = new IkeTable(settings, config.responder().isPresent());
        config.sockets().forEach(socket -> sockets.put(socket.id(), socket));
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
        LocalSocket local = sockets.get(socket);
        if (local == null) {
            throw new IllegalArgumentException("no socket has the number " + socket);
        }
        lastNow = now;
        var path = new Path(socket, local.role(), peer);
        if (local.role() == PortRole.IKE) {
            ike(path, datagram, now);
        } else if (datagram.length() < NON_ESP_MARKER_LENGTH) {
            boolean keepalive = datagram.length() == 1 && datagram.array()[datagram.offset()] == (byte) 0xff;
            drop(DropReason.udp(keepalive ? DropReason.Inner.KEEPALIVE : DropReason.Inner.TOO_SHORT));
        } else if (Octets.i32(datagram.array(), datagram.offset()) == 0) {
            ike(path, new PacketBuffer(
                    datagram.array(),
                    datagram.offset() + NON_ESP_MARKER_LENGTH,
                    datagram.length() - NON_ESP_MARKER_LENGTH), now);
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
        LocalSocket natT = socketOf(PortRole.NAT_T).orElseThrow();
        LocalSocket ike = socketOf(PortRole.IKE).orElse(natT);
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
        IkeSa sa = IkeSa.initiate(initiation, settings, ikeSas.newSpi(), now);
        ikeSas.add(sa);
        GatewayTunnel tunnel = newTunnel(sa);
        deadlines.update(ikeSas.timed(sa));
        return tunnel;
    }

    private Optional<LocalSocket> socketOf(PortRole role) {
        return config.sockets().stream().filter(socket -> socket.role() == role).findFirst();
    }

    private GatewayTunnel newTunnel(IkeSa sa) {
        long id = nextTunnel++;
        var tunnel = new GatewayTunnel(new GatewayTunnel.Parts(
                id, sa, sink -> new IpStack(StackConfig.of(config.tcp()), (int) id, random, sink),
                config.mtu(), () -> lastNow, actions));
        sa.attach(tunnel);
        tunnels.put(id, tunnel);
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
        undecided.answered(request);
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
        if (tunnels.containsKey(tunnel.id())) {
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
        boolean begun = tunnels.containsKey(tunnel.id()) && tunnel.ike().redirect(target, now + grace, now);
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
        redirector = Objects.requireNonNull(decides);
    }

    /**
     * Says at which other addresses, with the same ports, this endpoint can be reached from outside; the peers of tunnels
     * that are up are told (RFC 4555 §3.4, §3.6).
     *
     * @param addresses the addresses besides the one that the peer of a tunnel uses
     * @param now the time in nanoseconds
     */
    public void additionalAddresses(List<IpAddress> addresses, long now) {
        additionalAddresses = List.copyOf(addresses);
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
        if (sockets.putIfAbsent(socket.id(), socket) != null) {
            throw new IllegalArgumentException("a socket has the number " + socket.id() + " already");
        }
    }

    /**
     * This side of a tunnel has moved: the peer is told by MOBIKE, or notices by what comes from the new address.
     *
     * @param tunnel a tunnel that this side initiated
     * @param socket the NAT-T socket to use from now on; the present one to announce an address that has changed under it
     * @param now the time in nanoseconds
     */
    public void move(GatewayTunnel tunnel, int socket, long now) {
        if (sockets.get(socket).role() != PortRole.NAT_T) {
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
        for (GatewayTunnel tunnel : held) {
            tunnel.tcp().settle(now);
            touched(tunnel);
        }
        held.clear();
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
        return tunnels.values().stream()
                .sorted((a, b) -> Long.compare(a.id(), b.id()))
                .toList();
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
        return "Gateway[" + ikeSas.all() + ", " + tunnels.values() + "]";
    }

    private void drop(DropReason reason) {
        actions.accept(new GatewayAction.Dropped(reason));
    }

    private void transmit(Path path, byte[] message) {
        byte[] datagram = message;
        if (path.role() == PortRole.NAT_T) {
            datagram = new byte[NON_ESP_MARKER_LENGTH + message.length];
            System.arraycopy(message, 0, datagram, NON_ESP_MARKER_LENGTH, message.length);
        }
        actions.accept(new GatewayAction.SendDatagram(path.socket(), path.peer(), datagram));
    }

    /** What IKE SAs ask of this gateway. */
    private final class Host implements IkeHost {
        @Override
        public void transmit(Path path, byte[] message) {
            Gateway.this.transmit(path, message);
        }

        @Override
        public void keepalive(Path path) {
            byte[] octet = {(byte) 0xff};
            actions.accept(new GatewayAction.SendDatagram(path.socket(), path.peer(), octet));
        }

        @Override
        public void showAddress(IkeSa sa) {
            if (sa.attachment() instanceof GatewayTunnel tunnel && tunnel.isUp()) {
                tunnel.ping(0);
            }
        }

        @Override
        public void offload(Work work) {
            actions.accept(new GatewayAction.Offload(work));
        }

        @Override
        public void authenticate(AuthRequest request) {
            undecided.ask(request);
        }

        @Override
        public boolean abandon(AuthRequest request) {
            return undecided.abandon(request);
        }

        @Override
        public Optional<RedirectTarget> redirect(RedirectQuery query) {
            return redirector.apply(query);
        }

        @Override
        public Optional<InnerAddresses> lease(IkeSa sa, InnerFamilies families) {
            Optional<InnerAddresses> leased = leases.orElseThrow().lease(families);
            leased.ifPresent(lease -> ikeSas.leased(sa, lease));
            return leased;
        }

        @Override
        public Optional<Endpoint> localEndpoint(int socket) {
            Endpoint bound = sockets.get(socket).bound();
            Optional<Endpoint> own = bound.address().isUnspecified() ? Optional.empty() : Optional.of(bound);
            return config.publicAddress()
                    .map(address -> new Endpoint(address, bound.port()))
                    .or(() -> own);
        }

        @Override
        public List<IpAddress> additionalAddresses() {
            return additionalAddresses;
        }

        @Override
        public int newInboundSpi() {
            return receivers.newSpi();
        }

        @Override
        public long newIkeSpi() {
            return ikeSas.newSpi();
        }

        @Override
        public void established(IkeSa sa, InnerAddresses addresses) {
            ikeSas.handshakeEnded(sa);
            GatewayTunnel tunnel = sa.attachment() instanceof GatewayTunnel known ? known : newTunnel(sa);
            tunnel.settle(addresses);
        }

        @Override
        public void ready(IkeSa sa) {
            GatewayTunnel tunnel = tunnelOf(sa);
            if (!sa.isInitiator() && !secondLogin.settle(tunnel, tunnels(), lastNow)) {
                return;
            }
            tunnel.up();
            actions.accept(new GatewayAction.TunnelUp(tunnel));
        }

        @Override
        public void childAdded(IkeSa sa, ChildSa child) {
            receivers.add(tunnelOf(sa), child);
        }

        @Override
        public void childSends(IkeSa sa, ChildSa child) {
            GatewayTunnel tunnel = tunnelOf(sa);
            Path path = sa.path();
            tunnel.sendWith(child);
            actions.accept(new GatewayAction.InstallOutbound(tunnel, child.outbound(), path.socket(), path.peer()));
            if (tunnel.isUp()) {
                actions.accept(new GatewayAction.Rekeyed(tunnel, false));
            }
        }

        @Override
        public void childRemoved(IkeSa sa, ChildSa child) {
            receivers.remove(child);
            child.inbound().destroy();
            actions.accept(new GatewayAction.DiscardOutbound(tunnelOf(sa), child.outbound()));
        }

        @Override
        public void added(IkeSa sa) {
            ikeSas.add(sa);
            deadlines.update(ikeSas.timed(sa));
        }

        @Override
        public void moved(IkeSa sa, Path path) {
            GatewayTunnel tunnel = tunnelOf(sa);
            sa.sendingChild().ifPresent(child -> {
                // The other family outside leaves another MTU inside.
                tunnel.sendWith(child);
                actions.accept(
                        new GatewayAction.InstallOutbound(tunnel, child.outbound(), path.socket(), path.peer()));
            });
            actions.accept(new GatewayAction.PathChanged(tunnel, path.socket(), path.peer()));
            tunnel.moved(lastNow);
        }

        @Override
        public void rescheduled(IkeSa sa) {
            deadlines.update(ikeSas.timed(sa));
        }

        @Override
        public void replaced(IkeSa old, IkeSa next) {
            ikeSas.moveLease(old, next);
            tunnelOf(old).governedBy(next);
            actions.accept(new GatewayAction.Rekeyed(tunnelOf(next), true));
        }

        private static GatewayTunnel tunnelOf(IkeSa sa) {
            return (GatewayTunnel) sa.attachment();
        }

        @Override
        public void ended(IkeSa sa, TerminationCause cause) {
            ikeSas.handshakeEnded(sa);
            ikeSas.lease(sa).ifPresent(lease -> leases.orElseThrow().release(lease));
            if (sa.attachment() instanceof GatewayTunnel tunnel) {
                boolean wasUp = tunnel.isUp();
                tunnels.remove(tunnel.id());
                tunnel.down();
                deadlines.forget(tunnel);
                if (!wasUp && !sa.isInitiator()) {
                    actions.accept(new GatewayAction.HandshakeFailed(sa.path().peer(), cause));
                }
                // Also of one that never came up: it has been given a Child SA to send with.
                actions.accept(new GatewayAction.TunnelDown(tunnel, cause));
            } else {
                actions.accept(new GatewayAction.HandshakeFailed(sa.path().peer(), cause));
            }
        }

        @Override
        public void released(IkeSa sa) {
            deadlines.forget(ikeSas.timed(sa));
            ikeSas.remove(sa);
        }

        @Override
        public void dropped(IkeDrop reason) {
            drop(DropReason.ike(reason));
        }
    }
}
