package jkipsec.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IcmpMessage.EchoReply;
import jkipsec.ip.IcmpMessage.EchoRequest;
import jkipsec.ip.IcmpMessage.Other;
import jkipsec.ip.IcmpMessage.ParameterProblem;
import jkipsec.ip.IcmpMessage.TimeExceeded;
import jkipsec.ip.IcmpMessage.TooBig;
import jkipsec.ip.IcmpMessage.Unreachable;
import org.junit.jupiter.api.Test;

class IcmpMessageTest {
    private static final IpAddress A = IpAddress.parse("10.8.0.1");
    private static final IpAddress B = IpAddress.parse("10.8.0.2");
    private static final IpAddress A6 = IpAddress.parse("2001:db8::1");
    private static final IpAddress B6 = IpAddress.parse("2001:db8::2");

    @Test
    void anEchoRequestLooksAsRfc792Says() {
        PacketBuffer packet = new EchoRequest(0x1234, 1, Hex.parse("6162")).packet(A, B);
        assertEquals("0800" + "8468" + "1234" + "0001" + "6162", Hex.of(packet.toByteArray()).substring(40));
    }

    @Test
    void aReplyRepeatsTheRequest() throws MalformedMessage {
        var request = new EchoRequest(7, 8, new byte[] {1, 2, 3});
        var received = assertInstanceOf(EchoRequest.class, IcmpMessage.parse(IpPacket.parse(request.packet(A, B))));
        assertEquals(new EchoReply(7, 8, new byte[] {1, 2, 3}), received.reply());
    }

    @Test
    void everyMessageReadsBackInBothFamilies() throws MalformedMessage {
        byte[] data = new byte[33];
        for (IcmpMessage message : new IcmpMessage[] {
            new EchoRequest(1, 0xffff, data), new EchoReply(0xffff, 0, data), new Unreachable(1, data),
            new TooBig(1280, data), new TimeExceeded(1, data), new ParameterProblem(0, 40, data), new Other(200, 7, data), new Other(201, 0, new byte[0])}) {
            assertEquals(message, IcmpMessage.parse(IpPacket.parse(message.packet(A, B))));
            assertEquals(message, IcmpMessage.parse(IpPacket.parse(message.packet(A6, B6))));
        }
    }

    @Test
    void aFlippedBitIsRefused() throws MalformedMessage {
        for (IpAddress address : new IpAddress[] {A, A6}) {
            IpPacket packet = IpPacket.parse(new EchoRequest(1, 2, new byte[9]).packet(address, address));
            for (int i = 0; i < packet.payloadLength(); i++) {
                packet.array()[packet.payloadOffset() + i] ^= 4;
                assertThrows(MalformedMessage.class, () -> IcmpMessage.parse(packet), "octet " + i);
                packet.array()[packet.payloadOffset() + i] ^= 4;
            }
        }
    }

    @Test
    void lessThanAHeaderIsRefused() throws MalformedMessage {
        IpPacket packet = IpPacket.parse(IpHeader.of(A, B, IpProtocol.ICMP).allocate(3));
        assertThrows(MalformedMessage.class, () -> IcmpMessage.parse(packet));
    }

    @Test
    void anEchoWithoutItsNumbersIsSomethingElse() throws MalformedMessage {
        var cut = new Other(8, 0, new byte[3]);
        assertEquals(cut, IcmpMessage.parse(IpPacket.parse(cut.packet(A, B))));
    }

    @Test
    void portUnreachableQuotesTheBeginning() throws MalformedMessage {
        IpPacket refused = IpPacket.parse(new UdpHeader(1, 2, 1000).packet(B, A, new byte[1000]));
        Unreachable message = IcmpMessage.unreachablePort(refused);
        assertEquals(3, message.code());
        PacketBuffer packet = message.packet(A, B);
        assertEquals(576, packet.length());
        assertTrue(Hex.of(packet.toByteArray()).contains(Hex.of(refused.toBuffer().toByteArray()).substring(0, 100)));
        IpPacket refused6 = IpPacket.parse(new UdpHeader(1, 2, 3).packet(B6, A6, new byte[3]));
        assertEquals(new Unreachable(4, refused6.toBuffer().toByteArray()), IcmpMessage.unreachablePort(refused6));
    }
}
