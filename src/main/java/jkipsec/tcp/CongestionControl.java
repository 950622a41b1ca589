package jkipsec.tcp;

/**
 * The congestion window and how it changes: an immutable value, every event gives the next one. What to send again, and
 * how much during recovery, is {@code LossRecovery}'s business. All amounts are octets, all times nanoseconds.
 */
public sealed interface CongestionControl permits Reno, Cubic {
    /** No window grows beyond this. */
    int LARGEST_WINDOW = 1 << 30;

    /** The algorithms there are. */
    enum Algorithm {
        /** RFC 9438, with slow start as HyStart++ (RFC 9406) has it. */
        CUBIC,
        /** RFC 5681. */
        RENO;

        /**
         * The state of a new connection: an initial window of ten segments (RFC 6928 §2).
         *
         * @param segmentSize SMSS, from 1
         * @return the initial state
         */
        public CongestionControl initial(int segmentSize) {
            return this == CUBIC ? Cubic.initial(segmentSize) : Reno.initial(segmentSize);
        }

        /**
         * The state of a new connection whose SYN was lost more than once: one segment (RFC 6928 §2).
         *
         * @param segmentSize SMSS, from 1
         * @return the initial state
         */
        public CongestionControl afterLostHandshake(int segmentSize) {
            return this == CUBIC ? Cubic.afterLostHandshake(segmentSize) : Reno.afterLostHandshake(segmentSize);
        }
    }

    /**
     * New data was delivered while the window was in full use and no loss was being repaired by fast recovery.
     *
     * @param now the time
     * @param octets how many, from 1
     * @param roundTrip what the acknowledgment measured, negative for nothing
     * @param smoothed SRTT, negative when nothing was measured yet
     * @param roundStarts whether it is the first to acknowledge something sent after the round before began
     */
    record Delivery(long now, int octets, long roundTrip, long smoothed, boolean roundStarts) {}

    /**
     * SMSS.
     *
     * @return octets in a full segment
     */
    int segmentSize();

    /**
     * The congestion window, cwnd.
     *
     * @return octets that may be in flight, at least one segment
     */
    int window();

    /**
     * The slow start threshold, ssthresh.
     *
     * @return octets
     */
    int threshold();

    /**
     * Whether the window is below the threshold.
     *
     * @return true in slow start, false in congestion avoidance
     */
    default boolean inSlowStart() {
        return window() < threshold();
    }

    /**
     * New data was delivered.
     *
     * @param delivery what and when
     * @return the state then
     */
    CongestionControl delivered(Delivery delivery);

    /**
     * For some time the window was not in full use, which is over: that time does not count.
     *
     * @param pause how long
     * @return the state then
     */
    CongestionControl resumed(long pause);

    /**
     * A loss was noticed by acknowledgments, or congestion by ECN.
     *
     * @param flight octets sent and not acknowledged
     * @return the state then: the window is the new threshold
     */
    CongestionControl lossDetected(int flight);

    /**
     * A loss was repaired without the timer, and without SACK.
     *
     * @param flight octets sent and not acknowledged
     * @return the state then, which does not allow a burst
     */
    CongestionControl recovered(int flight);

    /**
     * The retransmission timer ran out.
     *
     * @param flight octets sent and not acknowledged
     * @param again whether it had run out for the same data before
     * @return the state then: the window is one segment
     */
    CongestionControl timedOut(int flight, boolean again);

    /**
     * Nothing was sent for longer than the retransmission time-out.
     *
     * @return the state then: the window is at most the initial one
     */
    CongestionControl idled();

    /**
     * The path is another one: of what was learnt, only a guess at the capacity is kept.
     *
     * @return the state then: the window is at most the initial one, and slow start goes up to the former threshold, or
     *     to three quarters of the former window when that is more
     */
    CongestionControl pathChanged();

    /**
     * The size of full segments has changed.
     *
     * @param segmentSize the new size, from 1
     * @return the state then
     */
    CongestionControl withSegmentSize(int segmentSize);

    /**
     * The initial window (RFC 6928 §2).
     *
     * @param segmentSize SMSS, from 1
     * @return ten segments, or less when they are large
     */
    static int initialWindow(int segmentSize) {
        return Math.min(10 * segmentSize, Math.max(2 * segmentSize, 14_600));
    }
}
