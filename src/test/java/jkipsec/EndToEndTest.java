package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import jkipsec.ike.TerminationCause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server and a client over real UDP sockets on the loopback interface. */
@Timeout(60)
class EndToEndTest {
    private static final long SIZE = 4 * 1024 * 1024;

    @ParameterizedTest
    @EnumSource(Suite.class)
    void bytesFlowBothWaysThroughSocketsOfBothSides(Suite suite) throws Exception {
        try (var pair = Loopback.start(suite)) {
            exchange(pair.client(), pair.accepted());
            exchange(pair.accepted(), pair.client());
        }
    }

    /** One side listens, the other connects; both send at once and compare what arrived. */
    private static void exchange(Tunnel connecting, Tunnel listening) throws Exception {
        try (ServerSocket server = listening.listen(0)) {
            var far = Waiter.start(() -> {
                try (Socket socket = server.accept()) {
                    var sent = Waiter.start(() -> Loopback.send(socket, SIZE, 1));
                    return List.of(sent.result(), Loopback.receive(socket));
                }
            });
            try (Socket socket = connecting.connect(server.getLocalPort())) {
                var sent = Waiter.start(() -> Loopback.send(socket, SIZE, 2));
                String received = Loopback.receive(socket);
                assertEquals(List.of(received, sent.result()), far.result());
            }
        }
    }

    @Test
    void bothSidesKnowWhatWasNegotiated() throws Exception {
        try (var pair = Loopback.start()) {
            Tunnel server = pair.accepted();
            Tunnel client = pair.client();
            assertEquals("alice", server.identity());
            assertEquals(Loopback.SERVER_IDENTITY, client.identity());
            assertEquals(InetAddress.getByName("10.8.0.1"), server.localAddress());
            assertEquals(InetAddress.getByName("10.8.0.2"), server.remoteAddress());
            assertEquals(server.localAddress(), client.remoteAddress());
            assertEquals(server.remoteAddress(), client.localAddress());
            assertEquals(List.of(InetAddress.getByName("192.0.2.53")), client.dns());
            assertEquals(server.childSuite(), client.childSuite());
            assertEquals(server.ikeSuite(), client.ikeSuite());
            assertEquals(pair.server().natTAddress(), client.peer());
            assertTrue(client.innerMtu() >= 1_280 && client.innerMtu() < 1_500);
            assertEquals(List.of(server), pair.server().tunnels());
        }
    }

    @Test
    void smallPacketsCarryEverythingWhereThatIsAskedFor() throws Exception {
        try (var server = VpnServer.start(Loopback.config().innerMtu(600).build());
                Tunnel client = VpnClient.connect(Loopback.clientOf(server).outerMtu(700).build());
                Tunnel accepted = server.accept()) {
            assertEquals(600, accepted.innerMtu());
            assertTrue(client.innerMtu() > 600 && client.innerMtu() < 700);
            exchange(client, accepted);
            assertEquals(2, client.ping(2, Duration.ZERO, 2_000).received());
        }
    }

    @Test
    void aPingComesBackFromEitherSide() throws Exception {
        try (var pair = Loopback.start()) {
            assertFalse(pair.client().ping(Duration.ofSeconds(20)).isNegative());
            assertFalse(pair.accepted().ping(Duration.ofSeconds(20)).isNegative());
        }
    }

    @Test
    void severalConnectionsRunAtOnce() throws Exception {
        try (var pair = Loopback.start(); ServerSocket server = pair.accepted().listen(7)) {
            Thread.startVirtualThread(() -> echoForEver(server));
            var clients = new ArrayList<Waiter<Boolean>>();
            for (int i = 0; i < 20; i++) {
                int seed = i;
                clients.add(Waiter.start(() -> {
                    try (Socket socket = pair.client().connect(7)) {
                        var sent = Waiter.start(() -> Loopback.send(socket, 100_000, seed));
                        return Loopback.receive(socket).equals(sent.result());
                    }
                }));
            }
            for (var client : clients) {
                assertTrue(client.result());
            }
        }
    }

