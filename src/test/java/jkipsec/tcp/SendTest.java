package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.FIN;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When data is sent, and sent again: RFC 9293 §3.8, RFC 6298, RFC 5681, RFC 6582, RFC 3042. */
class SendTest {
    /** A connection that has sent {@code segments} full segments, all in flight, with a window of as many. */
    private static ScriptedPeer inFlight(int segments) {
        var peer = new ScriptedPeer(TcpConfig.defaults().withCongestionControl(CongestionControl.Algorithm.RENO))
                .accepted();
        peer.write(segments * MSS);
        for (int i = 0; i < segments; i++) {
            peer.expectData(i * MSS, MSS);
        }
        peer.expectNothing();
        return peer;
    }

    @Test
    void theInitialWindowIsTenSegments() {
        var peer = new ScriptedPeer().accepted();
        peer.write(50 * MSS);
        assertEquals(10, peer.sent.size());
    }

    @Test
    void slowStartDoublesTheWindowEachRoundTrip() {
        var peer = new ScriptedPeer().accepted();
        peer.write(200 * MSS);
        peer.sent.clear();
        for (int i = 1; i <= 10; i++) {
            peer.ack(i * MSS);
        }
        assertEquals(20, peer.sent.size());
    }

    @Test
    void anApplicationThatSendsLittleDoesNotGrowTheWindow() {
        var peer = new ScriptedPeer().accepted();
        for (int i = 0; i < 100; i++) {
            peer.write(MSS);
            peer.ack((i + 1) * MSS);
        }
        assertEquals(10 * MSS, peer.connection.recovery.window());
    }

    @Test
    void theLastSegmentOfABurstIsPushed() {
        var peer = new ScriptedPeer().accepted();
        peer.write(2 * MSS + 1);
        assertFalse(peer.sent.poll().has(TcpFlags.PSH));
        assertFalse(peer.sent.poll().has(TcpFlags.PSH));
        peer.expectNothing();
        peer.ack(2 * MSS);
        assertTrue(peer.sent.poll().has(TcpFlags.PSH));
    }

    @Test
    void smallSegmentsWaitWhileAnythingIsUnacknowledged() {
        var peer = new ScriptedPeer().accepted();
        peer.write(1);
        peer.expectData(0, 1);
        peer.write(2);
        peer.write(3);
        peer.expectNothing();
        peer.ack(1);
        peer.expectData(1, 5);
        peer.write(MSS);
        peer.expectData(6, MSS);
    }

