package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.tcp.CongestionControl.Delivery;
import org.junit.jupiter.api.Test;

/** CUBIC (RFC 9438) and HyStart++ (RFC 9406). */
class CubicTest {
    private static final int MSS = 1000;
    private static final long MS = TcpPair.MILLIS;

    /** Grows by a window each round trip until a time has passed since the first acknowledgment. */
    private static CongestionControl grow(CongestionControl from, long roundTrip, long duration) {
        CongestionControl control = from;
        for (long now = 0; now <= duration; now += roundTrip) {
            int window = control.window();
            for (int octets = 0; octets < window; octets += MSS) {
                control = control.delivered(new Delivery(now, MSS, roundTrip, roundTrip, octets == 0));
            }
        }
        return control;
    }

    @Test
    void theWindowFollowsTheCurve() {
        // W_max 1000, so that K = cbrt(1000 * 0.3 / 0.4) = 9.0856 s; W(t) = 0.4 (t - K)^3 + 1000 (§4.2).
        CongestionControl reduced = new Cubic(MSS, 1000.0 * MSS, 500 * MSS, 0, null, null).lossDetected(0);
        assertEquals(700 * MSS, reduced.window());
        assertEquals(700 * MSS, reduced.threshold());
        double[][] table = {{2, 857.7}, {5, 972.7}, {9, 1000.0}, {12, 1009.9}, {15, 1082.7}};
        for (double[] row : table) {
            double window = grow(reduced, 100 * MS, (long) (row[0] * 1e9)).window() / (double) MSS;
            // It aims one round trip ahead and moves there within one: so close to the curve it stays.
            assertEquals(row[1], window, row[1] * 0.02, "after " + row[0] + " s");
        }
    }

    @Test
    void theCurveIsThatOfTheRfc() {
        var epoch = new Cubic.Epoch(0, 1000, Math.cbrt(300 / 0.4), 700, 1000);
        assertEquals(700, epoch.curve(0), 1e-6);
        assertEquals(1000, epoch.curve(epoch.inflection()), 1e-6);
        assertEquals(857.7, epoch.curve(2), 0.1);
        assertEquals(1082.7, epoch.curve(15), 0.1);
    }

    @Test
    void onShortPathsItIsAsFastAsReno() {
        // §4.3: with 10 ms and a window of 20 the curve is slower than Reno.
        CongestionControl cubic = new Cubic(MSS, 20 * MSS, 10 * MSS, 0, null, null).lossDetected(0);
        assertEquals(14 * MSS, cubic.window());
        double after = grow(cubic, 10 * MS, 200 * MS).window() / (double) MSS;
        // alpha is 0.529 segments a round trip until the former window is reached again, then 1.
        assertEquals(20 + (21 - 6 / 0.529), after, 1.5);
    }

    @Test
    void aLaterFlowIsGivenRoom() {
        var first = new Cubic(MSS, 100 * MSS, 50 * MSS, 0, null, null).lossDetected(0);
        assertEquals(100_000, first.maximum());
        var second = new Cubic(MSS, 80 * MSS, 70 * MSS, first.maximum(), null, null).lossDetected(0);
        assertEquals(68_000, second.maximum(), 1e-6, "§4.7: W_max is cwnd * (1 + beta) / 2");
    }

    @Test
    void aTimeoutLeavesOneSegmentAndStartsTheCurveAnew() {
        Cubic control = new Cubic(MSS, 100 * MSS, 50 * MSS, 0, null, null).timedOut(0, false);
        assertEquals(MSS, control.window());
        assertEquals(70 * MSS, control.threshold());
        assertEquals(70 * MSS, control.timedOut(0, true).threshold());
        assertEquals(0, control.maximum());
        assertEquals(2 * MSS, Cubic.initial(MSS).lossDetected(0).lossDetected(0).lossDetected(0).lossDetected(0)
                .lossDetected(0).lossDetected(0).lossDetected(0).threshold(), "two segments at least (§4.6)");
    }

    @Test
    void timeInWhichTheWindowWasNotUsedDoesNotCount() {
        CongestionControl used = grow(new Cubic(MSS, 1000.0 * MSS, 500 * MSS, 0, null, null).lossDetected(0), 100 * MS,
                1000 * MS);
        long pause = 60_000 * MS;
        CongestionControl later = used.resumed(pause)
                .delivered(new Delivery(1100 * MS + pause, MSS, 100 * MS, 100 * MS, false));
        CongestionControl atOnce = used.delivered(new Delivery(1100 * MS, MSS, 100 * MS, 100 * MS, false));
        assertEquals(atOnce.window(), later.window());
    }

