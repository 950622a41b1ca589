package jkipsec.stack;

import static jkipsec.stack.Host.A;
import static jkipsec.stack.Host.A6;
import static jkipsec.stack.Host.B;
import static jkipsec.stack.Host.B6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.ip.Checksum;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.UdpHeader;
import jkipsec.tcp.TcpConfig;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a host makes of packets that are wrong, odd or not for it: counted, and answered as the RFCs say. */
class HostilePacketTest {
    private static final IpAddress ELSEWHERE = IpAddress.parse("192.0.2.9");
    private static final IpAddress ELSEWHERE6 = IpAddress.parse("2001:db8:9::9");

    /** Options of 8 octets: {@code PadN} of 4 after next header and length. */
    private static final String PADDING = "0104 00000000";

    /**
     * A case.
     *
     * @param drop what is counted, or null when it is taken
     * @param answer the type, code and pointer of the ICMP answer, or what {@link #NOTHING} or {@link #ECHO} says
     */
    private record Row(String name, byte[] packet, String drop, String answer) {}

    private static final String NOTHING = "nothing";
    private static final String ECHO = "echo reply";

    private static byte[] ping(IpAddress from, IpAddress to) {
        return new IcmpMessage.EchoRequest(1, 2, new byte[16]).packet(from, to).toByteArray();
    }

    private static byte[] udp(IpAddress from, IpAddress to) {
        return new UdpHeader(1_000, 53, 4).packet(from, to, new byte[4]).toByteArray();
    }

    /** A good IPv6 ping with extension headers in between, each its own octets but the next header's number. */
    private static byte[] headers(byte[] packet, Object... typesAndBodies) {
        var chain = new ByteWriter();
        for (int i = 0; i < typesAndBodies.length; i += 2) {
            int next = i + 2 < typesAndBodies.length ? (int) typesAndBodies[i + 2] : packet[6] & 0xff;
            chain.u8(next).bytes(Hex.parse(((String) typesAndBodies[i + 1]).replace(" ", "")));
        }
        byte[] between = chain.toByteArray();
        byte[] whole = new ByteWriter().bytes(packet, 0, 40).bytes(between)
                .bytes(packet, 40, packet.length - 40).toByteArray();
        Octets.put16(whole, 4, whole.length - 40);
        whole[6] = (byte) (int) typesAndBodies[0];
        return whole;
    }

    private static byte[] v6(Object... typesAndBodies) {
        return headers(ping(B6, A6), typesAndBodies);
    }

    /** A fragment header's octets behind the next header's number. */
    private static String fragment(int offset, boolean more) {
        return String.format("00 %04x 00000001", offset | (more ? 1 : 0));
    }

    /** The packet with 16 bits of the IPv4 header changed and its checksum right again. */
    private static byte[] v4(byte[] packet, int offset, int value) {
        Octets.put16(packet, offset, value);
        Octets.put16(packet, 10, 0);
        Octets.put16(packet, 10, Checksum.of(packet, 0, 20));
        return packet;
    }

    private static byte[] v4Protocol(int protocol) {
        return v4(ping(B, A), 8, 64 << 8 | protocol);
    }

    private static byte[] changed(byte[] packet, int offset, int value) {
        packet[offset] = (byte) value;
        return packet;
    }

    private static byte[] cut(byte[] packet, int payload) {
        byte[] shorter = Arrays.copyOf(packet, 40 + payload);
        Octets.put16(shorter, 4, payload);
        return shorter;
    }

    private static byte[] icmp(IcmpMessage message, IpAddress from, IpAddress to) {
        return message.packet(from, to).toByteArray();
    }

    private static byte[] error(byte[] quoted, IpAddress from, IpAddress to) {
        return icmp(new IcmpMessage.Unreachable(from.bitLength() == 32 ? 3 : 4, quoted), from, to);
    }

