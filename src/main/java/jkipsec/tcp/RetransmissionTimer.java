package jkipsec.tcp;

/**
 * How long to wait for an acknowledgment before sending again (RFC 6298). A time-out that was doubled is the plain one
 * again once anything new is acknowledged: where every measurement is spoilt by a repetition, as with steady loss, it
 * would otherwise stay so for good.
 *
 * <p>Only the length of the time-out: when it runs out is in {@link Timers}. Confined to the stack's thread.
 */
final class RetransmissionTimer {
    /** RFC 6298 §5.7: the time-out when data begins after a SYN had to be sent again. */
    private static final long AFTER_LOST_SYN = 3_000_000_000L;

    private final long granularity;
    private final long ceiling;
    private long unmeasured;
    private RttEstimate estimate = RttEstimate.UNKNOWN;

    /** How many times the time-out was doubled. */
    private int backoff;

    /** How many times in a row the timer ran out without an answer. */
    private int retries;

    /** When the SYN was sent, negative once it was sent again: it is not measured then (Karn's algorithm, §3). */
    private long synSentAt = -1;

    private boolean synSent;

    RetransmissionTimer(TcpConfig config) {
        granularity = config.minimumRto().toNanos();
        ceiling = config.maximumRto().toNanos();
        unmeasured = config.initialRto().toNanos();
    }

    /** What is known of the round trip. */
    RttEstimate estimate() {
        return estimate;
    }

    /** RTO, the time to wait now. */
    long timeout() {
        long base = estimate.isKnown() ? estimate.timeout(granularity, ceiling) : Math.min(unmeasured, ceiling);
        // Doubling more often than this always leads past the ceiling, which is at most 1000 days.
        return backoff > 40 || base > ceiling >> backoff ? ceiling : base << backoff;
    }

    /** How many times in a row the timer ran out. */
    int retries() {
        return retries;
    }

    /** A SYN went out. */
    void synSent(long now) {
        synSentAt = synSent ? -1 : now;
        synSent = true;
    }

    /** The SYN was acknowledged. */
    void synAcknowledged(long now) {
        if (synSentAt >= 0) {
            measured(Math.max(0, now - synSentAt), 1);
        }
    }

    /**
     * A round trip was measured.
     *
     * @param roundTrip the time from sending to the acknowledgment
     * @param expected how many measurements this round trip will bring (RFC 7323, appendix G)
     */
    void measured(long roundTrip, int expected) {
        estimate = estimate.sample(roundTrip, expected);
    }

    /** Something new was acknowledged: the end of doubling. */
    void progress() {
        backoff = 0;
        retries = 0;
    }

    /** Whether the time-out is a doubled one: something has been waiting for long. */
    boolean isBackedOff() {
        return backoff > 0;
    }

    /** The packets take another path, of which nothing is known. */
    void pathChanged() {
        estimate = RttEstimate.UNKNOWN;
        backoff = 0;
        retries = 0;
    }

    /** The peer is alive, whether it acknowledged anything new or not. */
    void answered() {
        retries = 0;
    }

    /** The timer ran out (RFC 6298 §5.5). */
    void expired() {
        retries++;
        backoff++;
    }

    /** A window probe's timer ran out. */
    void probed() {
        retries++;
        backoff++;
    }

    /** The peer has opened its window: the time between probes has nothing to do with the time-out. */
    void windowOpened() {
        backoff = 0;
    }

    /** The handshake is over. */
    void established(boolean synSentAgain) {
        retries = 0;
        backoff = 0;
        if (synSentAgain && !estimate.isKnown()) {
            unmeasured = Math.max(unmeasured, AFTER_LOST_SYN);
        }
    }
}
