package jkipsec.cli.bench;

import java.io.IOException;
import java.time.Duration;
import jkipsec.ClientConfig;
import jkipsec.Suite;
import jkipsec.Tunnel;
import jkipsec.VpnClient;
import jkipsec.VpnServer;

/** Devices that connect and leave, one after the other. */
final class Handshakes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VpnServer server;
    private final ClientConfig client;

    Handshakes(Suite suite) throws IOException {
        server = BenchTunnel.startServer(suite);
        client = BenchTunnel.clientConfig(server, suite);
    }

    /**
     * Connects until the tunnel is up at both ends, and closes it, over and over.
     *
     * @param limit how long
     * @return handshakes in a second
     * @throws IOException when one fails
     * @throws InterruptedException when interrupted
     */
    double rate(Duration limit) throws IOException, InterruptedException {
        long times = 0;
        var watch = new Stopwatch(limit);
        while (watch.running()) {
            try (Tunnel device = VpnClient.connect(client); Tunnel host = server.accept(PATIENCE)) {
                if (!device.isOpen() || !host.isOpen()) {
                    throw new IOException("a tunnel ended at once");
                }
            }
            times++;
        }
        return watch.perSecond(times);
    }

    @Override
    public void close() {
        server.close();
    }
}
