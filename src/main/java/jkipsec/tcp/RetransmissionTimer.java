package jkipsec.tcp;

import static jkipsec.tcp.SequenceNumbers.lessOrEqual;

/**
 * How long to wait for an acknowledgment before sending again (RFC 6298). It measures one segment at a time, and none
 * that was sent more than once (Karn's algorithm, §3). A time-out that was doubled is the plain one again once anything new is
 * acknowledged: where every measurement is spoilt by a repetition, as with steady loss, it would otherwise stay so for
 * good.
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

    /** Something below this was sent again and is not acknowledged: an acknowledgment waits for it. */
    private boolean holes;

    private int holesEnd;
    private boolean timing;
    private int timedEnd;
    private long timedSince;

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

    /**
     * A segment went out for the first time; measures it unless another one is being measured, or its acknowledgment has to
     * wait for the repair of a loss: that would measure the repair.
     */
    void sent(int end, long now) {
        if (!timing && !holes) {
            timing = true;
            timedEnd = end;
            timedSince = now;
        }
    }

    /**
     * A segment went out again: an acknowledgment could be for either.
     *
     * @param next the end of what was sent so far
     */
    void sentAgain(int next) {
        timing = false;
        holes = true;
        holesEnd = next;
    }

    /** Something new was acknowledged: the end of a measurement, perhaps, and of doubling. */
    void acknowledged(int acknowledgment, long now) {
        backoff = 0;
        if (holes && lessOrEqual(holesEnd, acknowledgment)) {
            holes = false;
        }
        if (timing && lessOrEqual(timedEnd, acknowledgment)) {
            timing = false;
            estimate = estimate.sample(Math.max(0, now - timedSince));
        }
    }

    /** The peer is alive, whether it acknowledged anything new or not. */
    void answered() {
        retries = 0;
    }

    /** The timer ran out (RFC 6298 §5.5). */
    void expired() {
        retries++;
        backoff++;
        timing = false;
    }

    /** A window probe's timer ran out; the measurement goes on. */
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
