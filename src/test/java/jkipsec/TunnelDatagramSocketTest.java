package jkipsec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagram sockets inside a tunnel, beside the JDK's on the loopback interface: each behaviour on both. */
@Timeout(60)
class TunnelDatagramSocketTest {
    private static Loopback pair;

    /** Where sockets are made: here and at the other end. */
    private enum World {
        JDK {
            @Override
            DatagramSocket here(int port) throws IOException {
                return new DatagramSocket(port, InetAddress.getLoopbackAddress());
            }

            @Override
            DatagramSocket there() throws IOException {
                return here(0);
            }

            @Override
            DatagramSocket unbound() throws IOException {
                return new DatagramSocket(null);
            }

            @Override
            InetAddress addressHere() {
                return InetAddress.getLoopbackAddress();
            }

            @Override
            InetAddress addressThere() {
                return InetAddress.getLoopbackAddress();
            }
        },
        TUNNEL {
            @Override
            DatagramSocket here(int port) throws IOException {
                return pair.client().datagramSocket(port);
            }

            @Override
            DatagramSocket there() throws IOException {
                return pair.accepted().datagramSocket();
            }

            @Override
            DatagramSocket unbound() throws IOException {
                return pair.client().datagramSocket(null);
            }

            @Override
            InetAddress addressHere() {
                return pair.client().localAddress();
            }

            @Override
            InetAddress addressThere() {
                return pair.client().remoteAddress();
            }
        };

        abstract DatagramSocket here(int port) throws IOException;

        abstract DatagramSocket there() throws IOException;

        abstract DatagramSocket unbound() throws IOException;

        abstract InetAddress addressHere();

        abstract InetAddress addressThere();

        SocketAddress of(DatagramSocket there) {
            return new InetSocketAddress(addressThere(), there.getLocalPort());
        }

        SocketAddress ofHere(DatagramSocket here) {
            return new InetSocketAddress(addressHere(), here.getLocalPort());
        }
    }

    @BeforeAll
    static void connect() throws Exception {
        pair = Loopback.start();
    }

    @AfterAll
    static void disconnect() {
        pair.close();
    }

