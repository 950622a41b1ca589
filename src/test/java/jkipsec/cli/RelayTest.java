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

    private static ServerSocket loopback() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static Socket connect(ServerSocket service) throws IOException {
        return new Socket(service.getInetAddress(), service.getLocalPort());
    }
}
