package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.SYN;

import jkipsec.ip.IpHeader;
import jkipsec.ip.IpProtocol;
import org.junit.jupiter.api.Test;

/** What a receiver tells its peer of packets that the network has marked (RFC 3168 §6.1.3). */
class EcnReceiverTest {
    private static final int ECE = TcpFlags.ECE;
    private static final int CWR = TcpFlags.CWR;
    private static final int CE = 3;
    private static final int ECT = 2;

    private static ScriptedPeer accepted() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN | ECE | CWR, ISS, 0, new TcpOptions(MSS, 0), 0);
        peer.hostIss = peer.expect(SYN | ACK | ECE).sequence();
        peer.ack(0);
        peer.connection = peer.lastAccepted();
        return peer;
    }

    private static void data(ScriptedPeer peer, int offset, int flags, int ecn) {
        var header = new TcpHeader(peer.peer.port(), peer.host.port(), ISS + 1 + offset, peer.hostIss + 1, ACK | flags,
                1000, TcpOptions.NONE);
        peer.raw(new TcpSegment(header, new byte[100], 0, 100).toPacket(
                IpHeader.of(peer.peer.address(), peer.host.address(), IpProtocol.TCP).withEcn(ecn)).toByteArray());
    }

    @Test
    void aMarkIsEchoedAtOnceAndUntilThePeerHasReducedItsWindow() {
        var peer = accepted();
        data(peer, 0, 0, ECT);
        data(peer, 100, 0, ECT);
        peer.expect(ACK);
        data(peer, 200, 0, CE);
        peer.expect(ACK | ECE);
        data(peer, 300, 0, ECT);
        data(peer, 400, 0, ECT);
        peer.expect(ACK | ECE);
        peer.write(10);
        peer.expect(ACK | ECE);
        data(peer, 500, CWR, ECT);
        peer.expect(ACK);
        data(peer, 600, 0, ECT);
        data(peer, 700, 0, ECT);
        peer.expect(ACK);
    }

    @Test
    void aMarkOnTheVeryPacketThatSaysReducedCountsAgain() {
        var peer = accepted();
        data(peer, 0, 0, CE);
        peer.expect(ACK | ECE);
        data(peer, 100, CWR, CE);
        data(peer, 200, 0, ECT);
        peer.expect(ACK | ECE);
    }

    @Test
    void aMarkOutsideTheWindowIsIgnored() {
        var peer = accepted();
        data(peer, 2_000_000, 0, CE);
        peer.expect(ACK);
        data(peer, -200, 0, CE);
        peer.expect(ACK);
    }

    @Test
    void withoutAnAgreementMarksMeanNothing() {
        var peer = new ScriptedPeer().accepted();
        data(peer, 0, 0, CE);
        data(peer, 100, 0, CE);
        peer.expect(ACK);
    }
}
