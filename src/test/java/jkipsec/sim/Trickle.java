package jkipsec.sim;

import jkipsec.gateway.GatewayTunnel;
import jkipsec.ip.Endpoint;
import jkipsec.tcp.PortInUse;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpConnection;
import jkipsec.tcp.TcpEnd;

/**
 * One end of a connection that is used now and then, for as long as one likes: writes a known pattern when it is told to,
 * and checks that what it reads is the same pattern.
 */
public final class Trickle implements Peer.Application {
    private static final int PERIOD = 251;

    private final World world;
    private final Peer peer;
    private GatewayTunnel tunnel;
    private TcpConnection connection;
    private TcpEnd ended;
    private long wanted;
    private long written;
    private long read;
    private long corrupt;

    public Trickle(World world, Peer peer) {
        this.world = world;
        this.peer = peer;
        peer.application(this);
    }

    public void listen(GatewayTunnel over, int port) {
        tunnel = over;
        peer.tcp(over, tcp -> {
            try {
                tcp.listen(new Endpoint(over.localAddress(), port), 1);
            } catch (PortInUse e) {
                throw new AssertionError(e);
            }
        });
    }

    public void connect(GatewayTunnel over, int port) {
        tunnel = over;
        peer.tcp(over, tcp -> {
            try {
                tcp.connect(new Endpoint(over.localAddress(), 0), new Endpoint(over.remoteAddress(), port), world.now());
            } catch (PortInUse e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Writes so much more. */
    public void send(int octets) {
        wanted += octets;
        fill();
    }

    /** How much it was told to write. */
    public long wanted() {
        return wanted;
    }

    public long read() {
        return read;
    }

    /** How many octets were not what the pattern says. */
    public long corrupt() {
        return corrupt;
    }

    /** Why the connection ended; null while it lives. */
    public TcpEnd ended() {
        return ended;
    }

    @Override
    public void tcp(GatewayTunnel over, TcpAction action) {
        switch (action) {
            case TcpAction.Opened opened -> connection = opened.connection();
            case TcpAction.Accepted accepted -> {
                accepted.listener().accepted();
                connection = accepted.connection();
            }
            case TcpAction.SendSpace space -> { }
            case TcpAction.Deliver deliver -> {
                for (int i = 0; i < deliver.length(); i++) {
                    if (deliver.array()[deliver.offset() + i] != (byte) (read++ % PERIOD)) {
                        corrupt++;
                    }
                }
                peer.tcp(over, tcp -> deliver.connection().consumed(deliver.length(), world.now()));
            }
            case TcpAction.EndOfStream end -> { }
            case TcpAction.Closed closed -> {
                ended = closed.cause();
                connection = null;
            }
            case TcpAction.MemoryShort asked -> { } // what was delivered is consumed at once
            case TcpAction.Offered offered -> throw new AssertionError("nothing is forwarded");
            case TcpAction.Transmit transmit -> throw new AssertionError("segments go through the tunnel");
        }
        fill();
    }

    private void fill() {
        if (connection == null || written == wanted) {
            return;
        }
        byte[] chunk = new byte[(int) Math.min(wanted - written, 64 * 1024)];
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = (byte) ((written + i) % PERIOD);
        }
        peer.tcp(tunnel, tcp -> written += connection.write(chunk, 0, chunk.length, world.now()));
    }
}
