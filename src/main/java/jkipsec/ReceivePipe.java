package jkipsec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What a peer sent and the application has not read yet: the engine puts octets in and never waits, the application
 * takes them out and waits while there are none.
 *
 * <p>The pipe holds at most the connection's receive window, since TCP accepts no more from the peer than what was
 * given back by {@link #takeCredit()}. Its array grows on demand up to that and is let go when the application has
 * waited for a second. What was read is reported in bulk: the engine is asked to collect it when a quarter of the
 * window has come together, and not asked again until it has done so. A reader that waits is not woken by each segment:
 * the engine is asked once to {@link #wakeReader} when it has taken in all that it has at hand. The window grows
 * with what the application reads.
 *
 * <p>Thread-safe. One reader at a time: the socket serialises them.
 */
final class ReceivePipe {
    private static final byte[] EMPTY = {};
    private static final int SMALLEST = 4 * 1024;
    private static final int KEPT_WHEN_IDLE = 128 * 1024;
    private static final long IDLE_NANOS = 1_000_000_000L;
    private static final int LARGEST_CREDIT = 128 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readable = lock.newCondition();
    private final int capacity;
    private int creditThreshold;
    private final Runnable askForCredit;
    private final Runnable askToWake;

    private byte[] ring = EMPTY;
    private int head;
    private int count;
    private int consumed;
    private boolean creditAsked;
    private boolean waiting;
    private boolean wakeAsked;
    private boolean ended;
    private boolean shutDown;
    private boolean closed;
    private Supplier<? extends IOException> failure;

    /**
     * Makes an empty pipe.
     *
     * @param capacity the most octets it holds: the connection's receive window
     * @param askForCredit asks the engine to call {@link #takeCredit()} soon; called without the lock, on the reader's
     *     thread
     * @param askToWake asks the engine to call {@link #wakeReader()} soon; called without the lock, on the engine's thread
     */
    ReceivePipe(int capacity, Runnable askForCredit, Runnable askToWake) {
        this.capacity = capacity;
        this.askForCredit = askForCredit;
        this.askToWake = askToWake;
        window(capacity);
    }

    /**
     * Says how much may be unread now. Engine.
     *
     * @param octets what is unread or may still come without another credit
     */
    void window(int octets) {
        lock.lock();
        try {
            creditThreshold = Math.max(1, Math.min(octets / 4, LARGEST_CREDIT));
        } finally {
            lock.unlock();
        }
    }

    /** The most octets the pipe holds. */
    int capacity() {
        return capacity;
    }

    /**
     * Puts in octets from the peer. Engine.
     *
     * @throws IllegalStateException when more comes than the window allowed, which is a fault of this program
     */
    void deliver(byte[] array, int offset, int length) {
        boolean ask;
        lock.lock();
        try {
            if (shutDown || failure != null) {
                consumed += length;
                return;
            }
            if (length > capacity - count) {
                throw new IllegalStateException("TCP delivered " + length + " octets into a pipe with room for "
                        + (capacity - count));
            }
            reserve(count + length);
            int tail = wrap(head + count);
            int first = Math.min(length, ring.length - tail);
            System.arraycopy(array, offset, ring, tail, first);
            System.arraycopy(array, offset + first, ring, 0, length - first);
            count += length;
            ask = waiting && !wakeAsked;
            wakeAsked |= ask;
        } finally {
            lock.unlock();
        }
        if (ask) {
            askToWake.run();
        }
    }

    /** Wakes the reader, who waits for what was delivered. Engine. */
    void wakeReader() {
        lock.lock();
        try {
            wakeAsked = false;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** The peer will send no more: readers get what is there, then -1. Engine. */
    void endOfStream() {
        lock.lock();
        try {
            ended |= failure == null; // after a failure something may be missing
            wake();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The connection broke: readers get what is there, then the exception. The first cause stays. Engine.
     *
     * @param cause makes the exception each reader gets
     */
    void fail(Supplier<? extends IOException> cause) {
        lock.lock();
        try {
            // After the peer's FIN nothing can be missing from what was received.
            if (failure == null && !ended) {
                failure = cause;
            }
            wake();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Collects what the application read since the last time. Engine.
     *
     * @return octets by which the receive window may open
     */
    int takeCredit() {
        lock.lock();
        try {
            int credit = consumed;
            consumed = 0;
            creditAsked = false;
            return credit;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads, waiting until there is something. Application.
     *
     * @param array where to put it
     * @param offset the first octet's place
     * @param length how much is wanted at most, from 1
     * @param nanos how long to wait at most; 0 for ever
     * @return how many octets were read; -1 when the peer will send no more or input was shut down
     * @throws SocketTimeoutException when nothing came in time
     * @throws InterruptedIOException when this virtual thread was interrupted while waiting
     * @throws IOException when the connection broke or the socket was closed
     */
    int read(byte[] array, int offset, int length, long nanos) throws IOException {
        boolean ask;
        int taken;
        lock.lock();
        try {
            if (count == 0 && !over()) {
                waiting = true;
                try {
                    if (!await(nanos)) {
                        throw new SocketTimeoutException("Read timed out");
                    }
                } finally {
                    waiting = false;
                }
            }
            if (closed) {
                throw new SocketException("Socket closed");
            }
            if (shutDown || count == 0 && ended) {
                return -1;
            }
            if (count == 0) {
                throw failure.get();
            }
            taken = Math.min(length, count);
            take(array, offset, taken);
            consumed += taken;
            ask = !creditAsked && consumed >= creditThreshold;
            creditAsked |= ask;
        } finally {
            lock.unlock();
        }
        if (ask) {
            askForCredit.run();
        }
        return taken;
    }

    /** Waits until there is something to tell; a large array that is not used for a while is let go. */
    private boolean await(long nanos) throws InterruptedIOException {
        long left = nanos;
        if (ring.length > KEPT_WHEN_IDLE) {
            long first = left == 0 ? IDLE_NANOS : Math.min(left, IDLE_NANOS);
            if (SocketWait.await(readable, this::isReadable, first)) {
                return true;
            }
            ring = EMPTY;
            head = 0;
            if (left > 0) {
                left -= first;
                if (left == 0) {
                    return false;
                }
            }
        }
        return SocketWait.await(readable, this::isReadable, left);
    }

    /** How many octets can be read without waiting. Application. */
    int available() {
        lock.lock();
        try {
            return shutDown ? 0 : count;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is there and what comes; readers get -1. Application. */
    void shutdown() {
        lock.lock();
        try {
            consumed += count;
            discard();
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Drops everything; readers, waiting ones too, get {@code SocketException("Socket closed")}. Application. */
    void close() {
        lock.lock();
        try {
            // Not credited: TCP answers a close with unread data by a reset (RFC 2525 §2.17), and must know of it.
            discard();
            closed = true;
            wake();
        } finally {
            lock.unlock();
        }
    }

    private void discard() {
        shutDown = true;
        ring = EMPTY;
        head = 0;
        count = 0;
    }

    private boolean isReadable() {
        return count > 0 || over();
    }

    private boolean over() {
        return ended || shutDown || failure != null;
    }

    private void wake() {
        if (waiting) {
            readable.signalAll();
        }
    }

    private void take(byte[] array, int offset, int length) {
        int first = Math.min(length, ring.length - head);
        System.arraycopy(ring, head, array, offset, first);
        System.arraycopy(ring, 0, array, offset + first, length - first);
        head = wrap(head + length);
        count -= length;
    }

    private void reserve(int needed) {
        if (needed <= ring.length) {
            return;
        }
        int larger = Math.max(SMALLEST, ring.length);
        while (larger < needed) {
            larger *= 2;
        }
        byte[] grown = new byte[Math.min(larger, Math.max(capacity, needed))];
        int kept = count;
        take(grown, 0, kept);
        ring = grown;
        head = 0;
        count = kept;
    }

    private int wrap(int index) {
        return index < ring.length ? index : index - ring.length;
    }
}