    private static List<Row> rows() {
        int hop = IpProtocol.HOP_BY_HOP;
        int options = IpProtocol.DESTINATION_OPTIONS;
        int routing = IpProtocol.ROUTING;
        int part = IpProtocol.IPV6_FRAGMENT;
        var rows = new ArrayList<Row>();
        // Extension headers.
        rows.add(new Row("RFC 8200 §4.3 hop-by-hop options of padding", v6(hop, "00" + PADDING), null, ECHO));
        rows.add(new Row("RFC 8200 §4.2 Pad1 six times", v6(hop, "00 000000000000"), null, ECHO));
        rows.add(new Row("RFC 2711 a router alert", v6(hop, "00 0502 0000 0100"), null, ECHO));
        rows.add(new Row("RFC 8200 §4.6 all headers in the order recommended", v6(hop, "00" + PADDING, options,
                "00" + PADDING, routing, "00 00 00 00000000", part, fragment(0, false), options, "00" + PADDING),
                null, ECHO));
        rows.add(new Row("RFC 8200 §4.2 an unknown option to be skipped", v6(options, "00 1e04 00000000"), null, ECHO));
        rows.add(new Row("RFC 8200 §4.2 an unknown option that discards", v6(options, "00 5e04 00000000"),
                "EXTENSION_HEADER", NOTHING));
        rows.add(new Row("RFC 8200 §4.2 an unknown option that discards and tells", v6(options, "00 9e04 00000000"),
                "EXTENSION_HEADER", "4/2/42"));
        rows.add(new Row("RFC 8200 §4.2 an unknown option that tells who sent to one", v6(options, "00 de04 00000000"),
                "EXTENSION_HEADER", "4/2/42"));
        rows.add(new Row("RFC 2675 a jumbogram", v6(hop, "00 c204 00010000"), "EXTENSION_HEADER", "4/2/42"));
        rows.add(new Row("RFC 8200 §4.2 an option beyond its header", v6(options, "00 1e05 00000000"), "MALFORMED",
                NOTHING));
        rows.add(new Row("RFC 8200 §4.2 an option without a length", v6(options, "00 0103 000000 1e"), "MALFORMED",
                NOTHING));
        rows.add(new Row("RFC 8200 §4.3 a header beyond the packet", v6(hop, "ff" + PADDING), "MALFORMED", NOTHING));
        rows.add(new Row("RFC 8200 §4 a header of which one octet is there", cut(v6(options, "00" + PADDING), 1),
                "MALFORMED", NOTHING));
        rows.add(new Row("RFC 8200 §4.1 hop-by-hop options that do not come first",
                v6(options, "00" + PADDING, hop, "00" + PADDING), "EXTENSION_HEADER", "4/1/40"));
        rows.add(new Row("RFC 8200 §4.4 routing with no segments left", v6(routing, "00 02 00 00000000"), null, ECHO));
        rows.add(new Row("RFC 5095 routing type 0 with a segment left", v6(routing, "00 00 01 00000000"),
                "EXTENSION_HEADER", "4/0/42"));
        rows.add(new Row("RFC 8200 §4.4 an unknown routing type with segments left", v6(routing, "00 63 02 00000000"),
                "EXTENSION_HEADER", "4/0/42"));
        var nine = new Object[18];
        for (int i = 0; i < nine.length; i += 2) {
            nine[i] = options;
            nine[i + 1] = "00" + PADDING;
        }
        rows.add(new Row("RFC 8504 §5.3 nine extension headers", v6(nine), "MALFORMED", NOTHING));
        rows.add(new Row("RFC 8200 §4.7 no next header", changed(ping(B6, A6), 6, 59), "NO_NEXT_HEADER", NOTHING));
        rows.add(new Row("RFC 4303 ESP", changed(ping(B6, A6), 6, IpProtocol.ESP), "PROTOCOL", NOTHING));
        rows.add(new Row("RFC 4302 AH", changed(ping(B6, A6), 6, IpProtocol.AH), "PROTOCOL", NOTHING));
        rows.add(new Row("RFC 4443 §3.4 an unknown next header", changed(ping(B6, A6), 6, 200), "PROTOCOL", "4/1/6"));
        rows.add(new Row("RFC 4443 §3.4 an unknown next header behind options",
                changed(v6(options, "00" + PADDING), 40, 200), "PROTOCOL", "4/1/40"));
        rows.add(new Row("RFC 4443 §2.1 ICMP of the other family", changed(ping(B6, A6), 6, 1), "PROTOCOL", "4/1/6"));
        // Fragments.
        rows.add(new Row("RFC 6946 an atomic fragment", v6(part, fragment(0, false)), null, ECHO));
        rows.add(new Row("RFC 8200 §4.5 a fragment that is no multiple of 8",
                headers(udp(B6, A6), part, fragment(8, true)), "FRAGMENT_MALFORMED", "4/0/4"));
        rows.add(new Row("RFC 8200 §4.5 a fragment beyond the largest packet", v6(part, fragment(0xfff8, false)),
                "FRAGMENT_MALFORMED", "4/0/42"));
        rows.add(new Row("RFC 8200 §4.5 a fragment of nothing", cut(v6(part, fragment(8, true)), 8),
                "FRAGMENT_MALFORMED", NOTHING));
        rows.add(new Row("RFC 8200 §4.5 half a fragment header", cut(v6(part, fragment(8, true)), 4), "MALFORMED",
                NOTHING));
        rows.add(new Row("RFC 7112 a first fragment that ends within the headers",
                cut(v6(part, fragment(0, true), options, "01" + PADDING), 16), "FRAGMENT_TINY", "4/3/0"));
        rows.add(new Row("RFC 7112 a first fragment with part of TCP's header",
                changed(headers(cut(ping(B6, A6), 16), part, fragment(0, true)), 40, IpProtocol.TCP),
                "FRAGMENT_TINY", "4/3/0"));
        rows.add(new Row("RFC 3128 a tiny first fragment of TCP", v4(v4(v4(ping(B, A), 8, 64 << 8 | 6), 2, 36), 6, 0x2000),
                "FRAGMENT_TINY", NOTHING));
        rows.add(new Row("RFC 791 §3.2 a fragment beyond the largest packet", v4(ping(B, A), 6, 0x1fff),
                "FRAGMENT_MALFORMED", NOTHING));
        rows.add(new Row("RFC 791 §3.2 a fragment that is no multiple of 8", v4(udp(B, A), 6, 0x2001),
                "FRAGMENT_MALFORMED", NOTHING));
        // For others, and for nobody.
        rows.add(new Row("RFC 1812 §4.3.3.1 to another host", ping(B, ELSEWHERE), "NOT_FORWARDED", "3/1"));
        rows.add(new Row("RFC 4443 §3.1 to another host", ping(B6, ELSEWHERE6), "NOT_FORWARDED", "1/0"));
        rows.add(new Row("RFC 1122 §3.2.2 to all", udp(B, IpAddress.parse("255.255.255.255")), "NOT_FORWARDED", NOTHING));
        rows.add(new Row("RFC 1122 §3.2.2 to many", udp(B, IpAddress.parse("224.0.0.251")), "NOT_FORWARDED", NOTHING));
        rows.add(new Row("RFC 4443 §2.4 (e.3) to many", udp(B6, IpAddress.parse("ff02::fb")), "NOT_FORWARDED", NOTHING));
        rows.add(new Row("RFC 1122 §3.2.2.1 an unknown protocol", v4Protocol(200), "PROTOCOL", "3/2"));
        rows.add(new Row("RFC 1122 §3.2.2.1 ICMPv6 over IPv4", v4Protocol(58), "PROTOCOL", "3/2"));
        rows.add(new Row("RFC 4303 ESP over IPv4", v4Protocol(50), "PROTOCOL", NOTHING));
        // UDP.
        rows.add(new Row("RFC 1122 §4.1.3.1 a closed port", udp(B, A), "udp PORT_CLOSED", "3/3"));
        rows.add(new Row("RFC 4443 §3.1 a closed port", udp(B6, A6), "udp PORT_CLOSED", "1/4"));
        rows.add(new Row("RFC 768 no checksum over IPv4", changed(changed(udp(B, A), 26, 0), 27, 0),
                "udp PORT_CLOSED", "3/3"));
        rows.add(new Row("RFC 8200 §8.1 no checksum over IPv6", changed(changed(udp(B6, A6), 46, 0), 47, 0),
                "udp MALFORMED", NOTHING));
        rows.add(new Row("RFC 768 a wrong checksum", changed(udp(B, A), 31, 1), "udp MALFORMED", NOTHING));
        rows.add(new Row("RFC 768 a wrong checksum over IPv6", changed(udp(B6, A6), 51, 1), "udp MALFORMED", NOTHING));
        rows.add(new Row("RFC 768 longer than its packet", changed(udp(B, A), 25, 99), "udp MALFORMED", NOTHING));
        rows.add(new Row("RFC 768 shorter than its header", changed(udp(B, A), 25, 7), "udp MALFORMED", NOTHING));
        rows.add(new Row("RFC 768 half a header", cut(udp(B6, A6), 4), "udp MALFORMED", NOTHING));
        rows.add(new Row("RFC 1122 §3.2.2 a closed port, from nobody", udp(IpAddress.parse("0.0.0.0"), A),
                "udp PORT_CLOSED", NOTHING));
        rows.add(new Row("RFC 1122 §3.2.2 a closed port, from all", udp(IpAddress.parse("255.255.255.255"), A),
                "udp PORT_CLOSED", NOTHING));
        rows.add(new Row("RFC 1122 §3.2.2 a closed port, from a loopback address", udp(IpAddress.parse("127.0.0.1"), A),
                "udp PORT_CLOSED", NOTHING));
        rows.add(new Row("RFC 4443 §2.4 (e.6) a closed port, from nobody", udp(IpAddress.parse("::"), A6),
                "udp PORT_CLOSED", NOTHING));
        rows.add(new Row("RFC 4443 §2.4 (e.6) a closed port, from many", udp(IpAddress.parse("ff02::1"), A6),
                "udp PORT_CLOSED", NOTHING));
        // ICMP.
        rows.add(new Row("RFC 792 a wrong checksum", changed(ping(B, A), 30, 1), "MALFORMED", NOTHING));
        rows.add(new Row("RFC 4443 §2.3 a wrong checksum", changed(ping(B6, A6), 50, 1), "MALFORMED", NOTHING));
        rows.add(new Row("RFC 792 an answer to no ping", icmp(new IcmpMessage.EchoReply(7, 0, new byte[3]), B, A), "ICMP",
                NOTHING));
        rows.add(new Row("RFC 4443 §2.4 (a) an unknown error", icmp(new IcmpMessage.Other(77, 0, new byte[8]), B6, A6),
                "ICMP", NOTHING));
        rows.add(new Row("RFC 4443 §2.4 (b) an unknown question", icmp(new IcmpMessage.Other(177, 0, new byte[8]), B6, A6),
                "ICMP", NOTHING));
        rows.add(new Row("RFC 1122 §3.2.2 an unknown message", icmp(new IcmpMessage.Other(77, 0, new byte[8]), B, A),
                "ICMP", NOTHING));
        rows.add(new Row("RFC 4443 §2.4 (e.1) an error for another host",
                error(udp(ELSEWHERE6, B6), B6, ELSEWHERE6), "NOT_FORWARDED", NOTHING));
        rows.add(new Row("RFC 1122 §3.2.2 an error for another host", error(udp(ELSEWHERE, B), B, ELSEWHERE),
                "NOT_FORWARDED", NOTHING));
        rows.add(new Row("RFC 5927 §4 an error about what was not sent from here",
                error(udp(ELSEWHERE, B), B, A), "ICMP_UNFOUNDED", NOTHING));
        rows.add(new Row("RFC 5927 §4 an error about a port that nothing is bound to",
                error(udp(A, B), B, A), "ICMP_UNFOUNDED", NOTHING));
        rows.add(new Row("RFC 4443 §3.1 an error about a port that nothing is bound to",
                error(udp(A6, B6), B6, A6), "ICMP_UNFOUNDED", NOTHING));
        rows.add(new Row("RFC 5927 §7.2 too big, about a segment of no connection", icmp(new IcmpMessage.TooBig(600,
                changed(udp(A, B), 9, IpProtocol.TCP)), B, A), "ICMP_UNFOUNDED", NOTHING));
        rows.add(new Row("RFC 8201 §4 too big, about a segment of no connection", icmp(new IcmpMessage.TooBig(1_280,
                changed(udp(A6, B6), 6, IpProtocol.TCP)), B6, A6), "ICMP_UNFOUNDED", NOTHING));
        rows.add(new Row("RFC 792 time exceeded", icmp(new IcmpMessage.TimeExceeded(0, udp(A, B)), B, A), "ICMP",
                NOTHING));
        rows.add(new Row("RFC 4443 §3.4 a parameter problem", icmp(new IcmpMessage.ParameterProblem(1, 6, udp(A6, B6)),
                B6, A6), "ICMP", NOTHING));
        rows.add(new Row("RFC 792 an error that quotes nothing", error(new byte[0], B, A), "ICMP_UNFOUNDED", NOTHING));
        rows.add(new Row("RFC 792 an error that quotes too little", error(cut(udp(A6, B6), 0), B, A), "ICMP_UNFOUNDED",
                NOTHING));
        rows.add(new Row("RFC 4443 §3.1 an error that quotes a chain without end",
                error(headers(udp(A6, B6), options, "ff" + PADDING), B6, A6), "ICMP_UNFOUNDED", NOTHING));
        return rows;
    }

