package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Checksum;
import jkipsec.ip.Fragmenter;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.UdpHeader;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the gateway drops of what comes in ESP: each under its reason, and without an answer. */
class HostileEspTest {
    private static final IpAddress DEVICE = IpAddress.parse("10.8.0.2");
    private static final IpAddress GATEWAY = IpAddress.parse("10.8.0.1");
    private static final IpAddress OTHER = IpAddress.parse("10.8.0.3");
    private static final IpAddress INTERNET = IpAddress.parse("8.8.8.8");

    private record Row(String name, Function<ScriptedInitiator, byte[]> datagram, String reason) {}

    private static byte[] ping(IpAddress from, IpAddress to) {
        return new IcmpMessage.EchoRequest(7, 1, new byte[8]).packet(from, to).toByteArray();
    }

    private static byte[] udp(IpAddress from, IpAddress to) {
        return new UdpHeader(1_000, 53, 4).packet(from, to, new byte[4]).toByteArray();
    }

    /** A good ping with octets of the IPv4 header changed and its checksum right again. */
    private static byte[] header(int offset, int value) {
        byte[] packet = ping(DEVICE, GATEWAY);
        packet[offset] = (byte) value;
        Octets.put16(packet, 10, 0);
        Octets.put16(packet, 10, Checksum.finish(Checksum.add(0, packet, 0, 20)));
        return packet;
    }

    /** A good ping that says that it is a fragment. */
    private static byte[] fragment(int flagsAndOffset) {
        byte[] packet = ping(DEVICE, GATEWAY);
        Octets.put16(packet, 6, flagsAndOffset);
        Octets.put16(packet, 10, 0);
        Octets.put16(packet, 10, Checksum.of(packet, 0, 20));
        return packet;
    }

    private static Row inner(String name, byte[] packet, String reason) {
        return new Row(name, device -> device.esp(packet, IpProtocol.IPV4), reason);
    }

    private static Row next(String name, int nextHeader, byte[] inner, String reason) {
        return new Row(name, device -> device.esp(inner, nextHeader), reason);
    }

    /** A sealed ping, changed. */
    private static Row sealed(String name, Function<byte[], byte[]> change, String reason) {
        return new Row(name, device -> change.apply(device.esp(ping(DEVICE, GATEWAY), IpProtocol.IPV4)), reason);
    }

    private static List<Row> rows() {
        byte[] good = ping(DEVICE, GATEWAY);
        byte[] badChecksum = good.clone();
        badChecksum[10] ^= 1;
        byte[] badIcmp = good.clone();
        badIcmp[22] ^= 1;
        return List.of(
                sealed("RFC 4303 §2.1 an unknown SPI", esp -> {
                    esp[0] ^= 1;
                    return esp;
                }, "esp.UNKNOWN_SPI"),
                sealed("RFC 4303 §3.4.4 a wrong ICV", esp -> {
                    esp[esp.length - 1] ^= 1;
                    return esp;
                }, "esp.BAD_ICV"),
                sealed("RFC 4303 §3.4.4 another sequence number", esp -> {
                    esp[7] ^= 0x40;
                    return esp;
                }, "esp.BAD_ICV"),
                sealed("RFC 4303 §2 nothing behind the SPI", esp -> Arrays.copyOf(esp, 4), "esp.TOO_SHORT"),
                sealed("RFC 4303 §2 nothing but the header", esp -> Arrays.copyOf(esp, 8), "esp.TOO_SHORT"),
                inner("RFC 4301 §5.2 another device's address", ping(OTHER, GATEWAY), "ip.OUTSIDE_SELECTORS"),
                inner("RFC 4301 §5.2 the gateway's own address", ping(GATEWAY, GATEWAY), "ip.OUTSIDE_SELECTORS"),
                inner("RFC 4301 §5.2 an address of the Internet", ping(INTERNET, GATEWAY), "ip.OUTSIDE_SELECTORS"),
                inner("RFC 4301 §5.2 to another device", ping(DEVICE, OTHER), "ip.OUTSIDE_SELECTORS"),
                inner("RFC 4301 §5.2 to the Internet", udp(DEVICE, INTERNET), "ip.OUTSIDE_SELECTORS"),
                inner("RFC 4301 §5.2 a packet to itself", ping(DEVICE, DEVICE), "ip.OUTSIDE_SELECTORS"),
                inner("RFC 4301 §5.2 IPv6", new UdpHeader(1, 2, 0).packet(
                        IpAddress.parse("fe80::1"), IpAddress.parse("fe80::2"), new byte[0]).toByteArray(),
                        "ip.OUTSIDE_SELECTORS"),
                inner("RFC 791 §3.2 a fragment beyond the largest packet", fragment(0x1fff), "ip.FRAGMENT_MALFORMED"),
                next("RFC 4303 §2.6 a dummy packet", IpProtocol.NO_NEXT_HEADER, new byte[50], "esp.DUMMY"),
                next("RFC 4303 §2.6 transport mode", IpProtocol.TCP, new byte[20], "ip.NEXT_HEADER"),
                next("RFC 4303 §2.6 ESP in ESP", IpProtocol.ESP, new byte[20], "ip.NEXT_HEADER"),
                next("RFC 4303 §2.6 next header 0", 0, good, "ip.NEXT_HEADER"),
                inner("RFC 791 §3.1 nothing inside", new byte[0], "ip.MALFORMED"),
                inner("RFC 791 §3.1 not IP", new byte[40], "ip.MALFORMED"),
                inner("RFC 791 §3.1 cut short", Arrays.copyOf(good, 19), "ip.MALFORMED"),
                inner("RFC 791 §3.1 total length beyond the packet", header(3, 0xff), "ip.MALFORMED"),
                inner("RFC 791 §3.1 a wrong header checksum", badChecksum, "ip.MALFORMED"),
                inner("RFC 792 a wrong checksum", badIcmp, "ip.MALFORMED"),
                inner("RFC 792 an answer to no ping of ours", new IcmpMessage.EchoReply(0x5555, 1, new byte[8])
                        .packet(DEVICE, GATEWAY).toByteArray(), "ip.ICMP"),
                inner("RFC 1122 §3.2.2 an unknown type of ICMP", icmp(99), "ip.ICMP"),
                inner("RFC 4301 §5.2 ESP in the tunnel", header(9, IpProtocol.ESP), "ip.PROTOCOL"));
    }

