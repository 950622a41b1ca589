package jkipsec.tcp;

/**
 * The congestion window and how it changes: an immutable value, every event gives the next one. What to send again, and
 * the window's inflation meanwhile, is {@code LossRecovery}'s business. All amounts are octets.
 */
public sealed interface CongestionControl permits Reno {
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
     * New data was acknowledged while the window was in full use and nothing was being recovered.
     *
     * @param octets how many, from 1
     * @return the state then
     */
    CongestionControl acknowledged(int octets);

    /**
     * A loss was noticed by duplicate acknowledgments.
     *
     * @param flight octets sent and not acknowledged
     * @return the state then: the window is the new threshold
     */
    CongestionControl lossDetected(int flight);

    /**
     * A loss was repaired without the timer.
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
     * The size of full segments has changed.
     *
     * @param segmentSize the new size, from 1
     * @return the state then
     */
    CongestionControl withSegmentSize(int segmentSize);
}
