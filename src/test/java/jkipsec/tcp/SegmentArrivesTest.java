package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.FIN;
import static jkipsec.tcp.ScriptedPeer.HOST;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.PEER;
import static jkipsec.tcp.ScriptedPeer.RST;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import jkipsec.bytes.Octets;
import jkipsec.ip.Checksum;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpProtocol;
import org.junit.jupiter.api.Test;

/** What is accepted on an open connection: RFC 9293 §3.10.7.4 with RFC 5961, and the receive window. */
class SegmentArrivesTest {
    private static final TcpOptions NONE = TcpOptions.NONE;

    private static ScriptedPeer withReceiveBuffer(int octets) {
        return new ScriptedPeer(TcpConfig.defaults().withBuffers(1 << 20, octets)).accepted();
    }

    @Test
    void dataInOrderIsDeliveredAndEverySecondSegmentAcknowledgedAtOnce() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 100);
        peer.expectNothing();
        peer.data(100, 100);
        peer.expectAck(200);
        assertArrayEquals(ScriptedPeer.stream(200), peer.received.toByteArray());
    }

    @Test
    void aSingleSegmentIsAcknowledgedAfterFortyMilliseconds() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 100);
        peer.pass(39);
        peer.expectNothing();
        peer.pass(1);
        peer.expectAck(100);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void theFirstSixteenSegmentsAreAcknowledgedOneByOne() {
        var peer = ScriptedPeer.exactly(TcpConfig.defaults()).accepted();
        for (int i = 0; i < 16; i++) {
            peer.data(100 * i, 100);
            peer.expectAck(100 * i + 100);
        }
        peer.data(1600, 100);
        peer.expectNothing();
        peer.data(1700, 100);
        peer.expectAck(1800);
    }

    @Test
    void afterAPauseOrDisorderAcknowledgmentsAreQuickAgain() {
        for (boolean pause : new boolean[] {true, false}) {
            var peer = ScriptedPeer.exactly(TcpConfig.defaults()).accepted();
            for (int i = 0; i < 20; i++) {
                peer.data(100 * i, 100);
            }
            if (pause) {
                peer.pass(3000);
            } else {
                peer.data(2100, 100);
            }
            peer.sent.clear();
            peer.data(2000, 100);
            peer.expectAck(pause ? 2100 : 2200);
            peer.data(pause ? 2100 : 2200, 100);
            peer.expectAck(pause ? 2200 : 2300);
        }
    }

    @Test
    void anApplicationThatAnswersMakesNoQuickAcknowledgments() {
        var peer = ScriptedPeer.exactly(TcpConfig.defaults()).accepted();
        peer.connection.noDelay(true);
        peer.data(0, 100);
        peer.expectAck(100);
        peer.write(10);
        peer.expectData(0, 10);
        peer.data(100, 100, 10);
        peer.expectNothing();
        peer.write(10);
        peer.expectData(10, 10);
        peer.data(200, 100, 20);
        peer.pass(39);
        peer.expectNothing();
        peer.pass(1);
        peer.expectAck(300);
    }

    @Test
    void dataTakesTheAcknowledgmentAlong() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 100);
        peer.write(10);
        assertEquals(100, peer.expectData(0, 10).acknowledgment() - ISS - 1);
        peer.pass(100);
        peer.expectNothing();
    }

    @Test
    void dataOutOfOrderIsKeptAndAcknowledgedAtOnceWithADuplicate() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 100);
        peer.pass(40);
        int window = peer.expectAck(100).header().window();
        for (int i = 2; i < 6; i++) {
            peer.data(100 * i, 100);
            assertEquals(window, peer.expectAck(100).header().window(), "a duplicate has the same window");
        }
        assertEquals(100, peer.received.size());
        peer.data(100, 100);
        peer.expectAck(600);
        assertArrayEquals(ScriptedPeer.stream(600), peer.received.toByteArray());
        assertEquals(0, peer.connection.receive.reassembly.footprint());
    }

    @Test
    void duplicatesKeepTheirWindowThoughTheApplicationReads() {
        var peer = new ScriptedPeer().accepted();
        peer.consumes = false;
        peer.data(0, 5000);
        peer.data(5000, 5000);
        peer.sent.clear();
        peer.data(11_000, 1000);
        int window = peer.expectAck(10_000).header().window();
        peer.connection.consumed(10_000, peer.now);
        peer.expectNothing();
        peer.data(12_000, 1000);
        assertEquals(window, peer.expectAck(10_000).header().window());
        peer.data(10_000, 1000);
        assertTrue(peer.expectAck(13_000).header().window() > window - 3000 / 32);
    }

    @Test
    void onlyTheNewPartOfAnOverlappingSegmentIsTaken() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 100);
        peer.data(50, 100);
        peer.data(300, 100);
        peer.data(100, 250);
        assertArrayEquals(ScriptedPeer.stream(400), peer.received.toByteArray());
    }

    @Test
    void aRepeatedSegmentIsAcknowledgedAgain() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 100);
        peer.data(0, 100);
        peer.expectAck(100);
        assertEquals(1, peer.dropped(TcpDrop.DUPLICATE));
        assertEquals(100, peer.received.size());
    }

    @Test
    void contradictingDataOutOfOrderKeepsWhatCameFirst() {
        var peer = new ScriptedPeer().accepted();
        peer.data(100, 100);
        peer.raw(ACK, ISS + 1 + 50, peer.hostIss + 1, NONE, new byte[200]);
        peer.data(0, 100);
        byte[] received = peer.received.toByteArray();
        assertEquals(250, received.length);
        for (int i = 0; i < 200; i++) {
            assertEquals(ScriptedPeer.octet(i), received[i], "octet " + i);
        }
        assertEquals(0, received[249]);
    }

    @Test
    void dataBeyondTheWindowIsNotStored() {
        var peer = withReceiveBuffer(2000);
        peer.consumes = false;
        peer.data(1500, 1000);
        assertEquals(500, peer.connection.receive.reassembly.octets());
        peer.expectAck(0);
        peer.data(2000, 1000);
        assertEquals(1, peer.dropped(TcpDrop.OUT_OF_WINDOW));
        peer.expectAck(0);
        peer.data(0, 1500);
        assertEquals(0, peer.expectAck(2000).header().window());
        assertEquals(2000, peer.received.size());
        peer.data(2000, 1000);
        peer.expectAck(2000);
        assertEquals(2000, peer.received.size());
    }

    @Test
    void singleOctetsDoNotMultiplyMemory() {
        var peer = withReceiveBuffer(65_535);
        for (int i = 1; i < 65_535; i += 2) {
            peer.data(i, 1);
        }
        assertEquals(ReassemblyBuffer.MAXIMUM_RANGES, peer.connection.receive.reassembly.ranges());
        assertTrue(peer.connection.receive.reassembly.footprint() <= 65_536 + 8 * ReassemblyBuffer.MAXIMUM_RANGES);
        assertTrue(peer.dropped(TcpDrop.TOO_MANY_GAPS) > 30_000);
        peer.data(0, 60_000);
        assertArrayEquals(ScriptedPeer.stream(60_000), peer.received.toByteArray());
    }

    @Test
    void theWindowCoversWhatIsUnconsumedAndItsEdgeNeverGoesBack() {
        var peer = withReceiveBuffer(10_000);
        peer.consumes = false;
        int edge = 10_000;
        int sent = 0;
        while (sent < 10_000) {
            peer.data(sent, 777 > 10_000 - sent ? 10_000 - sent : 777);
            sent = Math.min(10_000, sent + 777);
            peer.pass(40);
            TcpSegment ack = peer.expectAck(sent);
            assertEquals(edge, sent + ack.header().window());
        }
        peer.connection.consumed(999, peer.now);
        peer.expectNothing();
        peer.connection.consumed(1, peer.now);
        assertEquals(1000, peer.expectAck(10_000).header().window());
        peer.connection.consumed(999, peer.now);
        peer.expectNothing();
        peer.connection.consumed(1, peer.now);
        assertEquals(2000, peer.expectAck(10_000).header().window());
        peer.connection.consumed(8000, peer.now);
        assertEquals(10_000, peer.expectAck(10_000).header().window());
    }

    @Test
    void whileTheWindowIsWideConsumingSendsNothing() {
        var peer = withReceiveBuffer(50_000);
        peer.consumes = false;
        peer.data(0, 1000);
        peer.data(1000, 1000);
        peer.expectAck(2000);
        peer.connection.consumed(2000, peer.now);
        peer.expectNothing();
        peer.data(2000, 1000);
        peer.data(3000, 1000);
        assertEquals(48_000, peer.expectAck(4000).header().window());
    }

    @Test
    void aClosedWindowStillTakesAcknowledgmentsAndResets() {
        var peer = withReceiveBuffer(1000);
        peer.consumes = false;
        peer.data(0, 1000);
        peer.pass(40);
        assertEquals(0, peer.expectAck(1000).header().window());
        peer.write(500);
        peer.expectData(0, 500);
        peer.data(1000, 1, 500); // a probe of our window that acknowledges
        assertEquals(500, peer.connection.send.unacknowledged - peer.hostIss - 1);
        peer.expectAck(1000);
        assertEquals(1000, peer.received.size());
        peer.raw(RST, ISS + 1 + 1000, 0, NONE, 0);
        assertEquals(TcpEnd.RESET, peer.end());
    }

    @Test
    void aResetCountsOnlyAtTheNextSequenceNumber() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 100);
        peer.pass(40);
        peer.expectAck(100);
        peer.raw(RST, ISS + 1 + 99, 0, NONE, 0);
        peer.raw(RST, ISS + 1 + 2_000_000, 0, NONE, 0);
        peer.expectNothing();
        peer.raw(RST, ISS + 1 + 101, 0, NONE, 0);
        peer.expectAck(100);
        assertNull(peer.end());
        assertEquals(3, peer.dropped(TcpDrop.BAD_RESET));
        peer.raw(RST, ISS + 1 + 100, 0, NONE, 0);
        assertEquals(TcpEnd.RESET, peer.end());
        peer.expectNothing();
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void aSynOnAnOpenConnectionIsChallengedWhereverItIs() {
        var peer = new ScriptedPeer().accepted();
        for (int sequence : new int[] {ISS, ISS + 1, ISS + 500, ISS + 5_000_000}) {
            peer.raw(SYN, sequence, 0, NONE, 0);
            peer.expectAck(0);
            peer.raw(SYN | ACK, sequence, peer.hostIss + 1, NONE, 0);
            peer.expectAck(0);
        }
        assertEquals(TcpState.ESTABLISHED, peer.connection.state());
    }

    @Test
    void challengesAreLimitedToTenASecond() {
        var peer = new ScriptedPeer().accepted();
        for (int i = 0; i < 100; i++) {
            peer.raw(SYN, ISS + i, 0, NONE, 0);
        }
        assertEquals(10, peer.sent.size());
        peer.pass(1000);
        peer.raw(RST, ISS + 77, 0, NONE, 0);
        assertEquals(11, peer.sent.size());
    }

    @Test
    void acknowledgmentsOfWhatWasNeverSentAreChallengedAndTheirDataNotUsed() {
        var peer = new ScriptedPeer().accepted();
        peer.write(100);
        peer.expectData(0, 100);
        peer.data(0, 50, 101);
        peer.expectAck(0);
        peer.data(0, 50, -70_000);
        peer.expectAck(0);
        assertEquals(0, peer.received.size());
        assertEquals(2, peer.dropped(TcpDrop.BAD_ACKNOWLEDGMENT));
        peer.data(0, 50, -50_000); // old, but within the largest window the peer has had
        assertEquals(50, peer.received.size());
    }

    @Test
    void aSegmentWithoutAckIsDropped() {
        var peer = new ScriptedPeer().accepted();
        peer.raw(0, ISS + 1, 0, NONE, 10);
        peer.raw(FIN, ISS + 1, 0, NONE, 10);
        peer.expectNothing();
        assertEquals(2, peer.dropped(TcpDrop.BAD_FLAGS));
        assertEquals(0, peer.received.size());
    }

    @Test
    void anOldSegmentDoesNotChangeTheSendWindow() {
        var peer = new ScriptedPeer().accepted();
        peer.window = 10_000;
        peer.data(0, 100);
        peer.window = 5_000;
        peer.data(100, 100);
        peer.window = 60_000;
        peer.data(50, 100);
        assertEquals(5_000, peer.connection.send.window);
    }

    @Test
    void keepAliveProbesOfThePeerAreAnswered() {
        var peer = new ScriptedPeer().accepted();
        peer.raw(ACK, ISS, peer.hostIss + 1, NONE, 0);
        peer.expectAck(0);
        peer.raw(ACK, ISS, peer.hostIss + 1, NONE, new byte[1]);
        peer.expectAck(0);
        assertEquals(0, peer.received.size());
    }

    @Test
    void aSilentPeerIsProbedAndGivenUpWhenAsked() {
        TcpConfig config = TcpConfig.defaults()
                .withKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(10), 3);
        var peer = new ScriptedPeer(config).accepted();
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
        peer.connection.keepAlive(true, peer.now);
        peer.pass(59_000);
        peer.data(0, 1);
        peer.pass(40);
        peer.expectAck(1);
        peer.pass(59_959);
        peer.expectNothing();
        peer.pass(1);
        assertEquals(peer.hostIss, peer.expectAck(1).sequence());
        peer.data(1, 0);
        peer.pass(60_000);
        for (int i = 0; i < 3; i++) {
            assertEquals(peer.hostIss, peer.expectAck(1).sequence());
            peer.pass(10_000);
        }
        peer.expect(RST | ACK);
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
    }

    @Test
    void keepAliveTimesOfAConnectionReplaceThoseOfTheConfiguration() {
        var peer = new ScriptedPeer().connected();
        peer.connection.keepAlive(true, peer.now);
        peer.connection.keepAliveTimes(
                new KeepAliveTimes(Duration.ofSeconds(30), Duration.ofSeconds(4), 2), peer.now);
        assertEquals(30_000, peer.millisToDeadline());
        peer.pass(30_000);
        peer.expect(ACK);
        for (int unanswered = 1; unanswered < 2; unanswered++) {
            assertEquals(4_000, peer.millisToDeadline());
            peer.pass(4_000);
            peer.expect(ACK);
        }
        peer.pass(4_000);
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
    }

    @Test
    void keepAliveSwitchedOffLeavesNoDeadline() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.keepAlive(true, peer.now);
        peer.connection.keepAlive(false, peer.now);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void unknownAndUselessOptionsAreSkippedAndBrokenOnesDropTheSegment() {
        var peer = new ScriptedPeer().accepted();
        byte[] segment = new TcpSegment(
                new TcpHeader(PEER.port(), HOST.port(), ISS + 1, peer.hostIss + 1, ACK, 1000, new TcpOptions(1, 1)),
                new byte[] {1, 2, 3}, 0, 3)
                .toPacket(IpHeader.of(PEER.address(), HOST.address(), IpProtocol.TCP)).toByteArray();
        byte[][] options = {
            {4, 2, 8, 4, 1, 1, 1, 1}, {2, 3, 1, 1, 1, 1, 1, 1}, {0, 0, 0, 0, 0, 0, 0, 0}, {77, 8, 1, 2, 3, 4, 5, 6},
            {1, 1, 1, 1, 1, 1, 1, 8}, {77, 0, 1, 1, 1, 1, 1, 1}, {77, 1, 1, 1, 1, 1, 1, 1}, {77, 9, 1, 1, 1, 1, 1, 1}};
        for (int i = 0; i < options.length; i++) {
            System.arraycopy(options[i], 0, segment, 40, 8);
            Octets.put32(segment, 24, ISS + 1 + 3 * i);
            Octets.put16(segment, 36, 0);
            long sum = Checksum.pseudoHeader(PEER.address(), HOST.address(), IpProtocol.TCP, segment.length - 20);
            Octets.put16(segment, 36,
                    Checksum.finish(Checksum.add(sum, segment, 20, segment.length - 20)));
            peer.raw(segment.clone());
        }
        assertEquals(12, peer.received.size());
        assertEquals(4, peer.dropped(TcpDrop.MALFORMED));
        assertEquals(MSS, peer.connection.segmentSize(), "an MSS option counts on a SYN only");
    }

    @Test
    void urgentDataIsReadInline() {
        var peer = new ScriptedPeer().accepted();
        peer.raw(ACK | TcpFlags.URG, ISS + 1, peer.hostIss + 1, NONE, 10);
        assertEquals(10, peer.received.size());
    }

    @Test
    void aFinBeforeTheDataIsNotHonouredEarly() {
        var peer = new ScriptedPeer().accepted();
        peer.raw(ACK | FIN, ISS + 1 + 100, peer.hostIss + 1, NONE, 50);
        peer.expectAck(0);
        assertFalse(peer.endOfStream());
        assertEquals(TcpState.ESTABLISHED, peer.connection.state());
        peer.data(0, 100);
        assertTrue(peer.endOfStream());
        assertArrayEquals(ScriptedPeer.stream(150), peer.received.toByteArray());
        peer.expectAck(151);
        assertEquals(TcpState.CLOSE_WAIT, peer.connection.state());
    }

    @Test
    void dataBehindTheFinIsNeverDelivered() {
        var peer = new ScriptedPeer().accepted();
        peer.data(50, 200);
        peer.raw(ACK | FIN, ISS + 1 + 100, peer.hostIss + 1, NONE, 0);
        peer.data(100, 50);
        peer.data(0, 50);
        assertArrayEquals(ScriptedPeer.stream(100), peer.received.toByteArray());
        assertTrue(peer.endOfStream());
        assertEquals(0, peer.connection.receive.reassembly.footprint());
        peer.data(101, 50);
        assertEquals(100, peer.received.size());
    }

    @Test
    void keepAliveMayHaveItsOwnTimesOnEachConnection() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.keepAlive(true, peer.now);
        peer.connection.keepAliveTimes(
                new KeepAliveTimes(Duration.ofSeconds(3), Duration.ofSeconds(1), 2), peer.now);
        peer.pass(2999);
        peer.expectNothing();
        peer.pass(1001);
        assertEquals(2, peer.sent.size());
        assertNull(peer.end());
        peer.pass(1000);
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
    }

    @Test
    void aUserTimeoutEndsWhatIsNotAnsweredInTime() {
        for (int window : new int[] {60_000, 0}) {
            var peer = new ScriptedPeer().accepted();
            peer.window = window;
            peer.ack(0);
            peer.connection.userTimeout(Duration.ofSeconds(30));
            peer.write(100);
            peer.pass(29_900);
            assertNull(peer.end());
            peer.pass(200);
            assertEquals(TcpEnd.TIMED_OUT, peer.end(), "window " + window);
        }
    }

    @Test
    void aUserTimeoutBeginsAgainWithEveryAnswer() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.userTimeout(Duration.ofSeconds(30));
        peer.write(1000);
        for (int i = 1; i < 10; i++) {
            peer.pass(20_000);
            peer.ack(100 * i);
        }
        assertNull(peer.end());
        peer.pass(40_000);
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
    }

    @Test
    void challengesAreLimitedOverAllConnectionsToo() {
        var peer = new ScriptedPeer(ScriptedPeer.ROOMY.withMaximumConnections(1000));
        try {
            peer.listener = peer.stack.listen(HOST, 1000);
        } catch (PortInUse e) {
            throw new AssertionError(e);
        }
        int[] numbers = new int[300];
        for (int i = 0; i < numbers.length; i++) {
            peer.peer = new Endpoint(PEER.address(), 1000 + i);
            peer.raw(SYN, ISS, 0, new TcpOptions(MSS, 0), 0);
            numbers[i] = peer.expect(SYN | ACK).sequence();
            peer.raw(ACK, ISS + 1, numbers[i] + 1, NONE, 0);
        }
        for (int i = 0; i < numbers.length; i++) {
            peer.peer = new Endpoint(PEER.address(), 1000 + i);
            for (int j = 0; j < 10; j++) {
                peer.raw(SYN, ISS + 50, 0, NONE, 0);
            }
        }
        assertTrue(peer.sent.size() >= 500 && peer.sent.size() <= 1000, peer.sent.size() + " challenges");
    }

    @Test
    void resetsForClosedPortsAreLimited() {
        var peer = new ScriptedPeer();
        for (int i = 0; i < 3000; i++) {
            peer.raw(SYN, ISS + i, 0, NONE, 0);
        }
        assertEquals(1000, peer.sent.size());
        assertEquals(2000, peer.dropped(TcpDrop.TOO_MANY_RESETS));
        peer.pass(1000);
        peer.raw(SYN, ISS, 0, NONE, 0);
        assertEquals(1001, peer.sent.size());
    }
}
