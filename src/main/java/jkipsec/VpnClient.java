package jkipsec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jkipsec.gateway.GatewayConfig;
import jkipsec.gateway.InitiatorConfig;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.InnerFamilies;
import jkipsec.ike.Login;
import jkipsec.ike.PortRole;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.tcp.TcpConfig;

/**
 * The other side of a {@link VpnServer}, or of any IKEv2 gateway that takes pre-shared keys, passwords by EAP-MSCHAPv2
 * or certificates: connects to it and gives the application the same {@link Tunnel}. Each tunnel has two UDP sockets of
 * its own on free ports.
 */
public final class VpnClient {
    private VpnClient() {}

    /**
     * Connects, and waits until the tunnel is up. A server that sends the client to another one is obeyed (RFC 5685), up
     * to five times in five minutes; the other one has to be whom the configuration asks for, as the first would.
     *
     * @param config which server, and as whom
     * @return an open tunnel; closing it releases everything
     * @throws AuthenticationException when either side could not prove who it is
     * @throws NegotiationException when the two sides could not agree
     * @throws SocketTimeoutException when the server did not answer, or not in the time configured
     * @throws UnknownHostException when the server's name has no address
     * @throws InterruptedIOException when this thread was interrupted while waiting; its interrupt status is set
     * @throws IOException when the network fails otherwise
     */
    public static Tunnel connect(ClientConfig config) throws IOException {
        var place = new Place(resolve(config.host()), Optional.empty(), new RedirectLimit());
        return connect(config, place);
    }

    /**
     * Connects to the server to which the server of a tunnel that has ended sent this client; see
     * {@link TerminationCause.Redirected}.
     *
     * @param ended the tunnel
     * @param config as whom to connect, and what else; the address in it does not count, the ports do
     * @return an open tunnel; closing it releases everything
     * @throws NegotiationException when the client was redirected too often, or to where it was
     * @throws IOException as {@link #connect} does
     * @throws IllegalArgumentException when the tunnel did not end by a redirect
     */
    public static Tunnel follow(Tunnel ended, ClientConfig config) throws IOException {
        if (!(ended.state() instanceof TunnelState.Closed closed
                && closed.cause() instanceof TerminationCause.Redirected redirected)) {
            throw new IllegalArgumentException("the tunnel was not redirected: " + ended.state());
        }
        var place = new Place(ended.peer().getAddress(), Optional.empty(), ended.redirects());
        return connect(config, place.next(redirected.target()));
    }

    /** Where to connect next, and how it came to that. */
    private record Place(InetAddress server, Optional<IpAddress> redirectedFrom, RedirectLimit redirects) {
        Place next(RedirectTarget target) throws IOException {
            InetAddress other = resolve(target.toString());
            if (other.equals(server)) {
                throw new NegotiationException("REDIRECT", "the server " + server.getHostAddress()
                        + " redirects to itself");
            }
            if (!redirects.tryFollow(System.nanoTime())) {
                throw new NegotiationException("REDIRECT", "redirected more than " + RedirectLimit.MOST + " times in "
                        + Duration.ofNanos(RedirectLimit.PERIOD).toSeconds() + " s, at last to " + target);
            }
            return new Place(other, Optional.of(IpAddress.of(server)), redirects);
        }
    }

    private static Tunnel connect(ClientConfig config, Place first) throws IOException {
        long end = System.nanoTime() + config.connectTimeout().toNanos();
        Place place = first;
        while (true) {
            try {
                return attempt(config, place, end);
            } catch (RedirectedException e) {
                place = place.next(e.target());
            }
        }
    }