    @Test
    void withNoDelaySmallSegmentsGoAtOnce() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.noDelay(true);
        peer.write(1);
        peer.expectData(0, 1);
        peer.write(2);
        peer.expectData(1, 2);
    }

    @Test
    void theLastSmallSegmentBeforeAFinDoesNotWait() {
        var peer = new ScriptedPeer().accepted();
        peer.write(1);
        peer.expectData(0, 1);
        peer.write(2);
        peer.connection.shutdownOutput(peer.now);
        assertEquals(2, peer.expect(ACK | FIN).payloadLength());
    }

    /** Five of ten segments are written and acknowledged; now the window is 100 octets. */
    private static ScriptedPeer withLittleWindow() {
        var peer = new ScriptedPeer().accepted();
        peer.window = 5 * MSS;
        peer.ack(0);
        peer.write(10 * MSS);
        peer.sent.clear();
        peer.window = 100;
        peer.ack(5 * MSS);
        return peer;
    }

    @Test
    void noSillySegmentsFillASmallOpeningOfTheWindow() {
        ScriptedPeer peer = withLittleWindow();
        peer.expectNothing();
        peer.window = MSS;
        peer.ack(5 * MSS);
        peer.expectData(5 * MSS, MSS);
    }

    @Test
    void aSmallWindowIsUsedAllTheSameAfterATime() {
        ScriptedPeer peer = withLittleWindow();
        peer.pass(1000);
        peer.expectData(5 * MSS, 100);
        peer.pass(10_000);
        assertTrue(peer.sent.stream().allMatch(again -> again.payloadLength() == 100), "then it waits for the ACK");
    }

    @Test
    void aShutWindowIsProbedForAsLongAsThePeerAnswers() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withRetries(3, 5)).accepted();
        peer.window = 0;
        peer.ack(0);
        peer.write(5000);
        peer.expectNothing();
        long last = 0;
        for (int i = 0; i < 100; i++) {
            long wait = peer.millisToDeadline();
            assertTrue(wait >= Math.min(last, 59_000) && wait <= 60_000, "probes back off, up to a minute: " + wait);
            last = wait;
            peer.pass(wait);
            peer.expectData(0, 1);
            peer.ack(0);
        }
        peer.window = 60_000;
        peer.ack(0);
        peer.expectData(0, MSS);
        peer.expectData(MSS, MSS);
        assertNull(peer.end());
    }

    @Test
    void aProbeThatIsTakenCountsAsSent() {
        var peer = new ScriptedPeer().accepted();
        peer.window = 0;
        peer.ack(0);
        peer.write(5000);
        peer.pass(1000);
        peer.expectData(0, 1);
        peer.window = 0;
        peer.ack(1);
        peer.pass(60_000);
        TcpSegment probe = peer.sent.peekLast();
        assertEquals(1, probe.sequence() - peer.hostIss - 1);
        peer.sent.clear();
        peer.window = 10_000;
        peer.ack(1);
        peer.expectData(1, MSS);
    }

    @Test
    void probesWithoutAnyAnswerGiveUp() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withRetries(3, 5)).accepted();
        peer.window = 0;
        peer.ack(0);
        peer.write(5000);
        peer.pass(1_000_000);
        assertEquals(5, peer.sent.size());
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void aFinIsHeldBackByAShutWindowAndProbesIt() {
        var peer = new ScriptedPeer().accepted();
        peer.window = 0;
        peer.ack(0);
        peer.connection.shutdownOutput(peer.now);
        peer.expectNothing();
        peer.pass(1000);
        peer.expect(ACK | FIN);
        peer.ack(1);
        assertEquals(TcpState.FIN_WAIT_2, peer.connection.state());
    }

    @Test
    void aPeerThatTakesWindowBackGetsNoMoreAndAcceptableAcknowledgments() {
        var peer = inFlight(5);
        peer.write(5 * MSS);
        peer.sent.clear();
        peer.window = 2 * MSS;
        peer.ack(0);
        peer.data(0, 10);
        peer.data(10, 10);
        TcpSegment ack = peer.expectAck(20);
        assertEquals(2 * MSS, ack.sequence() - peer.hostIss - 1);
        peer.expectNothing();
        peer.pass(1000);
        peer.expectData(0, MSS);
    }

    @Test
    void theFirstSegmentIsSentAgainAfterTheTimeoutWhichDoubles() {
        var peer = inFlight(3);
        for (int millis : new int[] {200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000}) {
            assertEquals(millis, peer.millisToDeadline());
            peer.pass(millis);
            peer.expectData(0, MSS);
            peer.expectNothing();
        }
    }

    @Test
    void theTimeoutFollowsTheMeasuredRoundTrip() {
        var peer = new ScriptedPeer().accepted();
        peer.write(MSS);
        peer.pass(100);
        peer.ack(MSS);
        assertEquals(new RttEstimate(0, 0).sample(100 * TcpPair.MILLIS), peer.connection.roundTrip(),
                "the handshake took no time");
        peer.sent.clear();
        peer.write(MSS);
        // SRTT 12.5 ms, RTTVAR 25 ms: not 112.5 ms, because G is 200 ms.
        assertEquals(212, peer.millisToDeadline());
    }

    @Test
    void aSegmentSentAgainIsNotMeasuredAndProgressEndsTheBackoff() {
        var peer = new ScriptedPeer().accepted();
        RttEstimate before = peer.connection.roundTrip();
        peer.write(2 * MSS);
        peer.pass(1000);
        assertTrue(peer.millisToDeadline() >= 400, "doubled: " + peer.millisToDeadline());
        peer.ack(MSS);
        assertEquals(before, peer.connection.roundTrip());
        assertEquals(200, peer.millisToDeadline());
    }

    @Test
    void aSegmentWhoseAcknowledgmentWaitsForARepairIsNotMeasured() {
        var peer = new ScriptedPeer().accepted();
        RttEstimate before = peer.connection.roundTrip();
        peer.write(2 * MSS);
        peer.pass(1000);
        peer.ack(MSS);
        peer.sent.clear();
        peer.write(MSS);
        peer.pass(10);
        peer.ack(3 * MSS);
        assertEquals(before, peer.connection.roundTrip(), "sent while the second segment was being repaired");
        peer.write(MSS);
        peer.pass(100);
        peer.ack(4 * MSS);
        assertEquals(before.sample(100 * TcpPair.MILLIS), peer.connection.roundTrip(), "nothing is missing any more");
    }

    @Test
    void aConnectionWithoutAnythingOutstandingHasNoDeadline() {
        var peer = inFlight(3);
        peer.ack(3 * MSS);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void anAcknowledgmentRestartsTheTimer() {
        var peer = inFlight(3);
        peer.pass(150);
        peer.ack(MSS);
        assertTrue(peer.millisToDeadline() > 200);
    }

    @Test
    void withoutAnyAcknowledgmentTheConnectionTimesOut() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withRetries(1, 3)).accepted();
        peer.write(10);
        peer.pass(100_000);
        assertEquals(4, peer.sent.size());
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
        assertEquals(0, peer.stack.connectionCount());
        assertEquals(0, peer.connection.send.buffer.footprint());
    }

    @Test
    void aTimeoutShrinksTheWindowToOneSegmentAndRemembersHalfTheFlight() {
        var peer = inFlight(10);
        peer.pass(200);
        peer.expectData(0, MSS);
        assertEquals(MSS, peer.connection.recovery.control().window());
        assertEquals(5 * MSS, peer.connection.recovery.control().threshold());
        peer.ack(MSS);
        peer.expectData(MSS, MSS);
        peer.expectData(2 * MSS, MSS);
        peer.expectNothing();
        peer.ack(10 * MSS);
        peer.write(3 * MSS);
        peer.expectData(10 * MSS, MSS);
    }

    @Test
    void twoDuplicatesLetNewDataGoAndTheThirdSendsTheLostSegmentAgain() {
        var peer = inFlight(10);
        peer.write(10 * MSS);
        peer.ack(0);
        peer.expectData(10 * MSS, MSS);
        peer.ack(0);
        peer.expectData(11 * MSS, MSS);
        peer.ack(0);
        peer.expectData(0, MSS);
        peer.expectNothing();
        assertEquals(6 * MSS, peer.connection.recovery.control().threshold());
        for (int i = 0; i < 3; i++) { // window 6 + 3, in flight 12
            peer.ack(0);
            peer.expectNothing();
        }
        peer.ack(0);
        peer.expectData(12 * MSS, MSS);
        peer.ack(12 * MSS);
        assertFalse(peer.connection.recovery.isRecovering());
        assertEquals(2 * MSS, peer.connection.recovery.control().window(), "no burst when recovery ends");
    }

    @Test
    void aPartialAcknowledgmentSendsTheNextHoleAtOnce() {
        var peer = inFlight(10);
        for (int i = 0; i < 3; i++) {
            peer.ack(0);
        }
        peer.expectData(0, MSS);
        peer.ack(4 * MSS);
        peer.expectData(4 * MSS, MSS);
        assertTrue(peer.connection.recovery.isRecovering());
        peer.ack(7 * MSS);
        peer.expectData(7 * MSS, MSS);
        peer.expectNothing();
        peer.ack(10 * MSS);
        assertFalse(peer.connection.recovery.isRecovering());
        assertEquals(5 * MSS, peer.connection.recovery.control().threshold());
    }

    @Test
    void aPartialAcknowledgmentDeflatesTheWindow() {
        var peer = inFlight(10);
        peer.write(20 * MSS);
        for (int i = 0; i < 3; i++) {
            peer.ack(0);
        }
        peer.sent.clear(); // 12 in flight, window 6 + 3
        peer.ack(6 * MSS); // 6 in flight, window 9 - 6 + 1
        peer.expectData(6 * MSS, MSS);
        peer.expectNothing();
        assertEquals(4 * MSS, peer.connection.recovery.window());
    }

    @Test
    void whatIsNoDuplicateDoesNotCount() {
        var peer = inFlight(10);
        peer.data(0, 1);
        peer.data(1, 1);
        peer.sent.clear();
        peer.window = 50_000;
        peer.data(2, 0);
        peer.window = 51_000;
        peer.data(2, 0);
        peer.window = 52_000;
        peer.data(2, 0);
        peer.expectNothing();
        assertFalse(peer.connection.recovery.isRecovering());
    }

    @Test
    void duplicatesAfterATimeoutDoNotStartAnotherRecovery() {
        var peer = inFlight(10);
        peer.pass(200);
        peer.expectData(0, MSS);
        peer.ack(2 * MSS);
        peer.sent.clear();
        for (int i = 0; i < 5; i++) {
            peer.ack(2 * MSS);
        }
        peer.expectNothing();
        assertFalse(peer.connection.recovery.isRecovering());
    }

    @Test
    void afterAPauseTheWindowIsTheInitialOneAgain() {
        var peer = new ScriptedPeer().accepted();
        peer.write(200 * MSS);
        for (int i = 1; i <= 200; i++) {
            peer.ack(i * MSS);
        }
        peer.sent.clear();
        assertTrue(peer.connection.recovery.window() > 20 * MSS);
        peer.pass(10_000);
        peer.write(50 * MSS);
        assertEquals(10, peer.sent.size());
    }

    @Test
    void lessMtuSplitsWhatIsSentAgain() {
        var peer = inFlight(3);
        peer.stack.mtu(540);
        peer.pass(200);
        peer.expectData(0, 500);
        peer.ack(500);
        peer.expectData(500, 500);
        peer.expectData(1000, 500);
    }

    @Test
    void theSendBufferTakesWhatFitsAndTellsOfRoom() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withBuffers(2500, 1000)).accepted();
        assertEquals(2500, peer.connection.sendCapacity());
        assertEquals(2500, peer.connection.write(new byte[9000], 0, 9000, peer.now));
        assertEquals(0, peer.connection.write(new byte[1], 0, 1, peer.now));
        assertEquals(0, peer.connection.sendSpace());
        peer.events.clear();
        peer.ack(1500);
        assertEquals(new TcpAction.SendSpace(peer.connection, 1500), peer.events.get(0));
        assertEquals(1500, peer.connection.sendSpace());
    }

    @Test
    void anIdleConnectionTakesLittleMemory() {
        var peer = new ScriptedPeer().accepted();
        assertEquals(0, peer.connection.send.buffer.footprint());
        assertEquals(0, peer.connection.receive.reassembly.footprint());
        peer.connection.write(new byte[500_000], 0, 500_000, peer.now);
        for (int sent = 0; sent < 500_000; sent += 10 * MSS) {
            peer.ack(sent + 10 * MSS);
        }
        assertEquals(0, peer.connection.send.buffer.size());
        assertTrue(peer.connection.send.buffer.footprint() <= 64 * 1024);
    }

    @Test
    void acknowledgmentsMayBeDelayedForAnotherTime() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withDelayedAck(Duration.ofMillis(5))).accepted();
        peer.data(0, 1);
        peer.pass(5);
        peer.expectAck(1);
    }
}
