package jkipsec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How often a client lets itself be redirected: MAX_REDIRECTS within REDIRECT_LOOP_DETECT_PERIOD, by the defaults of RFC
 * 5685 §7. Thread-safe.
 */
final class RedirectLimit {
    static final int MOST = 5;
    static final long PERIOD = 300_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Long> followed = new ArrayDeque<>();

    /** Counts one more redirect; false when it is too many, and then it does not count. */
    boolean tryFollow(long now) {
        lock.lock();
        try {
            while (!followed.isEmpty() && now - followed.peek() >= PERIOD) {
                followed.remove();
            }
            return followed.size() < MOST && followed.add(now);
        } finally {
            lock.unlock();
        }
    }
}
