package jkipsec.gateway;

/** A token bucket of one second's size (RFC 7296 §2.21.4). Confined to the gateway's thread. */
final class RateLimit {
    private static final double NANOS = 1e9;

    private final int perSecond;
    private double tokens;
    private long last;

    RateLimit(int perSecond) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
    }

    /** Takes a token if there is one. */
    boolean tryAcquire(long now) {
        tokens = Math.min(perSecond, tokens + (now - last) / NANOS * perSecond);
        last = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
