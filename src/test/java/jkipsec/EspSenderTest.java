package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.PacketCipher;
import jkipsec.esp.EspResult;
import jkipsec.esp.InboundSa;
import jkipsec.esp.OutboundSa;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EspSenderTest {
    private static final RandomSource RANDOM = new Random(1)::nextBytes;

    private DatagramSocket from;
    private DatagramSocket to;
    private InetSocketAddress peer;
    private final EspSender sender = new EspSender("test");

    @BeforeEach
    void open() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        from = new DatagramSocket(any);
        to = new DatagramSocket(any);
        peer = (InetSocketAddress) to.getLocalSocketAddress();
    }

    @AfterEach
    void close() throws Exception {
        sender.stop();
        sender.thread().join();
        from.close();
        to.close();
    }

    private static PacketCipher cipher(int key) {
        byte[] octets = new byte[CipherSuite.AES_GCM_16_256.encryptionKeyLength()];
        Arrays.fill(octets, (byte) key);
        return CipherSuite.AES_GCM_16_256.cipher(Secret.owning(octets), Secret.copyOf(new byte[0]), RANDOM);
    }

    private static PacketBuffer inner(int length) {
        PacketBuffer packet = PacketBuffer.allocate(length);
        packet.array()[packet.offset()] = 0x45;
        return packet;
    }

    private PacketBuffer received() throws Exception {
        var datagram = new DatagramPacket(new byte[2_000], 2_000);
        to.receive(datagram);
        return PacketBuffer.wrap(Arrays.copyOf(datagram.getData(), datagram.getLength()));
    }

    @Test
    void sealsAndSendsInOrderAndChangesTheKeyBetweenThePacketsBeforeAndAfter() throws Exception {
        sender.install(new OutboundSa(0x1111, cipher(1)), from, peer);
        sender.send(inner(100));
        sender.send(inner(101));
        sender.install(new OutboundSa(0x2222, cipher(2)), from, peer);
        sender.send(inner(102));
        var first = new InboundSa(0x1111, cipher(1), 1_024);
        var second = new InboundSa(0x2222, cipher(2), 1_024);
        for (int i = 0; i < 3; i++) {
            PacketBuffer sealed = received();
            int spi = Octets.i32(sealed.array(), sealed.offset());
            assertEquals(i < 2 ? 0x1111 : 0x2222, spi);
            var opened = assertInstanceOf(EspResult.Opened.class, (i < 2 ? first : second).open(sealed));
            assertEquals(100 + i, opened.inner().length());
            assertEquals(4, opened.nextHeader());
        }
        sender.stop();
        sender.thread().join();
        assertEquals(3, sender.packets());
        assertEquals(303, sender.octets());
        assertEquals(0, sender.dropped());
    }

    @Test
    void dropsAndCountsWhatItHasNoKeyForAndWhatComesAfterTheEnd() throws Exception {
        sender.send(inner(100));
        sender.stop();
        sender.thread().join();
        sender.send(inner(100));
        assertEquals(2, sender.dropped());
        assertFalse(sender.thread().isAlive());
    }

    @Test
    void survivesASocketThatDoesNotSend() throws Exception {
        sender.install(new OutboundSa(0x1111, cipher(1)), from, new InetSocketAddress("127.0.0.1", 0));
        sender.send(inner(100));
        sender.install(new OutboundSa(0x2222, cipher(2)), from, peer);
        sender.send(inner(100));
        assertEquals(0x2222, Octets.i32(received().array(), 0));
        assertEquals(1, sender.dropped());
    }
}
