package jkipsec.tcp;

/**
 * When slow start has found the path's capacity, from the rise of the round-trip time rather than from losses
 * (HyStart++, RFC 9406 §4). An immutable value; times are nanoseconds.
 *
 * @param lastMinimum the least round trip of the round before, {@link Long#MAX_VALUE} when there was none
 * @param minimum the least round trip of this round so far, {@link Long#MAX_VALUE} before any
 * @param samples how many measurements this round has had
 * @param baseline the least round trip when conservative slow start (CSS) was entered, {@link Long#MAX_VALUE} outside it
 * @param conservativeRounds rounds begun in conservative slow start, 0 outside it
 */
public record HyStart(long lastMinimum, long minimum, int samples, long baseline, int conservativeRounds) {
    /** The state at the beginning of slow start. */
    public static final HyStart INITIAL = new HyStart(Long.MAX_VALUE, Long.MAX_VALUE, 0, Long.MAX_VALUE, 0);

    private static final long MIN_RTT_THRESH = 4_000_000;
    private static final long MAX_RTT_THRESH = 16_000_000;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int N_RTT_SAMPLE = 8;
    private static final int CSS_ROUNDS = 5;

    /**
     * An acknowledgment arrived in slow start.
     *
     * @param roundTrip what it measured, negative for nothing
     * @param roundStarts whether it acknowledges everything that had been sent when the round before began
     * @return the state then
     */
    public HyStart acknowledged(long roundTrip, boolean roundStarts) {
        HyStart round = roundStarts
                ? new HyStart(minimum, Long.MAX_VALUE, 0, baseline,
                        isConservative() ? conservativeRounds + 1 : 0)
                : this;
        return roundTrip < 0 ? round : round.sample(roundTrip);
    }

    private HyStart sample(long roundTrip) {
        long least = Math.min(minimum, roundTrip);
        int count = samples + 1;
        if (count >= N_RTT_SAMPLE) {
            if (isConservative()) {
                if (least < baseline) {
                    return new HyStart(lastMinimum, least, count, Long.MAX_VALUE, 0);
                }
            } else if (lastMinimum != Long.MAX_VALUE && least >= lastMinimum + threshold()) {
                return new HyStart(lastMinimum, least, count, least, 1);
            }
        }
        return new HyStart(lastMinimum, least, count, baseline, conservativeRounds);
    }

    private long threshold() {
        return Math.max(MIN_RTT_THRESH, Math.min(lastMinimum / MIN_RTT_DIVISOR, MAX_RTT_THRESH));
    }

    /**
     * Whether the window should grow more slowly: conservative slow start.
     *
     * @return true from a rise of the round-trip time until it falls again
     */
    public boolean isConservative() {
        return conservativeRounds > 0;
    }

    /**
     * Whether slow start is over, for the rise of the round-trip time has lasted.
     *
     * @return true after five rounds of conservative slow start
     */
    public boolean isOver() {
        return conservativeRounds > CSS_ROUNDS;
    }
}
