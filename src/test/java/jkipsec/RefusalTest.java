package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not get in, and what either side is told. */
@Timeout(60)
class RefusalTest {
    private VpnServer server;

    @BeforeEach
    void start() throws IOException {
        server = VpnServer.start(Loopback.config().addressPool("10.8.0.0/30").build());
    }

    @AfterEach
    void stop() {
        assertEquals(0, server.statistics().faults());
        server.close();
    }

    private Tunnel connect(ClientConfig.Builder config) throws IOException {
        return VpnClient.connect(config.build());
    }

    private void stillServes() throws IOException {
        connect(Loopback.clientOf(server)).close();
    }

    @Test
    void aWrongPreSharedKeyIsRefused() throws IOException {
        var e = assertThrows(AuthenticationException.class,
                () -> connect(Loopback.clientOf(server).authKey(AuthKey.derive("wrong"))));
        assertTrue(e.getMessage().contains("authentication failed"), e.getMessage());
        stillServes();
    }

    @Test
    void anUnknownIdentityIsRefused() throws IOException {
        assertThrows(AuthenticationException.class, () -> connect(Loopback.clientOf(server).identity("mallory")));
        stillServes();
    }

    @Test
    void aServerOfAnotherNameIsRefused() throws IOException {
        assertThrows(AuthenticationException.class,
                () -> connect(Loopback.clientOf(server).remoteIdentity("other.example.com")));
        stillServes();
    }

    @Test
    void anAuthenticatorThatThrowsOrReturnsNothingRefuses() throws IOException {
        for (Authenticator failing : new Authenticator[] {
            challenge -> null,
            challenge -> {
                throw new IOException("the database is away");
            },
            challenge -> {
                throw new IllegalStateException();
            },
            challenge -> {
                throw new NoClassDefFoundError("a/driver/that/is/Missing");
            }
        }) {
            var config = Loopback.config().authenticator(failing).decisionsAtOnce(1);
            try (var other = VpnServer.start(config.build())) {
                assertThrows(AuthenticationException.class, () -> connect(Loopback.clientOf(other)));
                // Whatever became of the first decision, its place is free for the next.
                assertThrows(AuthenticationException.class, () -> connect(Loopback.clientOf(other)));
            }
        }
    }

    @Test
    void anApprovalIsGoodForItsOwnChallengeOnly() throws IOException {
        var kept = new AtomicReference<AuthDecision>();
        try (var other = VpnServer.start(Loopback.config().authenticator(challenge -> {
            kept.compareAndSet(null, challenge.approveWith(Loopback.ALICE));
            return kept.get();
        }).build())) {
            connect(Loopback.clientOf(other)).close();
            assertThrows(AuthenticationException.class, () -> connect(Loopback.clientOf(other)));
        }
    }

    @Test
    void whenThePoolIsExhaustedTheDeviceIsToldSo() throws IOException {
        try (Tunnel only = connect(Loopback.clientOf(server))) {
            assertTrue(only.isOpen());
            var e = assertThrows(NegotiationException.class, () -> connect(Loopback.clientOf(server)));
            assertEquals("INTERNAL_ADDRESS_FAILURE", e.notification());
        }
        stillServes();
    }

    @Test
    void suitesWithNothingInCommonAreRefused() throws IOException {
        try (var strict = VpnServer.start(Loopback.config().suites(Suite.AES_256_GCM).build())) {
            var e = assertThrows(NegotiationException.class,
                    () -> connect(Loopback.clientOf(strict).suites(Suite.AES_256_CBC_SHA256)));
            assertEquals("NO_PROPOSAL_CHOSEN", e.notification());
        }
    }

    @Test
    void theServersOrderOfPreferenceCounts() throws Exception {
        try (var cbcFirst = VpnServer.start(
                        Loopback.config().suites(Suite.AES_256_CBC_SHA256, Suite.AES_256_GCM).build());
                Tunnel tunnel = connect(Loopback.clientOf(cbcFirst))) {
            assertTrue(tunnel.childSuite().contains("CBC"), tunnel.childSuite());
        }
    }

    @Test
    void aServerThatDoesNotAnswerTimesOut() throws IOException {
        try (var silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var config = Loopback.clientOf(server)
                    .server("127.0.0.1", silent.getLocalPort(), silent.getLocalPort())
                    .connectTimeout(Duration.ofMillis(50));
            assertThrows(SocketTimeoutException.class, () -> connect(config));
        }
    }

    @Test
    void anInterruptEndsTheAttempt() throws Exception {
        try (var silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var config = Loopback.clientOf(server).server("127.0.0.1", silent.getLocalPort(), silent.getLocalPort());
            var connecting = Waiter.start(() -> {
                try {
                    return connect(config);
                } finally {
                    assertTrue(Thread.currentThread().isInterrupted());
                }
            });
            connecting.awaitWaiting();
            connecting.thread().interrupt();
            assertThrows(InterruptedIOException.class, connecting::result);
        }
    }
}
