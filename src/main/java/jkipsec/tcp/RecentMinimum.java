package jkipsec.tcp;

/**
 * The least round-trip time of late, RACK.min_RTT (RFC 8985 §6.2, step 1). It forgets: what was measured longer ago than
 * two spans no longer counts, so that a longer path is noticed. Confined to the stack's thread.
 */
final class RecentMinimum {
    private static final long SPAN = 30_000_000_000L;

    private long former = Long.MAX_VALUE;
    private long present = Long.MAX_VALUE;
    private long since;

    /** Takes in a measurement. */
    void sample(long roundTrip, long now) {
        if (present == Long.MAX_VALUE && former == Long.MAX_VALUE) {
            since = now;
        } else if (now - since >= SPAN) {
            former = now - since >= 2 * SPAN ? Long.MAX_VALUE : present;
            present = Long.MAX_VALUE;
            since = now;
        }
        present = Math.min(present, roundTrip);
    }

    boolean isKnown() {
        return get() != Long.MAX_VALUE;
    }

    /** The minimum, {@link Long#MAX_VALUE} when nothing was measured. */
    long get() {
        return Math.min(former, present);
    }

    /** The path is another one. */
    void reset() {
        former = Long.MAX_VALUE;
        present = Long.MAX_VALUE;
    }
}
