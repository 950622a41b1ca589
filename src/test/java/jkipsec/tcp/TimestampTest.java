package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.RST;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.ip.Endpoint;
import org.junit.jupiter.api.Test;

/** Timestamps (RFC 7323 §3 to §5), and what the handshake agrees on. */
class TimestampTest {
    private static final TcpOptions OFFER = new TcpOptions(MSS, 0).withSackPermitted().withTimestamp(5000, 0);

    /** An open connection both of whose SYNs had timestamps; the peer's clock stands at 5000. */
    private static ScriptedPeer accepted() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, OFFER, 0);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        stamped(peer, 5000, 0, 0);
        peer.connection = peer.lastAccepted();
        return peer;
    }

    private static void stamped(ScriptedPeer peer, int value, int offset, int length) {
        peer.raw(ACK, ISS + 1 + offset, peer.hostIss + 1, TcpOptions.timestamp(value, 0), length);
    }

    @Test
    void anAnswerToASynHasTheOptionsTheSynHad() {
        var full = new ScriptedPeer().listening();
        full.raw(SYN, ISS, 0, OFFER, 0);
        TcpOptions options = full.expect(SYN | ACK).header().options();
        assertEquals(new TcpOptions(MSS, 5).withSackPermitted().withTimestamp(options.timestampValue(), 5000), options);

        var plain = new ScriptedPeer().listening();
        plain.raw(SYN, ISS, 0, new TcpOptions(MSS, 0), 0);
        assertEquals(new TcpOptions(MSS, 5), plain.expect(SYN | ACK).header().options());

        var off = new ScriptedPeer(
                ScriptedPeer.ROOMY.withTimestamps(false).withSelectiveAcknowledgment(false)).listening();
        off.raw(SYN, ISS, 0, OFFER, 0);
        assertEquals(new TcpOptions(MSS, 5), off.expect(SYN | ACK).header().options());
    }

    @Test
    void aSynOffersNothingThatIsSwitchedOff() {
        var peer = new ScriptedPeer(ScriptedPeer.ROOMY.withTimestamps(false).withSelectiveAcknowledgment(false));
        try {
            peer.stack.connect(new Endpoint(ScriptedPeer.HOST.address(), 0), ScriptedPeer.PEER, peer.now);
        } catch (PortInUse e) {
            throw new AssertionError(e);
        }
        assertEquals(new TcpOptions(MSS, 5), peer.expect(SYN).header().options());
    }

    @Test
    void withoutAnOfferInTheSynAckNeitherIsUsed() {
        var peer = new ScriptedPeer().connected();
        assertFalse(peer.connection.timestamps.inUse());
        assertFalse(peer.connection.selective);
        peer.write(10);
        assertEquals(TcpOptions.NONE, peer.expectData(0, 10).header().options());
    }

    @Test
    void everySegmentCarriesATimestampAndTwelveOctetsLessData() {
        var peer = new ScriptedPeer().connecting();
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, OFFER, 0);
        assertEquals(5000, peer.expect(ACK).header().options().timestampEcho());
        assertTrue(peer.connection.selective);
        assertEquals(MSS - 12, peer.connection.segmentSize());
        peer.write(MSS);
        peer.connection.noDelay(true);
        TcpSegment first = peer.expectData(0, MSS - 12);
        int value = first.header().options().timestampValue();
        assertEquals(TcpOptions.timestamp(value, 5000), first.header().options());
        peer.pass(3);
        peer.write(1);
        peer.pass(200);
        TcpSegment last = peer.sent.peekLast();
        assertTrue(last.header().options().timestampValue() - value >= 3, "the clock ticks every millisecond");
        peer.sent.clear();
        peer.connection.abort(peer.now);
        assertTrue(peer.expect(RST | ACK).header().options().timestamped());
    }

    @Test
    void theClockBeginsAnywhereButGoesOnWhenAFourTupleIsUsedAgain() {
        int first = synTimestamp(1);
        assertNotEquals(first, synTimestamp(2));
        assertEquals(first, synTimestamp(1));
    }

    private static int synTimestamp(int port) {
        var peer = new ScriptedPeer().listening();
        peer.peer = new Endpoint(ScriptedPeer.PEER.address(), port);
        peer.raw(SYN, ISS, 0, OFFER, 0);
        return peer.expect(SYN | ACK).header().options().timestampValue();
    }

    @Test
    void aSegmentWithoutATimestampIsDroppedSilentlyUnlessItIsAReset() {
        var peer = accepted();
        peer.data(0, 100);
        peer.expectNothing();
        assertEquals(0, peer.received.size());
        assertEquals(1, peer.dropped(TcpDrop.NO_TIMESTAMP));
        peer.raw(RST, ISS + 1, 0, TcpOptions.NONE, 0);
        assertEquals(TcpEnd.RESET, peer.end());
    }

    @Test
    void theTimestampOfTheOldestUnacknowledgedSegmentIsEchoed() {
        var peer = accepted();
        stamped(peer, 5001, 0, 100);
        stamped(peer, 5002, 100, 100);
        // RFC 7323 §4.3: for a delayed acknowledgment the earliest, so that the peer measures the delay too.
        assertEquals(5001, peer.expectAck(200).header().options().timestampEcho());
        stamped(peer, 5003, 300, 100); // a hole: the timestamp of what advanced the window last
        assertEquals(5001, peer.expectAck(200).header().options().timestampEcho());
        stamped(peer, 5004, 200, 100); // the hole is filled: the timestamp of what filled it
        assertEquals(5004, peer.expectAck(400).header().options().timestampEcho());
    }

    @Test
    void aSegmentOlderThanWhatWasAcknowledgedIsDroppedAndAcknowledged() {
        var peer = accepted();
        stamped(peer, 6000, 0, 100);
        peer.pass(40);
        peer.expectAck(100);
        stamped(peer, 6010, 100, 100); // its sequence number wraps around to the present window: a wanderer
        peer.pass(40);
        peer.expectAck(200);
        stamped(peer, 6005, 200, 100);
        TcpSegment answer = peer.expectAck(200);
        assertEquals(6010, answer.header().options().timestampEcho());
        assertEquals(200, peer.received.size());
        assertEquals(1, peer.dropped(TcpDrop.OLD_TIMESTAMP));
        stamped(peer, 6010, 200, 100);
        assertEquals(300, peer.received.size(), "the same value is not old");
        stamped(peer, 6011 + (1 << 31), 300, 100);
        assertEquals(300, peer.received.size(), "more than half the circle ahead is behind");
        stamped(peer, 6010 + (1 << 30), 300, 100);
        assertEquals(400, peer.received.size());
    }

    @Test
    void anOldPureAcknowledgmentIsAnsweredButNotForEver() {
        var peer = accepted();
        stamped(peer, 6000, 0, 100);
        peer.pass(40);
        peer.expectAck(100);
        for (int i = 0; i < 50; i++) {
            stamped(peer, 5000, 100, 0);
        }
        assertEquals(10, peer.sent.size());
        assertEquals(50, peer.dropped(TcpDrop.OLD_TIMESTAMP));
    }

    @Test
    void aResetIsNeverOld() {
        var peer = accepted();
        stamped(peer, 6000, 0, 100);
        peer.pass(40);
        peer.raw(RST, ISS + 101, 0, TcpOptions.timestamp(5000, 0), 0);
        assertEquals(TcpEnd.RESET, peer.end());
    }

    @Test
    void segmentsThatOvertakeEachOtherAreNotOld() {
        var peer = accepted();
        stamped(peer, 5002, 100, 100);
        stamped(peer, 5003, 200, 100);
        stamped(peer, 5001, 0, 100);
        assertEquals(300, peer.received.size());
        assertEquals(0, peer.dropped(TcpDrop.OLD_TIMESTAMP));
    }

    @Test
    void afterTwentyFourDaysOfSilenceNothingIsOld() {
        for (int days : new int[] {24, 25}) {
            var peer = accepted();
            stamped(peer, 6000, 0, 100);
            peer.pass(40);
            peer.pass(days * 24L * 3600 * 1000 - 100);
            stamped(peer, 5000, 100, 100); // the peer's clock went round, or it began anew
            assertEquals(days == 24 ? 100 : 200, peer.received.size(), days + " days");
            peer.sent.clear();
            stamped(peer, 5001, 200, 100);
            assertEquals(days == 24 ? 100 : 300, peer.received.size(), days + " days");
        }
    }
}
