package jkipsec;

import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Taking a socket's read lock within the time a read may take. */
final class SocketLocks {
    private SocketLocks() {}

    /**
     * Takes a lock; an interrupt does not keep it from that and stays set.
     *
     * @param lock the lock
     * @param nanos how long at most; 0 for ever
     * @param late the message when it takes longer
     * @return what is left of the time, at least 1; 0 for ever
     * @throws SocketTimeoutException when the lock could not be had in time
     */
    static long lock(ReentrantLock lock, long nanos, String late) throws SocketTimeoutException {
        if (nanos == 0) {
            lock.lock();
            return 0;
        }
        if (lock.tryLock()) {
            return nanos;
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos;
        try {
            for (long left = nanos; left > 0; left = deadline - System.nanoTime()) {
                try {
                    if (lock.tryLock(left, TimeUnit.NANOSECONDS)) {
                        return Math.max(1, deadline - System.nanoTime());
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            throw new SocketTimeoutException(late);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
