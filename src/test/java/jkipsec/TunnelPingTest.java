package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Pings with statistics, and the arithmetic of these. */
@Timeout(60)
class TunnelPingTest {
    @Test
    void pingsAreAnsweredFromBothSidesAndCounted() throws Exception {
        try (var pair = Loopback.start()) {
            for (Tunnel side : new Tunnel[] {pair.client(), pair.accepted()}) {
                PingStatistics outcome = side.ping(5, Duration.ofMillis(1), 56);
                assertEquals(5, outcome.sent());
                assertEquals(5, outcome.received());
                assertEquals(0, outcome.duplicates());
                assertEquals(0, outcome.loss());
                assertTrue(outcome.minimum().compareTo(outcome.average()) <= 0
                        && outcome.average().compareTo(outcome.maximum()) <= 0, outcome::toString);
            }
        }
    }

    @Test
    void largePingsGoInFragmentsBothWays() throws Exception {
        try (var pair = Loopback.start()) {
            assertEquals(2, pair.client().ping(2, Duration.ZERO, 3_000).received());
            assertEquals(1, pair.accepted().ping(1, Duration.ZERO, 65_507).received());
        }
    }

    @Test
    void theTunnelsEndEndsTheWaiting() throws Exception {
        try (var pair = Loopback.start()) {
            var waiter = Waiter.start(() -> pair.client().ping(2, Duration.ofDays(1), 0));
            waiter.awaitWaiting();
            pair.accepted().close();
            String why = assertThrows(SocketException.class, waiter::result).getMessage();
            assertTrue(why.contains("deleted by the peer"), why);
        }
    }

    @Test
    void numbersOutOfRangeAreNamed() throws Exception {
        try (var pair = Loopback.start()) {
            Tunnel tunnel = pair.client();
            refused("0", () -> tunnel.ping(0, Duration.ZERO, 0));
            refused("PT-1S", () -> tunnel.ping(1, Duration.ofSeconds(-1), 0));
            refused("65508", () -> tunnel.ping(1, Duration.ZERO, 65_508));
        }
    }

    private static void refused(String named, Executable call) {
        String why = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(why.contains(named), why);
    }

    @Test
    void theStatisticsAreThoseOfTheFirstAnswers() throws IOException, InterruptedException {
        var series = new PingSeries();
        long[] trips = {2, 4, 4, 4, 5, 5, 7, 9}; // mean 5, standard deviation 2
        for (int i = 0; i < trips.length; i++) {
            series.sent(i, 100);
            series.answered(i, 100 + trips[i]);
        }
        series.answered(3, 1_000);
        series.sent(99, 100);
        PingStatistics outcome = series.statistics();
        assertEquals(new PingStatistics(9, 8, 1, Duration.ofNanos(2), Duration.ofNanos(5), Duration.ofNanos(9),
                Duration.ofNanos(2)), outcome);
        assertEquals(1.0 / 9, outcome.loss(), 1e-9);
        assertEquals(TimeUnit.SECONDS.toNanos(1), series.patience());
    }

    @Test
    void nothingAnsweredIsZeroTimesAndAllLost() {
        var series = new PingSeries();
        series.sent(1, 5);
        assertEquals(new PingStatistics(1, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                series.statistics());
        assertEquals(1, series.statistics().loss());
    }
}
