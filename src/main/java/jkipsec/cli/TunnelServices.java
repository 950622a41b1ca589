package jkipsec.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import jkipsec.Forwarders;
import jkipsec.Tunnel;

/**
 * What {@code serve} and {@code connect} do with tunnels: echo services inside, forwards from local ports, and a line
 * in the journal when one comes up or ends. Safe for use by any thread.
 */
final class TunnelServices implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(20);
    private static final int BACKLOG = 50;

    private final Journal journal;
    private final List<Integer> echoPorts;
    private final List<ServerSocket> localListeners = new ArrayList<>();
    /** Open tunnels, the latest first. */
    private final Deque<Tunnel> open = new ConcurrentLinkedDeque<>();

    /**
     * Starts to listen on the local ports.
     *
     * @param journal where to say what happens
     * @param echoPorts ports inside each tunnel that send back what they get
     * @param forwards local ports that lead into the latest tunnel
     * @throws IOException when a local port cannot be bound
     */
    TunnelServices(Journal journal, List<Integer> echoPorts, List<Forward> forwards) throws IOException {
        this.journal = journal;
        this.echoPorts = echoPorts;
        for (Forward forward : forwards) {
            ServerSocket listener = listen(forward);
            localListeners.add(listener);
            journal.note("forward %s to port %d inside the latest tunnel", Units.literal(new InetSocketAddress(
                    listener.getInetAddress(), listener.getLocalPort())), forward.remotePort());
            Relay.acceptAll(listener, connection -> relay(connection, forward.remotePort()));
        }
    }

    private ServerSocket listen(Forward forward) throws IOException {
        try {
            return new ServerSocket(forward.localPort(), BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException taken) {
            close();
            throw new IOException("--forward: cannot listen on 127.0.0.1 port " + forward.localPort() + " ("
                    + taken.getMessage() + "); choose another local port, or 0 for any free one", taken);
        }
    }

    /**
     * Takes charge of a tunnel that has just come up: serves it until it ends. Returns at once.
     *
     * @param tunnel an open tunnel
     */
    void up(Tunnel tunnel) {
        open.addFirst(tunnel);
        for (int port : echoPorts) {
            try {
                Relay.acceptAll(tunnel.listen(port), Relay::echo);
                Relay.echo(tunnel.datagramSocket(port));
            } catch (IOException ended) {
                journal.note("no echo on port %d for %s: %s", port, tunnel.identity(), ended.getMessage());
            }
        }
        // Not before its services answer: who reads this line may use them at once.
        journal.note("up    %s", describe(tunnel));
        Thread.ofVirtual().name("tunnel of " + tunnel.identity()).start(() -> watch(tunnel));
    }

    /**
     * Says what was negotiated.
     *
     * @param tunnel an open tunnel
     * @return identity, addresses and suites
     */
    static String describe(Tunnel tunnel) {
        return tunnel.identity() + " " + Units.literal(tunnel.remoteAddress()) + " at " + Units.literal(tunnel.peer())
                + ", IKE " + tunnel.ikeSuite() + ", ESP " + tunnel.childSuite();
    }

    private void watch(Tunnel tunnel) {
        try {
            String cause = tunnel.awaitClosed().describe();
            journal.note("down  %s %s: %s; %s", tunnel.identity(), Units.literal(tunnel.remoteAddress()), cause,
                    traffic(tunnel));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(tunnel);
        }
    }

    private static String traffic(Tunnel tunnel) {
        var statistics = tunnel.statistics();
        return Units.octets(statistics.octetsIn()) + " received, " + Units.octets(statistics.octetsOut()) + " sent";
    }

    private void relay(Socket local, int port) throws IOException {
        Tunnel tunnel = open.peekFirst();
        if (tunnel == null) {
            journal.note("forward to port %d: no device is connected", port);
            local.setSoLinger(true, 0);
            return;
        }
        try (Socket remote = tunnel.connect(port, CONNECT_LIMIT)) {
            Forwarders.join(local, remote);
        } catch (IOException failed) {
            journal.note("forward to port %d of %s: %s", port, tunnel.identity(), failed.getMessage());
            // A reset, not an orderly end: the local program must not take what it got for all there was.
            local.setSoLinger(true, 0);
            throw failed;
        }
    }

    /** Stops listening on the local ports; tunnels stay as they are. */
    @Override
    public void close() {
        for (ServerSocket listener : localListeners) {
            try {
                listener.close();
            } catch (IOException ignored) {
                // It no longer listens either way.
            }
        }
    }
}