    private static void echoForEver(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.startVirtualThread(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // The other side sees it too.
                    }
                });
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @Test
    void closingAtTheClientEndsTheServersTunnelWithDelete() throws Exception {
        try (var pair = Loopback.start()) {
            ServerSocket listening = pair.accepted().listen(80);
            Socket client = pair.client().connect(80);
            Socket server = listening.accept();
            var reader = Waiter.start(() -> server.getInputStream().read());
            reader.awaitWaiting();
            pair.client().close();
            assertInstanceOf(TerminationCause.DeletedByPeer.class, pair.accepted().awaitClosed());
            assertInstanceOf(TerminationCause.ClosedLocally.class, pair.client().termination().orElseThrow());
            assertFalse(pair.accepted().isOpen());
            String why = assertThrows(SocketException.class, reader::result).getMessage();
            assertTrue(why.contains("deleted by the peer"), why);
            assertThrows(SocketException.class, () -> client.getOutputStream().write(1));
            assertThrows(SocketException.class, () -> pair.accepted().connect(80));
            assertThrows(SocketException.class, () -> pair.accepted().ping(Duration.ofSeconds(1)));
            assertThrows(SocketException.class, listening::accept);
            assertEquals(List.of(), pair.server().tunnels());
        }
    }

    @Test
    void aSocketAndThenItsTunnelCanBeClosedWithoutLoss() throws Exception {
        try (var pair = Loopback.start(); var listening = pair.accepted().listen(80)) {
            var reader = Waiter.start(() -> {
                try (Socket socket = listening.accept()) {
                    return Loopback.receive(socket);
                }
            });
            String sent;
            try (Tunnel tunnel = pair.client(); Socket socket = tunnel.connect(80)) {
                sent = Loopback.send(socket, SIZE, 3);
            }
            assertEquals(sent, reader.result());
        }
    }

    @Test
    void closingTheServerLosesNothingThatWasFinished() throws Exception {
        try (var pair = Loopback.start(); var listening = pair.client().listen(80)) {
            var reader = Waiter.start(() -> Loopback.receive(listening.accept()));
            String sent;
            try (Socket socket = pair.accepted().connect(80)) {
                sent = Loopback.send(socket, SIZE, 3);
            }
            pair.server().close();
            assertEquals(sent, reader.result());
        }
    }

    @Test
    void closingAtTheServerEndsTheClientsTunnelWithDelete() throws Exception {
        try (var pair = Loopback.start()) {
            pair.accepted().close();
            assertInstanceOf(TerminationCause.DeletedByPeer.class, pair.client().awaitClosed());
        }
    }

    @Test
    void closingTheServerSendsDeleteToEveryDeviceAndEndsEveryThread() throws Exception {
        var pair = Loopback.start();
        Tunnel second = VpnClient.connect(Loopback.clientOf(pair.server()).build());
        pair.server().close();
        assertInstanceOf(TerminationCause.DeletedByPeer.class, pair.client().awaitClosed());
        assertInstanceOf(TerminationCause.DeletedByPeer.class, second.awaitClosed());
        assertEquals(List.of(), pair.server().threads().stream().filter(Thread::isAlive).toList());
        assertThrows(IOException.class, () -> pair.server().accept());
        pair.close();
        second.close();
    }

    @Test
    void everyDeviceGetsAnAddressOfItsOwn() throws Exception {
        try (var pair = Loopback.start();
                Tunnel second = VpnClient.connect(Loopback.clientOf(pair.server()).build());
                Tunnel accepted = pair.server().accept()) {
            assertEquals(InetAddress.getByName("10.8.0.3"), second.localAddress());
            assertEquals(second.localAddress(), accepted.remoteAddress());
            exchange(second, accepted);
        }
    }

    @Test
    void aServerBoundToEveryLocalAddressIsReachedAtEach() throws Exception {
        try (var server = VpnServer.start(Loopback.config().bind("0.0.0.0").build());
                Tunnel client = VpnClient.connect(Loopback.clientOf(server).build());
                Tunnel accepted = server.accept()) {
            exchange(client, accepted);
        }
    }

    @Test
    void ipv6WorksInsideBesideIpv4() throws Exception {
        var config = Loopback.config().addressPool6("fd12:3456:789a::/64").dns("192.0.2.53", "2001:db8::53");
        try (var server = VpnServer.start(config.build());
                Tunnel client = VpnClient.connect(Loopback.clientOf(server).ipv6(true).build());
                Tunnel accepted = server.accept()) {
            assertEquals(InetAddress.getByName("10.8.0.2"), client.localAddress());
            InetAddress device = InetAddress.getByName("fd12:3456:789a::2");
            InetAddress gateway = InetAddress.getByName("fd12:3456:789a::1");
            assertEquals(List.of(device, gateway),
                    List.of(client.localAddress6().orElseThrow(), client.remoteAddress6().orElseThrow()));
            assertEquals(List.of(gateway, device),
                    List.of(accepted.localAddress6().orElseThrow(), accepted.remoteAddress6().orElseThrow()));
            assertEquals(2, client.dns().size());
            bothFamilies(client, accepted);
            bothFamilies(accepted, client);
        }
    }

    /** One listening socket takes connections to either address. */
    private static void bothFamilies(Tunnel connecting, Tunnel listening) throws Exception {
        try (ServerSocket server = listening.listen(0)) {
            for (InetAddress to : List.of(connecting.remoteAddress(), connecting.remoteAddress6().orElseThrow())) {
                var reader = Waiter.start(() -> {
                    try (Socket socket = server.accept()) {
                        assertEquals(to, socket.getLocalAddress());
                        return Loopback.receive(socket);
                    }
                });
                try (Socket socket = connecting.socketFactory()
                        .createSocket(to.getHostAddress(), server.getLocalPort())) {
                    assertEquals(to, socket.getInetAddress());
                    assertEquals(Loopback.send(socket, SIZE, 1), reader.result());
                }
            }
        }
    }

    @Test
    void aTunnelOfIpv4AloneReachesNoIpv6Address() throws Exception {
        try (var pair = Loopback.start()) {
            assertTrue(pair.client().localAddress6().isEmpty() && pair.client().remoteAddress6().isEmpty());
            assertThrows(NoRouteToHostException.class,
                    () -> pair.client().socketFactory().createSocket("fd12:3456:789a::1", 80));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "::"})
    void aServerIsReachedOverIpv6(String bind) throws Exception {
        assumeTrue(hasIpv6(), "this machine has no IPv6 loopback address");
        try (var server = VpnServer.start(Loopback.config().bind(bind).addressPool6("fd12:3456:789a::/64").build());
                Tunnel client = VpnClient.connect(Loopback.clientOf(server)
                        .server("::1", server.ikeAddress().getPort(), server.natTAddress().getPort())
                        .ipv6(true)
                        .build());
                Tunnel accepted = server.accept()) {
            assertEquals(InetAddress.getByName("::1"), accepted.peer().getAddress());
            exchange(client, accepted);
            bothFamilies(client, accepted);
        }
    }

    private static boolean hasIpv6() {
        try (var socket = new DatagramSocket(new InetSocketAddress("::1", 0))) {
            return socket.isBound();
        } catch (IOException none) {
            return false;
        }
    }

    @Test
    void anAuthenticatorThatBlocksHoldsUpNobodyElse() throws Exception {
        var slow = new CountDownLatch(1);
        AuthKey bob = AuthKey.derive("bob's");
        Authenticator known = Loopback.authenticator(Map.of("alice", Loopback.ALICE, "bob", bob));
        var config = Loopback.config().authenticator(challenge -> {
            if (challenge.identity().equals("bob")) {
                slow.await();
            }
            return known.authenticate(challenge);
        });
        try (var server = VpnServer.start(config.build())) {
            var waiting = Waiter.start(() -> VpnClient.connect(
                    Loopback.clientOf(server).identity("bob").authKey(bob).build()));
            try (Tunnel alice = VpnClient.connect(Loopback.clientOf(server).build())) {
                assertEquals("alice", server.accept().identity());
                slow.countDown();
                waiting.result().close();
                assertTrue(alice.isOpen());
            }
        }
    }

    @Test
    void tunnelsNobodyAcceptedAreForgottenWhenTheyEnd() throws Exception {
        try (var server = VpnServer.start(Loopback.config().build())) {
            VpnClient.connect(Loopback.clientOf(server).build()).close();
            try (Tunnel second = VpnClient.connect(Loopback.clientOf(server).build())) {
                Tunnel accepted = server.accept();
                assertEquals(second.localAddress(), accepted.remoteAddress());
                assertThrows(SocketTimeoutException.class, () -> server.accept(Duration.ZERO));
            }
        }
    }

    @Test
    void statisticsCountWhatWentThrough() throws Exception {
        try (var pair = Loopback.start()) {
            exchange(pair.client(), pair.accepted());
            TunnelStatistics client = pair.client().statistics();
            assertTrue(client.octetsOut() > SIZE && client.octetsIn() > SIZE, client::toString);
            assertTrue(client.packetsOut() > SIZE / 1_500, client::toString);
            ServerStatistics server = pair.server().statistics();
            assertEquals(1, server.tunnelsOpened());
            assertEquals(1, server.tunnelsOpen());
            assertEquals(0, server.faults());
            assertTrue(server.datagrams() > SIZE / 1_500);
        }
    }
}
