package jkipsec.stack;

import static jkipsec.stack.Host.A;
import static jkipsec.stack.Host.A6;
import static jkipsec.stack.Host.B;
import static jkipsec.stack.Host.B6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Checksum;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.Ipv6Headers;
import jkipsec.ip.QuotedPacket;
import jkipsec.ip.UdpHeader;
import jkipsec.tcp.PortInUse;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Laws of a host that is given whatever there is. */
class IpStackProperties {
    @Property(tries = 2_000)
    void headersAreWalkedOrRefusedAndNothingElse(@ForAll @Size(min = 0, max = 120) byte[] octets, @ForAll int first) {
        byte[] packet = new byte[40 + octets.length];
        packet[0] = 0x60;
        Octets.put16(packet, 4, octets.length);
        packet[6] = new byte[] {0, 43, 44, 60}[first & 3];
        System.arraycopy(octets, 0, packet, 40, octets.length);
        try {
            switch (Ipv6Headers.walk(IpPacket.parse(PacketBuffer.wrap(packet)))) {
                case Ipv6Headers.Payload end -> assertTrue(end.packet().payloadLength() >= 0);
                case Ipv6Headers.Fragment part -> assertTrue(part.packet().payloadLength() >= 8);
                case Ipv6Headers.Refused refused -> assertTrue(refused.pointer() < packet.length);
                case Ipv6Headers.Ignored ignored -> assertTrue(octets.length >= 8);
            }
        } catch (MalformedMessage refused) {
            assertTrue(refused.section().startsWith("RFC "));
        }
    }

    @Property(tries = 2_000)
    void aQuotationIsReadOrNot(@ForAll @Size(max = 100) byte[] octets, @ForAll boolean v4) {
        if (octets.length > 0) {
            octets[0] = (byte) (v4 ? 0x45 : 0x60);
        }
        QuotedPacket.read(octets).ifPresent(quoted -> assertEquals(quoted.from().address(), quoted.source()));
    }

    /** Packets near to good ones, in any order: nothing throws, and what is sent is packets. */
    @Property(tries = 200)
    void aHostSurvivesMutatedPacketsOfEveryKind(@ForAll long seed) throws PortInUse {
        var random = new Random(seed);
        Host host = Host.a();
        host.stack.udp().bind(new Endpoint(A, 7)).orElseThrow().connect(new Endpoint(B, 9));
        host.stack.tcp().listen(new Endpoint(A6, 80), 5);
        host.stack.tcp().connect(new Endpoint(A, 0), new Endpoint(B, 80), 0);
        for (int i = 0; i < 200; i++) {
            byte[] packet = packet(random, host);
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                packet[random.nextInt(random.nextBoolean() ? Math.min(60, packet.length) : packet.length)] =
                        (byte) random.nextInt();
            }
            if (packet[0] >>> 4 == 4 && random.nextInt(4) > 0) {
                packet[0] = 0x45;
                Octets.put16(packet, 10, 0);
                Octets.put16(packet, 10, Checksum.of(packet, 0, 20));
            }
            host.now += random.nextInt(100_000_000);
            host.receive(packet);
            if (host.stack.nextDeadline() <= host.now) {
                host.stack.tick(host.now);
                assertTrue(host.stack.nextDeadline() > host.now);
            }
        }
        host.sent();
        host.receive(new IcmpMessage.EchoRequest(1, 2, new byte[3]).packet(B, A).toByteArray());
        assertEquals(1, host.sent().size(), "a good ping is answered as ever");
    }

    private static byte[] packet(Random random, Host host) {
        boolean v4 = random.nextBoolean();
        IpAddress from = v4 ? B : B6;
        IpAddress to = v4 ? A : A6;
        byte[] some = new byte[random.nextInt(120)];
        random.nextBytes(some);
        return switch (random.nextInt(6)) {
            case 0 -> new IcmpMessage.EchoRequest(1, 2, some).packet(from, to).toByteArray();
            case 1 -> new UdpHeader(9, 7, some.length).packet(from, to, some).toByteArray();
            case 2 -> new IcmpMessage.Unreachable(random.nextInt(6), quoted(host, some)).packet(from, to).toByteArray();
            case 3 -> new IcmpMessage.TooBig(random.nextInt(2_000), quoted(host, some)).packet(from, to).toByteArray();
            case 4 -> new IcmpMessage.Other(random.nextInt(256), random.nextInt(8), some).packet(from, to).toByteArray();
            default -> {
                byte[] fragment = new UdpHeader(9, 7, some.length).packet(from, to, some).toByteArray();
                if (v4) {
                    Octets.put16(fragment, 6, random.nextInt() & 0x200f);
                } else {
                    fragment[6] = (byte) new int[] {0, 43, 44, 60}[random.nextInt(4)];
                }
                yield fragment;
            }
        };
    }

    /** What this host sent last, if anything, so that errors are about something. */
    private static byte[] quoted(Host host, byte[] otherwise) {
        PacketBuffer last = host.sent.peekLast();
        return last == null ? otherwise : last.toByteArray();
    }
}
