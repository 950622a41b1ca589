package jkipsec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jkipsec.ike.Lifetime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What the sockets of a tunnel do when the tunnel ends: they say so, and why. */
@Timeout(60)
class TunnelEndTest {
    private Loopback pair;
    private ServerSocket listening;
    private Socket near;
    private Socket far;

    @BeforeEach
    void start() throws Exception {
        pair = Loopback.start();
        listening = pair.accepted().listen(0);
        near = pair.client().connect(listening.getLocalPort());
        far = listening.accept();
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void whoWaitsWhenThePeerClosesTheTunnelLearnsThat() throws Exception {
        var acceptor = Waiter.start(listening::accept);
        List<Waiter<?>> waiters = waitingAt(far);
        waiters.add(acceptor);
        acceptor.awaitWaiting();
        pair.client().close();
        for (Waiter<?> waiter : waiters) {
            saysWhy(waiter::result, "deleted by the peer");
        }
    }

    @Test
    void whoWaitsWhenTheTunnelIsClosedHereLearnsThat() throws Exception {
        List<Waiter<?>> waiters = waitingAt(near);
        pair.client().close();
        for (Waiter<?> waiter : waiters) {
            saysWhy(waiter::result, "closed by this program");
        }
    }

    @Test
    void whoComesLaterLearnsThatToo() throws Exception {
        var in = far.getInputStream();
        var out = far.getOutputStream();
        pair.client().close();
        pair.accepted().awaitClosed();
        for (int i = 0; i < 2; i++) {
            saysWhy(in::read, "deleted by the peer");
            saysWhy(() -> out.write(1), "deleted by the peer");
            saysWhy(listening::accept, "deleted by the peer");
        }
        saysWhy(() -> pair.accepted().connect(80), "deleted by the peer");
        saysWhy(() -> pair.accepted().listen(80), "deleted by the peer");
        saysWhy(() -> pair.accepted().socketFactory().createSocket().bind(new InetSocketAddress(0)),
                "deleted by the peer");
        assertFalse(far.isClosed());
        far.setSoLinger(true, 600);
        far.close();
        assertTrue(far.isClosed());
        listening.close();
    }

    @Test
    void whoWaitsWhenItsOwnDataUsesUpTheTunnelLearnsThat() throws Exception {
        try (var server = VpnServer.start(Loopback.config().childLifetime(upTo(100)).build());
                Tunnel device = VpnClient.connect(Loopback.clientOf(server).build());
                Tunnel gateway = server.accept();
                ServerSocket listener = gateway.listen(0);
                Socket there = device.connect(listener.getLocalPort());
                Socket here = listener.accept()) {
            var reader = Waiter.start(() -> here.getInputStream().read());
            reader.awaitWaiting();
            var writer = Waiter.start(() -> Loopback.send(here, 10_000_000, 1));
            assertThrows(IOException.class, () -> there.getInputStream().transferTo(OutputStream.nullOutputStream()));
            saysWhy(reader::result, "gave up waiting for a new Child SA");
            saysWhy(writer::result, "gave up waiting for a new Child SA");
        }
    }

    @Test
    void whoConnectsWithThePacketThatUsesUpTheTunnelLearnsThat() throws Exception {
        try (var server = VpnServer.start(Loopback.config().childLifetime(upTo(3)).build());
                Tunnel device = VpnClient.connect(Loopback.clientOf(server).build());
                Tunnel gateway = server.accept()) {
            gateway.ping(Duration.ofSeconds(30));
            gateway.ping(Duration.ofSeconds(30));
            saysWhy(Waiter.start(() -> gateway.connect(80))::result, "gave up waiting for a new Child SA");
            device.awaitClosed();
        }
    }

    /** Keys for so many packets of this side's, and no replacement. */
    private static Lifetime upTo(long packets) {
        var volume = new Lifetime.Volume(packets, Long.MAX_VALUE);
        return Lifetime.of(Duration.ofHours(1)).withVolume(volume, volume);
    }

    /** A reader on each kind of thread, and a writer. */
    private static List<Waiter<?>> waitingAt(Socket socket) {
        var waiters = new ArrayList<Waiter<?>>();
        waiters.add(Waiter.start(() -> socket.getInputStream().read()));
        waiters.add(Waiter.startPlatform(() -> socket.getInputStream().read()));
        waiters.add(Waiter.start(() -> {
            while (true) {
                socket.getOutputStream().write(new byte[1_000_000]);
            }
        }));
        waiters.forEach(Waiter::awaitWaiting);
        return waiters;
    }

    private static void saysWhy(Executable attempt, String why) {
        String message = assertThrows(SocketException.class, attempt).getMessage();
        assertTrue(message.startsWith("the tunnel is closed: "), message);
        assertTrue(message.contains(why), message);
    }
}
