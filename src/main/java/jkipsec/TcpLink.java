package jkipsec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import jkipsec.ip.Endpoint;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpConnection;
import jkipsec.tcp.TcpEnd;

/**
 * One TCP connection between the engine, which owns the connection, and the application, which reads and writes the
 * pipes. Methods say which side they are for; those for the application may be called by any thread.
 */
final class TcpLink {
    private final TunnelShell tunnel;
    private final Engine engine;
    private final Endpoint local;
    private final Endpoint remote;
    private final ReceivePipe received;
    private final SendPipe toSend;
    private final Engine.Call returnCredit;
    private final Engine.Call takeData;
    private final Runnable wakeReader = () -> received().wakeReader();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition decided = lock.newCondition();
    private boolean open;
    private Supplier<? extends IOException> refusal;

    // Confined to the engine's thread.
    private final TcpConnection connection;
    private boolean finishing;
    private boolean peerFinished;
    private boolean ended;

    /**
     * Ties a connection. Engine.
     *
     * @param open whether it is already established: one that a listener accepted
     */
    TcpLink(TunnelShell tunnel, TcpConnection connection, int receiveWindow, boolean open) {
        this.tunnel = tunnel;
        this.engine = tunnel.engine();
        this.connection = connection;
        this.local = connection.local();
        this.remote = connection.remote();
        this.open = open;
        returnCredit = tunnel.call("window credit", this::returnCredit);
        takeData = tunnel.call("data to send", this::takeData);
        received = new ReceivePipe(receiveWindow, () -> engine.post(returnCredit), () -> engine.afterBatch(wakeReader));
        received.window(connection.receiveWindow());
        toSend = new SendPipe(connection.sendCapacity(), () -> engine.post(takeData));
        connection.attach(this);
        tunnel.connections().add(this);
    }

    Endpoint local() {
        return local;
    }

    Endpoint remote() {
        return remote;
    }

    ReceivePipe received() {
        return received;
    }

    SendPipe toSend() {
        return toSend;
    }

    /** Octets from the peer. Engine. */
    void deliver(TcpAction.Deliver delivery) {
        received.window(connection.receiveWindow());
        received.deliver(delivery.array(), delivery.offset(), delivery.length());
    }

    /** TCP takes more octets. Engine. */
    void sendSpace(int octets) {
        toSend.release(octets, connection.sendCapacity());
    }

    /** The tunnel's connections run short of memory. Engine. */
    void saveMemory(long now) {
        returnCredit(now);
        connection.shrinkIdle(toSend::shrink, now);
    }

    /** The handshake is done. Engine. */
    void opened() {
        decide(null);
    }

    /** The peer will send no more. Engine. */
    void peerFinished() {
        peerFinished = true;
        received.endOfStream();
    }

    /** The connection is over; nothing more comes. Engine. */
    void closed(TcpEnd cause) {
        ended = true;
        tunnel.connections().gone(this);
        var broken = new SocketErrors.Broken(cause, peerFinished, tunnel);
        // The writing side first: whoever reads that the connection is gone must not find that it can still write.
        toSend.fail(broken::forWriter);
        if (cause == TcpEnd.NORMAL) {
            received.endOfStream();
        } else {
            received.fail(broken::forReader);
        }
        decide(() -> SocketErrors.ofConnect(cause, tunnel, remote));
    }

    /**
     * Waits until the handshake is done. Application.
     *
     * @param nanos how long at most; 0 for ever
     * @throws SocketTimeoutException when it was not done in time
     * @throws InterruptedIOException when this virtual thread was interrupted
     * @throws IOException when the peer refused, or could not be reached
     */
    void awaitOpen(long nanos) throws IOException {
        lock.lock();
        try {
            if (!SocketWait.await(decided, () -> open || refusal != null, nanos)) {
                throw new SocketTimeoutException("Connect timed out");
            }
            if (!open) {
                throw refusal.get();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more will be read. Application. */
    void shutdownInput() {
        received.shutdown();
        post("shutdown of input", now -> {
            returnCredit(now);
            if (!ended) {
                connection.shutdownInput(now);
            }
        });
    }

    /** No more will be written; the peer is told after what was written. Application. */
    void shutdownOutput() {
        toSend.shutdown();
        post("shutdown of output", now -> {
            takeData(now);
            finishing = true;
            if (!ended) {
                connection.shutdownOutput(now);
            }
        });
    }

    /**
     * Ends the connection without waiting: what was written still goes out, unless it is aborted. Application.
     *
     * @param abort whether to reset the connection instead
     */
    void close(boolean abort) {
        received.close();
        toSend.close();
        decide(() -> new SocketException("Socket closed"));
        post("close", now -> {
            returnCredit(now);
            takeData(now);
            finishing = true;
            if (ended) {
                return;
            }
            if (abort) {
                connection.abort(now);
            } else {
                connection.close(now);
            }
        });
    }

    /** Has the connection follow the socket's options. Application. */
    void apply(TunnelSocketOptions.ForTcp options) {
        post("socket options", now -> options.apply(connection, now));
    }

    /**
     * Waits until the peer has acknowledged everything, the FIN too, after {@link #close}, or the connection is over
     * (RFC 9293 §3.10.4; {@code SO_LINGER}). An interrupt ends the wait. Application.
     *
     * @param nanos how long at most
     */
    void awaitDrained(long nanos) {
        try {
            tunnel.await("whether a connection lingers", this::isDrained, System.nanoTime() + nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the peer has acknowledged all that the application sent and finished. Engine. */
    boolean isDrained() {
        return ended || !finishing
                || switch (connection.state()) {
                    case FIN_WAIT_2, TIME_WAIT, CLOSED -> true;
                    default -> false;
                };
    }

    private void post(String what, Engine.Task task) {
        engine.post(tunnel.call(what, task));
    }

    private void decide(Supplier<? extends IOException> refused) {
        lock.lock();
        try {
            if (!open && refusal == null) {
                open = refused == null;
                refusal = refused;
                decided.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void returnCredit(long now) {
        int octets = received.takeCredit();
        if (octets > 0 && !ended) {
            connection.consumed(octets, now);
        }
        received.window(connection.receiveWindow());
    }

    private void takeData(long now) {
        toSend.drain((array, offset, length) -> ended ? 0 : connection.write(array, offset, length, now));
    }
}
