package jkipsec.tcp;

import java.util.OptionalInt;
import java.util.function.IntPredicate;
import jkipsec.bytes.RandomSource;

/** Chooses local ports at random from the dynamic range (RFC 6056 §3.3.1, RFC 6335 §6). */
final class EphemeralPorts {
    static final int FIRST = 49_152;
    static final int COUNT = 65_536 - FIRST;

    private EphemeralPorts() {}

    /** A port that is free, when one is; looks on from a random start, so that every free port is found. */
    static OptionalInt choose(RandomSource random, IntPredicate free) {
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
