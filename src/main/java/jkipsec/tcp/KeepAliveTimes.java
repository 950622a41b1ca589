package jkipsec.tcp;

import java.time.Duration;

/**
 * When a silent peer is probed, and how long it may stay silent (RFC 9293 §3.8.4). Immutable.
 *
 * @param idle how long a connection is silent before the first probe, more than zero
 * @param interval the time between probes, more than zero
 * @param probes how many unanswered probes end the connection, from 1
 */
public record KeepAliveTimes(Duration idle, Duration interval, int probes) {
    /** Checks the ranges. */
    public KeepAliveTimes {
        if (!idle.isPositive() || !interval.isPositive() || probes < 1) {
            throw new IllegalArgumentException(
                    "times are more than zero and probes at least 1, not " + idle + ", " + interval + " and " + probes);
        }
    }
}
