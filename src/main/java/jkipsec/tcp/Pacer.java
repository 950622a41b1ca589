package jkipsec.tcp;

/**
 * Spreads what is sent over the round trip instead of sending a window at once: twice as fast as the window needs in
 * slow start, 1.2 times in congestion avoidance. It allows small bursts, and does nothing where the path is so short
 * that a timer would only slow it down. Times are nanoseconds. Confined to the stack's thread.
 */
final class Pacer {
    /** Paths with a shorter round trip are not paced. */
    static final long SHORTEST_ROUND_TRIP = 1_000_000;

    /** How much may go at once: what the rate allows in this time, and at least two segments. */
    private static final long BURST = 1_000_000;

    private static final double SLOW_START = 2.0;
    private static final double AVOIDANCE = 1.2;

    /** Octets a nanosecond, 0 for no limit. */
    private double rate;

    private long burst;

    /** When what was sent so far has had its time. */
    private long paid;

    /**
     * Sets the pace.
     *
     * @param control says how much goes in a round trip
     * @param smoothed SRTT
     * @param minimum the least round-trip time of late; what is more is queueing
     */
    void pace(CongestionControl control, long smoothed, long minimum, long now) {
        if (rate == 0) {
            paid = now;
        }
        if (smoothed < SHORTEST_ROUND_TRIP || minimum < SHORTEST_ROUND_TRIP) {
            rate = 0;
            return;
        }
        rate = (control.inSlowStart() ? SLOW_START : AVOIDANCE) * control.window() / smoothed;
        burst = Math.max(BURST, (long) (2 * control.segmentSize() / rate));
    }

    /** Whether more may be sent now. */
    boolean permits(long now) {
        return rate == 0 || paid - now < burst;
    }

    /** When {@link #permits} will next be true for a whole burst. */
    long readyAt() {
        return paid;
    }

    /** Octets were sent, new or again. */
    void sent(int octets, long now) {
        if (rate > 0) {
            // A timer that was late has not cost anything, up to a burst.
            paid = Math.max(paid, now - burst) + (long) (octets / rate);
        }
    }
}
