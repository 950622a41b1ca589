package jkipsec.tcp;

import jkipsec.bytes.RandomSource;

/**
 * How many challenge acknowledgments all connections together send in a second (RFC 5961 §7): each second another number,
 * from half of the most up, so that nobody learns from what is left of it what others have used. Confined to the stack's
 * thread.
 */
final class ChallengeLimit {
    private static final long SECOND = 1_000_000_000L;

    private final int most;
    private final RandomSource random;
    private long since = -SECOND;
    private int left;

    /**
     * Begins with a whole second.
     *
     * @param random where the numbers come from
     */
    ChallengeLimit(int mostInASecond, RandomSource random) {
        most = mostInASecond;
        this.random = random;
    }

    /** Whether one more may be sent now; counts it when so. */
    boolean permits(long now) {
        if (now - since >= SECOND) {
            since = now;
            left = most / 2 + Integer.remainderUnsigned(random.nextInt(), most / 2 + 1);
        }
        return left-- > 0;
    }
}
