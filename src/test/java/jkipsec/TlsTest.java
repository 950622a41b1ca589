package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Socket;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's TLS runs over a tunnel's sockets as over any other. */
@Timeout(60)
class TlsTest {
    @TempDir
    private Path folder;

    @Test
    void tlsRunsOverATunnelsSockets() throws Exception {
        SSLContext context = SelfSigned.context(folder, "device.example");
        try (var pair = Loopback.start(); var listening = pair.accepted().listen(443)) {
            var server = Waiter.start(() -> {
                Socket plain = listening.accept();
                try (var tls = (SSLSocket) context.getSocketFactory()
                        .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true)) {
                    tls.setUseClientMode(false);
                    return Loopback.receive(tls);
                }
            });
            Socket plain = pair.client().connect(443);
            try (Socket tls = context.getSocketFactory().createSocket(plain, "device.example", 443, true)) {
                String sent = Loopback.send(tls, 300_000, 6);
                assertEquals(sent, server.result());
            }
        }
    }
}
