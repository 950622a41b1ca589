package jkipsec.cli.bench;

import java.util.Arrays;

/**
 * A plain way and ours, measured in turns.
 *
 * @param plain the plain way's median
 * @param ours our median
 * @param ratio the median of ours divided by plain, round by round
 */
record Comparison(double plain, double ours, double ratio) {
    /** Measures once. */
    @FunctionalInterface
    interface Measurement {
        /**
         * Measures.
         *
         * @return the figure, in whatever unit
         * @throws Exception when it cannot be done
         */
        double measure() throws Exception;
    }

    /**
     * Measures in turns: once each for warming up, then in rounds, with the order changing from round to round.
     *
     * @param rounds how often each is measured, from 1
     * @param plain the plain way
     * @param ours our way
     * @return the medians
     * @throws Exception when one cannot be measured
     */
    static Comparison measure(int rounds, Measurement plain, Measurement ours) throws Exception {
        double[] plainly = new double[rounds];
        double[] oursly = new double[rounds];
        double[] ratios = new double[rounds];
        plain.measure();
        ours.measure();
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                plainly[round] = plain.measure();
                oursly[round] = ours.measure();
            } else {
                oursly[round] = ours.measure();
                plainly[round] = plain.measure();
            }
            ratios[round] = oursly[round] / plainly[round];
        }
        return new Comparison(median(plainly), median(oursly), median(ratios));
    }

    /**
     * The middle value.
     *
     * @param values at least one; they are left as they are
     * @return the median
     */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
