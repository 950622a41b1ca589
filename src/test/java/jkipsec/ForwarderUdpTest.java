package jkipsec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that decides about datagrams that are not for itself. */
@Timeout(60)
class ForwarderUdpTest extends ForwarderStage {
    private static final InetSocketAddress RESOLVER = new InetSocketAddress("192.0.2.53", 53);

    ForwarderUdpTest() throws Exception {}

    private static DatagramSocket loopback() throws IOException {
        return new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    }

    /** Sends back, in reverse, what comes, until the socket is closed. */
    private static DatagramSocket reversing(DatagramSocket socket) {
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    var packet = new DatagramPacket(new byte[65_536], 65_536);
                    socket.receive(packet);
                    packet.setData(reversed(Arrays.copyOf(packet.getData(), packet.getLength())));
                    socket.send(packet);
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        return socket;
    }

    private static byte[] reversed(byte[] octets) {
        byte[] result = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            result[i] = octets[octets.length - 1 - i];
        }
        return result;
    }

    private static byte[] receive(DatagramSocket socket) throws IOException {
        var packet = new DatagramPacket(new byte[65_536], 65_536);
        socket.setSoTimeout(20_000); // a thread of the system's does not mind the interrupt of the test's time-out
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private DatagramSocket connected(InetSocketAddress destination) throws IOException {
        DatagramSocket socket = device.datagramSocket();
        socket.connect(destination);
        return socket;
    }

    private static void send(DatagramSocket socket, byte[] payload) throws IOException {
        socket.send(new DatagramPacket(payload, payload.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.53", "2001:db8::53"})
    void aProgramMayAnswerInTheOthersPlace(String literal) throws Exception {
        gateway.forwarder(flow -> {
            try (DatagramSocket socket = ((UdpFlow) flow).accept()) {
                assertEquals(flow.destination(), socket.getLocalSocketAddress());
                assertEquals(flow.source(), socket.getRemoteSocketAddress());
                send(socket, reversed(receive(socket)));
            }
        });
        try (DatagramSocket socket = connected(new InetSocketAddress(literal, 53))) {
            send(socket, new byte[] {1, 2, 3});
            assertArrayEquals(new byte[] {3, 2, 1}, receive(socket));
        }
    }

    @Test
    void aRelayMovesDatagramsOfEverySizeBothWays() throws Exception {
        gateway.forwarder(relayToLoopback());
        try (DatagramSocket target = reversing(loopback());
                DatagramSocket socket = connected((InetSocketAddress) target.getLocalSocketAddress())) {
            for (int size : new int[] {1, 512, 1_232, 4_096}) {
                byte[] query = new byte[size];
                new Random(size).nextBytes(query);
                send(socket, query);
                assertArrayEquals(reversed(query), receive(socket), size + " octets");
            }
        }
        assertEquals(1, gateway.flows().orElseThrow().offered());
    }

    @Test
    void aQueryIsRelayedToAResolverOfTheProgramsChoice() throws Exception {
        try (DatagramSocket resolver = reversing(loopback())) {
            var target = (InetSocketAddress) resolver.getLocalSocketAddress();
            gateway.forwarder(flow -> flow.relayTo(target));
            var sockets = new ArrayList<DatagramSocket>();
            for (int i = 0; i < 30; i++) {
                sockets.add(connected(RESOLVER));
                send(sockets.get(i), new byte[] {(byte) i, 77});
            }
            for (int i = 0; i < 30; i++) {
                assertArrayEquals(new byte[] {77, (byte) i}, receive(sockets.get(i)));
                sockets.get(i).close();
            }
        }
        assertEquals(30, gateway.flows().orElseThrow().offered());
    }

    @Test
    void aTargetsClosedPortIsTheDevicesToo() throws Exception {
        gateway.forwarder(relayToLoopback());
        InetSocketAddress closed;
        try (DatagramSocket target = loopback()) {
            closed = (InetSocketAddress) target.getLocalSocketAddress();
        }
        try (DatagramSocket socket = connected(closed)) {
            send(socket, new byte[1]);
            assertThrows(PortUnreachableException.class, () -> receive(socket));
        }
        assertEquals(1, gateway.flows().orElseThrow().refused());
    }

    @Test
    void theGuardHoldsForDatagramsToo() throws Exception {
        gateway.forwarder(Forwarders.relay());
        try (DatagramSocket target = loopback();
                DatagramSocket socket = connected((InetSocketAddress) target.getLocalSocketAddress());
                DatagramSocket metadata = connected(new InetSocketAddress("169.254.169.254", 53))) {
            send(socket, new byte[1]);
            assertThrows(NoRouteToHostException.class, () -> receive(socket));
            send(metadata, new byte[1]);
            assertThrows(NoRouteToHostException.class, () -> receive(metadata));
        }
    }

    @Test
    void whatWasNotDecidedIsRefused() throws Exception {
        gateway.forwarder(flow -> { });
        try (DatagramSocket socket = connected(RESOLVER)) {
            send(socket, new byte[1]);
            assertThrows(PortUnreachableException.class, () -> receive(socket));
        }
    }

    @Test
    void theFlowThatWasIdleForLongestGivesWayAndItsSocketSaysSo() throws Exception {
        BlockingQueue<DatagramSocket> accepted = new LinkedBlockingQueue<>();
        gateway.forwarder(flow -> accepted.add(((UdpFlow) flow).accept()), ForwardLimits.defaults().withFlows(8, 2, 8));
        var sockets = new ArrayList<DatagramSocket>();
        var flows = new ArrayList<DatagramSocket>();
        for (int i = 0; i < 3; i++) {
            sockets.add(connected(RESOLVER));
            send(sockets.get(i), new byte[] {(byte) i});
            flows.add(accepted.take());
            assertArrayEquals(new byte[] {(byte) i}, receive(flows.get(i)));
        }
        String why = assertThrows(SocketException.class, () -> receive(flows.get(0))).getMessage();
        assertTrue(why.contains("ended"), why);
        send(flows.get(1), new byte[] {5});
        assertArrayEquals(new byte[] {5}, receive(sockets.get(1)));
        sockets.forEach(DatagramSocket::close);
    }

    @Test
    void relaysEndWithTheTunnel() throws Exception {
        try (DatagramSocket resolver = reversing(loopback())) {
            BlockingQueue<Thread> relays = new LinkedBlockingQueue<>();
            gateway.forwarder(flow -> {
                relays.add(Thread.currentThread());
                flow.relayTo((InetSocketAddress) resolver.getLocalSocketAddress());
            });
            try (DatagramSocket socket = connected(RESOLVER)) {
                send(socket, new byte[] {1, 2});
                assertArrayEquals(new byte[] {2, 1}, receive(socket));
            }
            gateway.close();
            relays.take().join();
        }
    }
}
