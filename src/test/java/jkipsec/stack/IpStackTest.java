package jkipsec.stack;

import static jkipsec.stack.Host.A;
import static jkipsec.stack.Host.A6;
import static jkipsec.stack.Host.B;
import static jkipsec.stack.Host.B6;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.UdpHeader;
import jkipsec.tcp.PortInUse;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpConnection;
import jkipsec.tcp.TcpEnd;
import jkipsec.udp.UdpAction;
import jkipsec.udp.UdpEndpoint;
import jkipsec.udp.UdpStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hosts and a link between them, without IKE. */
class IpStackTest {
    private final Host a = Host.a();
    private final Host b = Host.b();

    private void run() {
        Host.carry(a, b, UnaryOperator.identity());
    }

    private static IpAddress address(int version, IpAddress v4, IpAddress v6) {
        return version == 4 ? v4 : v6;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void aPingOfAnySizeComesBackAndOnceMoreForEachRepetition(int version) {
        IpAddress to = address(version, B, B6);
        for (int size : new int[] {0, 56, 3_000, 65_507}) {
            a.told.clear();
            long ticket = a.stack.ping(size, to);
            var twice = size == 56 ? List.copyOf(a.sent) : List.<PacketBuffer>of();
            twice.forEach(packet -> a.sent.add(PacketBuffer.copyOf(packet.toByteArray())));
            run();
            var reply = new StackAction.PingReply(ticket, size);
            assertEquals(size == 56 ? List.of(reply, reply) : List.of(reply), a.told);
        }
        assertEquals(Map.of(), a.drops);
        assertEquals(Map.of(), b.drops);
        assertThrows(IllegalArgumentException.class, () -> a.stack.ping(65_528, to));
        assertThrows(IllegalArgumentException.class, () -> new Host(A).stack.ping(0, B6));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void nothingSentIsLargerThanTheMtu(int version) {
        a.stack.mtu(1_280);
        UdpEndpoint from = a.stack.udp().bind(new Endpoint(A, 0)).orElseThrow();
        from.send(address(version, A, A6), new Endpoint(address(version, B, B6), 7), new byte[9_001]);
        List<IpPacket> packets = a.sent();
        assertTrue(packets.size() > 7 && packets.stream().allMatch(packet -> packet.length() <= 1_280));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void aDatagramReachesWhoIsBoundThere(int version) {
        UdpStack udp = b.stack.udp();
        UdpEndpoint everywhere = udp.bind(new Endpoint(IpAddress.parse("0.0.0.0"), 7)).orElseThrow();
        UdpEndpoint one = udp.bind(new Endpoint(address(version, B, B6), 8)).orElseThrow();
        UdpEndpoint from = a.stack.udp().bind(new Endpoint(address(version, A, A6), 0)).orElseThrow();
        for (UdpEndpoint to : List.of(everywhere, one)) {
            b.told.clear();
            byte[] payload = {1, 2, 3};
            from.send(from.local().address(), new Endpoint(address(version, B, B6), to.local().port()), payload);
            run();
            var received = (UdpAction.Received) ((StackAction.Udp) b.told.get(0)).action();
            assertEquals(to, received.endpoint());
            assertEquals(from.local(), received.source());
            assertArrayEquals(payload, Arrays.copyOfRange(
                    received.array(), received.offset(), received.offset() + received.length()));
        }
    }

    @Test
    void aPortIsBoundOnceForEachAddressAndFreeAgainWhenClosed() {
        UdpStack udp = a.stack.udp();
        UdpEndpoint v4 = udp.bind(new Endpoint(A, 7)).orElseThrow();
        assertEquals(Optional.empty(), udp.bind(new Endpoint(A, 7)));
        assertEquals(Optional.empty(), udp.bind(new Endpoint(IpAddress.parse("::"), 7)));
        UdpEndpoint v6 = udp.bind(new Endpoint(A6, 7)).orElseThrow();
        v4.close();
        v6.close();
        v6.close();
        assertTrue(udp.bind(new Endpoint(IpAddress.parse("::"), 7)).isPresent());
        assertEquals(Optional.empty(), udp.bind(new Endpoint(A, 7)));
        assertEquals(1, udp.endpointCount());
        int port = udp.bind(new Endpoint(A, 0)).orElseThrow().local().port();
        assertTrue(port >= 49_152);
        udp.closeAll();
        assertEquals(0, udp.endpointCount());
    }

    @Test
    void theNumberOfBoundPortsIsBounded() {
        var small = new UdpStack(2, new Random(1)::nextBytes, action -> {});
        assertTrue(small.bind(new Endpoint(A, 0)).isPresent());
        assertTrue(small.bind(new Endpoint(A, 0)).isPresent());
        assertEquals(Optional.empty(), small.bind(new Endpoint(A, 0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void aConnectedEndpointHearsThatThePortOrTheHostIsNotThere(int version) {
        UdpEndpoint from = a.stack.udp().bind(new Endpoint(address(version, A, A6), 0)).orElseThrow();
        var closed = new Endpoint(address(version, B, B6), 9);
        var nowhere = new Endpoint(IpAddress.parse(version == 4 ? "192.0.2.1" : "2001:db8:9::1"), 9);
        for (Endpoint to : List.of(closed, nowhere)) {
            a.told.clear();
            from.send(from.local().address(), to, new byte[1]);
            run();
            assertEquals(List.of(), a.told, "not connected");
            from.connect(to);
            from.send(from.local().address(), to, new byte[2_000]);
            run();
            assertEquals(List.of(new StackAction.Udp(new UdpAction.Unreachable(from, to, to == closed))), a.told);
            from.disconnect();
        }
    }

    @Test
    void anErrorAboutADatagramOfAnotherHostIsNotBelieved() {
        UdpEndpoint from = a.stack.udp().bind(new Endpoint(IpAddress.parse("0.0.0.0"), 7)).orElseThrow();
        from.connect(new Endpoint(B, 9));
        IpAddress another = IpAddress.parse("192.0.2.9");
        for (IpAddress source : List.of(another, A)) {
            byte[] quoted = new UdpHeader(7, 9, 1).packet(source, B, new byte[1]).toByteArray();
            a.receive(new IcmpMessage.Unreachable(3, quoted).packet(B, A).toByteArray());
            assertEquals(source == A ? 1 : 0, a.told.size());
        }
        assertEquals(Map.of("ICMP_UNFOUNDED", 1), a.drops);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void aTcpConnectionToAHostThatIsNotThereEndsAtOnce(int version) throws PortInUse {
        TcpConnection connection = a.stack.tcp().connect(new Endpoint(address(version, A, A6), 0),
                new Endpoint(IpAddress.parse(version == 4 ? "192.0.2.1" : "2001:db8:9::1"), 80), 0);
        run();
        assertEquals(List.of(new StackAction.Tcp(new TcpAction.Closed(connection, TcpEnd.UNREACHABLE))), a.told);
    }

    @Test
    void anErrorAboutAnotherSegmentDoesNotEndAConnectionThatIsOpened() throws PortInUse, MalformedMessage {
        a.stack.tcp().connect(new Endpoint(A, 0), new Endpoint(B, 80), 0);
        byte[] syn = a.sent.poll().toByteArray();
        syn[24] ^= 1; // the sequence number that a forger does not know (RFC 5927 §4)
        a.receive(IcmpMessage.unreachableHost(IpPacket.parse(PacketBuffer.wrap(syn))).packet(B, A)
                .toByteArray());
        assertEquals(List.of(), a.told);
        syn[24] ^= 1;
        a.receive(IcmpMessage.unreachableHost(IpPacket.parse(PacketBuffer.wrap(syn))).packet(B, A)
                .toByteArray());
        assertEquals(1, a.told.size());
    }

    /** What a router or a host might put in between: every header that a receiver must be able to skip. */
    private static byte[] withExtensionHeaders(byte[] packet) {
        byte[] headers = new ByteWriter()
                .u8(IpProtocol.DESTINATION_OPTIONS).u8(0).u8(1).u8(4).i32(0)
                .u8(IpProtocol.ROUTING).u8(1).u8(1).u8(12).zeros(12)
                .u8(IpProtocol.IPV6_FRAGMENT).u8(0).u8(2).u8(0).i32(0)
                .u8(packet[6]).u8(0).u16(0).i32(77)
                .toByteArray();
        byte[] whole = new ByteWriter().bytes(packet, 0, 40).bytes(headers).bytes(packet, 40, packet.length - 40)
                .toByteArray();
        Octets.put16(whole, 4, whole.length - 40);
        whole[6] = IpProtocol.HOP_BY_HOP;
        return whole;
    }

    @Test
    void tcpOverIpv6RunsBehindExtensionHeaders() throws PortInUse {
        b.stack.tcp().listen(new Endpoint(B6, 80), 1);
        TcpConnection client = a.stack.tcp().connect(new Endpoint(A6, 0), new Endpoint(B6, 80), 0);
        Host.carry(a, b, IpStackTest::withExtensionHeaders);
        byte[] data = new byte[30_000];
        new Random(5).nextBytes(data);
        var received = new ByteArrayOutputStream();
        int written = 0;
        while (received.size() < data.length) {
            written += client.write(data, written, data.length - written, 0);
            Host.carry(a, b, IpStackTest::withExtensionHeaders);
            for (StackAction action : b.told) {
                if (action instanceof StackAction.Tcp tcp && tcp.action() instanceof TcpAction.Deliver some) {
                    received.write(some.array(), some.offset(), some.length());
                }
            }
            b.told.clear();
            // The acknowledgment of a last odd segment waits for its timer.
            a.now = b.now += 300_000_000L;
            a.stack.tick(a.now);
            b.stack.tick(b.now);
        }
        assertArrayEquals(data, received.toByteArray());
        assertEquals(Map.of(), b.drops);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void aRouterThatSaysTooBigIsHeardAndNothingIsLost(int version) throws PortInUse {
        b.stack.tcp().listen(new Endpoint(address(version, B, B6), 80), 1);
        TcpConnection client = a.stack.tcp().connect(
                new Endpoint(address(version, A, A6), 0), new Endpoint(address(version, B, B6), 80), 0);
        var tooBig = new int[1];
        UnaryOperator<byte[]> router = packet -> {
            if (packet.length <= 1_300) {
                return packet;
            }
            tooBig[0]++;
            a.receive(new IcmpMessage.TooBig(1_300, Arrays.copyOf(packet, 100))
                    .packet(address(version, B, B6), address(version, A, A6)).toByteArray());
            return null;
        };
        run();
        client.noDelay(true); // so that the last one, which is small, does not wait for an acknowledgment
        byte[] data = new byte[30_000];
        client.write(data, 0, data.length, 0);
        Host.carry(a, b, router);
        // No time has passed: nothing waited for a timer.
        assertEquals(30_000, b.told.stream().mapToInt(IpStackTest::delivered).sum());
        assertTrue(tooBig[0] > 0 && tooBig[0] <= 20, "" + tooBig[0]);
        assertTrue(client.segmentSize() <= 1_300 - (version == 4 ? 40 : 60));
        assertEquals(Map.of(), b.drops);
    }

    private static int delivered(StackAction action) {
        return action instanceof StackAction.Tcp tcp && tcp.action() instanceof TcpAction.Deliver some
                ? some.length()
                : 0;
    }

    @Test
    void theCallersTestSeesWholePacketsWithTheirPorts() {
        b.stack.udp().bind(new Endpoint(B, 7)).orElseThrow();
        UdpEndpoint from = a.stack.udp().bind(new Endpoint(A, 5)).orElseThrow();
        from.send(A, new Endpoint(B, 7), new byte[4_000]);
        from.send(A, new Endpoint(B, 8), new byte[4_000]);
        a.sent.forEach(packet -> b.stack.receive(packet, whole -> {
            assertFalse(whole.isFragment());
            return Octets.u16(whole.array(), whole.payloadOffset() + 2) == 7;
        }, 0));
        assertEquals(1, b.told.size());
        assertEquals(Map.of("OUTSIDE_SELECTORS", 1), b.drops);
        assertEquals(0, b.sent.size(), "what may not come is not answered");
    }

    @Test
    void closingEndsAndForgetsEverything() throws PortInUse {
        a.stack.udp().bind(new Endpoint(A, 7)).orElseThrow();
        TcpConnection connection = a.stack.tcp().connect(new Endpoint(A, 0), new Endpoint(B, 80), 0);
        b.stack.ping(3_000, A);
        a.receive(b.sent.peek().toByteArray());
        assertTrue(a.stack.nextDeadline() < Long.MAX_VALUE);
        a.sent.clear();
        a.stack.close(TcpEnd.TUNNEL_CLOSED);
        assertEquals(Long.MAX_VALUE, a.stack.nextDeadline());
        assertEquals(List.of(new StackAction.Tcp(new TcpAction.Closed(connection, TcpEnd.TUNNEL_CLOSED))), a.told);
        assertEquals(0, a.sent.size());
        assertEquals(0, a.stack.udp().endpointCount());
    }
}
