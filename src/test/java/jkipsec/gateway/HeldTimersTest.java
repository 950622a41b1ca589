package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpProtocol;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.World;
import jkipsec.tcp.TcpFlags;
import jkipsec.tcp.TcpHeader;
import jkipsec.tcp.TcpOptions;
import jkipsec.tcp.TcpSegment;
import org.junit.jupiter.api.Test;

class HeldTimersTest {
    private static final IpAddress DEVICE = IpAddress.parse("10.8.0.2");
    private static final IpAddress GATEWAY = IpAddress.parse("10.8.0.1");

    @Test
    void whatHeldDatagramsSetIsDueOnceTheyAreSettled() throws Exception {
        var scenario = new Scenario(1);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        Gateway gateway = scenario.gateway().gateway();
        scenario.gateway().tunnels().get(0).tcp().listen(new Endpoint(GATEWAY, 80), 1);
        var syn = new TcpHeader(1_024, 80, 1, 0, TcpFlags.SYN, 1_000, TcpOptions.NONE);
        byte[] inner = new TcpSegment(syn).toPacket(IpHeader.of(DEVICE, GATEWAY, IpProtocol.TCP)).toByteArray();
        long now = scenario.world().now();
        long before = gateway.nextDeadline();
        assertTrue(before > now + 2 * World.SECOND);

        gateway.hold();
        gateway.datagram(Scenario.NAT_T_SOCKET, ScriptedInitiator.NAT_T,
                PacketBuffer.wrap(device.esp(inner, IpProtocol.IPV4)), now);
        assertEquals(before, gateway.nextDeadline());
        gateway.settle(now);
        assertTrue(gateway.nextDeadline() <= now + World.SECOND, "the answer to the SYN is sent again after a second");
    }
}
