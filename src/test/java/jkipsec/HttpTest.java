package jkipsec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's own HTTP client talks through a tunnel, given the tunnel's {@link SocketFactory}. */
@Timeout(60)
class HttpTest {
    private static SSLContext context;

    private final AtomicInteger connections = new AtomicInteger();
    private Loopback tunnel;
    private ServerSocket listening;
    /** One for all: the client keeps connections for who comes with the same factory. */
    private SSLSocketFactory layered;

    /**
     * Lays TLS over sockets of another factory. A client asks for a socket, connects it, and then has TLS laid over it;
     * or wants all at once.
     */
    private static final class Layered extends SSLSocketFactory {
        private final SocketFactory below;
        private final SSLSocketFactory tls;

        Layered(SocketFactory below, SSLSocketFactory tls) {
            this.below = below;
            this.tls = tls;
        }

        @Override
        public Socket createSocket() throws IOException {
            return below.createSocket();
        }

        @Override
        public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
            return tls.createSocket(connected, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return tls.createSocket(below.createSocket(host, port), host, port, true);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return tls.createSocket(below.createSocket(host, port, from, fromPort), host, port, true);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return tls.createSocket(below.createSocket(host, port), host.getHostAddress(), port, true);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            return tls.createSocket(below.createSocket(host, port, from, fromPort), host.getHostAddress(), port, true);
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return tls.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return tls.getSupportedCipherSuites();
        }
    }

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        context = SelfSigned.context(folder, "10.8.0.1");
    }

    @BeforeEach
    void start() throws Exception {
        tunnel = Loopback.start();
        listening = tunnel.accepted().listen(443);
        layered = new Layered(tunnel.client().socketFactory(), context.getSocketFactory());
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    Socket accepted = listening.accept();
                    connections.incrementAndGet();
                    Thread.startVirtualThread(() -> serve(accepted));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
    }

    @AfterEach
    void stop() {
        tunnel.close();
    }

    @Test
    void requestsFollowEachOtherOnOneConnection() throws Exception {
        for (int size : new int[] {0, 5, 1_000_000}) {
            HttpsURLConnection get = open("/" + size);
            try (InputStream in = get.getInputStream()) {
                assertEquals(200, get.getResponseCode());
                assertArrayEquals(content(size), in.readAllBytes());
            }
        }
        assertEquals(1, connections.get());
    }

    @Test
    void anUploadArrivesWhole() throws Exception {
        byte[] sent = content(700_000);
        HttpsURLConnection post = open("/echo");
        post.setRequestMethod("POST");
        post.setDoOutput(true);
        post.setFixedLengthStreamingMode(sent.length);
        try (OutputStream out = post.getOutputStream()) {
            out.write(sent);
        }
        try (InputStream in = post.getInputStream()) {
            assertArrayEquals(sent, in.readAllBytes());
        }
    }

    @Test
    void aServerThatSaysNothingTimesOut() throws Exception {
        HttpsURLConnection get = open("/silence");
        get.setReadTimeout(300);
        assertThrows(SocketTimeoutException.class, get::getInputStream);
    }

    @Test
    void whereNobodyListensTheClientIsRefused() throws Exception {
        listening.close();
        HttpsURLConnection get = open("/5");
        assertTrue(assertThrows(ConnectException.class, get::getInputStream).getMessage()
                .startsWith("Connection refused"));
    }

    private HttpsURLConnection open(String path) throws Exception {
        var connection = (HttpsURLConnection)
                URI.create("https://10.8.0.1" + path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setSSLSocketFactory(layered);
        connection.setConnectTimeout(20_000);
        return connection;
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    /** As much of HTTP/1.1 as the client uses. */
    private void serve(Socket accepted) {
        try (var tls = (SSLSocket) context.getSocketFactory()
                .createSocket(accepted, null, accepted.getPort(), true)) {
            tls.setUseClientMode(false);
            var in = new BufferedInputStream(tls.getInputStream());
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                int length = 0;
                for (String field = line(in); !field.isEmpty(); field = line(in)) {
                    if (field.toLowerCase().startsWith("content-length: ")) {
                        length = Integer.parseInt(field.substring(16));
                    }
                }
                String path = request.split(" ")[1];
                byte[] body = in.readNBytes(length);
                if (path.equals("/silence")) {
                    in.read();
                    return;
                }
                byte[] answer = path.equals("/echo") ? body : content(Integer.parseInt(path.substring(1)));
                tls.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                tls.getOutputStream().write(answer);
            }
        } catch (IOException left) {
            // The client has gone.
        }
    }

    /** A line without its end; an empty one at the end of the stream too. */
    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
