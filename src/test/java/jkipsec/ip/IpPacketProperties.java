package jkipsec.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class IpPacketProperties {
    @Property(tries = 300)
    void whatIsWrittenReadsBack(@ForAll("headers") IpHeader header, @ForAll @IntRange(max = 2000) int payload)
            throws MalformedMessage {
        IpPacket packet = IpPacket.parse(header.allocate(payload));
        assertEquals(header, new IpHeader(packet.source(), packet.destination(), packet.protocol(), packet.hopLimit(),
                packet.trafficClass()));
        assertEquals(header.trafficClass() & 3, packet.ecn());
        assertEquals(payload, packet.payloadLength());
        assertEquals(header.length() + payload, packet.length());
        assertEquals(packet.offset() + header.length(), packet.payloadOffset());
    }

    @Property(tries = 1000)
    void anyOctetsAreReadOrRefused(@ForAll @Size(max = 80) byte[] octets, @ForAll boolean likely) {
        if (likely && octets.length > 20) { // most of the time get past the checks of the header
            octets[0] = (byte) 0x45;
            octets[2] = 0;
            octets[3] = (byte) octets.length;
            octets[9] = (byte) (octets[9] % 2 == 0 ? IpProtocol.ICMP : IpProtocol.UDP);
            octets[10] = 0;
            octets[11] = 0;
            int checksum = Checksum.of(octets, 0, 20);
            octets[10] = (byte) (checksum >>> 8);
            octets[11] = (byte) checksum;
        }
        try {
            IpPacket packet = IpPacket.parse(PacketBuffer.copyOf(octets));
            assertTrue(packet.length() <= octets.length && packet.payloadLength() >= 0);
            if (packet.protocol() == IpProtocol.UDP) {
                assertTrue(UdpHeader.parse(packet).payloadLength() <= packet.payloadLength() - UdpHeader.LENGTH);
            } else {
                IcmpMessage.parse(packet);
            }
        } catch (MalformedMessage refused) {
            assertTrue(refused.section().startsWith("RFC "));
        }
    }

    @Property(tries = 200)
    void aDatagramReadsBackAndAnyFlippedBitIsRefused(
            @ForAll("headers") IpHeader ip, @ForAll @Size(max = 64) byte[] data,
            @ForAll @IntRange(max = 0xffff) int port, @ForAll @IntRange(max = 1000) int bit) throws MalformedMessage {
        var header = new UdpHeader(port, 65_535 - port, data.length);
        IpPacket packet = IpPacket.parse(header.packet(ip.source(), ip.destination(), data));
        assertEquals(header, UdpHeader.parse(packet));
        int at = packet.payloadOffset() + bit / 8 % packet.payloadLength();
        packet.array()[at] ^= (byte) (1 << bit % 8);
        Assume.that(Octets.u16(packet.array(), packet.payloadOffset() + 6) != 0); // would mean: no checksum
        byte[] before = Arrays.copyOf(packet.array(), packet.array().length);
        try {
            UdpHeader.parse(packet);
            throw new AssertionError("accepted a flipped bit");
        } catch (MalformedMessage refused) {
            assertTrue(Arrays.equals(before, packet.array()));
        }
    }

    @Provide
    Arbitrary<IpHeader> headers() {
        return IpArbitraries.header();
    }
}
