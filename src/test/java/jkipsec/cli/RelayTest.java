package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RelayTest {
    @Test
    void anEchoAnswersEverythingAndThenEnds() throws IOException {
        try (var service = loopback()) {
            Relay.acceptAll(service, Relay::echo);
            try (var client = connect(service)) {
                byte[] question = "hello".getBytes(StandardCharsets.UTF_8);
                client.getOutputStream().write(question);
                client.shutdownOutput();
                assertArrayEquals(question, client.getInputStream().readAllBytes());
            }
        }
    }

    @Test
    void oneDirectionEndsWithoutTheOther() throws IOException {
        try (var backend = loopback(); var front = loopback()) {
            // Answers only when the question has ended, which it learns through the relay.
            Relay.acceptAll(backend, connection -> {
                int length = connection.getInputStream().readAllBytes().length;
                connection.getOutputStream().write(("got " + length).getBytes(StandardCharsets.UTF_8));
            });
            Relay.acceptAll(front, connection -> Relay.join(connection, connect(backend)));
            try (var client = connect(front)) {
                client.getOutputStream().write(new byte[100_000]);
                client.shutdownOutput();
                assertEquals("got 100000", new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    private static ServerSocket loopback() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static Socket connect(ServerSocket service) throws IOException {
        return new Socket(service.getInetAddress(), service.getLocalPort());
    }
}
