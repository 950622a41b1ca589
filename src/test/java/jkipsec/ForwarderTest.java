package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import jkipsec.ip.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that decides about connections that are not for itself. */
@Timeout(60)
class ForwarderTest extends ForwarderStage {
    private static final InetSocketAddress WEB = new InetSocketAddress("192.0.2.80", 443);
    private static final Duration FOREVER = Duration.ZERO;

    ForwarderTest() throws Exception {}

    private static ServerSocket loopback() throws IOException {
        return new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    }

    private static InetSocketAddress address(ServerSocket listener) {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    private Socket connect(InetSocketAddress destination) throws IOException {
        return device.connect(destination, FOREVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.80", "2001:db8::80"})
    void aProgramMayPlayTheOthersPart(String literal) throws Exception {
        gateway.forwarder(flow -> {
            if (flow instanceof TcpFlow tcp) {
                try (Socket socket = tcp.accept()) {
                    assertEquals(tcp.destination(), socket.getLocalSocketAddress());
                    assertEquals(tcp.source(), socket.getRemoteSocketAddress());
                    socket.getInputStream().transferTo(socket.getOutputStream());
                }
            }
        });
        var destination = new InetSocketAddress(literal, 443);
        try (Socket socket = connect(destination)) {
            assertEquals(destination, socket.getRemoteSocketAddress());
            var sent = Waiter.start(() -> Loopback.send(socket, 1_000_000, 1));
            assertEquals(Loopback.receive(socket), sent.result());
        }
    }

    @Test
    void aSocketOfTheFactoryReachesThemToo() throws Exception {
        gateway.forwarder(flow -> {
            try (Socket socket = ((TcpFlow) flow).accept()) {
                socket.getOutputStream().write(7);
            }
        });
        try (Socket socket = device.socketFactory().createSocket("192.0.2.80", 443)) {
            assertEquals(7, socket.getInputStream().read());
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void aServerReachesNothingBeyondTheDevice() {
        assertThrows(NoRouteToHostException.class, () -> gateway.connect(WEB, FOREVER));
    }

    @Test
    void aRelayMovesOctetsBothWaysWithHalfClose() throws Exception {
        gateway.forwarder(relayToLoopback());
        try (var target = loopback()) {
            var far = Waiter.start(() -> {
                try (Socket socket = target.accept()) {
                    String received = Loopback.receive(socket);
                    return List.of(received, Loopback.send(socket, 3_000_000, 2));
                }
            });
            try (Socket socket = connect(address(target))) {
                String sent = Loopback.send(socket, 3_000_000, 1);
                assertEquals(far.result(), List.of(sent, Loopback.receive(socket)));
            }
        }
    }

    @Test
    void aHundredFlowsRunAtOnce() throws Exception {
        gateway.forwarder(relayToLoopback(), ForwardLimits.defaults().withFlows(1_024, 512, 128));
        try (var target = loopback()) {
            Waiter.start(() -> {
                while (true) {
                    Socket socket = target.accept();
                    Thread.startVirtualThread(() -> echo(socket));
                }
            });
            var all = new CountDownLatch(100);
            var flows = new ArrayList<Waiter<Boolean>>();
            for (int i = 0; i < 100; i++) {
                int seed = i;
                flows.add(Waiter.start(() -> {
                    try (Socket socket = connect(address(target))) {
                        socket.getOutputStream().write(seed);
                        assertEquals(seed, socket.getInputStream().read());
                        all.countDown();
                        all.await(); // all are open now
                        var sent = Waiter.start(() -> Loopback.send(socket, 50_000, seed));
                        return Loopback.receive(socket).equals(sent.result());
                    }
                }));
            }
            for (var flow : flows) {
                assertTrue(flow.result());
            }
        }
        assertEquals(100, gateway.flows().orElseThrow().offered());
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The other side sees it too.
        }
    }

    @Test
    void aRefusedTargetIsRefusedAtTheDevice() throws Exception {
        gateway.forwarder(relayToLoopback());
        InetSocketAddress closed;
        try (var target = loopback()) {
            closed = address(target);
        }
        String why = assertThrows(ConnectException.class, () -> connect(closed)).getMessage();
        assertTrue(why.contains("refused"), why);
        assertEquals(1, gateway.flows().orElseThrow().refused());
    }

    @Test
    void theDeviceIsToldAsTheProgramSays() throws Exception {
        gateway.forwarder(flow -> flow.refuse(
                flow.destination().getPort() == 1 ? Refusal.UNREACHABLE : Refusal.PROHIBITED));
        for (String host : List.of("192.0.2.80", "2001:db8::80")) {
            assertThrows(NoRouteToHostException.class, () -> connect(new InetSocketAddress(host, 1)));
            assertThrows(NoRouteToHostException.class, () -> connect(new InetSocketAddress(host, 2)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "169.254.169.254", "::1"})
    void theRelayGuardsThisMachineAndTheCloudsSecrets(String literal) throws Exception {
        gateway.forwarder(Forwarders.relay());
        try (var target = loopback()) {
            assertThrows(NoRouteToHostException.class,
                    () -> connect(new InetSocketAddress(literal, target.getLocalPort())));
        }
        assertEquals(1, gateway.flows().orElseThrow().refused());
    }

    @Test
    void whatWasNotDecidedIsRefused() throws Exception {
        var calls = new AtomicInteger();
        gateway.forwarder(flow -> {
            switch (calls.getAndIncrement()) {
                case 0 -> { }
                case 1 -> throw new IOException("broken");
                default -> throw new IllegalStateException("a fault of the program's, provoked by a test");
            }
        });
        for (int i = 0; i < 3; i++) {
            assertThrows(ConnectException.class, () -> connect(WEB));
        }
        assertEquals(new FlowStatistics(3, 3, 1), gateway.flows().orElseThrow());
    }

    @Test
    void aFlowIsDecidedOnce() throws Exception {
        BlockingQueue<Flow> flows = new LinkedBlockingQueue<>();
        var decided = new CountDownLatch(1);
        gateway.forwarder(flow -> {
            flows.add(flow);
            await(decided);
        });
        var connecting = Waiter.start(() -> connect(WEB));
        var flow = (TcpFlow) flows.take();
        assertEquals(new InetSocketAddress(device.localAddress(), flow.source().getPort()), flow.source());
        try (Socket accepted = flow.accept(); Socket socket = connecting.result()) {
            assertThrows(IllegalStateException.class, flow::accept);
            assertThrows(IllegalStateException.class, () -> flow.relayTo(WEB));
            flow.refuse();
            decided.countDown();
            accepted.getOutputStream().write(1);
            assertEquals(1, socket.getInputStream().read());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void moreThanMayBeUndecidedWait() throws Exception {
        var asked = new Semaphore(0);
        var decide = new Semaphore(0);
        var most = new AtomicInteger();
        var now = new AtomicInteger();
        gateway.forwarder(flow -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            asked.release();
            decide.acquireUninterruptibly();
            now.decrementAndGet();
            flow.refuse();
        }, ForwardLimits.defaults().withFlows(100, 100, 3));
        var connecting = new ArrayList<Waiter<Socket>>();
        for (int i = 0; i < 6; i++) {
            connecting.add(Waiter.start(() -> connect(WEB)));
        }
        asked.acquire(3);
        assertEquals(3, now.get());
        decide.release(6);
        for (var waiter : connecting) {
            assertThrows(ConnectException.class, waiter::result); // the SYNs that were dropped came again
        }
        assertEquals(3, most.get());
    }

    @Test
    void aSlowTargetHoldsTheDeviceBack() throws Exception {
        gateway.forwarder(relayToLoopback());
        try (var target = loopback()) {
            target.setReceiveBufferSize(16 * 1024);
            var written = new AtomicInteger();
            var writer = Waiter.start(() -> {
                try (Socket socket = connect(address(target))) {
                    byte[] chunk = new byte[16 * 1024];
                    for (int i = 0; i < 4_096; i++) { // 64 MiB
                        socket.getOutputStream().write(chunk);
                        written.addAndGet(chunk.length);
                    }
                    return null;
                }
            });
            try (Socket slow = target.accept()) {
                writer.awaitWaiting();
                // Both stacks' buffers and the kernel's are full of it; whoever waits has nowhere to put more.
                assertTrue(written.get() < 32 * 1024 * 1024, () -> written + " octets went somewhere");
                byte[] chunk = new byte[64 * 1024];
                long read = 0;
                for (int n = slow.getInputStream().read(chunk); n >= 0; n = slow.getInputStream().read(chunk)) {
                    read += n;
                }
                assertEquals(64L * 1024 * 1024, read);
            }
            writer.result();
        }
    }

    @Test
    void aTargetThatResetsResetsTheDevice() throws Exception {
        gateway.forwarder(relayToLoopback());
        try (var target = loopback(); Socket socket = connect(address(target))) {
            Socket accepted = target.accept();
            accepted.setSoLinger(true, 0);
            accepted.close();
            assertThrows(SocketException.class, () -> socket.getInputStream().read());
        }
    }

    @Test
    void relaysEndWithTheTunnel() throws Exception {
        gateway.forwarder(relayToLoopback());
        try (var target = loopback()) {
            Socket socket = connect(address(target));
            Socket accepted = target.accept();
            socket.getOutputStream().write(1);
            assertEquals(1, accepted.getInputStream().read());
            gateway.close();
            assertThrows(SocketException.class, () -> accepted.getInputStream().read());
        }
    }

    @Test
    void aServersForwarderIsThereInEveryTunnelFromTheFirstPacketOn() throws Exception {
        var config = Loopback.config().offer("0.0.0.0/0").forwarder(flow -> {
            try (Socket socket = ((TcpFlow) flow).accept()) {
                socket.getOutputStream().write(9);
            }
        });
        try (var other = VpnServer.start(config.build());
                Tunnel first = VpnClient.connect(Loopback.clientOf(other).build());
                Socket socket = first.connect(WEB, FOREVER)) {
            assertEquals(9, socket.getInputStream().read());
            Tunnel accepted = other.accept();
            assertEquals(1, accepted.flows().orElseThrow().offered());
            assertThrows(IllegalStateException.class, () -> accepted.forwarder(Forwarders.relay()));
        }
    }

    @Test
    void aTunnelHasOneForwarderAndNoneAfterItsEnd() throws Exception {
        assertTrue(gateway.flows().isEmpty());
        gateway.forwarder(Forwarders.relay());
        assertThrows(IllegalStateException.class, () -> gateway.forwarder(Forwarders.relay()));
        device.close();
        gateway.awaitClosed();
        assertThrows(SocketException.class, () -> gateway.forwarder(Forwarders.relay()));
    }
}
