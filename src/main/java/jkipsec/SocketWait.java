package jkipsec;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * Waiting as a {@code java.net} socket waits: a virtual thread that is interrupted stops waiting and the socket is
 * closed, a platform thread that is interrupted goes on waiting and finds its interrupt status set afterwards.
 */
final class SocketWait {
    private SocketWait() {}

    /**
     * Waits for something, with the condition's lock held.
     *
     * @param changed signalled whenever what is waited for may have come
     * @param done whether it came; asked with the lock held
     * @param nanos how long to wait at most, in nanoseconds; 0 for ever
     * @return true when it came, false when time ran out
     * @throws InterruptedIOException when this virtual thread was interrupted; its interrupt status stays set, by which
     *     {@code java.net.Socket} knows that it must close the socket
     */
    static boolean await(Condition changed, BooleanSupplier done, long nanos) throws InterruptedIOException {
        boolean virtual = Thread.currentThread().isVirtual();
        boolean interrupted = false;
        long remaining = nanos;
        try {
            while (!done.getAsBoolean()) {
                if (nanos > 0 && remaining <= 0) {
                    return false;
                }
                long before = System.nanoTime();
                try {
                    if (nanos > 0) {
                        changed.awaitNanos(remaining);
                    } else {
                        changed.await();
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (virtual) {
                        throw new InterruptedIOException("Closed by interrupt");
                    }
                }
                remaining -= System.nanoTime() - before;
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
