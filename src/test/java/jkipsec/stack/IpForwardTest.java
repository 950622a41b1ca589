package jkipsec.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.Refusal;
import jkipsec.ip.UdpHeader;
import jkipsec.tcp.TcpConfig;
import jkipsec.udp.UdpAction;
import jkipsec.udp.UdpForwarding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an IP stack does with packets for others. */
class IpForwardTest {
    private final List<StackAction> events = new ArrayList<>();
    private final IpStack stack =
            new IpStack(StackConfig.of(TcpConfig.defaults()), 1, new Random(1)::nextBytes, events::add);
    private long now = 1_000_000_000L;

    private void forward() {
        stack.addresses(List.of(IpAddress.parse("10.8.0.1"), IpAddress.parse("fd00::1")));
        long idle = Duration.ofMinutes(2).toNanos();
        stack.forward(new ForwardConfig(4, 8, new UdpForwarding(4, 8, idle, idle)));
    }

    private IpPacket sent(int index) throws Exception {
        return IpPacket.parse(((StackAction.Transmit) events.get(index)).packet());
    }

    @ParameterizedTest
    @CsvSource({"10.8.0.2, 192.0.2.80, 10.8.0.1, 13", "fd00::2, 2001:db8::80, fd00::1, 1"})
    void pingsOfOthersAreProhibited(String device, String host, String gateway, int code) throws Exception {
        forward();
        var echo = new IcmpMessage.EchoRequest(1, 1, new byte[8]);
        PacketBuffer packet = echo.packet(IpAddress.parse(device), IpAddress.parse(host));
        byte[] octets = packet.toByteArray();
        stack.receive(packet, now);
        IpPacket answer = sent(events.size() - 1);
        assertEquals(IpAddress.parse(gateway), answer.source());
        assertEquals(new IcmpMessage.Unreachable(code, octets), IcmpMessage.parse(answer));
        int answers = events.size();
        for (int i = 0; i < 1_000; i++) {
            stack.receive(echo.packet(IpAddress.parse(device), IpAddress.parse(host)), now);
        }
        long errors = events.stream().filter(StackAction.Transmit.class::isInstance).count();
        assertEquals(100, errors, answers + " events at first");
    }

    @Test
    void datagramsOfOthersAreOfferedAndRefusedByIcmp() throws Exception {
        forward();
        var header = new UdpHeader(1000, 53, 1);
        byte[] octets = header.packet(IpAddress.parse("10.8.0.2"), IpAddress.parse("192.0.2.53"), new byte[1])
                .toByteArray();
        stack.receive(header.packet(IpAddress.parse("10.8.0.2"), IpAddress.parse("192.0.2.53"), new byte[1]), now);
        var offered = assertInstanceOf(UdpAction.Offered.class, ((StackAction.Udp) events.get(0)).action());
        assertEquals(Endpoint.parse("192.0.2.53:53"), offered.offer().local());
        offered.offer().refuse(Refusal.CLOSED);
        assertEquals(new IcmpMessage.Unreachable(3, octets), IcmpMessage.parse(sent(1)));
    }

    @Test
    void idleFlowsEndWithTheStacksTicks() {
        forward();
        var header = new UdpHeader(1000, 53, 1);
        stack.receive(header.packet(IpAddress.parse("10.8.0.2"), IpAddress.parse("192.0.2.53"), new byte[1]), now);
        ((UdpAction.Offered) ((StackAction.Udp) events.get(0)).action()).offer().accept(endpoint -> { });
        now += Duration.ofMinutes(2).toNanos();
        assertEquals(now, stack.nextDeadline());
        stack.tick(now);
        assertInstanceOf(UdpAction.Ended.class, ((StackAction.Udp) events.get(events.size() - 1)).action());
        assertEquals(Long.MAX_VALUE, stack.nextDeadline());
    }
}
