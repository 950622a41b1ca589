package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import jkipsec.ike.Liveness;
import jkipsec.ike.TerminationCause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VpnServerTest {
    @Test
    void aTunnelThatEndsBeforeItIsAcceptedIsCountedAndNotReturned() throws Exception {
        try (var server = VpnServer.start(Loopback.config().build())) {
            VpnClient.connect(Loopback.clientOf(server).build()).close();
            while (server.statistics().tunnelsNotAccepted() == 0) {
                Thread.onSpinWait();
            }
            assertEquals(1, server.statistics().tunnelsOpened());
            assertThrows(SocketTimeoutException.class, () -> server.accept(Duration.ZERO));
            try (Tunnel next = VpnClient.connect(Loopback.clientOf(server).build())) {
                assertEquals("alice", server.accept().identity());
                assertTrue(next.isOpen());
            }
            assertEquals(1, server.statistics().tunnelsNotAccepted());
        }
    }

    @Test
    void whoTakesTooLongToDecideIsInterruptedAndTheDeviceRefused() throws Exception {
        var interrupted = new CompletableFuture<Boolean>();
        Authenticator hangs = challenge -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
            return AuthDecision.reject("interrupted");
        };
        var config = Loopback.config().authenticator(hangs).decisionTimeout(Duration.ofMillis(200));
        try (var server = VpnServer.start(config.build())) {
            assertThrows(AuthenticationException.class, () -> VpnClient.connect(Loopback.clientOf(server).build()));
            assertTrue(interrupted.get());
            assertEquals(0, server.statistics().faults());
        }
    }

    @Test
    void bindsFreePortsAndTellsWhich() throws IOException {
        try (var server = VpnServer.start(Loopback.config().build())) {
            assertTrue(server.ikeAddress().getPort() > 0);
            assertNotEquals(server.ikeAddress(), server.natTAddress());
            assertEquals(InetAddress.getByName("127.0.0.1"), server.natTAddress().getAddress());
            assertEquals(List.of(), server.tunnels());
        }
    }

    @Test
    void aPortInUseIsNamedWithAWayOutAndNothingStaysBound() throws IOException {
        try (var server = VpnServer.start(Loopback.config().build())) {
            int taken = server.natTAddress().getPort();
            var config = Loopback.config().natTPort(taken).build();
            var e = assertThrows(BindException.class, () -> VpnServer.start(config));
            assertTrue(e.getMessage().contains("127.0.0.1:" + taken), e.getMessage());
            assertTrue(e.getMessage().contains("ss -ulpn"), e.getMessage());
        }
    }

    @Test
    void aForeignAddressIsNamedWithAWayOut() {
        var config = Loopback.config().bind("192.0.2.1").build();
        var e = assertThrows(BindException.class, () -> VpnServer.start(config));
        assertTrue(e.getMessage().contains("192.0.2.1") && e.getMessage().contains("publicAddress"), e.getMessage());
    }

    @Test
    void aPrivilegedPortIsExplainedWithThreeWaysOut() {
        var address = new InetSocketAddress("0.0.0.0", 500);
        String message = BindAdvice.explain(address, new SocketException("Permission denied")).getMessage();
        assertTrue(message.contains("0.0.0.0:500"), message);
        assertTrue(message.contains("setcap cap_net_bind_service"), message);
        assertTrue(message.contains("net.ipv4.ip_unprivileged_port_start=500"), message);
        assertTrue(message.contains("redirect to :8500"), message);
    }

    @Test
    void closingWakesWhoAcceptsAndEndsEveryThread() throws Exception {
        var server = VpnServer.start(Loopback.config().build());
        var acceptor = Waiter.start(server::accept);
        acceptor.awaitWaiting();
        server.close();
        server.close();
        assertThrows(IOException.class, acceptor::result);
        assertEquals(List.of(), server.threads().stream().filter(Thread::isAlive).toList());
        VpnServer.start(Loopback.config()
                .ikePort(server.ikeAddress().getPort())
                .natTPort(server.natTAddress().getPort())
                .build()).close();
    }

    @Test
    void anInterruptEndsTheWaitForADevice() throws Exception {
        try (var server = VpnServer.start(Loopback.config().build())) {
            var acceptor = Waiter.start(server::accept);
            acceptor.awaitWaiting();
            acceptor.thread().interrupt();
            assertThrows(InterruptedException.class, acceptor::result);
        }
    }

    @Test
    void aSecondLoginReplacesTheFirstUnlessItIsToBeKept() throws Exception {
        for (Liveness.SecondLogin answer : List.of(Liveness.SecondLogin.REPLACE, Liveness.SecondLogin.KEEP)) {
            try (VpnServer server = VpnServer.start(Loopback.config().secondLogin(answer).build())) {
                try (Tunnel first = VpnClient.connect(Loopback.clientOf(server).build());
                        Tunnel old = server.accept();
                        Tunnel second = VpnClient.connect(Loopback.clientOf(server).build())) {
                    server.accept();
                    if (answer == Liveness.SecondLogin.REPLACE) {
                        assertEquals(new TerminationCause.Superseded(), old.awaitClosed());
                        assertEquals(new TerminationCause.DeletedByPeer(), first.awaitClosed());
                    } else {
                        assertTrue(old.isOpen() && first.isOpen());
                    }
                    assertTrue(second.isOpen());
                }
            }
        }
    }

    @Test
    void anUnusedTunnelEndsAtItsLimit() throws Exception {
        try (VpnServer server = VpnServer.start(Loopback.config().idleLimit(Duration.ofMillis(300)).build());
                Tunnel unused = VpnClient.connect(Loopback.clientOf(server).build())) {
            assertEquals(new TerminationCause.DeletedByPeer(), unused.awaitClosed());
        }
    }
}