    @Test
    void slowStartEndsWhenTheRoundTripHasRisenForFiveRounds() {
        CongestionControl control = Cubic.initial(MSS);
        int round = 0;
        long roundTrip = 50 * MS;
        int[] windows = new int[12];
        while (control.inSlowStart()) {
            windows[round] = control.window();
            roundTrip = round < 3 ? 50 * MS : 57 * MS; // RttThresh is 50/8 = 6.25 ms
            int acknowledgments = control.window() / MSS;
            for (int i = 0; i < acknowledgments; i++) {
                control = control.delivered(new Delivery(round * roundTrip, MSS, roundTrip, roundTrip, i == 0));
            }
            round++;
        }
        assertEquals(10 * MSS, windows[0]);
        assertEquals(80 * MSS, windows[3], "doubled each round");
        assertTrue(windows[4] < 120 * MSS, "in round 3 the rise is noticed after eight samples: " + windows[4]);
        assertEquals(windows[4] * 1.25, windows[5], MSS, "a quarter as fast (CSS_GROWTH_DIVISOR)");
        assertEquals(9, round, "five rounds in conservative slow start, the one of the rise included (§4.2)");
        assertEquals(control.window(), control.threshold(), 2 * MSS, "from there it is congestion avoidance");
    }

    @Test
    void slowStartGoesOnWhenTheRiseWasPassing() {
        HyStart state = HyStart.INITIAL;
        for (int round = 0; round < 3; round++) {
            long roundTrip = round == 1 ? 60 * MS : 50 * MS;
            for (int i = 0; i < 8; i++) {
                state = state.acknowledged(roundTrip, i == 0 && round > 0);
            }
            assertEquals(round == 1, state.isConservative(), "round " + round);
        }
        assertFalse(state.isOver());
    }

    @Test
    void fewSamplesAndSmallRisesSayNothing() {
        HyStart state = HyStart.INITIAL;
        for (int i = 0; i < 8; i++) {
            state = state.acknowledged(10 * MS, false);
        }
        state = state.acknowledged(30 * MS, true);
        for (int i = 0; i < 6; i++) {
            state = state.acknowledged(30 * MS, false);
            assertFalse(state.isConservative());
        }
        assertTrue(state.acknowledged(30 * MS, false).isConservative(), "N_RTT_SAMPLE is 8");
        HyStart small = HyStart.INITIAL;
        for (int i = 0; i < 16; i++) {
            small = small.acknowledged(i < 8 ? 10 * MS : 13 * MS, i == 8);
        }
        assertFalse(small.isConservative(), "MIN_RTT_THRESH is 4 ms");
    }

    @Test
    void oneAcknowledgmentCountsForAtMostEightSegments() {
        assertEquals(18 * MSS, Cubic.initial(MSS).delivered(new Delivery(0, 20 * MSS, -1, -1, false)).window());
    }

    @Test
    void anotherPathStartsSlowlyUpToTheFormerWindow() {
        Cubic moved = new Cubic(MSS, 100 * MSS, 50 * MSS, 90 * MSS, null, null).pathChanged();
        assertEquals(10 * MSS, moved.window());
        assertEquals(75 * MSS, moved.threshold());
        assertEquals(HyStart.INITIAL, moved.slowStart());
        assertNull(moved.epoch());
        Reno reno = new Reno(MSS, 100 * MSS, 90 * MSS, 5, true).pathChanged();
        assertEquals(new Reno(MSS, 10 * MSS, 90 * MSS, 0, false), reno);
    }

    @Test
    void theWindowNeverOverflows() {
        CongestionControl control = new Cubic(65_000, 1 << 29, 1 << 28, 0, null, null);
        for (int i = 0; i < 1000; i++) {
            control = control.delivered(new Delivery(i * 1_000_000_000_000L, 1 << 30, 1, 1, true));
        }
        assertTrue(control.window() > 0 && control.window() <= CongestionControl.LARGEST_WINDOW);
    }

    @Test
    void proportionalRateReductionSpreadsTheReductionOverARoundTrip() {
        // RFC 6937 §4: 100 segments outstanding, the window is to become 70; one lost, 99 delivered one by one.
        var reduction = new ProportionalRateReduction();
        reduction.start(70 * MSS, 100 * MSS, 99 * MSS);
        int pipe = 99;
        int sent = 0;
        for (int i = 0; i < 99; i++) {
            pipe--;
            reduction.acknowledged(MSS, pipe * MSS, false, MSS);
            while (pipe < reduction.window() / MSS) {
                reduction.sent(MSS);
                pipe++;
                sent++;
            }
            assertTrue(Math.abs(sent - 0.7 * (i + 1)) <= 1.5, "after " + (i + 1) + " sent " + sent);
        }
        assertEquals(70, pipe, 1);
    }

    @Test
    void belowTheThresholdReductionConservesPacketsUntilAnAcknowledgmentIsSafe() {
        // RFC 6937 §3.1 with RFC 9937: heavy losses leave 10 of 100 in the network, the window is to become 70.
        var unsafe = new ProportionalRateReduction();
        unsafe.start(70 * MSS, 100 * MSS, 10 * MSS);
        unsafe.acknowledged(2 * MSS, 10 * MSS, false, MSS);
        assertEquals(12 * MSS, unsafe.window(), "CRB: as much as was delivered");
        var safe = new ProportionalRateReduction();
        safe.start(70 * MSS, 100 * MSS, 10 * MSS);
        safe.acknowledged(2 * MSS, 10 * MSS, true, MSS);
        assertEquals(13 * MSS, safe.window(), "SSRB: one segment more");
        safe.sent(3 * MSS);
        safe.acknowledged(MSS, 69 * MSS + 500, true, MSS);
        assertEquals(70 * MSS, safe.window(), "never beyond the threshold");
    }
}
