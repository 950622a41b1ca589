package jkipsec.tcp;

/** Lets a number of things happen in a second (RFC 5961 §7). Confined to the stack's thread. */
final class RateLimit {
    private static final long SECOND = 1_000_000_000L;

    private final int most;
    private long since = -SECOND;
    private int count;

    RateLimit(int mostInASecond) {
        most = mostInASecond;
    }

    /** Whether one more may happen now; counts it when so. */
    boolean permits(long now) {
        if (now - since >= SECOND) {
            since = now;
            count = 0;
        }
        return count++ < most;
    }
}
