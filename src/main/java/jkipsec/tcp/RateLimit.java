package jkipsec.tcp;

import jkipsec.bytes.RandomSource;

/** Lets a number of things happen in a second (RFC 5961 §7). Confined to the stack's thread. */
final class RateLimit {
    private static final long SECOND = 1_000_000_000L;

    private final int most;
    private final RandomSource random;
    private long since = -SECOND;
    private int left;

    RateLimit(int mostInASecond) {
        this(mostInASecond, null);
    }

    /**
     * A limit that is shared: each second another number, from half of it up, so that nobody learns from what is left of
     * it what others have used.
     *
     * @param random where the numbers come from, null for always the same
     */
    RateLimit(int mostInASecond, RandomSource random) {
        most = mostInASecond;
        this.random = random;
    }

    /** Whether one more may happen now; counts it when so. */
    boolean permits(long now) {
        if (now - since >= SECOND) {
            since = now;
            left = random == null ? most : most / 2 + Integer.remainderUnsigned(random.nextInt(), most / 2 + 1);
        }
        return left-- > 0;
    }
}
