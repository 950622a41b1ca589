package jkipsec;

/**
 * What became of the flows that a tunnel's {@link Forwarder} was asked about.
 *
 * @param offered how many there were
 * @param refused how many were refused, those included that were not decided or whose target could not be reached
 * @param failed for how many the forwarder threw an exception other than an {@link java.io.IOException}
 */
public record FlowStatistics(long offered, long refused, long failed) {}
