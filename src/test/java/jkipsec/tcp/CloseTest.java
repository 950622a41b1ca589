package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.FIN;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.RST;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import jkipsec.ip.Endpoint;
import org.junit.jupiter.api.Test;

/** How connections end: RFC 9293 §3.6, RFC 2525 §2.17. */
class CloseTest {
    private static final TcpOptions NONE = TcpOptions.NONE;

    /** The peer's FIN at an offset of its stream, acknowledging an offset of ours. */
    private static void fin(ScriptedPeer peer, int offset, int acknowledged) {
        peer.raw(ACK | FIN, ISS + 1 + offset, peer.hostIss + 1 + acknowledged, NONE, 0);
    }

    @Test
    void theSideThatClosesFirstPassesThroughTimeWait() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.close(peer.now);
        assertEquals(peer.hostIss + 1, peer.expect(ACK | FIN).sequence());
        assertEquals(TcpState.FIN_WAIT_1, peer.connection.state());
        peer.ack(1);
        assertEquals(TcpState.FIN_WAIT_2, peer.connection.state());
        fin(peer, 0, 1);
        peer.expectAck(1);
        assertEquals(TcpState.TIME_WAIT, peer.connection.state());
        assertEquals(TcpEnd.NORMAL, peer.end());
        assertEquals(10_000, peer.millisToDeadline());
        peer.pass(10_000);
        assertEquals(TcpState.CLOSED, peer.connection.state());
        assertEquals(0, peer.stack.connectionCount());
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
        peer.expectNothing();
    }

    @Test
    void theSideThatClosesLastIsGoneWithTheLastAcknowledgment() {
        var peer = new ScriptedPeer().accepted();
        fin(peer, 0, 0);
        peer.expectAck(1);
        assertTrue(peer.endOfStream());
        assertEquals(TcpState.CLOSE_WAIT, peer.connection.state());
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
        assertEquals(TcpState.LAST_ACK, peer.connection.state());
        peer.data(1, 0, 1);
        assertEquals(TcpState.CLOSED, peer.connection.state());
        assertEquals(TcpEnd.NORMAL, peer.end());
        assertEquals(0, peer.stack.connectionCount());
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void bothMayCloseAtTheSameTime() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
        fin(peer, 0, 0);
        peer.expectAck(1);
        assertEquals(TcpState.CLOSING, peer.connection.state());
        peer.data(1, 0, 1);
        assertEquals(TcpState.TIME_WAIT, peer.connection.state());
        assertEquals(TcpEnd.NORMAL, peer.end());
    }

    @Test
    void aFinThatAcknowledgesOursLeadsStraightToTimeWait() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
        fin(peer, 0, 1);
        peer.expectAck(1);
        assertEquals(TcpState.TIME_WAIT, peer.connection.state());
    }

    @Test
    void aRepeatedFinInTimeWaitIsAcknowledgedAndStartsItAgain() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
        fin(peer, 0, 1);
        peer.expectAck(1);
        peer.pass(9_000);
        fin(peer, 0, 1);
        peer.expectAck(1);
        assertEquals(10_000, peer.millisToDeadline());
    }

    @Test
    void afterShutdownOfOutputThePeerMayGoOnSending() {
        var peer = new ScriptedPeer().accepted();
        peer.write(10);
        peer.expectData(0, 10);
        peer.connection.shutdownOutput(peer.now);
        peer.expect(ACK | FIN);
        peer.data(0, 100, 11);
        peer.data(100, 100, 11);
        peer.expectAck(200);
        peer.pass(3_600_000);
        assertEquals(TcpState.FIN_WAIT_2, peer.connection.state(), "half-closed for as long as the application wants");
        peer.data(200, 100, 11);
        assertEquals(300, peer.received.size());
        assertThrows(IllegalStateException.class, () -> peer.write(1));
    }

    @Test
    void afterThePeersFinTheApplicationMayGoOnWriting() {
        var peer = new ScriptedPeer().accepted();
        fin(peer, 0, 0);
        peer.expectAck(1);
        peer.write(100);
        peer.expectData(0, 100);
        peer.data(1, 0, 100);
        peer.write(50);
        peer.expectData(100, 50);
        assertNull(peer.end());
    }

    @Test
    void theFinFollowsEverythingWritten() {
        var peer = new ScriptedPeer().accepted();
        peer.window = 1000;
        peer.ack(0);
        peer.write(3000);
        peer.connection.close(peer.now);
        peer.expectData(0, 1000);
        peer.expectNothing();
        peer.ack(1000);
        peer.expectData(1000, 1000);
        peer.ack(2000);
        peer.expectData(2000, 1000); // the window has no room for the FIN
        peer.expectNothing();
        peer.ack(3000);
        assertEquals(peer.hostIss + 1 + 3000, peer.expect(ACK | FIN).sequence());
    }

    @Test
    void closingWithUnreadDataSendsAReset() {
        var peer = new ScriptedPeer().accepted();
        peer.consumes = false;
        peer.data(0, 100);
        peer.connection.close(peer.now);
        TcpSegment reset = peer.expect(RST | ACK);
        assertEquals(peer.hostIss + 1, reset.sequence());
        assertEquals(TcpEnd.ABORTED_LOCALLY, peer.end());
        assertEquals(0, peer.stack.connectionCount());
    }

    @Test
    void dataAfterCloseIsAnsweredWithAReset() {
        var peer = new ScriptedPeer().accepted();
        peer.data(0, 100);
        peer.expectNothing();
        peer.connection.close(peer.now);
        assertEquals(100, peer.expect(ACK | FIN).acknowledgment() - ISS - 1);
        peer.data(100, 0, 1);
        assertEquals(TcpState.FIN_WAIT_2, peer.connection.state());
        peer.data(100, 10, 1);
        peer.expect(RST | ACK);
        assertEquals(TcpEnd.ABORTED_LOCALLY, peer.end());
        assertEquals(1, peer.dropped(TcpDrop.AFTER_CLOSE));
    }

    @Test
    void afterShutdownOfInputDataIsAcknowledgedAndThrownAway() {
        var peer = new ScriptedPeer(TcpConfig.defaults().withBuffers(1000, 4000)).accepted();
        peer.consumes = false;
        peer.data(0, 1000);
        peer.connection.shutdownInput(peer.now);
        for (int i = 1; i < 20; i++) {
            peer.data(1000 * i, 1000);
        }
        peer.pass(100);
        assertEquals(1000, peer.received.size());
        assertEquals(20_000, peer.connection.receive.next - ISS - 1);
        assertEquals(TcpState.ESTABLISHED, peer.connection.state());
        peer.sent.clear();
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
    }

    @Test
    void abortResetsAndSendsNothingElse() {
        var peer = new ScriptedPeer().accepted();
        peer.write(100);
        peer.expectData(0, 100);
        peer.connection.abort(peer.now);
        assertEquals(peer.hostIss + 101, peer.expect(RST | ACK).sequence());
        assertEquals(TcpEnd.ABORTED_LOCALLY, peer.end());
        peer.connection.abort(peer.now);
        peer.connection.close(peer.now);
        peer.connection.shutdownOutput(peer.now);
        peer.connection.consumed(5, peer.now);
        assertEquals(0, peer.connection.write(new byte[5], 0, 5, peer.now));
        assertEquals(0, peer.connection.sendSpace());
        peer.expectNothing();
        assertEquals(1, peer.events.stream().filter(TcpAction.Closed.class::isInstance).count());
    }

    @Test
    void closingBeforeTheConnectionIsOpenEndsIt() {
        var peer = new ScriptedPeer().connecting();
        peer.connection.close(peer.now);
        assertEquals(TcpEnd.ABORTED_LOCALLY, peer.end());
        peer.raw(SYN | ACK, ISS, peer.hostIss + 1, NONE, 0);
        assertEquals(peer.hostIss + 1, peer.expect(RST).sequence());
    }

    @Test
    void aLostFinIsSentAgain() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
        peer.pass(1000);
        assertEquals(peer.hostIss + 1, peer.expect(ACK | FIN).sequence());
    }

    @Test
    void aClosedConnectionWithoutProgressIsDroppedInTheEnd() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
        peer.pass(100);
        peer.ack(1);
        peer.pass(119_999);
        assertNull(peer.end());
        peer.pass(1);
        peer.expect(RST | ACK);
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void aPeerThatKeepsItsWindowShutCannotHoldAClosedConnection() {
        var peer = new ScriptedPeer().accepted();
        peer.window = 0;
        peer.ack(0);
        peer.write(1000);
        peer.connection.close(peer.now);
        for (int i = 0; i < 1000 && peer.end() == null; i++) {
            peer.pass(1000);
            peer.ack(0);
        }
        assertEquals(TcpEnd.TIMED_OUT, peer.end());
        assertEquals(0, peer.connection.send.buffer.footprint());
    }

    @Test
    void aResetInTheLastStatesIsNoFailureOnceOurFinIsAcknowledged() {
        var peer = new ScriptedPeer().accepted();
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
        fin(peer, 0, 1);
        peer.raw(RST, ISS + 2, 0, NONE, 0);
        assertEquals(TcpEnd.NORMAL, peer.end());
        assertEquals(0, peer.stack.connectionCount());
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void aNewSynReusesTimeWaitOnlyWithAHigherSequenceNumber() {
        var peer = new ScriptedPeer().accepted();
        peer.listener.accepted();
        TcpConnection first = peer.connection;
        peer.data(0, 100);
        peer.connection.close(peer.now);
        int used = peer.expect(ACK | FIN).sequence();
        fin(peer, 100, 1);
        peer.expectAck(101);

        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.expectAck(101);
        peer.raw(SYN, ISS + 101, 0, NONE, 0);
        peer.expectAck(101);
        assertEquals(TcpState.TIME_WAIT, first.state());

        peer.raw(SYN, ISS + 102, 0, NONE, 0);
        TcpSegment answer = peer.expect(SYN | ACK);
        assertTrue(SequenceNumbers.less(used, answer.sequence()));
        assertEquals(TcpState.CLOSED, first.state());
        peer.raw(ACK, ISS + 103, answer.sequence() + 1, NONE, 0);
        assertNotEquals(first, peer.lastAccepted());
        assertEquals(1, peer.events.stream().filter(TcpAction.Closed.class::isInstance).count());
    }

    @Test
    void connectionsInTimeWaitGiveWayWhenTheStackIsFull() {
        TcpConfig config = TcpConfig.defaults().withMaximumConnections(1)
                .withTimeWait(Duration.ofSeconds(60), Duration.ofSeconds(60));
        var peer = new ScriptedPeer(config).accepted();
        peer.listener.accepted();
        peer.connection.close(peer.now);
        peer.expect(ACK | FIN);
        fin(peer, 0, 1);
        peer.expectAck(1);
        peer.peer = new Endpoint(ScriptedPeer.PEER.address(), 9);
        peer.raw(SYN, ISS, 0, NONE, 0);
        peer.expect(SYN | ACK);
        assertEquals(1, peer.stack.connectionCount());
    }

    @Test
    void whenTheTunnelIsGoneEverythingEndsSilently() {
        var peer = new ScriptedPeer().accepted();
        peer.write(10);
        peer.sent.clear();
        peer.stack.abortAll(TcpEnd.TUNNEL_CLOSED);
        peer.expectNothing();
        assertEquals(TcpEnd.TUNNEL_CLOSED, peer.end());
        assertEquals(0, peer.stack.connectionCount());
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
        assertFalse(peer.endOfStream());
    }
}
