package jkipsec;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import jkipsec.ip.Refusal;
import jkipsec.tcp.PortInUse;
import jkipsec.tcp.TcpOffer;
import jkipsec.udp.UdpOffer;

/**
 * A tunnel's forwarder with what it needs to run: a virtual thread for each flow, and the sockets of this machine that
 * relays have open, which end with the tunnel. Thread-safe; methods for the engine's thread say so.
 */
final class Forwarding {
    private static final System.Logger LOG = System.getLogger("jkipsec");

    private final TunnelShell tunnel;
    private final Forwarder forwarder;
    private final Set<Flow> undecided = ConcurrentHashMap.newKeySet();
    private final Set<Closeable> onward = ConcurrentHashMap.newKeySet();
    private final LongAdder offered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean ended;

    Forwarding(TunnelShell tunnel, Forwarder forwarder) {
        this.tunnel = tunnel;
        this.forwarder = forwarder;
    }

    /** The device wants a connection. Engine. */
    void offered(TcpOffer offer) {
        offered(new TcpFlow(this, offer));
    }

    /** The device sends datagrams. Engine. */
    void offered(UdpOffer offer) {
        offered(new UdpFlow(this, offer));
    }

    /** The device wants something. Engine. */
    private void offered(Flow flow) {
        offered.increment();
        undecided.add(flow);
        Thread.ofVirtual().name("jkipsec-flow").start(() -> run(flow));
    }

    private void run(Flow flow) {
        try {
            forwarder.flow(flow);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> flow + ": " + e.getMessage());
        } catch (Throwable e) {
            failed.increment();
            long count = failed.sum();
            // The first few, then ever more seldom: a device can cause it as often as it likes. Only the class: the
            // application's message may hold what should not be in a log.
            LOG.log(count <= 8 || Long.bitCount(count) == 1 ? Level.WARNING : Level.DEBUG, () -> "the forwarder failed"
                    + " for " + flow + " with " + e.getClass().getName() + " (number " + count + ")");
        } finally {
            if (undecided.contains(flow)) {
                LOG.log(Level.DEBUG, () -> "the forwarder did not decide about " + flow);
                flow.refuse();
            }
        }
    }

    /** The tunnel is down. Engine. */
    void down() {
        ended = true;
        // Not on the engine's thread: nobody promises that closing is quick.
        Thread.ofVirtual().name("jkipsec-flows-end").start(() -> onward.forEach(Forwarding::close));
    }

    /** What happened to flows so far. */
    FlowStatistics statistics() {
        return new FlowStatistics(offered.sum(), refused.sum(), failed.sum());
    }

    /** Takes the one decision about a flow. */
    void decide(Flow flow) {
        if (!decided(flow)) {
            throw new IllegalStateException(flow + " was accepted, refused or relayed before; decide once");
        }
    }

    /** Whether this is the first decision about a flow. */
    boolean decided(Flow flow) {
        return undecided.remove(flow);
    }

    /** From now on a socket is closed when the tunnel ends. */
    void track(Closeable socket) throws IOException {
        onward.add(socket);
        if (ended) {
            throw tunnel.closedException();
        }
    }

    /** A socket was closed. */
    void forget(Closeable socket) {
        onward.remove(socket);
    }

    void refuse(TcpOffer offer, Refusal how) {
        refused.increment();
        tunnel.engine().post(tunnel.call("refusal of a connection", now -> offer.refuse(how, now)));
    }

    /** Ends a flow of datagrams, accepted or not; several may want to. */
    void refuse(UdpOffer offer, Refusal how) {
        tunnel.engine().post(tunnel.call("refusal of datagrams", now -> {
            if (offer.isOpen()) {
                refused.increment();
                offer.refuse(how);
            }
        }));
    }

    /** Takes the other's place in a flow of datagrams. */
    UdpLink accept(UdpOffer offer) throws IOException {
        return tunnel.engine().ask("accept of datagrams", now -> {
            tunnel.ensureOpen();
            if (!offer.isOpen()) {
                throw new SocketException("the flow has ended: it was not decided about for long");
            }
            return tunnel.datagrams().accept(offer);
        });
    }

    /** The application's face of a flow that was accepted. */
    DatagramSocket socket(UdpOffer offer, UdpLink link) {
        return new TunnelDatagramSocket(tunnel, link, offer.remote().toInetSocketAddress());
    }

    /** Answers a SYN and waits until the connection is open. */
    Socket accept(TcpOffer offer) throws IOException {
        Socket socket = TunnelSocketImpl.unconnected(tunnel, (port, remote) -> link(offer));
        try {
            socket.connect(offer.remote().toInetSocketAddress());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private TcpLink link(TcpOffer offer) throws IOException {
        return tunnel.engine().ask("accept of a flow", now -> {
            if (!offer.isOpen()) {
                throw tunnel.closedException();
            }
            try {
                return tunnel.connections().adopt(offer.accept(now));
            } catch (PortInUse e) {
                throw new SocketException(e.getMessage());
            }
        });
    }

    private static void close(Closeable socket) {
        try (socket) {
            if (socket instanceof Socket connection) {
                connection.setSoLinger(true, 0); // the target must not take this for an orderly end
            }
        } catch (IOException ignored) {
            // It is of no use either way.
        }
    }
}
