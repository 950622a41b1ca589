package jkipsec.bytes;

/**
 * Lets something happen a number of times in a second, all of them at once after a second without any: a token bucket.
 * For answers to what anybody can send (RFC 7296 §2.21.4, RFC 1812 §4.3.2.8, RFC 4443 §2.4 (f)). Confined to one thread.
 */
public final class RateLimit {
    private static final double NANOS = 1e9;

    private final int perSecond;
    private double tokens;
    private boolean used;
    private long last;

    /**
     * Begins with a second's worth.
     *
     * @param perSecond how often, from 0
     */
    public RateLimit(int perSecond) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
    }

    /**
     * Whether it may happen once more now; counts it when so.
     *
     * @param now the time in nanoseconds of any monotonic clock
     * @return true when it may
     */
    public boolean tryAcquire(long now) {
        if (used) {
            tokens = Math.min(perSecond, tokens + (now - last) / NANOS * perSecond);
        }
        used = true;
        last = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
