package jkipsec.gateway;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import jkipsec.bytes.RandomSource;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.CertificateConfig;
import jkipsec.ike.ChildSa;
import jkipsec.ike.Identification;
import jkipsec.ike.IkeDrop;
import jkipsec.ike.IkeHost;
import jkipsec.ike.IkeSa;
import jkipsec.ike.IkeSettings;
import jkipsec.ike.InnerAddresses;
import jkipsec.ike.InnerFamilies;
import jkipsec.ike.Path;
import jkipsec.ike.PpkPolicy;
import jkipsec.ike.RedirectQuery;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.Work;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

/**
 * What the IKE SAs of one gateway ask of it, and what becomes of the tunnels that they govern. It owns the IKE SAs and
 * the table of the Child SAs that receive. Confined to the gateway's thread.
 */
final class GatewayHost implements IkeHost {
    /**
     * What it shares with its gateway.
     *
     * @param clock the time of the call that is being worked on
     */
    record Parts(
            GatewayConfig config,
            RandomSource random,
            Consumer<? super GatewayAction> actions,
            Sockets sockets,
            Tunnels tunnels,
            Deadlines deadlines,
            LongSupplier clock) {}

    private final Consumer<? super GatewayAction> actions;
    private final Sockets sockets;
    private final Tunnels tunnels;
    private final Deadlines deadlines;
    private final LongSupplier clock;
    private final IkeSettings settings;
    private final IkeTable ikeSas;
    private final Receivers receivers;
    private final Undecided undecided;
    private final SecondLogin secondLogin;
    private final Optional<InnerLeases> leases;
    private Function<? super RedirectQuery, Optional<RedirectTarget>> redirector = query -> Optional.empty();
    private List<IpAddress> additionalAddresses = List.of();

    GatewayHost(Parts parts) {
        GatewayConfig config = parts.config();
        actions = parts.actions();
        sockets = parts.sockets();
        tunnels = parts.tunnels();
        deadlines = parts.deadlines();
        clock = parts.clock();
        settings = settings(config, parts.random());
        ikeSas = new IkeTable(settings, config.responder().isPresent());
        receivers = new Receivers(parts.random());
        undecided = new Undecided(config.policy().limits().decisions().atOnce(), actions);
        secondLogin = new SecondLogin(config.policy().liveness());
        leases = config.responder().map(responder -> new InnerLeases(responder.inner()));
    }

    private IkeSettings settings(GatewayConfig config, RandomSource random) {
        Optional<GatewayConfig.Responder> responder = config.responder();
        return new IkeSettings(
                config.policy(),
                responder.map(GatewayConfig.Responder::identity).orElse(Identification.of("initiator.invalid")),
                random,
                this,
                responder.map(GatewayConfig.Responder::certificates).orElse(CertificateConfig.none()),
                responder.map(GatewayConfig.Responder::ppk).orElse(PpkPolicy.none()));
    }

    /** What all IKE SAs share. */
    IkeSettings settings() {
        return settings;
    }

    IkeTable ikeSas() {
        return ikeSas;
    }

    Receivers receivers() {
        return receivers;
    }

    Undecided undecided() {
        return undecided;
    }

    void redirector(Function<? super RedirectQuery, Optional<RedirectTarget>> decides) {
        redirector = decides;
    }

    void additionalAddresses(List<IpAddress> addresses) {
        additionalAddresses = addresses;
    }

    @Override
    public void transmit(Path path, byte[] message) {
        actions.accept(Sockets.datagram(path, message));
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
        return sockets.localEndpoint(socket);
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
        GatewayTunnel tunnel = sa.attachment() instanceof GatewayTunnel known ? known : tunnels.open(sa);
        tunnel.settle(addresses);
    }

    @Override
    public void ready(IkeSa sa) {
        GatewayTunnel tunnel = tunnelOf(sa);
        if (!sa.isInitiator() && !secondLogin.settle(tunnel, tunnels.all(), clock.getAsLong())) {
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
        sendWith(tunnel, child, sa.path());
        if (tunnel.isUp()) {
            actions.accept(new GatewayAction.Rekeyed(tunnel, false));
        }
    }

    private void sendWith(GatewayTunnel tunnel, ChildSa child, Path path) {
        tunnel.sendWith(child);
        actions.accept(new GatewayAction.InstallOutbound(tunnel, child.outbound(), path.socket(), path.peer()));
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
        // With what it sends already: the other family outside leaves another MTU inside.
        sa.sendingChild().ifPresent(child -> sendWith(tunnel, child, path));
        actions.accept(new GatewayAction.PathChanged(tunnel, path.socket(), path.peer()));
        tunnel.moved(clock.getAsLong());
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
            tunnels.remove(tunnel);
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
        actions.accept(new GatewayAction.Dropped(DropReason.ike(reason)));
    }
}
