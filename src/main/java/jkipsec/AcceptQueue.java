package jkipsec;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import jkipsec.tcp.TcpListener;

/**
 * Connections that a listening port has established and the application has not accepted yet. TCP's backlog bounds how
 * many there are. The engine puts in, application threads take out; thread-safe.
 */
final class AcceptQueue {
    private final TunnelShell tunnel;
    private final List<TcpListener> listeners;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private Supplier<? extends IOException> failure;

    /** A connection and the listener whose backlog it is in. */
    private record Waiting(TcpListener listener, TcpLink link) {}

    /** Ties a listening port: one listener for each address, all at the same port. Engine. */
    AcceptQueue(TunnelShell tunnel, List<TcpListener> listeners) {
        this.tunnel = tunnel;
        this.listeners = List.copyOf(listeners);
        listeners.forEach(listener -> listener.attach(this));
    }

    /** The local port. */
    int port() {
        return listeners.get(0).local().port();
    }

    /** Puts a connection in, or resets it when the port has just been closed. Engine. */
    void add(TcpListener listener, TcpLink link) {
        lock.lock();
        try {
            if (failure == null) {
                waiting.add(new Waiting(listener, link));
                changed.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        link.close(true);
    }

    /**
     * Takes a connection, waiting for one. Application.
     *
     * @param nanos how long at most; 0 for ever
     */
    TcpLink take(long nanos) throws IOException {
        lock.lock();
        try {
            if (!SocketWait.await(changed, () -> !waiting.isEmpty() || failure != null, nanos)) {
                throw new SocketTimeoutException("Accept timed out");
            }
            Waiting next = waiting.poll();
            if (next == null) {
                throw failure.get();
            }
            // With the lock, so that TCP hears of it before it hears of a close, which resets what is not accepted.
            tunnel.engine().post(tunnel.call("accept", now -> next.listener().accepted()));
            return next.link();
        } finally {
            lock.unlock();
        }
    }

    /** Stops listening and resets what nobody accepted. Application. */
    void close() {
        fail(() -> new SocketException("Socket closed"));
        tunnel.engine().post(tunnel.call("close of a listening port", now -> {
            listeners.forEach(listener -> listener.close(now));
            tunnel.connections().gone(this);
        }));
    }

    /** The port listens no more: who waits, or comes later, gets the exception. The first cause stays. */
    void fail(Supplier<? extends IOException> cause) {
        Waiting[] left;
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            left = waiting.toArray(Waiting[]::new);
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Waiting connection : left) {
            connection.link().close(true);
        }
    }
}
