package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.tcp.LossRecovery.Phase;
import org.junit.jupiter.api.Test;

/** Loss recovery with a peer that acknowledges selectively: RFC 2018, 2883, 8985, 6937, 5682, 3522. */
class SackRecoveryTest {
    private static final long RTT = 100;

    /** A connection with SACK and without timestamps; the round trip takes 100 ms. */
    private static ScriptedPeer accepted() {
        return accepted(new TcpOptions(MSS, 0).withSackPermitted());
    }

    private static ScriptedPeer accepted(TcpOptions offer) {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, offer, 0);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        peer.pass(RTT);
        peer.raw(ACK, ISS + 1, peer.hostIss + 1,
                offer.timestamped() ? TcpOptions.timestamp(1, stamp(peer) - (int) RTT) : TcpOptions.NONE, 0);
        peer.connection = peer.lastAccepted();
        return peer;
    }

    private static int stamp(ScriptedPeer peer) {
        return peer.stack.timestampOffset(FourTuple.of(peer.host, peer.peer)) + (int) (peer.now / TcpPair.MILLIS);
    }

    /** So many segments are in flight, sent at once. */
    private static ScriptedPeer inFlight(int segments) {
        ScriptedPeer peer = accepted();
        peer.write(segments * MSS);
        assertEquals(segments, peer.sent.size());
        peer.sent.clear();
        return peer;
    }

    /** Acknowledges octets, and sacks pairs of offsets. */
    private static void sack(ScriptedPeer peer, int acknowledged, int... offsets) {
        int[] edges = new int[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            edges[i] = peer.hostIss + 1 + offsets[i];
        }
        peer.raw(ACK, ISS + 1, peer.hostIss + 1 + acknowledged, TcpOptions.NONE.withSack(SackBlocks.of(edges)), 0);
    }

    private static LossRecovery recovery(ScriptedPeer peer) {
        return peer.connection.recovery;
    }

    @Test
    void oneLaterSegmentShowsALossAfterTheReorderingWindow() {
        ScriptedPeer peer = inFlight(5);
        peer.pass(RTT);
        sack(peer, 0, MSS, 2 * MSS);
        peer.expectNothing();
        assertEquals(25, peer.millisToDeadline(), "RFC 8985 §6.2: a quarter of the least round trip");
        peer.pass(25);
        peer.expectData(0, MSS);
        peer.expectNothing();
        assertEquals(Phase.RECOVERY, recovery(peer).phase());
        assertEquals(7 * MSS, recovery(peer).control().threshold());
    }

    @Test
    void threeLaterSegmentsShowItAtOnce() {
        ScriptedPeer peer = inFlight(5);
        peer.pass(RTT);
        sack(peer, 0, MSS, 3 * MSS);
        peer.expectNothing();
        sack(peer, 0, MSS, 4 * MSS);
        peer.expectData(0, MSS);
    }

    @Test
    void aRetransmissionThatIsLostIsSentAgainWithoutTheTimer() {
        ScriptedPeer peer = inFlight(10);
        peer.write(10 * MSS);
        peer.pass(RTT);
        sack(peer, 0, MSS, 5 * MSS);
        peer.expectData(0, MSS);
        for (int i = 6; i <= 10; i++) {
            sack(peer, 0, MSS, i * MSS);
        }
        assertFalse(peer.sent.isEmpty());
        TcpSegment later = peer.sent.getLast();
        int offset = later.sequence() - peer.hostIss - 1;
        peer.sent.clear();
        peer.pass(RTT + 1);
        assertTrue(peer.sent.stream().noneMatch(s -> s.sequence() == peer.hostIss + 1));
        sack(peer, 0, MSS, offset + later.payloadLength());
        assertTrue(peer.sent.stream().anyMatch(s -> s.sequence() == peer.hostIss + 1), "RFC 8985 §9.1, example 2");
        assertEquals(0, peer.connection.retransmission.retries());
    }

    @Test
    void onlyWhatIsMissingIsSentAgain() {
        ScriptedPeer peer = inFlight(10);
        peer.pass(RTT);
        sack(peer, 0, 8 * MSS, 10 * MSS, 5 * MSS, 7 * MSS, MSS, 4 * MSS);
        // RFC 6937: as much was delivered, and the threshold is 7.
        peer.expectData(0, MSS);
        peer.expectData(4 * MSS, MSS);
        peer.expectData(7 * MSS, MSS);
        sack(peer, 4 * MSS, 8 * MSS, 10 * MSS, 5 * MSS, 7 * MSS);
        peer.expectNothing();
        sack(peer, 10 * MSS);
        assertEquals(Phase.OPEN, recovery(peer).phase());
        assertEquals(7 * MSS, recovery(peer).window());
    }

    @Test
    void aProbeRepairsALostTailWithoutATimeout() {
        ScriptedPeer peer = inFlight(5);
        peer.pass(RTT);
        peer.ack(3 * MSS);
        assertEquals(200, peer.millisToDeadline(), "RFC 8985 §7.2: PTO is two round trips");
        peer.pass(200);
        peer.expectData(4 * MSS, MSS);
        peer.pass(RTT);
        sack(peer, 3 * MSS, 4 * MSS, 5 * MSS);
        peer.pass(25);
        peer.expectData(3 * MSS, MSS);
        assertEquals(0, peer.connection.retransmission.retries());
        assertEquals(Phase.RECOVERY, recovery(peer).phase());
    }

    @Test
    void aProbeThatRepairsTheOnlyLossReducesTheWindow() {
        ScriptedPeer peer = inFlight(5);
        peer.pass(RTT);
        peer.ack(4 * MSS);
        peer.pass(400);
        peer.expectData(4 * MSS, MSS);
        peer.connection.noDelay(true);
        peer.write(10);
        peer.pass(10);
        peer.ack(5 * MSS + 10);
        assertEquals(7 * MSS, recovery(peer).control().threshold(), "RFC 8985 §7.4.2");
    }

    @Test
    void aSuperfluousProbeCostsNothing() {
        ScriptedPeer peer = inFlight(5);
        peer.pass(RTT);
        peer.ack(4 * MSS);
        peer.pass(400);
        peer.expectData(4 * MSS, MSS);
        sack(peer, 5 * MSS, 4 * MSS, 5 * MSS);
        assertFalse(recovery(peer).probe.isOutstanding());
        assertEquals(CongestionControl.LARGEST_WINDOW, recovery(peer).control().threshold());
    }

    @Test
    void duplicatesThatThePeerReportsUndoTheReductionAndWidenTheReorderingWindow() {
        ScriptedPeer peer = inFlight(10);
        peer.pass(RTT);
        CongestionControl before = recovery(peer).control();
        sack(peer, 0, MSS, 4 * MSS);
        peer.expectData(0, MSS);
        assertEquals(7 * MSS, recovery(peer).control().window());
        peer.ack(4 * MSS); // the first one was only late
        sack(peer, 4 * MSS, 0, MSS); // RFC 2883 §4.1: and its repetition is reported
        assertEquals(before.threshold(), recovery(peer).control().threshold());
        assertTrue(recovery(peer).control().window() >= before.window());
        assertEquals(Phase.OPEN, recovery(peer).phase());
        peer.pass(10);
        sack(peer, 4 * MSS, 5 * MSS, 6 * MSS);
        peer.expectNothing();
        assertTrue(peer.millisToDeadline() > 25, "twice as wide: " + peer.millisToDeadline());
    }

    @Test
    void aTimestampOfTheFirstTransmissionUndoesATimeout() {
        ScriptedPeer peer = accepted(new TcpOptions(MSS, 0).withSackPermitted().withTimestamp(1, 0));
        int size = peer.connection.segmentSize();
        peer.write(8 * size);
        CongestionControl before = recovery(peer).control();
        int stamp = peer.sent.getFirst().header().options().timestampValue();
        peer.pass(1500);
        peer.sent.clear();
        assertEquals(Phase.LOSS, recovery(peer).phase());
        peer.raw(ACK, ISS + 1, peer.hostIss + 1 + size, TcpOptions.timestamp(2, stamp), 0);
        assertEquals(Phase.OPEN, recovery(peer).phase());
        assertTrue(recovery(peer).control().window() >= before.window(), "RFC 3522 §3.2, RFC 4015");
        assertEquals(0, peer.connection.send.scoreboard.lostOctets());
        peer.expectNothing();
    }

    @Test
    void withoutTimestampsWhatArrivesOfTheOriginalsUndoesATimeout() {
        ScriptedPeer peer = accepted(new TcpOptions(MSS, 0)); // RFC 5682 §2.1, for a peer without SACK too
        peer.write(8 * MSS);
        peer.write(8 * MSS);
        CongestionControl before = recovery(peer).control();
        peer.pass(350);
        assertEquals(Phase.LOSS, recovery(peer).phase());
        peer.sent.clear();
        peer.ack(MSS);
        peer.expectData(10 * MSS, MSS); // step 2b: new data
        peer.expectData(11 * MSS, MSS);
        peer.expectNothing();
        peer.ack(2 * MSS);
        assertEquals(Phase.OPEN, recovery(peer).phase());
        assertTrue(recovery(peer).control().window() >= before.window());
    }

    @Test
    void aRealLossIsRepairedWhenTheTestForASuperfluousTimeoutFails() {
        ScriptedPeer peer = accepted(new TcpOptions(MSS, 0));
        peer.write(16 * MSS);
        peer.pass(350);
        peer.sent.clear();
        peer.ack(MSS);
        peer.expectData(10 * MSS, MSS);
        peer.expectData(11 * MSS, MSS);
        peer.ack(MSS); // step 3a: a duplicate
        peer.expectData(MSS, MSS);
        assertEquals(Phase.LOSS, recovery(peer).phase());
        assertEquals(7 * MSS, recovery(peer).control().threshold());
    }

    @Test
    void whatThePeerSackedAndThrewAwayIsSentAgain() {
        ScriptedPeer peer = inFlight(5);
        peer.pass(RTT);
        sack(peer, 0, MSS, 5 * MSS);
        peer.expectData(0, MSS);
        peer.ack(MSS); // it has reneged (RFC 2018 §8): the rest is gone
        peer.pass(1000);
        assertTrue(peer.sent.stream().anyMatch(s -> s.sequence() == peer.hostIss + 1 + MSS));
        peer.sent.clear();
        for (int i = 2; i < 5; i++) {
            peer.ack(i * MSS);
        }
        assertTrue(peer.sent.stream().anyMatch(s -> s.sequence() == peer.hostIss + 1 + 4 * MSS));
        peer.ack(5 * MSS);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void impossibleBlocksAreIgnoredAndCounted() {
        ScriptedPeer peer = inFlight(5);
        sack(peer, 0, 4 * MSS, 6 * MSS);
        sack(peer, 0, 3 * MSS, 2 * MSS, 3 * MSS, 3 * MSS);
        sack(peer, 0, -200_000, -100_000, MSS, 100_000);
        assertEquals(5, peer.dropped(TcpDrop.BAD_SACK));
        assertEquals(0, peer.connection.send.scoreboard.sackedOctets());
        peer.expectNothing();
    }

    @Test
    void aSmallerMtuCutsWhatIsSentAgain() {
        ScriptedPeer peer = inFlight(5);
        peer.stack.mtu(540);
        peer.pass(RTT);
        sack(peer, 0, 2 * MSS, 5 * MSS);
        peer.expectData(0, 500);
        for (int i = 1; i <= 3; i++) {
            sack(peer, 500 * i, 2 * MSS, 5 * MSS);
        }
        peer.expectData(500, 500);
        peer.expectData(1000, 500);
        peer.expectData(1500, 500);
        peer.ack(5 * MSS);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void sendingIsSpreadOverTheRoundTripAfterTheFirstWindow() {
        ScriptedPeer peer = accepted();
        peer.write(60 * MSS);
        assertEquals(10, peer.sent.size());
        peer.sent.clear();
        peer.pass(RTT);
        peer.ack(10 * MSS); // the window is 18 segments now: one each 2.8 ms in slow start
        int atOnce = peer.sent.size();
        assertTrue(atOnce >= 2 && atOnce <= 6, "a small burst: " + atOnce);
        peer.pass(20);
        int later = peer.sent.size();
        assertTrue(later >= 7 && later <= 12, "and the rest spread: " + later);
        peer.pass(40);
        assertEquals(18, peer.sent.size());
    }
}
