package jkipsec.tcp;

/**
 * What is known of a connection's round-trip time (RFC 6298 §2). An immutable value; times are nanoseconds.
 *
 * @param smoothed SRTT, or a negative number before the first measurement
 * @param variation RTTVAR
 */
public record RttEstimate(long smoothed, long variation) {
    /** Nothing measured yet. */
    public static final RttEstimate UNKNOWN = new RttEstimate(-1, 0);

    /**
     * Whether anything was measured.
     *
     * @return true after the first measurement
     */
    public boolean isKnown() {
        return smoothed >= 0;
    }

    /**
     * Takes in a measurement (RFC 6298 §2.2 and §2.3, with alpha 1/8 and beta 1/4).
     *
     * @param roundTrip the time from sending a segment, once, to its acknowledgment; from 0
     * @return the new estimate
     */
    public RttEstimate sample(long roundTrip) {
        if (!isKnown()) {
            return new RttEstimate(roundTrip, roundTrip / 2);
        }
        return new RttEstimate(smoothed + (roundTrip - smoothed) / 8,
                variation + (Math.abs(smoothed - roundTrip) - variation) / 4);
    }

    /**
     * Takes in one of several measurements of a round trip, each of which counts less (RFC 7323, appendix G).
     *
     * @param roundTrip the time from sending a segment, once, to its acknowledgment; from 0
     * @param expected how many measurements a round trip brings, from 1
     * @return the new estimate
     */
    public RttEstimate sample(long roundTrip, int expected) {
        if (!isKnown() || expected == 1) {
            return sample(roundTrip);
        }
        return new RttEstimate(smoothed + (roundTrip - smoothed) / (8L * expected),
                variation + (Math.abs(smoothed - roundTrip) - variation) / (4L * expected));
    }

    /**
     * The retransmission time-out, SRTT + max(G, 4*RTTVAR).
     *
     * @param granularity G, which this stack sets far above its clock's: it leaves the peer time to delay an
     *     acknowledgment even when the round-trip time does not vary
     * @param ceiling the longest time-out
     * @return the time-out, once a measurement was made
     */
    public long timeout(long granularity, long ceiling) {
        return Math.min(smoothed + Math.max(granularity, 4 * variation), ceiling);
    }
}
