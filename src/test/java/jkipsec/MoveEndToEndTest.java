package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that moves to another local address while its tunnel is in use. */
@Timeout(60)
class MoveEndToEndTest {
    private static final InetAddress ELSEWHERE = address("127.0.0.7");

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSocketInsideGoesOnFromTheNewAddress() throws IOException, InterruptedException {
        try (Loopback loopback = Loopback.start();
                ServerSocket listening = loopback.accepted().listen(80);
                Socket client = loopback.client().connect(80);
                Socket server = listening.accept()) {
            var moves = new LinkedBlockingQueue<TunnelEvent.PeerMoved>();
            loopback.accepted().onEvent(event -> {
                if (event instanceof TunnelEvent.PeerMoved moved) {
                    moves.add(moved);
                }
            });
            for (InetAddress local : List.of(ELSEWHERE, address("127.0.0.8"), ELSEWHERE)) {
                client.getOutputStream().write(1);
                assertEquals(1, server.getInputStream().read());
                loopback.client().move(local);
                assertEquals(local, moves.take().to().getAddress());
                assertEquals(local, loopback.accepted().peer().getAddress());
                client.getOutputStream().write(2);
                server.getOutputStream().write(3);
                assertEquals(2, server.getInputStream().read());
                assertEquals(3, client.getInputStream().read());
            }
            loopback.client().move();
            client.getOutputStream().write(4);
            assertEquals(4, server.getInputStream().read());
            assertTrue(moves.isEmpty());
        }
    }

    @Test
    void whatCannotBeIsRefusedAndChangesNothing() throws IOException, InterruptedException {
        try (Loopback loopback = Loopback.start()) {
            Tunnel client = loopback.client();
            assertThrows(IllegalArgumentException.class, () -> client.move(address("::1")));
            assertThrows(BindException.class, () -> client.move(address("192.0.2.77")));
            assertThrows(IllegalStateException.class, () -> loopback.accepted().move());
            assertTrue(client.isOpen());
            client.close();
            assertThrows(SocketException.class, () -> client.move(ELSEWHERE));
        }
    }
}