    @TestFactory
    Stream<DynamicTest> eachIsCountedAndAnsweredAsItsRfcSays() {
        return rows().stream().map(row -> dynamicTest(row.name(), () -> {
            Host host = Host.a();
            host.receive(row.packet());
            Map<String, Integer> drops = new TreeMap<>(host.drops);
            host.stack.udp().drops().forEach((reason, count) -> drops.put("udp " + reason, count.intValue()));
            assertEquals(row.drop() == null ? Map.of() : Map.of(row.drop(), 1), drops);
            assertEquals(row.answer(), answer(host.sent()));
            host.receive(ping(B, A));
            assertEquals(ECHO, answer(host.sent()), "it goes on");
        }));
    }

    private static String answer(List<IpPacket> packets) throws MalformedMessage {
        assertTrue(packets.size() <= 1, packets::toString);
        if (packets.isEmpty()) {
            return NOTHING;
        }
        IpPacket packet = packets.get(0);
        assertTrue(packet.length() <= (packet.version() == 4 ? 576 : 1_280));
        int type = packet.array()[packet.payloadOffset()] & 0xff;
        return switch (IcmpMessage.parse(packet)) {
            case IcmpMessage.EchoReply reply -> ECHO;
            case IcmpMessage.Unreachable unreachable -> type + "/" + unreachable.code();
            case IcmpMessage.ParameterProblem problem -> type + "/" + problem.code() + "/" + problem.pointer();
            case IcmpMessage other -> other.toString();
        };
    }

