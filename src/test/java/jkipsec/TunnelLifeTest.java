package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.CompletableFuture;
import jkipsec.ike.TerminationCause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tunnel tells of its life. */
@Timeout(60)
class TunnelLifeTest {
    private record Heard(Tunnel tunnel, TunnelEvent event) {}

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    private VpnServer server() throws Exception {
        return VpnServer.start(
                Loopback.config().listener((tunnel, event) -> heard.add(new Heard(tunnel, event))).build());
    }

    @Test
    void aServersListenerHearsThatATunnelIsUpAndWhyItEnded() throws Exception {
        try (var server = server()) {
            Tunnel client = VpnClient.connect(Loopback.clientOf(server).build());
            Tunnel tunnel = server.accept();
            assertEquals(new Heard(tunnel, new TunnelEvent.Up()), heard.take());
            assertEquals(new TunnelState.Up(), tunnel.state());
            client.close();
            TunnelEvent end = heard.take().event();
            assertEquals(new TunnelEvent.Closed(new TerminationCause.DeletedByPeer()), end);
            assertEquals(new TunnelState.Closed(new TerminationCause.DeletedByPeer()), tunnel.state());
            assertTrue(heard.isEmpty());
        }
    }

    @Test
    void theEndIsAStageThatCompletesOffTheEngine() throws Exception {
        try (var pair = Loopback.start()) {
            var closed = pair.client().closed();
            assertSame(closed, pair.client().closed());
            var virtual = new CompletableFuture<Boolean>();
            closed.thenRun(() -> virtual.complete(Thread.currentThread().isVirtual()));
            assertFalse(virtual.isDone());
            pair.accepted().close();
            assertTrue(virtual.get());
            assertEquals(new TerminationCause.DeletedByPeer(), closed.toCompletableFuture().get());
            assertEquals(new TerminationCause.ClosedLocally(), pair.accepted().closed().toCompletableFuture().get());
        }
    }

    @Test
    void aListenerThatComesAfterTheEndHearsOfIt() throws Exception {
        try (var pair = Loopback.start()) {
            pair.client().close();
            var events = new LinkedBlockingQueue<TunnelEvent>();
            pair.client().onEvent(events::add);
            assertEquals(new TunnelEvent.Closed(new TerminationCause.ClosedLocally()), events.take());
        }
    }

    @Test
    void aListenerThatNeverReturnsHoldsUpNeitherTrafficNorTheEnd() throws Exception {
        try (var pair = Loopback.start()) {
            var never = new CompletableFuture<Void>();
            pair.client().onEvent(event -> never.join());
            tell(pair.client(), TunnelEvent.Keys.CHILD, 10_000);
            assertFalse(pair.client().ping(Duration.ofSeconds(20)).isNegative());
            pair.client().close();
            assertEquals(10_000, pair.client().rekeys(TunnelEvent.Keys.CHILD));
            never.complete(null);
        }
    }

    private static void tell(Tunnel tunnel, TunnelEvent.Keys keys, int times) throws Exception {
        TunnelShell shell = tunnel.shell();
        shell.engine().ask("test", now -> {
            for (int i = 0; i < times; i++) {
                shell.rekeyed(keys);
            }
            return null;
        });
    }

    @Test
    void replacedKeysAreCountedAndTold() throws Exception {
        try (var server = server(); Tunnel client = VpnClient.connect(Loopback.clientOf(server).build())) {
            Tunnel tunnel = server.accept();
            tell(tunnel, TunnelEvent.Keys.IKE, 1);
            tell(tunnel, TunnelEvent.Keys.CHILD, 2);
            assertEquals(new TunnelEvent.Up(), heard.take().event());
            assertEquals(new TunnelEvent.Rekeyed(TunnelEvent.Keys.IKE), heard.take().event());
            assertEquals(new TunnelEvent.Rekeyed(TunnelEvent.Keys.CHILD), heard.take().event());
            assertEquals(new TunnelEvent.Rekeyed(TunnelEvent.Keys.CHILD), heard.take().event());
            assertEquals(1, tunnel.rekeys(TunnelEvent.Keys.IKE));
            assertEquals(2, tunnel.rekeys(TunnelEvent.Keys.CHILD));
            assertEquals(0, client.rekeys(TunnelEvent.Keys.IKE));
        }
    }

    @Test
    void lastHeardIsBetweenThePingAndNow() throws Exception {
        try (var pair = Loopback.start()) {
            Instant before = Instant.now();
            pair.client().ping(Duration.ofSeconds(20));
            Instant heardAt = pair.client().lastHeard();
            // The two clocks are not the same one; a second is far more than they differ by here.
            assertFalse(heardAt.isBefore(before.minusSeconds(1)), () -> heardAt + " " + before);
            assertFalse(heardAt.isAfter(Instant.now().plusSeconds(1)));
            pair.client().close();
            assertFalse(pair.client().lastHeard().isAfter(Instant.now().plusSeconds(1)));
        }
    }

    @Test
    void aPeerThatIsReachedElsewhereIsTold() throws Exception {
        try (var pair = Loopback.start()) {
            var events = new LinkedBlockingQueue<TunnelEvent>();
            pair.accepted().onEvent(events::add);
            InetSocketAddress before = pair.accepted().peer();
            TunnelShell shell = pair.accepted().shell();
            shell.engine().ask("test", now -> {
                shell.moved();
                return null;
            });
            assertEquals(before, pair.accepted().peer());
            pair.client().close();
            assertEquals(new TunnelEvent.Closed(new TerminationCause.DeletedByPeer()), events.take(),
                    "a change that leaves the peer where it was is no move");
        }
    }
}
