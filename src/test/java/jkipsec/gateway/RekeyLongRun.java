package jkipsec.gateway;

import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Law 7 for as many seeds as one has patience for; not part of {@code verify}.
 *
 * <pre>mvn -q test -Dtest=RekeyLongRun -Djkipsec.seeds=10000 -Djkipsec.weeks=1000</pre>
 *
 * <p>{@code -Djkipsec.first} says with which seed to begin.
 */
class RekeyLongRun {
    /** One run of the law. */
    private interface Law {
        void check(int seed);
    }

    @Test
    void lawSevenHoldsForEverySeed() {
        check("jkipsec.seeds", 1_000, seed -> {
            var chance = new Random(seed);
            RekeyProperties.check(
                    seed, chance.nextDouble() * 0.15, chance.nextBoolean(),
                    chance.nextInt(RekeyProperties.ADDITIONAL_CHOICES), chance.nextBoolean());
        });
    }

    @Test
    void lawSevenHoldsForWeeksForEverySeed() {
        check("jkipsec.weeks", 100, seed -> Weeks.check(seed, 2));
    }

    private static void check(String property, int usual, Law law) {
        int begin = Integer.getInteger("jkipsec.first", 0);
        int seeds = Integer.getInteger(property, usual);
        var failed = new ArrayList<Integer>();
        AssertionError first = null;
        for (int seed = begin; seed < begin + seeds; seed++) {
            try {
                law.check(seed);
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
