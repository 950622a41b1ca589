package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jkipsec.AuthKey;
import jkipsec.AuthenticationException;
import jkipsec.Authenticator;
import jkipsec.ClientConfig;
import jkipsec.ServerConfig;
import jkipsec.Tunnel;
import jkipsec.VpnClient;
import jkipsec.VpnServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole commands, over the loopback interface. */
@Timeout(60)
class CommandsTest {
    private static final Map<String, String> SECRET = Map.of("JKIPSEC_PSK", "secret");
    private static final AuthKey KEY = AuthKey.derive("secret");
    private static final String LISTENS =
            " on UDP 127\\.0\\.0\\.1:(\\d+) \\(IKE\\) and 127\\.0\\.0\\.1:(\\d+) \\(NAT-T\\)";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void demoShowsBothSuitesAndSucceeds() {
        var run = CommandLine.run("demo", "--mib", "1");
        assertEquals(0, run.status(), run.out() + run.err());
        assertEquals("", run.err());
        for (String expected : new String[] {"aes-256-gcm\n", "aes-256-cbc-sha256\n", "1024.0 KiB sent and echoed",
            "the host closed the tunnel; the device after", "the device closed the tunnel; the host after",
            "deleted by the peer", "all of it worked, in "}) {
            assertTrue(run.out().contains(expected), expected + " is not in:\n" + run.out());
        }
    }

