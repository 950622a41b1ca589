package jkipsec.sim;

import java.util.HashMap;
import java.util.Map;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.tcp.PortInUse;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpConnection;
import jkipsec.tcp.TcpEnd;

/**
 * An application of one peer: listens, or connects, and on each connection writes a known pattern and checks that what it
 * reads is a prefix of the same pattern. After its pattern it shuts its output down; after both it closes.
 */
public final class Transfer implements Peer.Application {
    /** One connection's progress. */
    private static final class Progress {
        private int written;
        private int read;
        private boolean shut;
        private boolean eof;
    }

    private static final int PERIOD = 251;
    private static final byte[] PATTERN = pattern();

    private final World world;
    private final Peer peer;
    private final int size;
    private final Map<TcpConnection, Progress> connections = new HashMap<>();
    private final Map<TcpConnection, TcpEnd> ended = new HashMap<>();
    private int corrupt;
    private int complete;

    public Transfer(World world, Peer peer, int size) {
        this.world = world;
        this.peer = peer;
        this.size = size;
        peer.application(this);
    }

    private static byte[] pattern() {
        byte[] octets = new byte[PERIOD * 300];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) (i % PERIOD);
        }
        return octets;
    }

    public void listen(GatewayTunnel tunnel, int port) {
        listen(tunnel, new Endpoint(tunnel.localAddress(), port));
    }

    public void listen(GatewayTunnel tunnel, Endpoint local) {
        peer.tcp(tunnel, tcp -> {
            try {
                tcp.listen(local, 10);
            } catch (PortInUse e) {
                throw new AssertionError(e);
            }
        });
    }

    public void connect(GatewayTunnel tunnel, int port) {
        connect(tunnel, new Endpoint(tunnel.remoteAddress(), port));
    }

    public void connect(GatewayTunnel tunnel, Endpoint remote) {
        IpAddress local = tunnel.localAddressFor(remote.address()).orElseThrow();
        peer.tcp(tunnel, tcp -> {
            try {
                tcp.connect(new Endpoint(local, 0), remote, world.now());
            } catch (PortInUse e) {
                throw new AssertionError(e);
            }
        });
    }

    /** How many connections wrote and read everything, in order, and ended normally. */
    public int complete() {
        return complete;
    }

    /** How many octets were not what the pattern says. */
    public int corrupt() {
        return corrupt;
    }

    public Map<TcpConnection, TcpEnd> ended() {
        return Map.copyOf(ended);
    }

    /** The octets read on all connections that are open. */
    public int read() {
        return connections.values().stream().mapToInt(p -> p.read).sum();
    }

    @Override
    public void tcp(GatewayTunnel tunnel, TcpAction action) {
        switch (action) {
            case TcpAction.Opened opened -> begin(tunnel, opened.connection());
            case TcpAction.Accepted accepted -> {
                accepted.listener().accepted();
                begin(tunnel, accepted.connection());
            }
            case TcpAction.SendSpace space -> fill(tunnel, space.connection());
            case TcpAction.Deliver deliver -> deliver(tunnel, deliver);
            case TcpAction.EndOfStream end -> {
                connections.get(end.connection()).eof = true;
                finish(tunnel, end.connection());
            }
            case TcpAction.Closed closed -> {
                Progress progress = connections.remove(closed.connection());
                ended.put(closed.connection(), closed.cause());
                if (progress != null && progress.read == size && progress.written == size && progress.eof) {
                    complete++;
                }
            }
            case TcpAction.MemoryShort asked -> { } // what was delivered is consumed at once
            case TcpAction.Offered offered -> throw new AssertionError("nothing is forwarded");
            case TcpAction.Transmit transmit -> throw new AssertionError("segments go through the tunnel");
        }
    }

    private void begin(GatewayTunnel tunnel, TcpConnection connection) {
        connections.put(connection, new Progress());
        fill(tunnel, connection);
    }

    private void fill(GatewayTunnel tunnel, TcpConnection connection) {
        Progress progress = connections.get(connection);
        if (progress == null || progress.shut) {
            return;
        }
        peer.tcp(tunnel, tcp -> {
            int taken;
            do {
                int from = progress.written % PERIOD;
                int length = Math.min(size - progress.written, PATTERN.length - from);
                taken = connection.write(PATTERN, from, length, world.now());
                progress.written += taken;
            } while (taken > 0 && progress.written < size);
            if (progress.written == size) {
                progress.shut = true;
                connection.shutdownOutput(world.now());
            }
        });
        finish(tunnel, connection);
    }

    private void deliver(GatewayTunnel tunnel, TcpAction.Deliver deliver) {
        Progress progress = connections.get(deliver.connection());
        for (int i = 0; i < deliver.length(); i++) {
            if (deliver.array()[deliver.offset() + i] != (byte) (progress.read++ % PERIOD)) {
                corrupt++;
            }
        }
        peer.tcp(tunnel, tcp -> deliver.connection().consumed(deliver.length(), world.now()));
    }

    private void finish(GatewayTunnel tunnel, TcpConnection connection) {
        Progress progress = connections.get(connection);
        if (progress.shut && progress.eof) {
            peer.tcp(tunnel, tcp -> connection.close(world.now()));
        }
    }
}
