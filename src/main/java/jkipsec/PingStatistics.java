package jkipsec;

import java.time.Duration;

/**
 * What came of a number of pings. The times are of the first answer to each ping that was answered, and zero when none
 * was.
 *
 * @param sent how many echo requests were sent
 * @param received how many of them were answered
 * @param duplicates answers to a request that was answered before
 * @param minimum the shortest round trip
 * @param average the mean of the round trips
 * @param maximum the longest round trip
 * @param deviation their standard deviation
 */
public record PingStatistics(int sent, int received, int duplicates, Duration minimum, Duration average,
        Duration maximum, Duration deviation) {
    /**
     * How much was lost.
     *
     * @return from 0 to 1; 0 when nothing was sent
     */
    public double loss() {
        return sent == 0 ? 0 : (double) (sent - received) / sent;
    }
}