    private static byte[] icmp(int type) {
        byte[] packet = ping(DEVICE, GATEWAY);
        packet[20] = (byte) type;
        Octets.put16(packet, 22, 0);
        Octets.put16(packet, 22, Checksum.finish(Checksum.add(0, packet, 20, packet.length - 20)));
        return packet;
    }

    @TestFactory
    Stream<DynamicTest> eachIsCountedUnderItsReasonAndNotAnswered() {
        return rows().stream().map(row -> dynamicTest(row.name(), () -> {
            var scenario = new Scenario(1);
            ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
            assertEquals(0, device.sendNatT(row.datagram().apply(device)).size(), "no answer");
            assertEquals(Map.of(row.reason(), 1), scenario.gateway().drops());
            pinged(device);
        }));
    }

    @Test
    void rfc4301_section7_portsAreCheckedWhenFragmentsAreTogether() throws Exception {
        var scenario = new Scenario(5);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        PacketBuffer large = new IcmpMessage.EchoRequest(7, 1, new byte[3_000]).packet(OTHER, GATEWAY);
        for (PacketBuffer fragment : Fragmenter.split(large, 1_280, 5)) {
            assertEquals(0, device.sendNatT(device.esp(fragment.toByteArray(), IpProtocol.IPV4)).size());
        }
        assertEquals(Map.of("ip.OUTSIDE_SELECTORS", 1), scenario.gateway().drops());
        pinged(device);
    }

    @Test
    void rfc1122_section3_2_2_1_whatNothingTakesIsAnsweredByIcmp() throws Exception {
        var scenario = new Scenario(6);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        assertEquals(2, unreachable(device, header(9, 132)).code());
        assertEquals(3, unreachable(device, udp(DEVICE, GATEWAY)).code());
        assertEquals(Map.of("ip.PROTOCOL", 1), scenario.gateway().drops());
    }

    private static IcmpMessage.Unreachable unreachable(ScriptedInitiator device, byte[] packet) throws Exception {
        List<byte[]> answers = device.sendNatT(device.esp(packet, IpProtocol.IPV4));
        IpPacket answer = IpPacket.parse(PacketBuffer.wrap(device.openEsp(answers.get(0))));
        return assertInstanceOf(IcmpMessage.Unreachable.class, IcmpMessage.parse(answer));
    }

    private static void pinged(ScriptedInitiator device) throws Exception {
        List<byte[]> answers = device.sendNatT(device.esp(ping(DEVICE, GATEWAY), IpProtocol.IPV4));
        assertEquals(1, answers.size(), "a good ping is answered");
        IpPacket packet = IpPacket.parse(PacketBuffer.wrap(device.openEsp(answers.get(0))));
        assertInstanceOf(IcmpMessage.EchoReply.class, IcmpMessage.parse(packet));
    }

    @Test
    void rfc4303_section3_4_3_aReplayIsDroppedAndItsOriginalWasNot() throws Exception {
        var scenario = new Scenario(2);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        byte[] datagram = device.esp(ping(DEVICE, GATEWAY), IpProtocol.IPV4);
        assertEquals(1, device.sendNatT(datagram).size());
        assertEquals(0, device.sendNatT(datagram).size());
        assertEquals(1, scenario.gateway().drops("esp.REPLAYED"));
        pinged(device);
    }

    @Test
    void rfc4303_section2_7_paddingBehindTheInnerPacketIsIgnored() {
        var scenario = new Scenario(3);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        byte[] padded = Arrays.copyOf(ping(DEVICE, GATEWAY), 500);
        assertEquals(1, device.sendNatT(device.esp(padded, IpProtocol.IPV4)).size());
    }

    @Test
    void rfc3948_section2_2_espAtThePortOfIkeIsNoEsp() {
        var scenario = new Scenario(4);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        device.sendBare(device.esp(ping(DEVICE, GATEWAY), IpProtocol.IPV4));
        assertTrue(scenario.gateway().drops().keySet().iterator().next().startsWith("ike."));
        assertEquals(0, scenario.gateway().tunnels().get(0).inboundPackets());
    }
}