    private static DatagramPacket packet(String text, SocketAddress to) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return new DatagramPacket(octets, octets.length, to);
    }

    private static String receive(DatagramSocket socket) throws IOException {
        var packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return text(packet);
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), packet.getOffset(), packet.getLength(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void whatIsSentIsReceivedAndAnswered(World world) throws Exception {
        try (var here = world.here(0); var there = world.there()) {
            here.send(packet("ping", world.of(there)));
            var received = new DatagramPacket(new byte[100], 100);
            there.receive(received);
            assertEquals("ping", text(received));
            assertEquals(world.ofHere(here), received.getSocketAddress());
            there.send(packet("pong", received.getSocketAddress()));
            here.receive(received);
            assertEquals("pong", text(received));
            assertEquals(world.of(there), received.getSocketAddress());
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void sizesFromNothingToWhatNeedsFragmentsAreCarried(World world) throws Exception {
        try (var here = world.here(0); var there = world.there()) {
            for (int size : new int[] {0, 1, 1_300, 1_500, 9_000, 65_507}) {
                byte[] sent = new byte[size];
                new Random(size).nextBytes(sent);
                here.send(new DatagramPacket(sent, size, world.of(there)));
                var received = new DatagramPacket(new byte[65_535], 65_535);
                there.receive(received);
                assertArrayEquals(sent, Arrays.copyOf(received.getData(), received.getLength()));
            }
            var tooLong = new DatagramPacket(new byte[65_508], 65_508, world.of(there));
            assertThrows(IOException.class, () -> here.send(tooLong));
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void whatIsLongerThanThePacketIsCutAndThePacketCanBeUsedAgain(World world) throws Exception {
        try (var here = world.here(0); var there = world.there()) {
            var packet = new DatagramPacket(new byte[10], 2, 5);
            here.send(packet("a", world.of(there)));
            there.receive(packet);
            assertEquals("a", text(packet));
            here.send(packet("0123456789", world.of(there)));
            there.receive(packet);
            assertEquals("01234", text(packet));
            packet.setLength(3);
            here.send(packet("0123456789", world.of(there)));
            there.receive(packet);
            assertEquals("012", text(packet));
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void aTimeoutEndsWaitingAndTheSocketGoesOn(World world) throws Exception {
        try (var here = world.here(0); var there = world.there()) {
            there.setSoTimeout(20);
            assertEquals("Receive timed out",
                    assertThrows(SocketTimeoutException.class, () -> receive(there)).getMessage());
            there.setSoTimeout(0);
            here.send(packet("late", world.of(there)));
            assertEquals("late", receive(there));
            assertThrows(IllegalArgumentException.class, () -> there.setSoTimeout(-1));
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void closingWakesWhoReceives(World world) throws Exception {
        var here = world.here(0);
        var virtual = Waiter.start(() -> receive(here));
        if (world == World.TUNNEL) { // the JDK's waits in the kernel, where a thread looks as if it ran
            virtual.awaitWaiting();
        }
        here.close();
        assertEquals("Socket closed", assertThrows(SocketException.class, virtual::result).getMessage());
        here.close();
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void aClosedSocketSaysSo(World world) throws Exception {
        var here = world.here(0);
        here.close();
        assertTrue(here.isClosed());
        assertTrue(here.isBound());
        assertEquals(-1, here.getLocalPort());
        assertNull(here.getLocalAddress());
        assertNull(here.getLocalSocketAddress());
        assertThrows(SocketException.class, () -> receive(here));
        assertThrows(SocketException.class, () -> here.send(packet("x", new InetSocketAddress(world.addressThere(), 9))));
        assertThrows(SocketException.class, () -> here.setSoTimeout(1));
        assertThrows(SocketException.class, () -> here.bind(null));
        here.connect(new InetSocketAddress(world.addressThere(), 9));
        assertFalse(here.isConnected());
        here.disconnect();
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void aVirtualThreadThatIsInterruptedClosesTheSocket(World world) throws Exception {
        var here = world.here(0);
        var set = new boolean[1];
        var reader = Waiter.start(() -> {
            try {
                return receive(here);
            } finally {
                set[0] = Thread.currentThread().isInterrupted();
            }
        });
        reader.thread().interrupt();
        String why = assertThrows(SocketException.class, reader::result).getMessage();
        assertEquals("Closed by interrupt", why);
        assertTrue(here.isClosed());
        assertTrue(set[0]);
    }

    @Test
    void aPlatformThreadThatIsInterruptedGoesOnWaiting() throws Exception {
        try (var here = World.TUNNEL.here(0); var there = World.TUNNEL.there()) {
            var reader = Waiter.startPlatform(() -> receive(there) + Thread.currentThread().isInterrupted());
            reader.awaitWaiting();
            reader.thread().interrupt();
            here.send(packet("still here ", World.TUNNEL.of(there)));
            assertEquals("still here true", reader.result());
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void aConnectedSocketHearsItsPeerOnly(World world) throws Exception {
        try (var here = world.here(0); var there = world.there(); var other = world.there()) {
            assertFalse(here.isConnected());
            assertEquals(-1, here.getPort());
            assertNull(here.getInetAddress());
            here.connect(world.of(there));
            assertTrue(here.isConnected());
            assertEquals(there.getLocalPort(), here.getPort());
            assertEquals(world.addressThere(), here.getInetAddress());
            assertEquals(world.addressHere(), here.getLocalAddress());
            assertEquals(world.of(there), here.getRemoteSocketAddress());
            other.send(packet("from another", world.ofHere(here)));
            there.send(packet("from the peer", world.ofHere(here)));
            assertEquals("from the peer", receive(here));
            here.send(new DatagramPacket(new byte[] {'x'}, 1));
            assertEquals("x", receive(there));
            assertThrows(IllegalArgumentException.class, () -> here.send(packet("y", world.of(other))));
            here.disconnect();
            assertFalse(here.isConnected());
            here.send(packet("to another", world.of(other)));
            assertEquals("to another", receive(other));
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void aConnectedSocketLearnsThatThePortIsClosed(World world) throws Exception {
        try (var here = world.here(0)) {
            var there = world.there();
            here.connect(world.of(there));
            there.close();
            here.send(new DatagramPacket(new byte[1], 1));
            assertThrows(PortUnreachableException.class, () -> receive(here));
            here.setSoTimeout(10);
            assertThrows(SocketTimeoutException.class, () -> receive(here));
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void anUnconnectedSocketDoesNotHearOfAClosedPort(World world) throws Exception {
        try (var here = world.here(0); var open = world.there()) {
            SocketAddress closed;
            try (var there = world.there()) {
                closed = world.of(there);
            }
            here.send(packet("nobody", closed));
            here.send(packet("somebody", world.of(open)));
            assertEquals("somebody", receive(open));
            here.setSoTimeout(10);
            assertThrows(SocketTimeoutException.class, () -> receive(here));
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void aPortIsBoundOnceAndFreeWhenClosed(World world) throws Exception {
        var here = world.here(0);
        int port = here.getLocalPort();
        assertTrue(port > 0);
        assertThrows(BindException.class, () -> world.here(port));
        assertThrows(SocketException.class, () -> here.bind(null));
        here.close();
        world.here(port).close();
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void anUnboundSocketIsBoundWhenItIsUsed(World world) throws Exception {
        try (var here = world.unbound(); var there = world.there()) {
            assertFalse(here.isBound());
            assertEquals(0, here.getLocalPort());
            assertTrue(here.getLocalAddress().isAnyLocalAddress());
            assertNull(here.getLocalSocketAddress());
            here.send(packet("x", world.of(there)));
            assertTrue(here.isBound());
            assertNotEquals(0, here.getLocalPort());
            assertEquals("x", receive(there));
        }
    }

    @ParameterizedTest
    @EnumSource(World.class)
    void programmingErrorsAreTold(World world) throws Exception {
        try (var here = world.here(0)) {
            assertThrows(IllegalArgumentException.class, () -> here.send(new DatagramPacket(new byte[1], 1)));
            assertThrows(SocketException.class,
                    () -> here.send(new DatagramPacket(new byte[1], 1, world.addressThere(), 0)));
            assertThrows(IllegalArgumentException.class, () -> here.connect(null));
            assertThrows(IllegalArgumentException.class, () -> here.connect(null, 1));
            assertThrows(SocketException.class,
                    () -> here.connect(InetSocketAddress.createUnresolved("device.example", 1)));
            assertThrows(IllegalArgumentException.class, () -> here.setReceiveBufferSize(0));
            assertThrows(IllegalArgumentException.class, () -> here.setSendBufferSize(-1));
        }
    }

    @Test
    void optionsThatMakeNoSenseSayThatTheyAreNotSupported() throws Exception {
        try (var here = World.TUNNEL.here(0)) {
            here.setOption(StandardSocketOptions.SO_RCVBUF, 5_000);
            assertEquals(5_000, here.getReceiveBufferSize());
            here.setOption(StandardSocketOptions.SO_SNDBUF, 6_000);
            assertEquals(6_000, here.getOption(StandardSocketOptions.SO_SNDBUF));
            here.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            assertTrue(here.getReuseAddress());
            assertEquals(3, here.supportedOptions().size());
            assertThrows(UnsupportedOperationException.class,
                    () -> here.setOption(StandardSocketOptions.SO_BROADCAST, true));
            assertThrows(UnsupportedOperationException.class, () -> here.getOption(StandardSocketOptions.IP_TOS));
            assertThrows(UnsupportedOperationException.class, () -> here.joinGroup(null, null));
            assertNull(here.getChannel());
        }
    }

    @Test
    void aQueueThatIsFullDropsAndCountsAndTheTunnelGoesOn() throws Exception {
        try (var here = World.TUNNEL.here(0); var there = World.TUNNEL.there(); var other = World.TUNNEL.there()) {
            there.setReceiveBufferSize(2_000);
            for (int i = 0; i < 10; i++) {
                here.send(new DatagramPacket(new byte[500], 500, World.TUNNEL.of(there)));
            }
            here.send(packet("through", World.TUNNEL.of(other)));
            assertEquals("through", receive(other));
            assertTrue(pair.server().statistics().dropped().get("datagram.QUEUE_FULL") >= 8);
            there.setSoTimeout(10);
            receive(there);
            receive(there);
            assertThrows(SocketTimeoutException.class, () -> receive(there));
        }
    }

    @Test
    void aSmallSendBufferMakesSendersWaitAndLosesNothing() throws Exception {
        try (var here = World.TUNNEL.here(0); var there = World.TUNNEL.there()) {
            here.setSendBufferSize(1);
            for (int i = 0; i < 200; i++) {
                here.send(packet(String.valueOf(i), World.TUNNEL.of(there)));
            }
            for (int i = 0; i < 200; i++) {
                assertEquals(String.valueOf(i), receive(there));
            }
        }
    }

    @Test
    void onlyAddressesOfTheOtherEndCanBeSentTo() throws Exception {
        try (var here = World.TUNNEL.here(0)) {
            assertThrows(NoRouteToHostException.class,
                    () -> here.send(packet("x", new InetSocketAddress("192.0.2.1", 9))));
            assertThrows(NoRouteToHostException.class, () -> here.connect(new InetSocketAddress("2001:db8::1", 9)));
            assertThrows(BindException.class,
                    () -> pair.client().datagramSocket(new InetSocketAddress("192.0.2.1", 0)));
        }
        try (var bound = pair.client().datagramSocket(new InetSocketAddress(pair.client().localAddress(), 0));
                var there = World.TUNNEL.there()) {
            assertEquals(pair.client().localAddress(), bound.getLocalAddress());
            bound.send(packet("x", World.TUNNEL.of(there)));
            assertEquals("x", receive(there));
        }
    }

    @Test
    void overIpv6AllIsTheSame() throws Exception {
        try (var server = VpnServer.start(Loopback.config().addressPool6("fd12:3456::/64").build());
                Tunnel client = VpnClient.connect(Loopback.clientOf(server).ipv6(true).build());
                Tunnel accepted = server.accept();
                var here = client.datagramSocket(); var there = accepted.datagramSocket(7)) {
            var far6 = new InetSocketAddress(client.remoteAddress6().orElseThrow(), 7);
            here.send(new DatagramPacket(new byte[5_000], 5_000, far6));
            var received = new DatagramPacket(new byte[6_000], 6_000);
            there.receive(received);
            assertEquals(5_000, received.getLength());
            assertEquals(client.localAddress6().orElseThrow(), received.getAddress());
            there.send(received);
            here.receive(received);
            assertEquals(far6, received.getSocketAddress());
            // The same port takes IPv4.
            here.send(packet("v4", new InetSocketAddress(client.remoteAddress(), 7)));
            assertEquals("v4", receive(there));
            here.connect(new InetSocketAddress(client.remoteAddress6().orElseThrow(), 9));
            here.send(new DatagramPacket(new byte[1], 1));
            assertThrows(PortUnreachableException.class, () -> receive(here));
        }
    }

    @Test
    void whatCameBeforeTheTunnelEndedIsReadAndThenTheReasonIsTold() throws Exception {
        try (var tunnels = Loopback.start()) {
            var there = tunnels.accepted().datagramSocket(7);
            var waiting = tunnels.accepted().datagramSocket();
            var waiter = Waiter.start(() -> receive(waiting));
            waiter.awaitWaiting();
            var here = tunnels.client().datagramSocket();
            here.send(packet("last words", new InetSocketAddress(tunnels.client().remoteAddress(), 7)));
            tunnels.client().close();
            tunnels.accepted().awaitClosed();
            assertEquals("last words", receive(there));
            String why = assertThrows(SocketException.class, () -> receive(there)).getMessage();
            assertTrue(why.contains("deleted by the peer"), why);
            assertEquals(why, assertThrows(SocketException.class, waiter::result).getMessage());
            assertThrows(SocketException.class, () -> here.send(
                    packet("x", new InetSocketAddress(tunnels.client().remoteAddress(), 7))));
            assertThrows(SocketException.class, () -> tunnels.client().datagramSocket());
            assertSame(false, there.isClosed());
            there.close();
        }
    }
}
