package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's TLS runs over a tunnel's sockets as over any other. */
@Timeout(60)
class TlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private Path folder;

    @Test
    void tlsRunsOverATunnelsSockets() throws Exception {
        SSLContext context = context();
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

    private SSLContext context() throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                        "device", "-keyalg", "EC", "-dname", "CN=device.example", "-storetype", "PKCS12", "-keystore",
                        file.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), said);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
