package jkipsec.cli.bench;

import java.time.Duration;

/** Counts what is done in a time. Confined to one thread. */
final class Stopwatch {
    private final long start = System.nanoTime();
    private final long limit;

    /**
     * Starts.
     *
     * @param limit how long to go on
     */
    Stopwatch(Duration limit) {
        this.limit = limit.toNanos();
    }

    /**
     * Whether to go on.
     *
     * @return true until the time is over
     */
    boolean running() {
        return nanos() < limit;
    }

    /**
     * The time so far.
     *
     * @return nanoseconds since the start
     */
    long nanos() {
        return System.nanoTime() - start;
    }

    /**
     * A rate up to now.
     *
     * @param octets what was done
     * @return in Mbit/s
     */
    double mbits(long octets) {
        return octets * 8e3 / nanos();
    }

    /**
     * A rate up to now.
     *
     * @param times how often something was done
     * @return times a second
     */
    double perSecond(long times) {
        return times * 1e9 / nanos();
    }
}
