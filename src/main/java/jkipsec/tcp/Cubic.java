package jkipsec.tcp;

/**
 * CUBIC (RFC 9438, which replaces RFC 8312): in congestion avoidance the window follows a cubic function of the time
 * since the last congestion, flat where that happened; where Reno would be faster it is as fast as Reno. The first slow
 * start ends as {@link HyStart} says.
 *
 * <p>The window, not the flight, is what a congestion event reduces (§4.6 allows it): it does not grow unless it is in
 * full use, and so the loss at the end of a short answer does not throw away what was learnt.
 *
 * @param segmentSize SMSS in octets
 * @param exactWindow cwnd in octets, with a fraction
 * @param threshold ssthresh in octets
 * @param maximum W_max in octets, 0 when nothing is known of congestion
 * @param epoch the present stage of congestion avoidance, null before its first acknowledgment
 * @param slowStart what ends the first slow start, null after it
 */
public record Cubic(
        int segmentSize, double exactWindow, int threshold, double maximum, Epoch epoch, HyStart slowStart)
        implements CongestionControl {
    /** beta_cubic (§4.6). */
    private static final double BETA = 0.7;

    /** C (§5). */
    private static final double C = 0.4;

    /** alpha_cubic while the estimate is below what the window was (§4.3). */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    /** L of RFC 9406 §4.2, for one acknowledgment may stand for many segments. */
    private static final int MOST_SEGMENTS = 8;

    /** CSS_GROWTH_DIVISOR of RFC 9406 §4.3. */
    private static final int CONSERVATIVE_DIVISOR = 4;

    private static final double NANOS = 1e9;

    /**
     * A stage of congestion avoidance, from one congestion event to the next.
     *
     * @param start when it began, moved by the times that do not count
     * @param origin where the curve is flat, in segments
     * @param inflection K: seconds from the start to there
     * @param estimate W_est, the window that Reno would have, in segments
     * @param prior cwnd_prior: the window before the congestion event, in segments
     */
    public record Epoch(long start, double origin, double inflection, double estimate, double prior) {
        /**
         * W_cubic (§4.2, figure 1).
         *
         * @param seconds the time since the start
         * @return the window, in segments
         */
        double curve(double seconds) {
            double distance = seconds - inflection;
            return C * distance * distance * distance + origin;
        }
    }

    /**
     * The state of a new connection: an initial window of ten segments (RFC 6928 §2).
     *
     * @param segmentSize SMSS, from 1
     * @return the initial state
     */
    public static Cubic initial(int segmentSize) {
        return new Cubic(segmentSize, CongestionControl.initialWindow(segmentSize), LARGEST_WINDOW, 0, null,
                HyStart.INITIAL);
    }

    /**
     * The state of a new connection whose SYN was lost more than once: one segment (RFC 6928 §2).
     *
     * @param segmentSize SMSS, from 1
     * @return the initial state
     */
    public static Cubic afterLostHandshake(int segmentSize) {
        return new Cubic(segmentSize, segmentSize, LARGEST_WINDOW, 0, null, HyStart.INITIAL);
    }

    @Override
    public int window() {
        return (int) exactWindow;
    }

    @Override
    public Cubic delivered(Delivery delivery) {
        return inSlowStart() ? slowStart(delivery) : congestionAvoidance(delivery);
    }

    private Cubic slowStart(Delivery delivery) {
        HyStart state = slowStart == null ? null : slowStart.acknowledged(delivery.roundTrip(), delivery.roundStarts());
        if (state != null && state.isOver()) {
            return new Cubic(segmentSize, exactWindow, window(), maximum, null, null);
        }
        double growth = Math.min(delivery.octets(), MOST_SEGMENTS * segmentSize);
        if (state != null && state.isConservative()) {
            growth /= CONSERVATIVE_DIVISOR;
        }
        return new Cubic(segmentSize, Math.min(exactWindow + growth, LARGEST_WINDOW), threshold, maximum, null, state);
    }

    /** §4.2 to §4.5. */
    private Cubic congestionAvoidance(Delivery delivery) {
        double window = exactWindow / segmentSize;
        double segments = (double) delivery.octets() / segmentSize;
        Epoch now = epoch == null ? begin(window, delivery.now()) : epoch;
        // §4.3: once what Reno would have lost is made up for, it is as fast as Reno.
        double alpha = now.estimate() < now.prior() ? ALPHA : 1;
        double estimate = now.estimate() + alpha * segments / window;
        double seconds = (delivery.now() - now.start()) / NANOS;
        double roundTrip = Math.max(0, delivery.smoothed()) / NANOS;
        double grown;
        if (now.curve(seconds) < estimate) {
            grown = Math.max(window, estimate);
        } else {
            double target = Math.max(window, Math.min(now.curve(seconds + roundTrip), 1.5 * window));
            grown = window + (target - window) / window * segments;
        }
        grown = Math.min(grown, (double) LARGEST_WINDOW / segmentSize);
        return new Cubic(segmentSize, grown * segmentSize, threshold, maximum,
                new Epoch(now.start(), now.origin(), now.inflection(), estimate, now.prior()), null);
    }

    /** §4.2: K from W_max, which is the present window when there was no congestion before (§4.8, §4.10). */
    private Epoch begin(double window, long now) {
        double most = maximum / segmentSize;
        return most > window
                ? new Epoch(now, most, Math.cbrt((most - window) / C), window, window / BETA)
                : new Epoch(now, window, 0, window, window);
    }

    @Override
    public Cubic resumed(long pause) {
        return epoch == null ? this : new Cubic(segmentSize, exactWindow, threshold, maximum,
                new Epoch(epoch.start() + pause, epoch.origin(), epoch.inflection(), epoch.estimate(), epoch.prior()),
                slowStart);
    }

    @Override
    public Cubic lossDetected(int flight) {
        int reduced = reduced();
        return new Cubic(segmentSize, reduced, reduced, maximumAfterCongestion(), null, null);
    }

    @Override
    public Cubic recovered(int flight) {
        int window = Math.min(threshold, Math.max(flight, segmentSize) + segmentSize);
        return new Cubic(segmentSize, window, threshold, maximum, null, null);
    }

    @Override
    public Cubic timedOut(int flight, boolean again) {
        // §4.8: the curve starts anew, from where slow start ends.
        return new Cubic(segmentSize, segmentSize, again ? threshold : reduced(), 0, null, null);
    }

    @Override
    public Cubic idled() {
        return new Cubic(segmentSize, Math.min(exactWindow, CongestionControl.initialWindow(segmentSize)), threshold,
                maximum, null, slowStart);
    }

    @Override
    public Cubic pathChanged() {
        return new Cubic(segmentSize, Math.min(exactWindow, CongestionControl.initialWindow(segmentSize)),
                (int) Math.max(threshold, exactWindow * 3 / 4), 0, null, HyStart.INITIAL);
    }

    @Override
    public Cubic withSegmentSize(int size) {
        return new Cubic(size, Math.max(exactWindow, size), threshold, maximum, null, slowStart);
    }

    private int reduced() {
        return Math.max((int) (exactWindow * BETA), 2 * segmentSize);
    }

    /** Fast convergence (§4.7): a flow whose window was larger the last time gives way to newer ones. */
    private double maximumAfterCongestion() {
        return exactWindow < maximum ? exactWindow * (1 + BETA) / 2 : exactWindow;
    }
}
