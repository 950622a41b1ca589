package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How sequence numbers bound the life of a Child SA, whatever policy says. */
class LifetimeTest {
    private static final Lifetime UNLIMITED = Lifetime.of(Duration.ofHours(1));

    @Test
    void shortSequenceNumbersEndAtThreeQuartersAndAtTheLast() {
        Lifetime bounded = UNLIMITED.forSequenceNumbers(false);
        assertEquals(3L << 30, bounded.softVolume().packets());
        assertEquals((1L << 32) - 1, bounded.hardVolume().packets());
        assertEquals(Long.MAX_VALUE, bounded.hardVolume().octets());
    }

    @Test
    void extendedOnesDoNotEnd() {
        assertSame(UNLIMITED, UNLIMITED.forSequenceNumbers(true));
    }

    @Test
    void aStricterPolicyStays() {
        Lifetime strict = UNLIMITED.withVolume(new Lifetime.Volume(10, 20), new Lifetime.Volume(30, 40));
        assertEquals(strict, strict.forSequenceNumbers(false));
    }
}
