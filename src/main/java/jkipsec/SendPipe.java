package jkipsec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What the application wrote and the peer has not acknowledged yet: the application puts octets in and waits while
 * there is no room, the engine hands them to TCP and gives room back when the peer has acknowledged.
 *
 * <p>Room is counted over both places, here and in TCP's send buffer, and equals that buffer's size, which may grow: TCP
 * can always take what is drained, and a connection's unacknowledged data is bounded. While the engine hands one array to TCP the
 * application fills another, so neither waits for the other. The engine is told once that there is data, and not again
 * until it has drained.
 *
 * <p>Thread-safe. One writer at a time: the socket serialises them.
 */
final class SendPipe {
    private static final byte[] EMPTY = {};
    private static final int SMALLEST = 4 * 1024;
    private static final int KEPT_WHEN_IDLE = 128 * 1024;

    /** Takes what was written. */
    @FunctionalInterface
    interface Sink {
        /**
         * Copies octets.
         *
         * @return how many were taken
         */
        int write(byte[] array, int offset, int length);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition writable = lock.newCondition();
    private final Runnable dataToDrain;

    /** The size of TCP's send buffer, and what the application wants of it at most. */
    private int largest;
    private int wanted = Integer.MAX_VALUE;

    /** The smaller of both. */
    private int capacity;
    private byte[] pending = EMPTY;
    private int count;
    private byte[] spare = EMPTY;
    private int room;
    private boolean told;
    private int waitingFor;
    private boolean shutDown;
    private Supplier<? extends IOException> failure;

    /**
     * Makes an empty pipe.
     *
     * @param capacity the size of TCP's send buffer in octets
     * @param dataToDrain asks the engine to call {@link #drain} soon; called without the lock, on the writer's thread
     */
    SendPipe(int capacity, Runnable dataToDrain) {
        this.largest = capacity;
        this.capacity = capacity;
        this.room = capacity;
        this.dataToDrain = dataToDrain;
    }

    /** The most octets that can be unacknowledged. */
    int capacity() {
        lock.lock();
        try {
            return largest;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets fewer octets be unacknowledged from now on, or again more. Application.
     *
     * @param octets how many, from 1; of more than TCP's buffer takes as much as that
     */
    void limit(int octets) {
        lock.lock();
        try {
            wanted = octets;
            resize();
            wake();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes everything, waiting for room as often as needed. Application.
     *
     * @throws InterruptedIOException when this virtual thread was interrupted while waiting
     * @throws IOException when the connection broke, output was shut down or the socket was closed
     */
    void write(byte[] array, int offset, int length) throws IOException {
        int position = offset;
        int end = offset + length;
        while (position < end) {
            int wanted = end - position;
            int taken;
            boolean tell;
            lock.lock();
            try {
                ensureOpen();
                if (room <= 0) {
                    // Who found the pipe full sleeps until a good part is free, not for every acknowledgement.
                    waitingFor = wanted;
                    try {
                        SocketWait.await(writable, () -> isWorthWaking() || failure != null || shutDown, 0);
                    } finally {
                        waitingFor = 0;
                    }
                    ensureOpen();
                }
                taken = Math.min(wanted, room);
                append(array, position, taken);
                room -= taken;
                tell = !told;
                told = true;
            } finally {
                lock.unlock();
            }
            if (tell) {
                dataToDrain.run();
            }
            position += taken;
        }
    }

    /** No more will be written; what was written is still drained. Application. */
    void shutdown() {
        lock.lock();
        try {
            shutDown = true;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Writers, waiting ones too, get {@code SocketException("Socket closed")}; what was written is still drained. */
    void close() {
        fail(() -> new SocketException("Socket closed"));
    }

    /**
     * The connection broke: writers get the exception. The first cause stays. Engine.
     *
     * @param cause makes the exception each writer gets
     */
    void fail(Supplier<? extends IOException> cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            wake();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands over everything that was written. Engine.
     *
     * @param sink TCP's send buffer; called without the lock
     */
    void drain(Sink sink) {
        byte[] array;
        int length;
        lock.lock();
        try {
            told = false;
            array = pending;
            length = count;
            pending = spare;
            spare = EMPTY;
            count = 0;
        } finally {
            lock.unlock();
        }
        if (length > 0) {
            sink.write(array, 0, length);
        }
        lock.lock();
        try {
            spare = array;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives back room. Engine.
     *
     * @param octets how much more TCP's buffer takes: what the peer acknowledged, and by how much the buffer grew
     * @param size the size of TCP's buffer now
     */
    void release(int octets, int size) {
        lock.lock();
        try {
            int acknowledged = octets - (size - largest);
            largest = size;
            resize();
            room = Math.min(capacity, room + acknowledged);
            if (room == capacity && pending.length + spare.length > KEPT_WHEN_IDLE) {
                pending = EMPTY;
                spare = EMPTY;
            }
            if (isWorthWaking()) {
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes room back that nobody uses. Engine.
     *
     * @param size what TCP's buffer is to have from now on, less than now
     * @return whether that is so: false when something is written and not acknowledged
     */
    boolean shrink(int size) {
        lock.lock();
        try {
            boolean idle = room == capacity && count == 0;
            if (idle) {
                largest = size;
                resize();
                pending = EMPTY;
                spare = EMPTY;
            }
            return idle;
        } finally {
            lock.unlock();
        }
    }

    private void resize() {
        int before = capacity;
        capacity = Math.min(largest, wanted);
        room += capacity - before;
    }

    /** Whether there is what the writer waits for, or all that a limit lowered meanwhile leaves of it. */
    private boolean isWorthWaking() {
        return room >= Math.max(1, Math.min(waitingFor, capacity / 4));
    }

    private void ensureOpen() throws IOException {
        if (shutDown) {
            throw new SocketException("Broken pipe");
        }
        if (failure != null) {
            throw failure.get();
        }
    }

    private void wake() {
        if (waitingFor > 0) {
            writable.signalAll();
        }
    }

    private void append(byte[] array, int offset, int length) {
        if (count + length > pending.length) {
            int larger = Math.max(SMALLEST, pending.length);
            while (larger < count + length) {
                larger *= 2;
            }
            pending = Arrays.copyOf(pending, Math.min(larger, Math.max(capacity, count + length)));
        }
        System.arraycopy(array, offset, pending, count, length);
        count += length;
    }
}
