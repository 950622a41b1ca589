package jkipsec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import jkipsec.ip.Endpoint;

/**
 * Datagrams that came for a socket and were not received yet, within a bound: what comes beyond it is refused, as a
 * network may lose any datagram. Thread-safe; the engine puts in and never waits.
 */
final class DatagramQueue {
    /** What a datagram takes besides its octets, roughly. */
    private static final int OVERHEAD = 256;

    /**
     * A datagram.
     *
     * @param source who sent it
     * @param payload of the reader's own
     */
    record Datagram(Endpoint source, byte[] payload) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Datagram> waiting = new ArrayDeque<>();
    private int limit;
    private int held;

    /** Thrown once to the next reader, which then may go on. */
    private Supplier<? extends IOException> error;

    /** Thrown to every reader that finds nothing. */
    private Supplier<? extends IOException> failure;

    /**
     * Makes an empty queue.
     *
     * @param octets how much may wait, the memory around each datagram included
     */
    DatagramQueue(int octets) {
        limit = octets;
    }

    /** How much may wait. */
    int limit() {
        lock.lock();
        try {
            return limit;
        } finally {
            lock.unlock();
        }
    }

    /** Changes how much may wait. */
    void limit(int octets) {
        lock.lock();
        try {
            limit = octets;
        } finally {
            lock.unlock();
        }
    }

    /** Puts a copy of a datagram in; says whether there was room. One always fits an empty queue. Engine. */
    boolean offer(Endpoint source, byte[] array, int offset, int length) {
        lock.lock();
        try {
            if (failure != null || !waiting.isEmpty() && held + OVERHEAD + length > limit) {
                return false;
            }
            held += OVERHEAD + length;
            waiting.add(new Datagram(source, Arrays.copyOfRange(array, offset, offset + length)));
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a datagram, waiting for one.
     *
     * @param nanos how long at most; 0 for ever
     * @throws SocketTimeoutException when none came in time
     * @throws InterruptedIOException when this virtual thread was interrupted
     * @throws IOException what was to be told instead
     */
    Datagram take(long nanos) throws IOException {
        lock.lock();
        try {
            if (!SocketWait.await(changed, () -> !waiting.isEmpty() || error != null || failure != null, nanos)) {
                throw new SocketTimeoutException("Receive timed out");
            }
            throwError();
            Datagram next = waiting.poll();
            if (next == null) {
                throw failure.get();
            }
            held -= OVERHEAD + next.payload().length;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** What was sent did not arrive: told once, to whoever receives or sends next. */
    void error(Supplier<? extends IOException> cause) {
        lock.lock();
        try {
            error = cause;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Throws what {@link #error} was given, if nobody was told yet. */
    void throwError() throws IOException {
        lock.lock();
        try {
            if (error != null) {
                IOException cause = error.get();
                error = null;
                throw cause;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Throws away what waits. */
    void clear() {
        lock.lock();
        try {
            waiting.clear();
            held = 0;
            error = null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more, and tells every reader why once what waits was read. The first cause stays. */
    void fail(Supplier<? extends IOException> cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The same, but what waits is not read any more. */
    void close(Supplier<? extends IOException> cause) {
        lock.lock();
        try {
            failure = cause;
            clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
