package jkipsec.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** Times something that goes there and back. */
final class RoundTrips {
    private static final int MOST = 1_000_000;

    private RoundTrips() {}

    /** Once there and back. */
    @FunctionalInterface
    interface Trip {
        /**
         * Sends and waits for the answer.
         *
         * @throws IOException when there is none
         */
        void run() throws IOException;
    }

    /**
     * Goes to and fro.
     *
     * @param limit how long
     * @param trip once there and back
     * @return the median in microseconds
     * @throws IOException when a trip fails
     */
    static double median(Duration limit, Trip trip) throws IOException {
        double[] micros = new double[1024];
        int count = 0;
        var watch = new Stopwatch(limit);
        while (count == 0 || watch.running() && count < MOST) {
            if (count == micros.length) {
                micros = Arrays.copyOf(micros, 2 * count);
            }
            long start = System.nanoTime();
            trip.run();
            micros[count++] = (System.nanoTime() - start) / 1e3;
        }
        return Comparison.median(Arrays.copyOf(micros, count));
    }
}
