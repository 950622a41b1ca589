/**
 * The benchmark: what the tunnel costs, each figure beside what the same machine does without it.
 *
 * <p>{@link jkipsec.cli.bench.Bench} runs the comparisons one after the other. In each, the plain way and ours take
 * turns ({@link jkipsec.cli.bench.Comparison}), so that whatever else the machine does hits both alike; the medians and
 * the median of the ratios are printed. Unlike the rest of the command line it also uses the packages below the API.
 */
package jkipsec.cli.bench;
