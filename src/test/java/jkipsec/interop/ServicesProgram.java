package jkipsec.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedTransferQueue;
import jkipsec.AuthDecision;
import jkipsec.AuthKey;
import jkipsec.ServerConfig;
import jkipsec.Tunnel;
import jkipsec.VpnServer;

/**
 * A program with services of its own, as a user would write it, for devices to use: HTTP on port 80, echo on port 7, and
 * on port 5201 the iperf3 that runs beside it. A process of its own, where the gateway is.
 *
 * <p>HTTP: {@code GET /N} gives N MiB of noise, {@code PUT} takes a body and answers with its SHA-256. On standard input
 * it takes lines {@code PORT PATH}: it gets that from the HTTP server of the device that came up last, and prints how many
 * octets the body had and their SHA-256.
 */
public final class ServicesProgram {
    private static final int CHUNK = 1 << 16;
    private static final int HTTP_PORT = 80;
    private static final int ECHO_PORT = 7;
    private static final int IPERF_PORT = 5201;

    private ServicesProgram() {}

    /**
     * Runs until standard input ends.
     *
     * @param arguments none
     * @throws Exception when something fails
     */
    public static void main(String[] arguments) throws Exception {
        AuthKey key = AuthKey.derive("secret of alice");
        var tunnels = new LinkedTransferQueue<Tunnel>();
        try (VpnServer server = VpnServer.start(ServerConfig.builder()
                .identity("vpn.example.com").addressPool("10.8.0.0/24")
                .authenticator(c -> c.identity().equals("alice") ? c.approveWith(key) : AuthDecision.reject())
                .build())) {
            System.out.println("serving");
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        Tunnel tunnel = server.accept();
                        acceptAll(tunnel.listen(HTTP_PORT), ServicesProgram::http);
                        acceptAll(tunnel.listen(ECHO_PORT), ServicesProgram::echo);
                        acceptAll(tunnel.listen(IPERF_PORT), ServicesProgram::iperf);
                        tunnels.add(tunnel);
                        System.out.println("up " + tunnel.identity());
                    }
                } catch (IOException | InterruptedException ended) {
                    System.out.println("accepting ended: " + ended);
                }
            });
            var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ");
                System.out.println("got " + get(tunnels.peek(), Integer.parseInt(words[0]), words[1]));
            }
        }
    }

    /** What happens to a connection. */
    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private static void acceptAll(ServerSocket listener, Service service) {
        Thread.ofVirtual().start(() -> {
            while (true) {
                Socket socket;
                try {
                    socket = listener.accept();
                } catch (IOException closed) {
                    return;
                }
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        service.serve(socket);
                    } catch (IOException failed) {
                        System.out.println("port " + listener.getLocalPort() + ": " + failed);
                    }
                });
            }
        });
    }

    private static void echo(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.getInputStream().transferTo(socket.getOutputStream());
        socket.shutdownOutput();
    }

    private static void iperf(Socket socket) throws IOException {
        try (Socket local = new Socket(InetAddress.getLoopbackAddress(), IPERF_PORT)) {
            Thread back = Thread.ofVirtual().start(() -> pump(local, socket));
            pump(socket, local);
            back.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException ended) {
            // iperf3 resets its connections when it has measured.
        }
    }

    private static void http(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        String request = line(in);
        long length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Long.parseLong(header.substring(15).strip());
            } else if (header.equalsIgnoreCase("Expect: 100-continue")) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        String[] words = request.split(" ");
        if (words[0].equals("PUT")) {
            byte[] body = (digest(in, length) + "\n").getBytes(StandardCharsets.ISO_8859_1);
            head(out, body.length);
            out.write(body);
        } else {
            int mebibytes = Integer.parseInt(words[1].substring(1));
            head(out, (long) mebibytes << 20);
            var random = new SplittableRandom(mebibytes);
            byte[] chunk = new byte[CHUNK];
            for (int i = 0; i < mebibytes * 16; i++) {
                random.nextBytes(chunk);
                out.write(chunk);
            }
        }
    }

    /** The SHA-256 of what {@code GET /N} gives. */
    static String noiseDigest(int mebibytes) {
        var random = new SplittableRandom(mebibytes);
        byte[] chunk = new byte[CHUNK];
        MessageDigest digest = sha256();
        for (int i = 0; i < mebibytes * 16; i++) {
            random.nextBytes(chunk);
            digest.update(chunk);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void head(OutputStream out, long length) throws IOException {
        out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Gets something from the device's HTTP server. */
    private static String get(Tunnel tunnel, int port, String path) throws IOException {
        try (Socket socket = tunnel.connect(port)) {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: device\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            String status = line(in);
            long length = -1;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    length = Long.parseLong(header.substring(15).strip());
                }
            }
            return status + " " + length + " " + digest(in, length);
        }
    }

    private static String digest(InputStream in, long length) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        long left = length;
        while (left > 0) {
            int count = in.read(chunk, 0, (int) Math.min(left, CHUNK));
            if (count < 0) {
                throw new IOException("the stream ended " + left + " octets early");
            }
            digest.update(chunk, 0, count);
            left -= count;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the stream ended within a line");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException(every);
        }
    }
}
