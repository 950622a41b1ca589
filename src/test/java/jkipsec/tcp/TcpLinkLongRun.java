package jkipsec.tcp;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/**
 * Streams over as many random links and schedules as one has patience for; not part of {@code verify}.
 *
 * <pre>mvn -q test -Dtest=TcpLinkLongRun -Djkipsec.seeds=10000 -Djkipsec.crowds=2000</pre>
 */
class TcpLinkLongRun {
    /** One run, whatever comes of the seed. */
    @FunctionalInterface
    private interface Run {
        void of(int seed) throws PortInUse;
    }

    @Test
    void streamsSurviveEveryLink() throws PortInUse {
        all(Integer.getInteger("jkipsec.seeds", 1_000), "links", TcpLinkProperties::run);
    }

    @Test
    void streamsSurviveEveryCrowd() throws PortInUse {
        all(Integer.getInteger("jkipsec.crowds", 200), "crowded stacks", CrowdedStackProperties::run);
    }

    private static void all(int seeds, String what, Run run) throws PortInUse {
        int first = Integer.getInteger("jkipsec.firstSeed", 0);
        var failed = new ArrayList<Integer>();
        AssertionError cause = null;
        for (int seed = first; seed < first + seeds; seed++) {
            try {
                run.of(seed);
            } catch (AssertionError | RuntimeException e) {
                failed.add(seed);
                cause = cause == null ? new AssertionError("seed " + seed, e) : cause;
            }
        }
        if (cause != null) {
            throw new AssertionError(failed.size() + " of " + seeds + " " + what + ": " + failed, cause);
        }
        System.out.println(seeds + " " + what + " from seed " + first + " on: all streams whole");
    }
}
