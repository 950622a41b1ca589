package jkipsec.tcp;

/**
 * Slow start and congestion avoidance as RFC 5681 §3.1 has them, counting octets as RFC 3465 does.
 *
 * @param segmentSize SMSS
 * @param window cwnd
 * @param threshold ssthresh
 * @param counted octets acknowledged since the window last grew in congestion avoidance
 * @param afterTimeout whether the present slow start follows a time-out, when RFC 3465 §2.3 is more careful
 */
public record Reno(int segmentSize, int window, int threshold, int counted, boolean afterTimeout)
        implements CongestionControl {
    /**
     * The state of a new connection: an initial window of ten segments (RFC 6928 §2).
     *
     * @param segmentSize SMSS, from 1
     * @return the initial state
     */
    public static Reno initial(int segmentSize) {
        return new Reno(segmentSize, CongestionControl.initialWindow(segmentSize), LARGEST_WINDOW, 0, false);
    }

    /**
     * The state of a new connection whose SYN was lost more than once: one segment (RFC 6928 §2).
     *
     * @param segmentSize SMSS, from 1
     * @return the initial state
     */
    public static Reno afterLostHandshake(int segmentSize) {
        return new Reno(segmentSize, segmentSize, LARGEST_WINDOW, 0, false);
    }

    @Override
    public Reno delivered(Delivery delivery) {
        int octets = delivery.octets();
        if (inSlowStart()) {
            int most = afterTimeout ? segmentSize : 2 * segmentSize;
            return with(Math.min(window + Math.min(octets, most), LARGEST_WINDOW), threshold, 0, afterTimeout);
        }
        int sum = counted + octets;
        return sum < window
                ? with(window, threshold, sum, afterTimeout)
                : with(Math.min(window + segmentSize, LARGEST_WINDOW), threshold, sum - window, afterTimeout);
    }

    @Override
    public Reno resumed(long pause) {
        return this;
    }

    @Override
    public Reno lossDetected(int flight) {
        int half = half(flight);
        return with(half, half, 0, false);
    }

    @Override
    public Reno recovered(int flight) {
        return with(Math.min(threshold, Math.max(flight, segmentSize) + segmentSize), threshold, 0, false);
    }

    @Override
    public Reno timedOut(int flight, boolean again) {
        return with(segmentSize, again ? threshold : half(flight), 0, true);
    }

    @Override
    public Reno idled() {
        return with(Math.min(window, CongestionControl.initialWindow(segmentSize)), threshold, 0, afterTimeout);
    }

    @Override
    public Reno pathChanged() {
        return with(Math.min(window, CongestionControl.initialWindow(segmentSize)),
                Math.max(threshold, window - window / 4), 0, false);
    }

    @Override
    public Reno withSegmentSize(int size) {
        return new Reno(size, Math.max(window, size), threshold, counted, afterTimeout);
    }

    private Reno with(int newWindow, int newThreshold, int newCounted, boolean timedOut) {
        return new Reno(segmentSize, newWindow, newThreshold, newCounted, timedOut);
    }

    private int half(int flight) {
        return Math.max(flight / 2, 2 * segmentSize);
    }
}
