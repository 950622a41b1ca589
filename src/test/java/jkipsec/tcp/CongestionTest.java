package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The values: round-trip estimate, congestion window, configuration. */
class CongestionTest {
    private static final long MS = TcpPair.MILLIS;

    private static CongestionControl.Delivery octets(int octets) {
        return new CongestionControl.Delivery(0, octets, -1, -1, false);
    }

    @Test
    void theFirstMeasurementIsTheEstimate() {
        RttEstimate first = RttEstimate.UNKNOWN.sample(100 * MS);
        assertFalse(RttEstimate.UNKNOWN.isKnown());
        assertEquals(new RttEstimate(100 * MS, 50 * MS), first);
        assertEquals(300 * MS, first.timeout(MS, Long.MAX_VALUE));
        assertEquals(600 * MS, first.timeout(500 * MS, Long.MAX_VALUE));
        assertEquals(250 * MS, first.timeout(MS, 250 * MS));
    }

    @Test
    void laterMeasurementsCountOneEighthAndOneQuarter() {
        RttEstimate second = new RttEstimate(100 * MS, 40 * MS).sample(180 * MS);
        assertEquals(new RttEstimate(110 * MS, 50 * MS), second);
    }

    @Test
    void theInitialWindowIsTenSegmentsButNotMoreThanRfc6928Allows() {
        assertEquals(10_000, Reno.initial(1000).window());
        assertEquals(14_600, Reno.initial(1460).window());
        assertEquals(14_600, Reno.initial(5000).window());
        assertEquals(18_000, Reno.initial(9000).window());
        assertEquals(1000, Reno.afterLostHandshake(1000).window());
    }

    @Test
    void congestionAvoidanceGrowsOneSegmentAWindow() {
        CongestionControl control = new Reno(1000, 10_000, 10_000, 0, false);
        for (int i = 0; i < 9; i++) {
            control = control.delivered(octets(1000));
            assertEquals(10_000, control.window());
        }
        control = control.delivered(octets(1000));
        assertEquals(11_000, control.window());
        assertFalse(control.inSlowStart());
    }

    @Test
    void slowStartTakesAtMostTwoSegmentsAnAcknowledgmentAndOneAfterATimeout() {
        assertEquals(12_000, Reno.initial(1000).delivered(octets(9000)).window());
        assertEquals(10_300, Reno.initial(1000).delivered(octets(300)).window());
        assertEquals(2000, Reno.initial(1000).timedOut(50_000, false).delivered(octets(9000)).window());
    }

    @Test
    void aLossHalvesTheFlightAndARepeatedTimeoutDoesNotAgain() {
        CongestionControl loss = Reno.initial(1000).lossDetected(30_000);
        assertEquals(15_000, loss.window());
        assertEquals(15_000, loss.threshold());
        assertEquals(2000, Reno.initial(1000).lossDetected(1000).window());
        CongestionControl timeout = Reno.initial(1000).timedOut(30_000, false);
        assertEquals(1000, timeout.window());
        assertEquals(15_000, timeout.threshold());
        assertEquals(15_000, timeout.timedOut(1000, true).threshold());
        assertEquals(3000, loss.recovered(2000).window());
        assertEquals(15_000, loss.recovered(90_000).window());
        assertEquals(10_000, new Reno(1000, 50_000, 60_000, 0, false).idled().window());
    }

    @Test
    void duplicatesShowALossAlsoAfterGibibytesWithoutOne() {
        var send = new SendSequence(77, 1 << 20);
        var recovery = new LossRecovery(Reno.initial(1000), 1000, send, false);
        for (int i = 0; i < 9; i++) {
            send.unacknowledged += 1 << 28;
            send.next = send.unacknowledged + 5000;
            recovery.acknowledged(new LossRecovery.Report(i, 1 << 28, 1 << 28, 5000, false, true, false, true, 1), 1);
        }
        for (int i = 0; i < 3; i++) {
            assertFalse(recovery.takeFirstAgain());
            recovery.acknowledged(new LossRecovery.Report(9, 0, 0, 5000, true, false, false, true, -1), 1);
        }
        assertTrue(recovery.takeFirstAgain());
    }

    @Test
    void theWindowNeverOverflows() {
        CongestionControl control = new Reno(65_000, Integer.MAX_VALUE / 2, Integer.MAX_VALUE, 0, false);
        for (int i = 0; i < 100; i++) {
            control = control.delivered(octets(1 << 30));
        }
        assertTrue(control.window() > 0);
    }

    @Test
    void aConfigurationRefusesNonsenseByName() {
        TcpConfig defaults = TcpConfig.defaults();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> defaults.withBuffers(0, 1))
                .getMessage().contains("sendBuffer"));
        assertThrows(IllegalArgumentException.class, () -> defaults.withBuffers(1, -1));
        assertThrows(IllegalArgumentException.class, () -> defaults.withMaximumSegmentSize(10));
        assertThrows(IllegalArgumentException.class, () -> defaults.withDelayedAck(Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> defaults.withRetries(-1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> defaults.withRto(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(2)));
        assertThrows(IllegalArgumentException.class, () -> defaults.withTimeWait(Duration.ZERO, Duration.ZERO));
        assertEquals(500, defaults.withMaximumSegmentSize(500).maximumSegmentSize());
        assertTrue(defaults.withNoDelay(true).noDelay());
    }
}
