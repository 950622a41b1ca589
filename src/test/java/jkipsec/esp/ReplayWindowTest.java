package jkipsec.esp;

import static jkipsec.esp.ReplayWindow.Verdict.NEW;
import static jkipsec.esp.ReplayWindow.Verdict.SEEN;
import static jkipsec.esp.ReplayWindow.Verdict.TOO_OLD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    @Test
    void everythingFromOneOnIsNewAtFirst() {
        var window = new ReplayWindow(64);
        assertEquals(SEEN, window.check(0));
        assertEquals(NEW, window.check(1));
        assertEquals(NEW, window.check(0xffff_ffffL));
        assertEquals(TOO_OLD, window.check(-1));
        assertEquals(0, window.highest());
        assertEquals(64, window.size());
    }

    @Test
    void lookingRemembersNothing() {
        var window = new ReplayWindow(64);
        window.check(5);
        assertEquals(NEW, window.check(5));
        window.advance(5);
        assertEquals(SEEN, window.check(5));
        assertEquals(5, window.highest());
    }

    @Test
    void theWindowSpansExactlyItsSize() {
        var window = new ReplayWindow(1024);
        window.advance(5000);
        assertEquals(NEW, window.check(5000 - 1023));
        assertEquals(TOO_OLD, window.check(5000 - 1024));
        window.advance(5000 - 1023);
        assertEquals(SEEN, window.check(5000 - 1023));
        assertEquals(5000, window.highest());
    }

    @Test
    void aLeapForgetsWhatItPassesOver() {
        var window = new ReplayWindow(64);
        for (int sequence = 1; sequence <= 64; sequence++) {
            window.advance(sequence);
        }
        window.advance(64 + 63);
        assertEquals(SEEN, window.check(64));
        for (int sequence = 65; sequence < 127; sequence++) {
            assertEquals(NEW, window.check(sequence));
        }
        window.advance(1_000_000);
        assertEquals(TOO_OLD, window.check(127));
        assertEquals(NEW, window.check(999_999));
    }

    @Test
    void sizesAreThePowersOfTwoThatAreUseful() {
        for (int bad : new int[] {-64, 0, 1, 32, 100, 1023, 1 << 21}) {
            assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(bad));
        }
        var error = assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(1000));
        assertEquals("a replay window's size is a power of two from 64 to 1048576, not 1000", error.getMessage());
        assertEquals(1 << 20, new ReplayWindow(1 << 20).size());
    }

    @Test
    void advancingToANumberBeforeTheWindowIsAnError() {
        var window = new ReplayWindow(64, 1000);
        assertThrows(IllegalArgumentException.class, () -> window.advance(900));
        assertEquals(1000, window.highest());
    }

    @Test
    void theHighHalfOfALowNumberJustAfterTheRollOverIsOneMore() {
        // RFC 4303 appendix A2.2, case A: the window lies wholly within one subspace.
        var inOne = new ReplayWindow(64, 0x5_0000_1000L);
        assertEquals(0x5_0000_1001L, inOne.extend(0x1001));
        assertEquals(0x5_0000_1000L - 63, inOne.extend(0x1000 - 63));
        assertEquals(0x6_0000_1000L - 64, inOne.extend(0x1000 - 64));
        assertEquals(0x6_0000_0000L, inOne.extend(0));
        // Case B: the window spans two, so high numbers belong to the earlier.
        var inTwo = new ReplayWindow(64, 0x5_0000_0010L);
        assertEquals(0x4_ffff_ffffL, inTwo.extend(0xffff_ffff));
        assertEquals(0x5_0000_0000L, inTwo.extend(0));
        assertEquals(0x5_0000_0010L - 63, inTwo.extend(0x10 - 63));
        assertEquals(0x5_ffff_ffd0L, inTwo.extend(0x10 - 64));
    }

    @Test
    void beforeTheFirstNumberThereIsNone() {
        var window = new ReplayWindow(64);
        assertEquals(1, window.extend(1));
        assertEquals(-1, window.extend(-1));
        assertEquals(TOO_OLD, window.check(window.extend(-1)));
        window.advance(100);
        assertEquals(0xffff_ffffL, window.extend(-1));
    }
}
