package jkipsec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Joins two sockets: what one says the other hears, no faster than it takes it. Each direction has a virtual thread of
 * its own, and a buffer that grows only while data flows.
 */
final class SocketPump {
    private static final int SMALLEST = 4 * 1024;
    private static final int LARGEST = 64 * 1024;

    private final Socket one;
    private final Socket other;
    private final long idleNanos;
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private volatile long active = System.nanoTime();

    /**
     * Ties two connected sockets.
     *
     * @param idle how long neither may say anything; zero for ever
     */
    SocketPump(Socket one, Socket other, Duration idle) {
        this.one = one;
        this.other = other;
        this.idleNanos = idle.toNanos();
    }

    /**
     * Moves octets until both directions have ended or one broke; then both sockets are closed.
     *
     * @throws IOException when a direction broke, or nothing was said for too long; both were reset
     */
    void run() throws IOException {
        try (one; other) {
            one.setTcpNoDelay(true);
            other.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().name("jkipsec-pump").start(() -> move(other, one));
            move(one, other);
            back.join();
        } catch (InterruptedException e) {
            reset();
            Thread.currentThread().interrupt();
        }
        IOException broken = failure.get();
        if (broken != null) {
            throw broken;
        }
    }

    private void move(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[SMALLEST];
            int count;
            while ((count = read(from, in, buffer)) >= 0) {
                out.write(buffer, 0, count);
                active = System.nanoTime();
                if (count == buffer.length && count < LARGEST) {
                    buffer = new byte[2 * count];
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            failure.compareAndSet(null, e);
            reset();
        }
    }

    private int read(Socket from, InputStream in, byte[] buffer) throws IOException {
        while (true) {
            long left = idleNanos - (System.nanoTime() - active);
            if (idleNanos > 0) {
                from.setSoTimeout((int) Math.max(1, (left + 999_999) / 1_000_000));
            }
            try {
                int count = in.read(buffer);
                active = System.nanoTime();
                return count;
            } catch (SocketTimeoutException e) {
                // The other direction may have been busy meanwhile.
                if (System.nanoTime() - active >= idleNanos) {
                    throw e;
                }
            }
        }
    }

    /** An end that is no orderly one: neither side must take what it got for all there was. */
    private void reset() {
        reset(one);
        reset(other);
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException ignored) {
            // It was closed already.
        }
    }
}
