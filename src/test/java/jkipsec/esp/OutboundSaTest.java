package jkipsec.esp;

import static jkipsec.esp.SaPair.IPV4;
import static jkipsec.esp.SaPair.SPI;
import static jkipsec.esp.SaPair.SUITES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.EncryptionAlgorithm;
import jkipsec.crypto.IntegrityAlgorithm;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;

class OutboundSaTest {
    private static final byte[] INNER = new byte[60];

    @Test
    void sequenceNumbersStartAtOneAndCountUp() {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            for (int i = 1; i <= 5; i++) {
                byte[] wire = pair.seal(INNER);
                assertEquals(SPI, Octets.i32(wire, 0));
                assertEquals(i, Octets.i32(wire, 4));
            }
        }
    }

    @Test
    void packetsAndInnerOctetsAreCounted() {
        var pair = SaPair.of(CipherSuite.AES_GCM_16_256);
        pair.seal(new byte[100]);
        pair.seal(new byte[23]);
        assertEquals(2, pair.outbound().packets());
        assertEquals(123, pair.outbound().octets());
        assertEquals(SPI, pair.outbound().spi());
    }

    @Test
    void aPacketWithRoomAroundItIsSealedInItsOwnArray() throws SequenceExhausted {
        for (var suite : SUITES) {
            var inner = PacketBuffer.allocate(1400);
            assertSame(inner.array(), SaPair.of(suite).outbound().seal(inner, IPV4).array());
        }
    }

    @Test
    void aPacketWithoutRoomIsCopied() throws SequenceExhausted {
        for (var suite : SUITES) {
            byte[] array = new byte[70];
            Arrays.fill(array, (byte) 7);
            for (var inner : new PacketBuffer[] {PacketBuffer.wrap(array), new PacketBuffer(array, 0, 20),
                    new PacketBuffer(array, 50, 20)}) {
                var pair = SaPair.of(suite);
                var sealed = pair.outbound().seal(inner, IPV4);
                assertNotSame(array, sealed.array());
                byte[] expected = new byte[inner.length()];
                Arrays.fill(expected, (byte) 7);
                assertArrayEquals(expected, pair.opened(sealed.toByteArray()).inner().toByteArray());
            }
        }
    }

    @Test
    void theLastShortSequenceNumberIsUsedOnceAndThenNoneAnyMore() throws SequenceExhausted {
        for (var suite : SUITES) {
            var sa = new OutboundSa(SPI, SaPair.cipher(suite, 1), false, 0xffff_fffeL);
            assertEquals(-1, Octets.i32(sa.seal(PacketBuffer.copyOf(INNER), IPV4).toByteArray(), 4));
            for (int i = 0; i < 3; i++) {
                var end = assertThrows(SequenceExhausted.class, () -> sa.seal(PacketBuffer.copyOf(INNER), IPV4));
                assertEquals("sequence number 4294967295 was the last; the Child SA must be rekeyed", end.getMessage());
            }
            assertEquals(1, sa.packets());
        }
    }

    @Test
    void extendedSequenceNumbersPassTheShortOnesEnd() throws SequenceExhausted {
        for (var suite : SUITES) {
            var sa = new OutboundSa(SPI, SaPair.cipher(suite, 1), true, 0xffff_fffeL);
            var receiver = new InboundSa(SPI, SaPair.cipher(suite, 1), new ReplayWindow(64, 0xffff_fff0L), true);
            for (long sequence = 0xffff_ffffL; sequence < 0x1_0000_0003L; sequence++) {
                byte[] wire = sa.seal(PacketBuffer.copyOf(INNER), IPV4).toByteArray();
                assertEquals((int) sequence, Octets.i32(wire, 4));
                var opened = (EspResult.Opened) receiver.open(PacketBuffer.wrap(wire));
                assertEquals(sequence, opened.sequence());
            }
            var last = new OutboundSa(SPI, SaPair.cipher(suite, 1), true, Long.MAX_VALUE);
            assertThrows(SequenceExhausted.class, () -> last.seal(PacketBuffer.copyOf(INNER), IPV4));
        }
    }

    @Test
    void theEspPacketsOfRfc3602AreMade() throws SequenceExhausted {
        var suite = new CipherSuite(EncryptionAlgorithm.AES_CBC, 128, IntegrityAlgorithm.HMAC_SHA2_256_128);
        int made = 0;
        for (var vector : Vectors.load("rfc3602.txt")) {
            if (!vector.has("spi")) {
                continue;
            }
            byte[] iv = vector.hex("iv");
            var cipher = suite.cipher(Secret.copyOf(vector.hex("key")), Secret.copyOf(new byte[32]),
                    octets -> {
                        for (int i = 0; i < octets.length; i++) {
                            octets[i] = iv[i % iv.length];
                        }
                    });
            var sa = new OutboundSa(vector.integer("spi"), cipher, false, vector.integer("sequence") - 1);
            byte[] packet = sa.seal(PacketBuffer.copyOf(vector.hex("inner")), vector.integer("next_header"))
                    .toByteArray();
            byte[] ciphertext = vector.hex("ciphertext");
            assertEquals(vector.integer("spi"), Octets.i32(packet, 0));
            assertEquals(vector.integer("sequence"), Octets.i32(packet, 4));
            assertArrayEquals(iv, Arrays.copyOfRange(packet, 8, 24));
            assertArrayEquals(ciphertext, Arrays.copyOfRange(packet, 24, packet.length - 16), vector::toString);
            made++;
        }
        assertEquals(4, made);
    }

    @Test
    void nothingIsSealedAfterDestroy() {
        for (var suite : SUITES) {
            var sa = SaPair.of(suite).outbound();
            sa.destroy();
            sa.destroy();
            assertThrows(IllegalStateException.class, () -> sa.seal(PacketBuffer.copyOf(INNER), IPV4));
        }
    }
}
