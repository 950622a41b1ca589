package jkipsec.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import jkipsec.esp.ReplayWindow.Verdict;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ReplayWindowProperties {
    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.of(64, 128, 1024);
    }

    /** Steps from the highest number so far: mostly near, at times around the window's ends, at times far ahead. */
    @Provide
    Arbitrary<Integer> steps() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(-70, 70),
                Arbitraries.integers().between(-1100, 1100),
                Arbitraries.integers().between(0, 5000));
    }

    @Property(tries = 300)
    void theWindowAgreesWithASetOfAllNumbersSeen(@ForAll("sizes") int size,
            @ForAll @Size(max = 300) List<@From("steps") Integer> steps) {
        agree(new ReplayWindow(size), 0, steps);
    }

    @Property(tries = 100)
    void theWindowAgreesWithTheSetAcrossTheRollOverOf32Bits(@ForAll("sizes") int size,
            @ForAll @LongRange(min = 0xffff_f000L, max = 0x1_0000_1000L) long start,
            @ForAll @Size(max = 300) List<@From("steps") Integer> steps) {
        agree(new ReplayWindow(size, start), start, steps);
    }

    private static void agree(ReplayWindow window, long start, List<Integer> steps) {
        var seen = new HashSet<Long>();
        long highest = start;
        for (int step : steps) {
            long sequence = highest + step;
            Verdict expected = model(window.size(), start, seen, highest, sequence);
            assertEquals(expected, window.check(sequence));
            if (expected == Verdict.NEW) {
                window.advance(sequence);
                seen.add(sequence);
                highest = Math.max(highest, sequence);
            }
            assertEquals(highest, window.highest());
        }
    }

    /** Everything up to the start counts as seen. */
    private static Verdict model(int size, long start, HashSet<Long> seen, long highest, long sequence) {
        if (sequence < 0 || sequence <= highest - size) {
            return Verdict.TOO_OLD;
        }
        return sequence <= start || seen.contains(sequence) ? Verdict.SEEN : Verdict.NEW;
    }

    @Property(tries = 300)
    void theWholeNumberIsInferredFromItsLowHalf(@ForAll("sizes") int size,
            @ForAll @LongRange(min = 5000, max = 0x7_0000_0000L) long highest, @ForAll long seed) {
        var window = new ReplayWindow(size, highest);
        var random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            // Any number from the window's start to less than 2^32 beyond it.
            long sequence = highest - size + 1 + random.nextLong(1L << 32);
            assertEquals(sequence, window.extend((int) sequence));
        }
    }
}
