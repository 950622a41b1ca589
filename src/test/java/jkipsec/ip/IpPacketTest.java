package jkipsec.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpPacketTest {
    private static final IpAddress A = IpAddress.parse("10.8.0.1");
    private static final IpAddress B = IpAddress.parse("10.8.0.2");

    /** A header often worked through in textbooks; its checksum was computed by hand there: b861. */
    private static final String TEXTBOOK = "4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7";

    @Test
    void readsAHeaderFromElsewhere() throws MalformedMessage {
        byte[] octets = Arrays.copyOf(Hex.parse(TEXTBOOK), 0x73);
        IpPacket packet = IpPacket.parse(PacketBuffer.wrap(octets));
        assertEquals(4, packet.version());
        assertEquals("192.168.0.1", packet.source().toString());
        assertEquals("192.168.0.199", packet.destination().toString());
        assertEquals(IpProtocol.UDP, packet.protocol());
        assertEquals(64, packet.hopLimit());
        assertEquals(0x73 - 20, packet.payloadLength());
        assertFalse(packet.isFragment());
        assertEquals("IPv4 192.168.0.1 > 192.168.0.199 UDP, 95 octets", packet.toString());
    }

    @Test
    void writesTheSameHeader() {
        byte[] octets = new byte[20];
        int length = IpHeader.of(IpAddress.parse("192.168.0.1"), IpAddress.parse("192.168.0.199"), IpProtocol.UDP)
                .write(octets, 0, 0x73 - 20);
        assertEquals(20, length);
        assertEquals(Hex.of(Hex.parse(TEXTBOOK)), Hex.of(octets));
    }

    @Test
    void skipsOptions() throws MalformedMessage {
        byte[] octets = new byte[26];
        Octets.put32(octets, 0, 0x46000000 | octets.length);
        octets[8] = 1;
        octets[9] = IpProtocol.UDP;
        octets[20] = 1; // no operation
        Octets.put16(octets, 10, Checksum.of(octets, 0, 24));
        IpPacket packet = IpPacket.parse(PacketBuffer.wrap(octets));
        assertEquals(24, packet.payloadOffset());
        assertEquals(2, packet.payloadLength());
    }

    @Test
    void ignoresWhatFollowsThePacket() throws MalformedMessage {
        byte[] packet = IpHeader.of(A, B, IpProtocol.TCP).allocate(30).toByteArray();
        IpPacket parsed = IpPacket.parse(new PacketBuffer(Arrays.copyOf(packet, 200), 0, 190));
        assertEquals(50, parsed.length());
        assertEquals(30, parsed.payloadLength());
        assertArrayEquals(packet, parsed.toBuffer().toByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", // nothing
        "45", // less than a header
        "4500 0014 0000 4000 4011 66d0 0a08 0001 0a08", // a header cut off
        "5500 0014 0000 4000 4011 56d0 0a08 0001 0a08 0002", // version 5
        "4400 0014 0000 4000 4011 67d0 0a08 0001 0a08 0002", // header of 16 octets
        "4600 0014 0000 4000 4011 65d0 0a08 0001 0a08 0002", // header longer than what is there
        "4500 0013 0000 4000 4011 66d1 0a08 0001 0a08 0002", // total length less than the header
        "4500 0015 0000 4000 4011 66cf 0a08 0001 0a08 0002", // total length more than what is there
        "6000 0000 3b40 0000 0000 0000 0000 0000 0000 0001 0000 0000 0000 0000 0000 0000 0000 00", // cut off
        "6000 0001 3b40 0000 0000 0000 0000 0000 0000 0001 0000 0000 0000 0000 0000 0000 0000 0001", // too long
    })
    void refusesAHeaderThatContradictsItself(String hex) {
        assertThrows(MalformedMessage.class, () -> IpPacket.parse(PacketBuffer.wrap(Hex.parse(hex))));
    }

    @Test
    void refusesAnyFlippedBitOfTheHeader() throws MalformedMessage {
        byte[] packet = IpHeader.of(A, B, IpProtocol.TCP).allocate(30).toByteArray();
        IpPacket.parse(PacketBuffer.wrap(packet));
        for (int bit = 0; bit < 160; bit++) {
            if (bit == 5) {
                continue; // makes it version 6, which has no checksum
            }
            byte[] flipped = packet.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(MalformedMessage.class, () -> IpPacket.parse(PacketBuffer.wrap(flipped)), "bit " + bit);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x2000, 0x0001, 0x3fff, 0x1000})
    void flagsEveryFragment(int flagsAndOffset) throws MalformedMessage {
        byte[] packet = IpHeader.of(A, B, IpProtocol.TCP).allocate(30).toByteArray();
        Octets.put16(packet, 10, Checksum.update(Octets.u16(packet, 10), Octets.u16(packet, 6), flagsAndOffset));
        Octets.put16(packet, 6, flagsAndOffset);
        assertTrue(IpPacket.parse(PacketBuffer.wrap(packet)).isFragment());
    }

    @Test
    void flagsAnIpv6Fragment() throws MalformedMessage {
        var header = IpHeader.of(Ipv6Address.ANY, Ipv6Address.ANY, IpProtocol.IPV6_FRAGMENT);
        assertTrue(IpPacket.parse(header.allocate(8)).isFragment());
    }

    @Test
    void aHeaderNeedsAddressesOfOneFamilyAndNumbersThatFit() {
        assertThrows(IllegalArgumentException.class, () -> IpHeader.of(A, Ipv6Address.ANY, 6));
        assertThrows(IllegalArgumentException.class, () -> IpHeader.of(A, B, 256));
        assertThrows(IllegalArgumentException.class, () -> IpHeader.of(A, B, 6).withEcn(4));
        assertThrows(IllegalArgumentException.class, () -> IpHeader.of(A, B, 6).allocate(65_516));
        assertThrows(IllegalArgumentException.class, () -> IpHeader.of(A, B, 6).write(new byte[20], 0, -1));
    }

    @Test
    void aUdpDatagramReadsBack() throws MalformedMessage {
        byte[] payload = Hex.parse("0102030405");
        PacketBuffer packet = new UdpHeader(5353, 53, payload.length).packet(A, B, payload);
        IpPacket ip = IpPacket.parse(packet);
        assertEquals(new UdpHeader(5353, 53, 5), UdpHeader.parse(ip));
        assertArrayEquals(payload, Arrays.copyOfRange(ip.array(), ip.payloadOffset() + UdpHeader.LENGTH,
                ip.payloadOffset() + ip.payloadLength()));
    }

    @Test
    void udpWithoutChecksumIsForIpv4Only() throws MalformedMessage {
        for (IpAddress address : new IpAddress[] {A, Ipv6Address.ANY}) {
            PacketBuffer packet = new UdpHeader(1, 2, 3).packet(address, address, new byte[3]);
            IpPacket ip = IpPacket.parse(packet);
            Octets.put16(ip.array(), ip.payloadOffset() + 6, 0);
            if (ip.version() == 4) {
                assertEquals(3, UdpHeader.parse(ip).payloadLength());
            } else {
                assertThrows(MalformedMessage.class, () -> UdpHeader.parse(ip));
            }
        }
    }

    @Test
    void udpNeverSendsAChecksumOfZero() {
        // The sum of everything else is all ones here, so the checksum computes to zero.
        byte[] octets = new byte[10];
        var header = new UdpHeader(0, 0, 2);
        long others = Checksum.pseudoHeader(A, B, IpProtocol.UDP, 10) + 10;
        Octets.put16(octets, 8, Checksum.finish(others));
        header.write(octets, 0, A, B);
        assertEquals(0xffff, Octets.u16(octets, 6));
    }

    @Test
    void udpRefusesLengthsThatContradict() throws MalformedMessage {
        for (int length : new int[] {0, 7, 12, 0xffff}) {
            PacketBuffer packet = new UdpHeader(1, 2, 3).packet(A, B, new byte[3]);
            IpPacket ip = IpPacket.parse(packet);
            Octets.put16(ip.array(), ip.payloadOffset() + 6, 0);
            Octets.put16(ip.array(), ip.payloadOffset() + 4, length);
            assertThrows(MalformedMessage.class, () -> UdpHeader.parse(ip));
        }
        IpPacket tooShort = IpPacket.parse(IpHeader.of(A, B, IpProtocol.UDP).allocate(7));
        assertThrows(MalformedMessage.class, () -> UdpHeader.parse(tooShort));
    }
}
