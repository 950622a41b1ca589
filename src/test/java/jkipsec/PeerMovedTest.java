package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A NAT between client and server gives the client another port while the tunnel is in use. */
@Timeout(30)
class PeerMovedTest {
    private static final String PUBLIC = "127.0.0.2";

    /** Passes datagrams on between one client and one port of the server, and can change the port it sends from. */
    private static final class Nat implements AutoCloseable {
        private final DatagramSocket front;
        private volatile DatagramSocket back;
        private volatile SocketAddress client;

        /** In front of the server is its public address, at the same port: it must not think that it is behind a NAT. */
        Nat(InetSocketAddress server) throws IOException {
            front = new DatagramSocket(new InetSocketAddress(PUBLIC, server.getPort()));
            rebind();
            pass(front, packet -> {
                client = packet.getSocketAddress();
                packet.setSocketAddress(server);
                back.send(packet);
            });
        }

        void rebind() throws IOException {
            DatagramSocket before = back;
            var mapped = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
            back = mapped;
            pass(mapped, packet -> {
                packet.setSocketAddress(client);
                front.send(packet);
            });
            if (before != null) {
                before.close();
            }
        }

        private interface Pass {
            void on(DatagramPacket packet) throws IOException;
        }

        private static void pass(DatagramSocket from, Pass pass) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        var packet = new DatagramPacket(new byte[65_535], 65_535);
                        from.receive(packet);
                        pass.on(packet);
                    }
                } catch (IOException closed) {
                    // The mapping is gone, or the test is over.
                }
            });
        }

        @Override
        public void close() {
            front.close();
            back.close();
        }
    }

    @Test
    void theServerTellsWhereTheClientIsNow() throws Exception {
        try (var server = VpnServer.start(Loopback.config().publicAddress(PUBLIC).build());
                var ike = new Nat(server.ikeAddress());
                var natT = new Nat(server.natTAddress())) {
            ClientConfig config = Loopback.clientOf(server)
                    .server(PUBLIC, ike.front.getLocalPort(), natT.front.getLocalPort()).build();
            try (Tunnel client = VpnClient.connect(config)) {
                Tunnel tunnel = server.accept();
                var events = new LinkedBlockingQueue<TunnelEvent>();
                tunnel.onEvent(events::add);
                InetSocketAddress before = tunnel.peer();
                natT.rebind();
                // The reply to the first packet from a new address may still go to the old one, which is gone.
                var first = Waiter.start(() -> client.ping(Duration.ofSeconds(1)));
                var after = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), natT.back.getLocalPort());
                assertEquals(new TunnelEvent.PeerMoved(before, after), events.take());
                assertEquals(after, tunnel.peer());
                assertNotEquals(before, after);
                first.thread().join();
                assertFalse(client.ping(Duration.ofSeconds(20)).isNegative());
            }
        }
    }
}
