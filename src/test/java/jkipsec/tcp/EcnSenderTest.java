package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static jkipsec.tcp.TcpFlags.CWR;
import static jkipsec.tcp.TcpFlags.ECE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpPacket;
import org.junit.jupiter.api.Test;

/** Explicit congestion notification as a sender sees it (RFC 3168 §6.1). */
class EcnSenderTest {
    private static final TcpOptions OFFER = new TcpOptions(MSS, 0).withSackPermitted();

    private static ScriptedPeer accepted() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN | ECE | CWR, ISS, 0, OFFER, 0);
        peer.hostIss = peer.expect(SYN | ACK | ECE).sequence();
        peer.ack(0);
        peer.connection = peer.lastAccepted();
        return peer;
    }

    @Test
    void itIsAcceptedWhenThePeerOffersItAndOfferedWhenThePolicySaysSo() throws PortInUse {
        assertTrue(accepted().connection.ecn.inUse());

        var plain = new ScriptedPeer().listening();
        plain.raw(SYN, ISS, 0, OFFER, 0);
        plain.expect(SYN | ACK);

        var off = new ScriptedPeer(TcpConfig.defaults().withEcn(EcnPolicy.OFF)).listening();
        off.raw(SYN | ECE | CWR, ISS, 0, OFFER, 0);
        off.expect(SYN | ACK);

        new ScriptedPeer().connecting(); // expects a plain SYN
        for (int answer : new int[] {ECE, 0, ECE | CWR}) {
            var offering = new ScriptedPeer(TcpConfig.defaults().withEcn(EcnPolicy.OFFER));
            offering.peer = new Endpoint(ScriptedPeer.PEER.address(), 7);
            offering.connection = offering.stack.connect(
                    new Endpoint(ScriptedPeer.HOST.address(), 0), offering.peer, offering.now);
            offering.host = offering.connection.local();
            offering.hostIss = offering.expect(SYN | ECE | CWR).sequence();
            offering.raw(SYN | ACK | answer, ISS, offering.hostIss + 1, OFFER, 0);
            assertEquals(answer == ECE, offering.connection.ecn.inUse());
        }
    }

    @Test
    void aSynThatGetsNoAnswerStopsOffering() throws PortInUse {
        var peer = new ScriptedPeer(TcpConfig.defaults().withEcn(EcnPolicy.OFFER));
        peer.stack.connect(new Endpoint(ScriptedPeer.HOST.address(), 0), ScriptedPeer.PEER, peer.now);
        peer.pass(10_000);
        assertTrue(peer.sent.getFirst().has(ECE));
        assertFalse(peer.sent.getLast().has(ECE));
    }

    @Test
    void anEchoReducesTheWindowOnceARoundTripAndIsAnswered() {
        ScriptedPeer peer = accepted();
        peer.write(40 * MSS);
        peer.sent.clear();
        peer.raw(ACK | ECE, ISS + 1, peer.hostIss + 1 + MSS, TcpOptions.NONE, 0);
        assertEquals(7 * MSS, peer.connection.recovery.control().threshold());
        for (int i = 2; i <= 10; i++) {
            peer.raw(ACK | ECE, ISS + 1, peer.hostIss + 1 + i * MSS, TcpOptions.NONE, 0);
        }
        assertEquals(7 * MSS, peer.connection.recovery.control().threshold(), "not again for the same window");
        assertEquals(1, peer.sent.stream().filter(s -> s.has(CWR)).count());
        assertEquals(10 * MSS, peer.sent.stream().filter(s -> s.has(CWR)).findFirst().orElseThrow().sequence()
                - peer.hostIss - 1, "the first new data");
        peer.ack(13 * MSS);
        assertEquals(LossRecovery.Phase.OPEN, peer.connection.recovery.phase());
        peer.raw(ACK | ECE, ISS + 1, peer.hostIss + 1 + 14 * MSS, TcpOptions.NONE, 0);
        assertTrue(peer.connection.recovery.control().threshold() < 6 * MSS, "but for a later one");
    }

    @Test
    void onlyNewDataIsMarkedAsCapable() {
        var random = new Random(1);
        List<byte[]> packets = new ArrayList<>();
        var stack = new TcpStack(TcpConfig.defaults(), random::nextBytes, action -> {
            if (action instanceof TcpAction.Transmit(PacketBuffer packet)) {
                packets.add(packet.toByteArray());
            }
        });
        TcpConnection[] accepted = new TcpConnection[1];
        var receiving = new TcpStack(TcpConfig.defaults(), random::nextBytes, action -> {
            if (action instanceof TcpAction.Accepted(TcpListener listener, TcpConnection connection)) {
                accepted[0] = connection;
            } else if (action instanceof TcpAction.Transmit(PacketBuffer packet)) {
                packets.add(packet.toByteArray());
            }
        });
        long now = 1_000_000_000L;
        try {
            receiving.listen(ScriptedPeer.HOST, 1);
            var offering = new TcpStack(TcpConfig.defaults().withEcn(EcnPolicy.OFFER), random::nextBytes, action -> {
                if (action instanceof TcpAction.Transmit(PacketBuffer packet)) {
                    packets.add(packet.toByteArray());
                }
            });
            TcpConnection connection =
                    offering.connect(new Endpoint(ScriptedPeer.PEER.address(), 0), ScriptedPeer.HOST, now);
            receiving.receive(take(packets), now); // SYN
            offering.receive(take(packets), now); // SYN-ACK
            receiving.receive(take(packets), now); // ACK
            accepted[0].write(new byte[100], 0, 100, now);
            assertEquals(Ecn.ECT_0, TcpPair.packet(packets.get(0).clone()).ecn());
            receiving.tick(now + 2_000_000_000L);
            assertEquals(0, TcpPair.packet(packets.get(1).clone()).ecn(), "a retransmission");
            offering.receive(take(packets), now);
            offering.tick(now + 100_000_000L);
            assertEquals(0, TcpPair.packet(packets.get(packets.size() - 1).clone()).ecn(), "an acknowledgment");
            assertTrue(connection.ecn.inUse());
            assertEquals(0, stack.connectionCount());
        } catch (PortInUse e) {
            throw new AssertionError(e);
        }
    }

    private static IpPacket take(List<byte[]> packets) {
        IpPacket packet = TcpPair.packet(packets.remove(0));
        assertEquals(0, packet.ecn() & (packet.payloadLength() < 60 ? 3 : 0), "neither SYNs nor acknowledgments");
        return packet;
    }
}
