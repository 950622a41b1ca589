package jkipsec.ip;

import java.util.OptionalInt;
import java.util.function.IntPredicate;
import jkipsec.bytes.RandomSource;

/** Chooses local ports at random from the dynamic range (RFC 6056 §3.3.1, RFC 6335 §6). */
public final class EphemeralPorts {
    /** The first port of the dynamic range, which ends with 65,535. */
    public static final int FIRST = 49_152;

    private static final int COUNT = 65_536 - FIRST;

    private EphemeralPorts() {}

    /**
     * Finds a port that is free, when one is: looks on from a random start.
     *
     * @param random where the start comes from
     * @param free whether a port is free
     * @return a free port, or nothing when none is
     */
    public static OptionalInt choose(RandomSource random, IntPredicate free) {
        int start = random.nextInt() & COUNT - 1;
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + (start + i & COUNT - 1);
            if (free.test(port)) {
                return OptionalInt.of(port);
            }
        }
        return OptionalInt.empty();
    }
}
