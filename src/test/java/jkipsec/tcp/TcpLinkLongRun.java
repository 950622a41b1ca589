package jkipsec.tcp;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/**
 * Streams over as many random links and schedules as one has patience for; not part of {@code verify}.
 *
 * <pre>mvn -q test -Dtest=TcpLinkLongRun -Djkipsec.seeds=10000</pre>
 */
class TcpLinkLongRun {
    @Test
    void streamsSurviveEveryLink() throws PortInUse {
        int seeds = Integer.getInteger("jkipsec.seeds", 1_000);
        int first = Integer.getInteger("jkipsec.firstSeed", 0);
        var failed = new ArrayList<Integer>();
        AssertionError cause = null;
        for (int seed = first; seed < first + seeds; seed++) {
            try {
                TcpLinkProperties.run(seed);
            } catch (AssertionError | RuntimeException e) {
                failed.add(seed);
                cause = cause == null ? new AssertionError("seed " + seed, e) : cause;
            }
        }
        if (cause != null) {
            throw new AssertionError(failed.size() + " of " + seeds + " seeds: " + failed, cause);
        }
        System.out.println(seeds + " links from seed " + first + " on: all streams whole");
    }
}
