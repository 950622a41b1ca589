package jkipsec.sim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.ip.Endpoint;
import jkipsec.tcp.PortInUse;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpConnection;

/**
 * The applications at both ends of one tunnel, for as long as one likes: one connection on which octets go to the device
 * at a steady rate and to the gateway in bursts, and every so often a short connection of the device that sends some and
 * gets them back. Both ends of the long connection keep digests of what they wrote and read.
 */
public final class SteadyTraffic {
    private static final int STREAM_PORT = 7;
    private static final int ECHO_PORT = 8;
    private static final int EXCHANGE = 20_000;
    private static final long BEAT = 100 * World.MILLIS;

    /** Its length is prime, so that a segment in another's place is noticed. */
    private static final byte[] BLOCK = new byte[1_000_003];

    static {
        new Random(1).nextBytes(BLOCK);
    }

    /** One direction of the long connection. */
    private static final class Direction {
        private final MessageDigest sent = sha256();
        private final MessageDigest received = sha256();
        private long owed;
        private long written;
        private long read;

        boolean settled() {
            return owed == 0 && written == read;
        }

        boolean same() {
            return written == read && Arrays.equals(sofar(sent), sofar(received));
        }

        private static byte[] sofar(MessageDigest running) {
            try {
                return ((MessageDigest) running.clone()).digest();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** One end of the tunnel. */
    private final class End implements Peer.Application {
        private final Peer peer;
        private final GatewayTunnel tunnel;
        private final Direction out;
        private final Direction in;
        private TcpConnection stream;
        /** How many octets of each short connection have come. */
        private final Map<TcpConnection, Integer> exchanges = new HashMap<>();

        End(Peer peer, GatewayTunnel tunnel, Direction out, Direction in) {
            this.peer = peer;
            this.tunnel = tunnel;
            this.out = out;
            this.in = in;
            peer.application(this);
        }

        void listen(int port) {
            peer.tcp(tunnel, tcp -> {
                try {
                    tcp.listen(new Endpoint(tunnel.localAddress(), port), 10);
                } catch (PortInUse e) {
                    throw new AssertionError(e);
                }
            });
        }

        TcpConnection connect(int port) {
            var opened = new TcpConnection[1];
            peer.tcp(tunnel, tcp -> {
                try {
                    opened[0] = tcp.connect(new Endpoint(tunnel.localAddress(), 0),
                            new Endpoint(tunnel.remoteAddress(), port), world.now());
                } catch (PortInUse e) {
                    throw new AssertionError(e);
                }
            });
            return opened[0];
        }

        @Override
        public void tcp(GatewayTunnel of, TcpAction action) {
            switch (action) {
                case TcpAction.Opened opened -> opened(opened.connection());
                case TcpAction.Accepted accepted -> {
                    accepted.listener().accepted();
                    if (accepted.connection().local().port() == STREAM_PORT) {
                        stream = accepted.connection();
                        fill();
                    }
                }
                case TcpAction.SendSpace space -> {
                    if (space.connection() == stream) {
                        fill();
                    }
                }
                case TcpAction.Deliver deliver -> {
                    if (deliver.connection() == stream) {
                        in.received.update(deliver.array(), deliver.offset(), deliver.length());
                        in.read += deliver.length();
                    } else {
                        exchanged(deliver);
                    }
                    peer.tcp(tunnel, tcp -> deliver.connection().consumed(deliver.length(), world.now()));
                }
                case TcpAction.EndOfStream end -> peer.tcp(tunnel, tcp -> end.connection().close(world.now()));
                case TcpAction.Closed closed -> {
                    if (closed.connection() == stream) {
                        throw new AssertionError("the long connection ended: " + closed.cause());
                    }
                    exchanges.remove(closed.connection());
                }
                case TcpAction.MemoryShort asked -> throw new AssertionError("two connections use up the memory");
                case TcpAction.Offered offered -> throw new AssertionError("nothing is forwarded");
            case TcpAction.Transmit transmit -> throw new AssertionError("segments go through the tunnel");
            }
        }

        private void opened(TcpConnection connection) {
            if (connection == stream) {
                fill();
            } else {
                write(connection, BLOCK, 0, EXCHANGE);
                peer.tcp(tunnel, tcp -> connection.shutdownOutput(world.now()));
            }
        }

        private void exchanged(TcpAction.Deliver deliver) {
            int before = exchanges.getOrDefault(deliver.connection(), 0);
            int length = deliver.length();
            if (!Arrays.equals(BLOCK, before, before + length, deliver.array(), deliver.offset(),
                    deliver.offset() + length)) {
                throw new AssertionError("a short connection delivered other octets at " + before);
            }
            exchanges.put(deliver.connection(), before + length);
            if (deliver.connection().local().port() == ECHO_PORT) {
                write(deliver.connection(), deliver.array(), deliver.offset(), length);
            } else if (before + length == EXCHANGE) {
                exchangesDone++;
            }
        }

        private void write(TcpConnection connection, byte[] octets, int offset, int length) {
            peer.tcp(tunnel, tcp -> {
                if (connection.write(octets, offset, length, world.now()) != length) {
                    throw new AssertionError("a short connection has no room for " + length + " octets");
                }
            });
        }

        /** Writes what is owed, as far as there is room. */
        void fill() {
            if (stream == null || out.owed == 0) {
                return;
            }
            peer.tcp(tunnel, tcp -> {
                int taken;
                do {
                    int from = (int) (out.written % BLOCK.length);
                    taken = stream.write(BLOCK, from, (int) Math.min(out.owed, BLOCK.length - from), world.now());
                    out.sent.update(BLOCK, from, taken);
                    out.written += taken;
                    out.owed -= taken;
                } while (taken > 0 && out.owed > 0);
            });
        }
    }

    private final World world;
    private final long octetsPerBeat;
    private final Direction down = new Direction();
    private final Direction up = new Direction();
    private final End gateway;
    private final End device;
    private boolean running;
    private long exchangesDone;
    private long exchangesBegun;

    /**
     * Begins the long connection, on which nothing flows yet.
     *
     * @param scenario where
     * @param alice the device, which has one tunnel
     * @param bitsPerSecond the steady rate to the device
     */
    public SteadyTraffic(Scenario scenario, Peer alice, double bitsPerSecond) {
        world = scenario.world();
        octetsPerBeat = Math.round(bitsPerSecond / 8 * BEAT / World.SECOND);
        gateway = new End(scenario.gateway(), scenario.gateway().tunnels().get(0), down, up);
        device = new End(alice, alice.tunnels().get(0), up, down);
        gateway.listen(STREAM_PORT);
        gateway.listen(ECHO_PORT);
        device.stream = device.connect(STREAM_PORT);
    }

    /** From now on octets flow, until {@link #settle}. */
    public void start() {
        running = true;
        world.in(BEAT, this::beat);
    }

    private void beat() {
        if (running) {
            down.owed += octetsPerBeat;
            gateway.fill();
            world.in(BEAT, this::beat);
        }
    }

    /** The device sends so many octets as fast as it goes. */
    public void burst(int octets) {
        up.owed += octets;
        device.fill();
    }

    /** The device opens a short connection. */
    public void exchange() {
        exchangesBegun++;
        device.connect(ECHO_PORT);
    }

    /** Nothing new flows; returns whether all that was sent arrived within a time, the same as it was sent. */
    public boolean settle(long limit) {
        running = false;
        return world.runUntil(() -> up.settled() && down.settled() && exchangesDone == exchangesBegun, limit)
                && up.same() && down.same();
    }

    /** The octets that reached the device and the gateway. */
    public long[] received() {
        return new long[] {down.read, up.read};
    }

    /** How many short connections got back what they sent. */
    public long exchanges() {
        return exchangesDone;
    }

    /** Both ends' digests, once they were compared. */
    @Override
    public String toString() {
        var hex = HexFormat.of();
        return String.format("down %,d octets, SHA-256 %.16s...; up %,d octets, SHA-256 %.16s...; %d short connections",
                down.read, hex.formatHex(Direction.sofar(down.received)),
                up.read, hex.formatHex(Direction.sofar(up.received)), exchangesDone);
    }
}
