package jkipsec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Joins two sockets: what one says the other hears, no faster than it takes it. Each direction has a virtual thread of
 * its own, and a buffer that grows only while data flows. The thread that runs it watches for silence: a direction that
 * waits for a side to take something would not notice.
 */
final class SocketPump {
    private static final int SMALLEST = 4 * 1024;
    private static final int LARGEST = 64 * 1024;

    private final Socket one;
    private final Socket other;
    private final long idleNanos;
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private final CountDownLatch directions = new CountDownLatch(2);
    private volatile long active = System.nanoTime();

    /**
     * Ties two connected sockets.
     *
     * @param idle how long nothing may move in either direction; zero for ever
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
            Thread.ofVirtual().name("jkipsec-pump").start(() -> move(one, other));
            Thread.ofVirtual().name("jkipsec-pump").start(() -> move(other, one));
            awaitEnd();
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
            while ((count = in.read(buffer)) >= 0) {
                active = System.nanoTime();
                out.write(buffer, 0, count);
                active = System.nanoTime();
                if (count == buffer.length && count < LARGEST) {
                    buffer = new byte[2 * count];
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            // It may be of the application's making, or memory is short: neither side may take this for the end.
            fail(new IOException("a socket failed", e));
        } finally {
            directions.countDown();
        }
    }

    private void awaitEnd() {
        try {
            while (idleNanos > 0 && !directions.await(active + idleNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                if (System.nanoTime() - active >= idleNanos) {
                    fail(new SocketTimeoutException("nothing moved in " + Duration.ofNanos(idleNanos)));
                    break;
                }
            }
            directions.await();
        } catch (InterruptedException e) {
            fail(new InterruptedIOException("interrupted while joining two sockets"));
            Thread.currentThread().interrupt();
        }
    }

    private void fail(IOException cause) {
        failure.compareAndSet(null, cause);
        reset();
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
