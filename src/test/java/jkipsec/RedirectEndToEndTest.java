package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Two servers at the same ports of two loopback addresses, one of which sends its clients to the other. */
@Timeout(60)
class RedirectEndToEndTest {
    private static final RedirectTarget SECOND = RedirectTarget.of("127.0.0.2");

    private final AtomicReference<Redirector> atFirst = new AtomicReference<>(device -> Optional.empty());
    private final AtomicReference<Redirector> atSecond = new AtomicReference<>(device -> Optional.empty());
    private VpnServer first;
    private VpnServer second;

    @BeforeEach
    void start() throws Exception {
        while (second == null) {
            first = VpnServer.start(Loopback.config().redirect(device -> atFirst.get().redirect(device)).build());
            try {
                second = VpnServer.start(Loopback.config()
                        .bind("127.0.0.2")
                        .ikePort(first.ikeAddress().getPort())
                        .natTPort(first.natTAddress().getPort())
                        .redirect(device -> atSecond.get().redirect(device))
                        .build());
            } catch (BindException taken) {
                first.close();
            }
        }
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private Tunnel connect() throws Exception {
        return VpnClient.connect(Loopback.clientOf(first).build());
    }

    private void expectAtSecond(Tunnel client) throws Exception {
        assertEquals(second.natTAddress(), client.peer());
        assertFalse(client.ping(Duration.ofSeconds(20)).isNegative());
        assertEquals("alice", second.accept().identity());
        assertEquals(List.of(), first.tunnels());
    }

    @Test
    void aClientFollowsARedirectInIkeSaInitAndSaysWhereItComesFrom() throws Exception {
        var from = new AtomicReference<Optional<InetAddress>>();
        atFirst.set(device -> Optional.of(SECOND));
        atSecond.set(device -> {
            from.set(device.redirectedFrom());
            return Optional.empty();
        });
        try (Tunnel client = connect()) {
            expectAtSecond(client);
            assertEquals(Optional.of(InetAddress.getByName("127.0.0.1")), from.get());
            assertEquals(0, first.statistics().faults());
        }
    }

    @Test
    void aClientFollowsARedirectOfItsIdentityInIkeAuth() throws Exception {
        atFirst.set(device -> device.identity().filter("alice"::equals).map(alice -> SECOND));
        try (Tunnel client = connect()) {
            expectAtSecond(client);
        }
    }

    @Test
    void aTunnelInUseIsSentElsewhereAndItsClientFollows() throws Exception {
        Tunnel client = connect();
        Tunnel accepted = first.accept();
        assertTrue(accepted.redirect(SECOND, Duration.ofSeconds(30)));
        var redirected = new TerminationCause.Redirected(SECOND);
        assertEquals(redirected, client.awaitClosed());
        assertEquals(redirected, accepted.awaitClosed());
        try (Tunnel next = VpnClient.follow(client, Loopback.clientOf(first).build())) {
            expectAtSecond(next);
            assertThrows(IllegalArgumentException.class,
                    () -> VpnClient.follow(next, Loopback.clientOf(first).build()));
        }
    }

    @Test
    void aClientRedirectsNobody() throws Exception {
        try (Tunnel client = connect()) {
            assertFalse(client.redirect(SECOND, Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> client.redirect(SECOND, Duration.ofSeconds(-1)));
            assertThrows(IllegalArgumentException.class, () -> client.redirect(SECOND, Duration.ofDays(366)));
        }
    }

    @Test
    void whoIsSentInCirclesGivesUpWithAReason() {
        var asked = new AtomicInteger();
        atFirst.set(device -> {
            asked.incrementAndGet();
            return Optional.of(SECOND);
        });
        atSecond.set(device -> {
            asked.incrementAndGet();
            return Optional.of(RedirectTarget.of("127.0.0.1"));
        });
        var e = assertThrows(NegotiationException.class, this::connect);
        assertEquals("REDIRECT", e.notification());
        assertTrue(e.getMessage().contains("more than 5 times in 300 s"), e.getMessage());
        assertEquals(6, asked.get());
    }

    @Test
    void aServerThatRedirectsToItselfIsNotAskedAgain() {
        atFirst.set(device -> Optional.of(RedirectTarget.of("localhost")));
        var e = assertThrows(NegotiationException.class, this::connect);
        assertTrue(e.getMessage().contains("127.0.0.1 redirects to itself"), e.getMessage());
    }

    @Test
    void aNameWithoutAnAddressIsNamed() {
        atFirst.set(device -> Optional.of(RedirectTarget.of("no-such-server.invalid")));
        var e = assertThrows(UnknownHostException.class, this::connect);
        assertTrue(e.getMessage().contains("no-such-server.invalid"), e.getMessage());
    }

    @Test
    void theOtherServerHasToBeWhomTheClientWants() throws Exception {
        atFirst.set(device -> Optional.of(SECOND));
        var config = Loopback.clientOf(first).remoteIdentity("another.example.com").build();
        assertThrows(AuthenticationException.class, () -> VpnClient.connect(config));
        assertEquals(List.of(), first.tunnels());
    }

    @Test
    void aRedirectorThatFailsKeepsNobodyOut() throws Exception {
        atFirst.set(device -> {
            if (device.identity().isPresent()) {
                throw new StackOverflowError();
            }
            throw new IllegalStateException("the application's own");
        });
        Logger log = Logger.getLogger("jkipsec");
        log.setLevel(Level.OFF);
        try (Tunnel client = connect()) {
            assertEquals(first.natTAddress(), client.peer());
            assertEquals(2, first.statistics().faults());
            assertInstanceOf(TunnelState.Up.class, client.state());
        } finally {
            log.setLevel(null);
        }
    }

    @Test
    void aRedirectorMayLookAtTheServerButWhatItWouldWaitForIsRefused() throws Exception {
        var refusals = new ArrayList<Class<?>>();
        try (Tunnel before = connect(); Tunnel open = first.accept()) {
            atFirst.set(device -> {
                for (Executable waiting : List.<Executable>of(
                        first::close, open::close, () -> open.connect(7), () -> open.ping(Duration.ofDays(1)))) {
                    refusals.add(assertThrows(IllegalStateException.class, waiting).getClass());
                }
                return first.statistics().tunnelsOpen() > 0 && open.statistics().packetsIn() >= 0
                        && open.lastHeard().isBefore(Instant.MAX) ? Optional.of(SECOND) : Optional.empty();
            });
            try (Tunnel client = connect()) {
                assertEquals(second.natTAddress(), client.peer());
            }
            assertEquals(4, refusals.size());
            assertTrue(before.isOpen() && open.isOpen());
        }
    }
}
