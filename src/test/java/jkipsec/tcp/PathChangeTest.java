package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a move of the device means for connections (RFC 4555). */
class PathChangeTest {
    @Test
    void whatTimedOutOnTheFormerPathIsSentAgainAtOnceWithTheInitialWindow() {
        var peer = new ScriptedPeer().acceptedWithSack();
        peer.write(15 * MSS);
        peer.pass(30_000);
        assertTrue(peer.millisToDeadline() > 5000, "backed off");
        peer.sent.clear();
        peer.stack.pathChanged(peer.now);
        for (int i = 0; i < 10; i++) {
            peer.expectData(i * MSS, MSS);
        }
        peer.expectNothing();
        assertEquals(1000, peer.millisToDeadline(), "the time-out is that of a new connection");
        peer.ack(10 * MSS);
        peer.ack(15 * MSS);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }

    @Test
    void theWindowBeginsAnewAndGrowsToTheFormerOneAsInSlowStart() {
        var peer = new ScriptedPeer().acceptedWithSack();
        peer.write(200 * MSS);
        for (int i = 1; i <= 100; i++) {
            peer.ack(i * MSS);
        }
        int before = peer.connection.recovery.control().window();
        assertTrue(before > 40 * MSS);
        peer.stack.pathChanged(peer.now);
        CongestionControl control = peer.connection.recovery.control();
        assertEquals(10 * MSS, control.window());
        assertTrue(control.inSlowStart());
        assertFalse(peer.connection.roundTrip().isKnown());
        assertFalse(peer.connection.recovery.rack.minimum.isKnown());
    }

    @Test
    void whatIsInFlightIsProbedSoThatItsLossShows() {
        var peer = new ScriptedPeer().acceptedWithSack();
        peer.write(3 * MSS);
        peer.sent.clear();
        peer.stack.pathChanged(peer.now);
        peer.expectData(2 * MSS, MSS);
        peer.expectNothing();
    }

    @Test
    void aHandshakeThatWaitsGoesOnAtOnce() {
        var peer = new ScriptedPeer().connecting();
        peer.pass(10_000);
        peer.sent.clear();
        peer.stack.pathChanged(peer.now);
        peer.expect(SYN);
        assertEquals(1000, peer.millisToDeadline());
    }

    @Test
    void anIdleStackHasNothingToDo() {
        var peer = new ScriptedPeer().acceptedWithSack();
        peer.stack.pathChanged(peer.now);
        peer.expectNothing();
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
    }
}