    private static Tunnel attempt(ClientConfig config, Place place, long end) throws IOException {
        InetAddress server = place.server();
        var wildcard = new InetSocketAddress(wildcardFor(server), 0);
        UdpPort ike = UdpPort.bind(0, PortRole.IKE, wildcard);
        UdpPort natT;
        try {
            natT = UdpPort.bind(1, PortRole.NAT_T, wildcard);
        } catch (IOException e) {
            ike.close();
            throw e;
        }
        var outcome = new Outcome();
        IkePolicy policy = config.policy();
        var shell = new Shell("client", List.of(ike, natT), sockets -> new GatewayConfig(Optional.empty(),
                Optional.empty(), policy, TcpConfig.defaults(), config.mtu(), sockets), outcome);
        shell.start();
        Login login = config.login();
        boolean up = false;
        try {
            var initiation = new InitiatorConfig(
                    endpoint(server, config.ikePort()), endpoint(server, config.natTPort()),
                    config.identity(), config.remoteIdentity(), login, policy)
                    .withFamilies(config.ipv6() ? InnerFamilies.BOTH : InnerFamilies.IPV4);
            InitiatorConfig keyed = config.ppk().map(initiation::withPpk).orElse(initiation);
            InitiatorConfig placed = place.redirectedFrom().map(keyed::redirectedFrom).orElse(keyed);
            shell.engine().ask("initiation", now -> shell.gateway().initiate(placed, now));
            Tunnel tunnel = outcome.await(config, end - System.nanoTime());
            tunnel.afterClose(shell::close);
            tunnel.redirects(place.redirects());
            tunnel.mover(local -> shell.move(tunnel.shell(), local));
            // Whichever side ends the tunnel: its sockets and threads are of no more use then.
            outcome.whenDown(() -> Thread.ofVirtual().name("jkipsec-client-end").start(shell::close));
            up = true;
            return tunnel;
        } finally {
            if (!up) {
                shell.close();
            }
            ClientConfig.destroy(login);
        }
    }

    private static InetAddress resolve(String host) throws UnknownHostException {
        try {
            return IpAddress.parse(host).toInetAddress();
        } catch (IllegalArgumentException e) {
            return InetAddress.getByName(host);
        }
    }

    private static InetAddress wildcardFor(InetAddress server) {
        return IpAddress.parse(IpAddress.of(server).bitLength() == 32 ? "0.0.0.0" : "::").toInetAddress();
    }

    private static Endpoint endpoint(InetAddress server, int port) {
        return Endpoint.of(new InetSocketAddress(server, port));
    }

    /** How the one initiation ends. */
    private static final class Outcome implements Shell.Owner {
        private final CompletableFuture<Tunnel> result = new CompletableFuture<>();
        private final CompletableFuture<Void> down = new CompletableFuture<>();

        @Override
        public void up(Tunnel tunnel) {
            result.complete(tunnel);
        }

        @Override
        public void down(Tunnel tunnel, TerminationCause cause) {
            result.completeExceptionally(failure(cause));
            down.complete(null);
        }

        void whenDown(Runnable action) {
            down.thenRun(action);
        }

        @Override
        public AuthDecision authenticate(AuthChallenge challenge) {
            return AuthDecision.reject("this endpoint only connects");
        }

        Tunnel await(ClientConfig config, long nanos) throws IOException {
            try {
                return result.get(nanos, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new SocketTimeoutException("no tunnel to " + config.host() + " in " + config.connectTimeout());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while connecting to " + config.host());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failed) {
                    failed.setStackTrace(Thread.currentThread().getStackTrace());
                    throw failed;
                }
                throw new IOException(e.getCause());
            }
        }

        private static IOException failure(TerminationCause cause) {
            String message = "the tunnel did not come up: " + cause.describe();
            return switch (cause) {
                case TerminationCause.AuthenticationFailed failed -> new AuthenticationException(message);
                case TerminationCause.NegotiationFailed failed -> new NegotiationException(failed.error(), message);
                case TerminationCause.Redirected redirected -> new RedirectedException(redirected.target(), message);
                case TerminationCause.PeerUnreachable unreachable -> new SocketTimeoutException(message);
                case TerminationCause.Expired expired -> new SocketTimeoutException(message);
                default -> new SocketException(message);
            };
        }
    }
}
