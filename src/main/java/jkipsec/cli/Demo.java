package jkipsec.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jkipsec.AuthDecision;
import jkipsec.AuthKey;
import jkipsec.ClientConfig;
import jkipsec.ServerConfig;
import jkipsec.Suite;
import jkipsec.Tunnel;
import jkipsec.VpnClient;
import jkipsec.VpnServer;
import jkipsec.ike.TerminationCause;

/** The demonstration itself. One use; {@link #step} may be asked by any thread. */
final class Demo {
    private static final String GATEWAY = "vpn.example.com";
    private static final String DEVICE = "alice";
    private static final int ECHO_PORT = 7;
    private static final int HOST_PORT = 8080;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PrintStream out;
    private final int octets;
    private volatile String step = "starting";

    /**
     * Prepares it.
     *
     * @param out where the transcript goes
     * @param octets how much goes each way through each connection
     */
    Demo(PrintStream out, int octets) {
        this.out = out;
        this.octets = octets;
    }

    /**
     * What is being done at the moment.
     *
     * @return a phrase
     */
    String step() {
        return step;
    }

    /**
     * Shows each suite, with alternating roles at the end: the host closes the first tunnel, the device the second.
     *
     * @param suites the suites to show
     * @throws IOException when something did not work; the message says what
     * @throws InterruptedException when the thread is interrupted
     */
    void run(List<Suite> suites) throws IOException, InterruptedException {
        long start = System.nanoTime();
        boolean hostCloses = true;
        // What the demo waits for blocks; on virtual threads that costs next to nothing.
        ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (Suite suite : suites) {
                try {
                    show(suite, hostCloses, tasks);
                } catch (IOException failed) {
                    throw new IOException(Values.name(suite) + ", " + step + ": " + failed.getMessage(), failed);
                }
                hostCloses = !hostCloses;
            }
        } finally {
            tasks.shutdownNow();
        }
        step = "done";
        say("all of it worked, in %s", Units.time(since(start)));
    }

    private void show(Suite suite, boolean hostCloses, ExecutorService tasks) throws IOException, InterruptedException {
        step = "starting the gateway";
        AuthKey key = AuthKey.derive("a secret that only the two of them know");
        var config = ServerConfig.builder().bind("127.0.0.1").ikePort(0).natTPort(0).identity(GATEWAY).suites(suite)
                .authenticator(challenge -> challenge.identity().equals(DEVICE)
                        ? challenge.approveWith(key)
                        : AuthDecision.reject("unknown identity"))
                .build();
        say("%s", Values.name(suite));
        try (VpnServer server = VpnServer.start(config)) {
            say("  gateway    %s on UDP %s (IKE) and %s (NAT-T)", GATEWAY, Units.literal(server.ikeAddress()),
                    Units.literal(server.natTAddress()));
            step = "handshake";
            long start = System.nanoTime();
            Future<Tunnel> connecting = tasks.submit(() -> VpnClient.connect(ClientConfig.builder()
                    .server("127.0.0.1", server.ikeAddress().getPort(), server.natTAddress().getPort())
                    .identity(DEVICE).remoteIdentity(GATEWAY).authKey(key).suites(suite).connectTimeout(PATIENCE)
                    .build()));
            try (Tunnel device = await(connecting)) {
                Duration took = since(start);
                try (Tunnel host = server.accept(PATIENCE)) {
                    say("  handshake  %s; IKE %s, ESP %s", Units.time(took), host.ikeSuite(), host.childSuite());
                    say("  tunnel     host %s, device %s (%s at %s)", Units.literal(host.localAddress()),
                            Units.literal(host.remoteAddress()), host.identity(), Units.literal(host.peer()));
                    use(host, device, tasks);
                    close(hostCloses ? host : device, hostCloses ? device : host, hostCloses, tasks);
                }
            }
        }
        say("");
    }

    private void use(Tunnel host, Tunnel device, ExecutorService tasks) throws IOException, InterruptedException {
        step = "ping";
        say("  ping       device answers after %s, host after %s", Units.time(host.ping(PATIENCE)),
                Units.time(device.ping(PATIENCE)));

        step = "socket from the host to the device's echo service";
        try (ServerSocket echo = device.listen(ECHO_PORT)) {
            Relay.acceptAll(echo, Relay::echo);
            try (Socket socket = host.connect(ECHO_PORT, PATIENCE)) {
                long start = System.nanoTime();
                Future<byte[]> sent = tasks.submit(() -> send(socket, 1));
                byte[] received = TestData.digest(socket.getInputStream(), octets);
                Duration took = since(start);
                same("what the device echoed", await(sent), received);
                end(socket);
                say("  socket     host -> device port %d: %s sent and echoed, SHA-256 %s, %s, %s each way", ECHO_PORT,
                        Units.octets(octets), TestData.brief(received), Units.time(took), Units.rate(octets, took));
            }
        }

        step = "socket from the device to the host's ServerSocket";
        try (ServerSocket listener = host.listen(HOST_PORT)) {
            Future<List<byte[]>> hostSide = tasks.submit(() -> {
                try (Socket accepted = listener.accept()) {
                    List<byte[]> digests = new ArrayList<>();
                    digests.add(TestData.digest(accepted.getInputStream(), octets));
                    digests.add(send(accepted, 3));
                    return digests;
                }
            });
            try (Socket socket = device.connect(HOST_PORT, PATIENCE)) {
                long start = System.nanoTime();
                byte[] up = send(socket, 2);
                // The host's first octet says that it has read all of ours: one direction after the other.
                int first = socket.getInputStream().read();
                Duration upTook = since(start);
                start = System.nanoTime();
                byte[] down = TestData.digestAfter(first, socket.getInputStream(), octets);
                Duration downTook = since(start);
                List<byte[]> digests = await(hostSide);
                same("what the host received", up, digests.getFirst());
                same("what the device received", digests.getLast(), down);
                end(socket);
                say("  socket     device -> host port %d: %s up, SHA-256 %s, %s; %s down, SHA-256 %s, %s", HOST_PORT,
                        Units.octets(octets), TestData.brief(up), Units.rate(octets, upTook), Units.octets(octets),
                        TestData.brief(down), Units.rate(octets, downTook));
            }
        }
    }

    private byte[] send(Socket socket, long seed) throws IOException {
        byte[] digest = TestData.send(socket.getOutputStream(), octets, seed);
        socket.shutdownOutput();
        return digest;
    }

    private void end(Socket socket) throws IOException {
        if (socket.getInputStream().read() >= 0) {
            throw new IOException("more came than was sent");
        }
    }

    private void close(Tunnel closing, Tunnel seeing, boolean hostCloses, ExecutorService tasks)
            throws IOException, InterruptedException {
        step = "delete";
        long start = System.nanoTime();
        closing.close();
        String cause = awaitClosed(seeing, tasks).describe();
        say("  delete     the %s closed the tunnel; the %s after %s: %s", hostCloses ? "host" : "device",
                hostCloses ? "device" : "host", Units.time(since(start)), cause);
    }

    private static TerminationCause awaitClosed(Tunnel tunnel, ExecutorService tasks)
            throws IOException, InterruptedException {
        try {
            return tasks.submit(tunnel::awaitClosed).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException unseen) {
            throw new IOException("the other side did not see the DELETE within " + PATIENCE.toSeconds() + " seconds");
        }
    }

    private static void same(String what, byte[] expected, byte[] actual) throws IOException {
        if (!MessageDigest.isEqual(expected, actual)) {
            throw new IOException(what + " is not what was sent: SHA-256 " + TestData.brief(actual) + " instead of "
                    + TestData.brief(expected));
        }
    }

    private static <T> T await(Future<T> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException reason ? reason : new IOException(failed.getCause());
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void say(String text, Object... arguments) {
        out.println(String.format(text, arguments));
    }
}
