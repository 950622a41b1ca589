package jkipsec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 5685 §7: MAX_REDIRECTS 5 in REDIRECT_LOOP_DETECT_PERIOD 300 seconds. */
class RedirectLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = Long.MAX_VALUE - 100 * SECOND;

    @Test
    void fiveRedirectsInFiveMinutesAreFollowedAndTheSixthIsNot() {
        var limit = new RedirectLimit();
        for (int i = 0; i < 5; i++) {
            assertTrue(limit.tryFollow(START + i * SECOND));
        }
        assertFalse(limit.tryFollow(START + 299 * SECOND));
        assertTrue(limit.tryFollow(START + 300 * SECOND), "the first is forgotten; the clock may overflow");
        assertFalse(limit.tryFollow(START + 300 * SECOND + 1));
        assertTrue(limit.tryFollow(START + 301 * SECOND));
    }
}
