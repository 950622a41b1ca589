package jkipsec.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    private static int acquired(RateLimit limit, int attempts, long now) {
        int acquired = 0;
        for (int i = 0; i < attempts; i++) {
            acquired += limit.tryAcquire(now) ? 1 : 0;
        }
        return acquired;
    }

    @Test
    void aBurstOfOneSecondsWorthIsAllowedAndThenNothing() {
        assertEquals(5, acquired(new RateLimit(5), 100, 7 * SECOND));
    }

    @Test
    void tokensComeBackWithTimeUpToASecondsWorth() {
        var limit = new RateLimit(10);
        acquired(limit, 100, SECOND);
        assertFalse(limit.tryAcquire(SECOND + SECOND / 20));
        assertTrue(limit.tryAcquire(SECOND + SECOND / 10 + 1));
        assertEquals(10, acquired(limit, 100, 1_000 * SECOND));
    }

    @Test
    void overTimeTheRateIsKept() {
        var limit = new RateLimit(10);
        int acquired = 0;
        for (long now = 0; now < 100 * SECOND; now += SECOND / 1_000) {
            acquired += limit.tryAcquire(now) ? 1 : 0;
        }
        assertEquals(1_010, acquired, 2);
    }

    @Test
    void aClockMayBeginAnywhere() {
        assertEquals(5, acquired(new RateLimit(5), 100, -7 * SECOND));
        assertEquals(5, acquired(new RateLimit(5), 100, Long.MIN_VALUE));
    }

    @Test
    void aRateOfZeroAllowsNothing() {
        assertEquals(0, acquired(new RateLimit(0), 10, 1_000 * SECOND));
    }
}
