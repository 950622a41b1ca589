package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PortProbeTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Test
    void aServiceThatSpeaksFirstIsQuotedWithoutControlCharacters() throws IOException {
        try (var service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Relay.acceptAll(service, connection -> {
                connection.getOutputStream().write("SSH-2.0 \"x\"\u001b[2J\r\n".getBytes(StandardCharsets.US_ASCII));
                connection.getInputStream().read();
            });
            var answer = probe(service);
            assertTrue(answer.isOpen());
            assertEquals("open, said \"SSH-2.0 \\\"x\\\"\\x1b[2J\\r\\n\"", answer.describe());
        }
    }

    @Test
    void aSilentServiceIsAskedSomething() throws IOException {
        try (var service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Relay.acceptAll(service, Relay::echo);
            assertEquals("open, said \"HEAD / HTTP/1.0\\r\\n\\r\\n\"", probe(service).describe());
        }
    }

    @Test
    void aServiceThatHangsUpIsStillOpen() throws IOException {
        try (var service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Relay.acceptAll(service, connection -> { });
            assertEquals("open, said nothing, then closed", probe(service).describe());
        }
    }

    @Test
    void whatDoesNotAnswerIsToldApart() {
        assertEquals("refused", failing(new ConnectException("connection refused")));
        assertEquals("timed out", failing(new SocketTimeoutException("connect timed out")));
        assertEquals("failed: the tunnel is closed", failing(new IOException("the tunnel is closed")));
    }

    private static PortProbe.Answer probe(ServerSocket service) {
        return PortProbe.probe(() -> new Socket(service.getInetAddress(), service.getLocalPort()), LIMIT);
    }

    private static String failing(IOException failure) {
        var answer = PortProbe.probe(() -> {
            throw failure;
        }, LIMIT);
        assertFalse(answer.isOpen());
        return answer.describe();
    }
}
