package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.RST;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** One acknowledgment for several segments that are at hand at once: {@link TcpStack#hold}. */
class HeldAcknowledgmentTest {
    private final ScriptedPeer peer = new ScriptedPeer().connected();

    private void arrive(int from, int segments) {
        for (int i = from; i < from + segments; i++) {
            peer.data(i * 100, 100);
        }
    }

    @Test
    void whatIsAtHandIsAcknowledgedTogether() {
        peer.stack.hold();
        arrive(0, 5);
        peer.expectNothing();
        peer.stack.settle(peer.now);
        peer.expectAck(500);
        peer.expectNothing();
        arrive(5, 2);
        peer.expectAck(700);
    }

    @Test
    void eightSegmentsAreTheMost() {
        peer.stack.hold();
        arrive(0, 17);
        peer.expectAck(800);
        peer.expectAck(1600);
        peer.expectNothing();
        peer.stack.settle(peer.now);
        peer.expectNothing();
        peer.pass(peer.millisToDeadline());
        peer.expectAck(1700);
    }

    @Test
    void aSingleSegmentIsAcknowledgedAsLateAsEver() {
        peer.stack.hold();
        arrive(0, 1);
        peer.stack.settle(peer.now);
        peer.expectNothing();
        peer.pass(peer.millisToDeadline());
        peer.expectAck(100);
    }

    @Test
    void disorderIsToldAtOnce() {
        peer.stack.hold();
        arrive(0, 3);
        arrive(4, 1);
        peer.expectAck(300);
        arrive(5, 1);
        peer.expectAck(300);
        peer.stack.settle(peer.now);
        peer.expectNothing();
    }

    @Test
    void anAnswerTakesTheAcknowledgmentAlong() {
        peer.stack.hold();
        arrive(0, 3);
        peer.write(10);
        assertEquals(ScriptedPeer.ISS + 1 + 300, peer.expectData(0, 10).acknowledgment());
        peer.stack.settle(peer.now);
        peer.expectNothing();
    }

    @Test
    void aConnectionThatEndsMeanwhileIsNotAcknowledged() {
        peer.stack.hold();
        arrive(0, 3);
        peer.connection.abort(peer.now);
        peer.expect(RST | TcpFlags.ACK);
        peer.stack.settle(peer.now);
        peer.expectNothing();
    }
}
