package jkipsec;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Pings that belong together, and their answers. Thread-safe: the engine tells of them, the application waits. */
final class PingSeries {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** When each that is not answered yet was sent. */
    private final Map<Long, Long> open = new HashMap<>();
    private Supplier<? extends IOException> failure;
    private int sent;
    private int received;
    private int duplicates;
    private long minimum = Long.MAX_VALUE;
    private long maximum;
    private double mean;

    /** The sum of the squares of the distances from the mean (Welford's way, which loses no digits). */
    private double squares;

    /** One was sent. */
    void sent(long ticket, long time) {
        lock.lock();
        try {
            sent++;
            open.put(ticket, time);
        } finally {
            lock.unlock();
        }
    }

    /** One was answered, perhaps again. */
    void answered(long ticket, long time) {
        lock.lock();
        try {
            Long since = open.remove(ticket);
            if (since == null) {
                duplicates++;
            } else {
                add(Math.max(0, time - since));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(long nanos) {
        received++;
        minimum = Math.min(minimum, nanos);
        maximum = Math.max(maximum, nanos);
        double distance = nanos - mean;
        mean += distance / received;
        squares += distance * (nanos - mean);
    }

    /** There is no tunnel any more. */
    void failed(Supplier<? extends IOException> cause) {
        lock.lock();
        try {
            failure = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all were answered.
     *
     * @param nanos how long at most
     * @throws IOException when the tunnel ended
     */
    void awaitAnswers(long nanos) throws IOException, InterruptedException {
        await(nanos, true);
    }

    /** Waits for a time, whatever is answered. */
    void pause(long nanos) throws IOException, InterruptedException {
        await(nanos, false);
    }

    private void await(long nanos, boolean onlyForAnswers) throws IOException, InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (failure == null && left > 0 && !(onlyForAnswers && open.isEmpty())) {
                left = changed.awaitNanos(left);
            }
            if (failure != null) {
                throw failure.get();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long the last answer is worth waiting for: a second, or twice the longest round trip so far. */
    long patience() {
        lock.lock();
        try {
            return Math.max(TimeUnit.SECONDS.toNanos(1), 2 * maximum);
        } finally {
            lock.unlock();
        }
    }

    /** What came of them so far. */
    PingStatistics statistics() {
        lock.lock();
        try {
            return new PingStatistics(sent, received, duplicates,
                    Duration.ofNanos(received == 0 ? 0 : minimum),
                    Duration.ofNanos(Math.round(mean)),
                    Duration.ofNanos(maximum),
                    Duration.ofNanos(received == 0 ? 0 : Math.round(Math.sqrt(squares / received))));
        } finally {
            lock.unlock();
        }
    }
}
