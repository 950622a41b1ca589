package jkipsec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import jkipsec.bytes.Hex;

/** A server and a client in this program, connected over the loopback interface on free ports. */
final class Loopback implements AutoCloseable {
    static final String SERVER_IDENTITY = "vpn.example.com";
    static final AuthKey ALICE = AuthKey.derive("alice's pre-shared key");

    private final VpnServer server;
    private final Tunnel client;
    private final Tunnel accepted;

    private Loopback(VpnServer server) throws IOException, InterruptedException {
        this.server = server;
        this.client = VpnClient.connect(clientOf(server).build());
        this.accepted = server.accept();
    }

    static Loopback start(Suite... suites) throws IOException, InterruptedException {
        VpnServer server = VpnServer.start(config().suites(suites.length == 0 ? Suite.values() : suites).build());
        try {
            return new Loopback(server);
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** A server's settings: the loopback interface, free ports, one device that may come in. */
    static ServerConfig.Builder config() {
        return ServerConfig.builder()
                .bind("127.0.0.1")
                .ikePort(0)
                .natTPort(0)
                .identity(SERVER_IDENTITY)
                .dns("192.0.2.53")
                .authenticator(authenticator(Map.of("alice", ALICE)));
    }

    static Authenticator authenticator(Map<String, AuthKey> keys) {
        return challenge -> {
            AuthKey key = keys.get(challenge.identity());
            return key == null ? AuthDecision.reject("unknown identity") : challenge.approveWith(key);
        };
    }

    /** The settings of the client that may come in. */
    static ClientConfig.Builder clientOf(VpnServer server) {
        return ClientConfig.builder()
                .server("127.0.0.1", server.ikeAddress().getPort(), server.natTAddress().getPort())
                .identity("alice")
                .remoteIdentity(SERVER_IDENTITY)
                .authKey(ALICE)
                .connectTimeout(Duration.ofSeconds(20));
    }

    VpnServer server() {
        return server;
    }

    /** The client's end. */
    Tunnel client() {
        return client;
    }

    /** The server's end. */
    Tunnel accepted() {
        return accepted;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    /** Writes octets that a seed determines, then ends the output; gives their digest. */
    static String send(Socket socket, long octets, long seed) throws IOException {
        MessageDigest digest = sha256();
        var random = new Random(seed);
        byte[] chunk = new byte[64 * 1024];
        random.nextBytes(chunk);
        OutputStream out = socket.getOutputStream();
        long left = octets;
        while (left > 0) {
            int length = (int) Math.min(left, 1 + random.nextInt(chunk.length));
            chunk[random.nextInt(chunk.length)]++;
            out.write(chunk, 0, length);
            digest.update(chunk, 0, length);
            left -= length;
        }
        socket.shutdownOutput();
        return Hex.of(digest.digest());
    }

    /** Reads to the end of the stream; gives the digest. */
    static String receive(Socket socket) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[48 * 1024];
        InputStream in = socket.getInputStream();
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            digest.update(chunk, 0, n);
        }
        return Hex.of(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
