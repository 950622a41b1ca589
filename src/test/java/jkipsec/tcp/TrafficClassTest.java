package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.HOST;
import static jkipsec.tcp.ScriptedPeer.PEER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.SplittableRandom;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ip.IpPacket;
import org.junit.jupiter.api.Test;

/** What a connection writes into the DSCP field of its packets (RFC 2474 §3). */
class TrafficClassTest {
    @Test
    void packetsCarryTheTrafficClassWithoutTheBitsOfEcn() throws PortInUse, MalformedMessage {
        var packets = new ArrayList<IpPacket>();
        var random = new SplittableRandom(1);
        var stack = new TcpStack(TcpConfig.defaults(), random::nextBytes, action -> {
            if (action instanceof TcpAction.Transmit transmit) {
                try {
                    packets.add(IpPacket.parse(transmit.packet()));
                } catch (MalformedMessage e) {
                    throw new AssertionError(e);
                }
            }
        });
        TcpConnection connection = stack.connect(HOST, PEER, 0);
        connection.trafficClass(0xb9);
        stack.tick(stack.nextDeadline());
        assertEquals(2, packets.size());
        assertEquals(0, packets.get(0).trafficClass());
        assertEquals(0xb8, packets.get(1).trafficClass());
    }
}
