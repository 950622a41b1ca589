package jkipsec;

import java.time.Duration;

/**
 * How long a relay waits for what. Immutable.
 *
 * @param connect for the target of a connection to answer; more than zero
 * @param idle for anything to move on an open connection, in either direction; more than zero. A side that takes nothing
 *     any more counts as silent. RFC 5382 §5 asks for at least two hours and four minutes
 */
public record RelayTimeouts(Duration connect, Duration idle) {
    private static final Duration LONGEST = Duration.ofDays(24);

    /** Checks that both are more than zero and at most 24 days. */
    public RelayTimeouts {
        check("connect", connect);
        check("idle", idle);
    }

    /**
     * Ten seconds for a target to answer, and two hours and four minutes for an idle connection.
     *
     * @return the defaults
     */
    public static RelayTimeouts defaults() {
        return new RelayTimeouts(Duration.ofSeconds(10), Duration.ofMinutes(124));
    }

    private static void check(String name, Duration value) {
        if (value.toMillis() < 1 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "the time-out \"" + name + "\" is one millisecond to 24 days, not " + value);
        }
    }
}
