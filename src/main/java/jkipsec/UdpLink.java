package jkipsec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.udp.UdpAction;
import jkipsec.udp.UdpEndpoint;

/**
 * One bound UDP port between the engine, which owns the endpoint, and the application, which sends and receives. Methods
 * say which side they are for; those for the application may be called by any thread.
 */
final class UdpLink {
    /** How much may wait to be received, or to be sent, unless the socket is told otherwise. */
    static final int DEFAULT_BUFFER = 256 * 1024;

    /** What a datagram to be sent takes besides its octets, roughly. */
    private static final int OVERHEAD = 256;

    private final TunnelShell tunnel;
    private final Engine engine;
    private final Endpoint local;
    private final DatagramQueue received = new DatagramQueue(DEFAULT_BUFFER);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private int toSend;
    private int sendLimit = DEFAULT_BUFFER;
    private boolean closed;

    // Confined to the engine's thread.
    private final UdpEndpoint endpoint;

    /** Ties an endpoint. Engine. */
    UdpLink(TunnelShell tunnel, UdpEndpoint endpoint) {
        this.tunnel = tunnel;
        this.engine = tunnel.engine();
        this.endpoint = endpoint;
        this.local = endpoint.local();
        endpoint.attach(this);
    }

    /** Where it is bound. */
    Endpoint local() {
        return local;
    }

    /** What came. */
    DatagramQueue received() {
        return received;
    }

    /** How much may wait to be sent. Application. */
    int sendLimit() {
        lock.lock();
        try {
            return sendLimit;
        } finally {
            lock.unlock();
        }
    }

    /** Changes how much may wait to be sent. Application. */
    void sendLimit(int octets) {
        lock.lock();
        try {
            sendLimit = octets;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Something happened to the endpoint. Engine. */
    void udp(UdpAction action) {
        switch (action) {
            case UdpAction.Received datagram -> {
                if (!received.offer(datagram.source(), datagram.array(), datagram.offset(), datagram.length())) {
                    endpoint.overflowed();
                }
            }
            case UdpAction.Unreachable unreachable -> received.error(unreachable.port()
                    ? () -> new PortUnreachableException("Connection refused: " + unreachable.remote())
                    : () -> new NoRouteToHostException("No route to host: " + unreachable.remote()));
            case UdpAction.Ended ended -> {
                received.fail(() -> new SocketException("the flow has ended: nothing was sent for long, or others needed"
                        + " its place"));
                end();
                tunnel.datagrams().gone(this);
            }
            case UdpAction.Offered offered -> throw new IllegalArgumentException("not for a socket: " + offered);
            case UdpAction.Refused refused -> throw new IllegalArgumentException("not for a socket: " + refused);
            case UdpAction.Transmit transmit -> throw new IllegalArgumentException("not for a socket: " + transmit);
            case UdpAction.PortClosed closed -> throw new IllegalArgumentException("not for a socket: " + closed);
        }
    }

    /** There is no tunnel any more. Engine. */
    void tunnelClosed() {
        received.fail(tunnel::closedException);
        end();
    }

    /**
     * Hands a datagram over to be sent, waiting while too many wait already. Application.
     *
     * @param payload not used by anybody else from now on
     * @throws InterruptedIOException when this virtual thread was interrupted while it waited
     * @throws IOException when the socket or the tunnel is closed
     */
    void send(IpAddress source, Endpoint destination, byte[] payload) throws IOException {
        int weight = OVERHEAD + payload.length;
        lock.lock();
        try {
            SocketWait.await(released, () -> closed || toSend == 0 || toSend + weight <= sendLimit, 0);
            if (closed) {
                throw tunnel.cause() == null ? new SocketException("Socket closed") : tunnel.closedException();
            }
            toSend += weight;
        } finally {
            lock.unlock();
        }
        Engine.Task task = now -> {
            release(weight);
            endpoint.send(source, destination, payload);
        };
        if (!engine.post(tunnel.call("datagram to send", task))) {
            throw tunnel.closedException();
        }
    }

    private void release(int weight) {
        lock.lock();
        try {
            toSend -= weight;
            released.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes datagrams from one peer only; what others sent before is not received any more. Application. */
    void connect(Endpoint peer) throws IOException {
        engine.ask("connect of a datagram socket", now -> {
            endpoint.connect(peer);
            received.clear();
            return null;
        });
    }

    /** Takes datagrams from anybody again. Application. */
    void disconnect() {
        engine.post("disconnect", now -> endpoint.disconnect());
    }

    /** Frees the port, after what was handed over is sent. Application. */
    void close() {
        received.close(() -> new SocketException("Socket closed"));
        end();
        engine.post("close of a datagram socket", now -> {
            endpoint.close();
            tunnel.datagrams().gone(this);
        });
    }

    private void end() {
        lock.lock();
        try {
            closed = true;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
