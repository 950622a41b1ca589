package jkipsec.gateway;

import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Law 7 for as many seeds as one has patience for; not part of {@code verify}.
 *
 * <pre>mvn -q test -Dtest=RekeyLongRun -Djkipsec.seeds=10000</pre>
 */
class RekeyLongRun {
    @Test
    void lawSevenHoldsForEverySeed() {
        int seeds = Integer.getInteger("jkipsec.seeds", 1_000);
        var failed = new ArrayList<Integer>();
        AssertionError first = null;
        for (int seed = 0; seed < seeds; seed++) {
            var chance = new Random(seed);
            try {
                RekeyProperties.check(
                        seed, chance.nextDouble() * 0.15, chance.nextBoolean(),
                        chance.nextInt(RekeyProperties.ADDITIONAL_CHOICES));
            } catch (AssertionError | RuntimeException e) {
                failed.add(seed);
                first = first == null ? new AssertionError("seed " + seed, e) : first;
            }
        }
        if (first != null) {
            throw new AssertionError(failed.size() + " of " + seeds + " seeds: " + failed, first);
        }
    }
}
