package jkipsec;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
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
    private final TcpListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<TcpLink> waiting = new ArrayDeque<>();
    private Supplier<? extends IOException> failure;

    /** Ties a listening port. Engine. */
    AcceptQueue(TunnelShell tunnel, TcpListener listener) {
        this.tunnel = tunnel;
        this.listener = listener;
        listener.attach(this);
    }

    /** The local port. */
    int port() {
        return listener.local().port();
    }

    /** Puts a connection in, or resets it when the port has just been closed. Engine. */
    void add(TcpLink link) {
        lock.lock();
        try {
            if (failure == null) {
                waiting.add(link);
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
        TcpLink link;
        lock.lock();
        try {
            if (!SocketWait.await(changed, () -> !waiting.isEmpty() || failure != null, nanos)) {
                throw new SocketTimeoutException("Accept timed out");
            }
            link = waiting.poll();
            if (link == null) {
                throw failure.get();
            }
        } finally {
            lock.unlock();
        }
        tunnel.engine().post(tunnel.call("accept", now -> listener.accepted()));
        return link;
    }

    /** Stops listening and resets what nobody accepted. Application. */
    void close() {
        fail(() -> new SocketException("Socket closed"));
        tunnel.engine().post(tunnel.call("close of a listening port", now -> {
            listener.close(now);
            tunnel.gone(this);
        }));
    }

    /** The port listens no more: who waits, or comes later, gets the exception. The first cause stays. */
    void fail(Supplier<? extends IOException> cause) {
        TcpLink[] left;
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            left = waiting.toArray(TcpLink[]::new);
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (TcpLink link : left) {
            link.close(true);
        }
    }
}