    @Test
    void rfc4443_section2_4_errorsAreLimitedInNumberAndComeAgainLater() {
        var host = new Host(new StackConfig(TcpConfig.defaults(), StackConfig.of(TcpConfig.defaults()).reassembly(), 10,
                20), A, A6);
        for (int i = 0; i < 500; i++) {
            host.receive(i % 2 == 0 ? udp(B, A) : udp(B6, A6));
        }
        assertEquals(20, host.sent().size());
        host.now = 500_000_000L;
        for (int i = 0; i < 500; i++) {
            host.receive(udp(B, A));
        }
        assertEquals(10, host.sent().size());
    }

    @Test
    void rfc8200_section4_5_aPacketNotWholeInAMinuteIsReported() throws MalformedMessage {
        Host host = Host.a();
        host.receive(headers(ping(B6, A6), IpProtocol.IPV6_FRAGMENT, fragment(0, true)));
        host.receive(v4(ping(B, A), 6, 0x2000));
        host.receive(v4(ping(B, A), 4, 9));
        host.sent();
        assertEquals(60_000_000_000L, host.stack.nextDeadline());
        host.now = 60_000_000_000L;
        host.stack.tick(host.now);
        List<IpPacket> sent = host.sent();
        assertEquals(2, sent.size());
        for (IpPacket packet : sent) {
            var late = assertInstanceOf(IcmpMessage.TimeExceeded.class, IcmpMessage.parse(packet));
            assertEquals(IcmpMessage.TimeExceeded.REASSEMBLY, late.code());
        }
        assertEquals(Map.of("FRAGMENT_TIMEOUT", 2), host.drops);
    }
}