    @Test
    void serveEchoesForwardsAndNotesWhoComesAndGoes() throws Exception {
        try (var serve = new RunningCommand(SECRET, "serve", "--bind", "127.0.0.1", "--ike-port", "0", "--nat-t-port",
                "0", "--echo", "7", "--forward", "0:9")) {
            int forwarded = Integer.parseInt(serve.await("forward 127\\.0\\.0\\.1:(\\d+) to port 9 inside").group(1));
            Matcher ports = serve.await("serving vpn\\.example\\.com" + LISTENS);
            try (Tunnel device = VpnClient.connect(client(ports, "alice"))) {
                serve.await("up    alice 10\\.8\\.0\\.2 at 127\\.0\\.0\\.1:\\d+, IKE .*, ESP .*");
                try (Socket socket = device.connect(7)) {
                    exchange(socket);
                }
                try (var socket = device.datagramSocket()) {
                    socket.connect(device.remoteAddress(), 7);
                    socket.send(new DatagramPacket(new byte[3_000], 3_000));
                    var answer = new DatagramPacket(new byte[4_000], 4_000);
                    socket.receive(answer);
                    assertEquals(3_000, answer.getLength());
                }
                try (var listener = device.listen(9)) {
                    Relay.acceptAll(listener, Relay::echo);
                    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), forwarded)) {
                        exchange(socket);
                    }
                }
            }
            serve.await("down  alice 10\\.8\\.0\\.2: deleted by the peer; .* received, .* sent");
        }
    }

    @Test
    void serveRelaysToWhereItMay() throws Exception {
        try (var target = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                var serve = new RunningCommand(SECRET, "serve", "--bind", "127.0.0.1", "--ike-port", "0",
                        "--nat-t-port", "0", "--relay-to", "127.0.0.1/32", "--dns", "192.0.2.53")) {
            Relay.acceptAll(target, Relay::echo);
            Matcher ports = serve.await("serving vpn\\.example\\.com" + LISTENS);
            try (Tunnel device = VpnClient.connect(client(ports, "alice"))) {
                var address = new InetSocketAddress(target.getInetAddress(), target.getLocalPort());
                try (Socket socket = device.connect(address, Duration.ofSeconds(20))) {
                    exchange(socket);
                }
                assertThrows(NoRouteToHostException.class, () -> device.connect(
                        new InetSocketAddress("127.0.0.2", target.getLocalPort()), Duration.ofSeconds(20)));
            }
        }
    }

    @Test
    void serveRefusesWhoIsNotInItsKeyFile(@TempDir Path folder) throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "alice " + KEY.toHex());
        try (var serve = new RunningCommand(Map.of(), "serve", "--bind", "127.0.0.1", "--ike-port", "0", "--nat-t-port",
                "0", "--keys", keys.toString())) {
            Matcher ports = serve.await(LISTENS);
            assertThrows(AuthenticationException.class, () -> VpnClient.connect(client(ports, "mallory")));
            serve.await("refused mallory at 127\\.0\\.0\\.1:\\d+: unknown identity");
            VpnClient.connect(client(ports, "alice")).close();
            serve.await("up    alice");
        }
    }

    @Test
    void aPortInUseIsNamedAndTheCommandFails() throws Exception {
        try (var serve = new RunningCommand(SECRET, "serve", "--bind", "127.0.0.1", "--ike-port", "0", "--nat-t-port",
                "0")) {
            String taken = serve.await(LISTENS).group(1);
            var run = CommandLine.run(SECRET, "", "serve", "--bind", "127.0.0.1", "--ike-port", taken, "--nat-t-port",
                    "0");
            assertEquals(1, run.status());
            assertTrue(run.err().startsWith("jkipsec serve: ") && run.err().contains("127.0.0.1:" + taken), run.err());
        }
    }

    @Test
    void probeWithoutAnOpenPortSaysSoAndFails() throws Exception {
        try (var probe = new RunningCommand(SECRET, "probe", "--once", "--ports", "22,23", "--binds",
                "127.0.0.1:0/ike500,127.0.0.1:0/ike4500")) {
            Matcher ports = probe.await("probing devices of vpn\\.example\\.com" + LISTENS);
            try (Tunnel device = VpnClient.connect(client(ports, "phone"))) {
                probe.await("up    phone " + Pattern.quote(device.localAddress().getHostAddress()) + " ");
                probe.await("probe phone 10\\.8\\.0\\.2 port 22: refused");
                probe.await("probe phone 10\\.8\\.0\\.2 port 23: refused");
                probe.await("probe phone: 0 of 2 ports open");
                assertEquals(1, probe.awaitStatus());
            }
        }
    }

    @Test
    void probeQuotesWhatAnOpenPortSays() throws Exception {
        try (VpnServer server = server(challenge -> challenge.approveWith(KEY));
                Tunnel device = VpnClient.connect(client(server, "phone"));
                Tunnel host = server.accept(PATIENCE);
                var listener = device.listen(22)) {
            Relay.acceptAll(listener, connection ->
                    connection.getOutputStream().write("SSH-2.0-test\r\n".getBytes(StandardCharsets.US_ASCII)));
            var out = new ByteArrayOutputStream();
            var arguments = Arguments.parse("probe", new ProbeCommand().options(), List.of("--ports", "23,22"));
            var terminal = new Terminal(InputStream.nullInputStream(), System.out, System.err, SECRET);
            var options = ProbeCommand.ProbeOptions.of(arguments, terminal);
            assertEquals(1, ProbeCommand.probe(host, options, new Journal(new PrintStream(out, true))));
            String said = out.toString(StandardCharsets.UTF_8);
            assertTrue(said.contains("probe phone 10.8.0.2 port 23: refused"), said);
            assertTrue(said.contains("probe phone 10.8.0.2 port 22: open, said \"SSH-2.0-test\\r\\n\""), said);
        }
    }

    @Test
    void connectPingsTheGatewayAndLeaves() throws Exception {
        var asked = new ArrayBlockingQueue<String>(2);
        try (VpnServer server = server(challenge -> {
            asked.add(challenge.identity());
            return challenge.approveWith(KEY);
        })) {
            String ike = String.valueOf(server.ikeAddress().getPort());
            String natT = String.valueOf(server.natTAddress().getPort());
            var run = CommandLine.run(SECRET, "", "connect", "--server", "127.0.0.1", "--ike-port", ike, "--nat-t-port",
                    natT, "--identity", "alice", "--remote-identity", "gateway.example", "--once");
            assertEquals(0, run.status(), run.err());
            assertTrue(run.out().contains("this device is 10.8.0.2; the gateway answered a ping after "), run.out());
            assertEquals("alice", asked.remove());

            var wrong = CommandLine.run(Map.of("JKIPSEC_PSK", "wrong"), "", "connect", "--server", "127.0.0.1",
                    "--ike-port", ike, "--nat-t-port", natT, "--identity", "alice", "--once");
            assertEquals(1, wrong.status());
            assertTrue(wrong.err().startsWith("jkipsec connect: "), wrong.err());
        }
    }

    @Test
    void benchPrintsARatioForEachComparison() {
        var run = CommandLine.run("bench", "--rounds", "1", "--seconds", "0.06");
        assertEquals(0, run.status(), run.err());
        assertEquals(8, run.out().lines().filter(line -> line.matches("(ESP|TCP|hands).* \\d+\\.\\d\\d")).count(),
                run.out());
    }

    private static VpnServer server(Authenticator authenticator) throws IOException {
        return VpnServer.start(ServerConfig.builder().bind("127.0.0.1").ikePort(0).natTPort(0)
                .identity("gateway.example").authenticator(authenticator).build());
    }

    private static ClientConfig client(VpnServer server, String identity) {
        return client(server.ikeAddress().getPort(), server.natTAddress().getPort(), identity);
    }

    private static ClientConfig client(Matcher ports, String identity) {
        return client(Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)), identity);
    }

    private static ClientConfig client(int ikePort, int natTPort, String identity) {
        return ClientConfig.builder().server("127.0.0.1", ikePort, natTPort).identity(identity).authKey(KEY)
                .connectTimeout(PATIENCE).build();
    }

    private static void exchange(Socket socket) throws IOException {
        byte[] question = "hello through the tunnel".getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(question);
        socket.shutdownOutput();
        assertArrayEquals(question, socket.getInputStream().readAllBytes());
    }
}
