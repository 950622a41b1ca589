package jkipsec.esp;

import static jkipsec.esp.SaPair.IPV4;
import static jkipsec.esp.SaPair.SPI;
import static jkipsec.esp.SaPair.SUITES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import jkipsec.bytes.Hex;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.EncryptionAlgorithm;
import jkipsec.crypto.IntegrityAlgorithm;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;

class InboundSaTest {
    private static byte[] random(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    @Test
    void aSealedPacketOpensToWhatItWas() {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            for (int length : new int[] {0, 1, 20, 1279, 1280, 1400, 9000}) {
                byte[] inner = random(length);
                var opened = pair.opened(pair.seal(inner));
                assertArrayEquals(inner, opened.inner().toByteArray());
                assertEquals(IPV4, opened.nextHeader());
            }
            assertEquals(7, pair.inbound().packets());
            assertEquals(0 + 1 + 20 + 1279 + 1280 + 1400 + 9000, pair.inbound().octets());
            assertEquals(SPI, pair.inbound().spi());
        }
    }

    @Test
    void theInnerPacketIsAViewOfTheDatagram() {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            byte[] wire = pair.seal(random(100));
            byte[] received = new byte[wire.length + 20];
            System.arraycopy(wire, 0, received, 7, wire.length);
            var opened = assertInstanceOf(EspResult.Opened.class,
                    pair.inbound().open(new PacketBuffer(received, 7, wire.length)));
            assertSame(received, opened.inner().array());
            assertArrayEquals(random(100), opened.inner().toByteArray());
        }
    }

    @Test
    void theSamePacketTwiceIsAReplay() {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            byte[] wire = pair.seal(random(40));
            assertEquals(1, pair.opened(wire).sequence());
            assertEquals(EspDrop.REPLAYED, pair.dropped(wire));
            assertEquals(1, pair.inbound().packets());
        }
    }

    @Test
    void latePacketsWithinTheWindowAreAcceptedAndOlderOnesNot() {
        var pair = SaPair.of(CipherSuite.AES_GCM_16_256, 64, false);
        byte[][] wires = new byte[66][];
        for (int i = 1; i < wires.length; i++) {
            wires[i] = pair.seal(random(i));
        }
        assertEquals(65, pair.opened(wires[65]).sequence());
        assertEquals(EspDrop.TOO_OLD, pair.dropped(wires[1]));
        assertEquals(2, pair.opened(wires[2]).sequence());
        assertEquals(64, pair.opened(wires[64]).sequence());
        assertEquals(EspDrop.REPLAYED, pair.dropped(wires[2]));
    }

    @Test
    void aForgedHighSequenceNumberDoesNotMoveTheWindow() {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite, 64, false);
            byte[] first = pair.seal(random(40));
            byte[] forged = pair.seal(random(40));
            Octets.put32(forged, 4, 1_000_000);
            assertEquals(EspDrop.BAD_ICV, pair.dropped(forged));
            assertEquals(1, pair.opened(first).sequence());
        }
    }

    @Test
    void sequenceNumberZeroIsNeverAccepted() {
        for (var suite : SUITES) {
            byte[] text = Arrays.copyOf(random(14), 16);
            text[15] = IPV4;
            assertEquals(EspDrop.REPLAYED, SaPair.of(suite).dropped(SaPair.sealText(suite, 0, text)));
            assertEquals(1, SaPair.of(suite).opened(SaPair.sealText(suite, 1, text)).sequence());
        }
    }

    @Test
    void anotherSpiIsDropped() {
        var pair = SaPair.of(CipherSuite.AES_GCM_16_256);
        byte[] wire = pair.seal(random(40));
        wire[3] ^= 1;
        assertEquals(EspDrop.WRONG_SPI, pair.dropped(wire));
    }

    @Test
    void packetsSealedWithOtherKeysAreDropped() throws SequenceExhausted {
        for (var suite : SUITES) {
            var other = new OutboundSa(SPI, SaPair.cipher(suite, 2));
            byte[] wire = other.seal(PacketBuffer.copyOf(random(40)), IPV4).toByteArray();
            assertEquals(EspDrop.BAD_ICV, SaPair.of(suite).dropped(wire));
        }
    }

    @Test
    void aHighHalfTheReceiverDoesNotExpectIsDropped() throws SequenceExhausted {
        for (var suite : SUITES) {
            var ahead = new OutboundSa(SPI, SaPair.cipher(suite, 1), true, 0x1_0000_0000L);
            byte[] wire = ahead.seal(PacketBuffer.copyOf(random(40)), IPV4).toByteArray();
            assertEquals(EspDrop.BAD_ICV, SaPair.of(suite, 64, true).dropped(wire));
            assertEquals(EspDrop.BAD_ICV, SaPair.of(suite, 64, false).dropped(wire));
        }
    }

    @Test
    void packetsTooShortForTheirTrailersAreDropped() {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            int least = EspOverhead.sealedLength(suite, 0);
            byte[] wire = pair.seal(new byte[0]);
            assertEquals(least, wire.length);
            for (int length = 0; length < least; length++) {
                assertEquals(EspDrop.TOO_SHORT, pair.dropped(Arrays.copyOf(wire, length)));
            }
            assertEquals(0, pair.opened(wire).inner().length());
        }
    }

    @Test
    void ciphertextThatEndsOffItsBoundaryIsDropped() {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            byte[] wire = pair.seal(random(100));
            for (int more : new int[] {1, 2, 3}) {
                assertEquals(EspDrop.MISALIGNED, pair.dropped(Arrays.copyOf(wire, wire.length + more)));
            }
        }
    }

    @Test
    void paddingMustCountUpFromOne() {
        for (var suite : SUITES) {
            byte[] good = Hex.parse("aaaaaaaa" + "0102030405060708090a" + "0a04");
            assertArrayEquals(Hex.parse("aaaaaaaa"),
                    SaPair.of(suite).opened(SaPair.sealText(suite, 1, good)).inner().toByteArray());
            for (int at = 4; at < 14; at++) {
                byte[] bad = good.clone();
                bad[at] ^= 0x10;
                var pair = SaPair.of(suite);
                assertEquals(EspDrop.BAD_PADDING, pair.dropped(SaPair.sealText(suite, 1, bad)));
                assertEquals(0, pair.inbound().packets());
            }
        }
    }

    @Test
    void paddingMayFillThePacketButNotExceedIt() {
        for (var suite : SUITES) {
            byte[] text = Hex.parse("0102030405060708090a0b0c0d0e" + "0e04");
            assertEquals(0, SaPair.of(suite).opened(SaPair.sealText(suite, 1, text)).inner().length());
            for (int padLength = 15; padLength < 256; padLength++) {
                text[14] = (byte) padLength;
                assertEquals(EspDrop.BAD_PADDING, SaPair.of(suite).dropped(SaPair.sealText(suite, 1, text)));
            }
        }
    }

    @Test
    void paddingDoesNotReachIntoTheIv() {
        // The IV of the second packet ends in 01, so padding that begins there would count up from one.
        var suite = CipherSuite.AES_GCM_16_256;
        byte[] text = Hex.parse("02030405060708090a0b0c0d0e0f" + "0f04");
        byte[] packet = new byte[16 + text.length + 16];
        Octets.put32(packet, 0, SPI);
        Octets.put32(packet, 4, 1);
        var cipher = SaPair.cipher(suite, 1);
        cipher.seal(packet.clone(), 0, 8, text.length);
        System.arraycopy(text, 0, packet, 16, text.length);
        cipher.seal(packet, 0, 8, text.length);
        assertEquals(1, packet[15]);
        assertEquals(EspDrop.BAD_PADDING, SaPair.of(suite).dropped(packet));
    }

    @Test
    void aPeerMayPadMoreThanItMust() {
        for (var suite : SUITES) {
            byte[] text = new byte[16 + 255 + 1];
            Arrays.fill(text, 0, 15, (byte) 0x77);
            for (int i = 0; i < 255; i++) {
                text[15 + i] = (byte) (i + 1);
            }
            text[270] = (byte) 255;
            text[271] = 41;
            var opened = SaPair.of(suite).opened(SaPair.sealText(suite, 1, text));
            assertEquals(15, opened.inner().length());
            assertEquals(41, opened.nextHeader());
        }
    }

    @Test
    void dummyPacketsAreDroppedAndRemembered() throws SequenceExhausted {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            byte[] dummy = pair.outbound().seal(PacketBuffer.copyOf(random(333)), 59).toByteArray();
            assertEquals(EspDrop.DUMMY, pair.dropped(dummy));
            assertEquals(EspDrop.REPLAYED, pair.dropped(dummy));
            assertEquals(0, pair.inbound().packets());
            assertEquals(2, pair.opened(pair.seal(random(20))).sequence());
        }
    }

    @Test
    void trafficFlowConfidentialityPaddingStaysBehindTheInnerPacket() {
        // RFC 4303 §2.7: octets between the IP packet's end, which its own header tells, and the ESP padding.
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            byte[] padded = Arrays.copyOf(random(84), 84 + 500);
            assertArrayEquals(padded, pair.opened(pair.seal(padded)).inner().toByteArray());
        }
    }

    @Test
    void theEspPacketsOfMcGrewsDraftAreOpened() {
        int opened = 0;
        for (var vector : Vectors.load("mcgrew-gcm-esp.txt")) {
            byte[] sequence = vector.hex("sequence");
            boolean extended = sequence.length == 8;
            long number = extended ? Octets.i64(sequence, 0) : Integer.toUnsignedLong(Octets.i32(sequence, 0));
            if (number < 0) {
                continue;   // beyond what anybody counts to
            }
            byte[] key = vector.hex("key");
            byte[] keyMaterial = Arrays.copyOf(key, key.length + 4);
            System.arraycopy(vector.hex("salt"), 0, keyMaterial, key.length, 4);
            var suite = new CipherSuite(EncryptionAlgorithm.AES_GCM_16, key.length * 8, IntegrityAlgorithm.NONE);
            var cipher = suite.cipher(Secret.owning(keyMaterial), Secret.copyOf(new byte[0]), octets -> { });
            int spi = Octets.i32(vector.hex("spi"), 0);
            var sa = new InboundSa(spi, cipher, new ReplayWindow(64, number - 1), extended);
            byte[] low = Arrays.copyOfRange(sequence, sequence.length - 4, sequence.length);
            String wire = vector.text("spi") + Hex.of(low) + vector.text("iv") + vector.text("ciphertext");
            var result = sa.open(PacketBuffer.wrap(Hex.parse(wire)));
            if (vector.expectsSuccess()) {
                byte[] plaintext = vector.hex("plaintext");
                int padLength = plaintext[plaintext.length - 2];
                var packet = assertInstanceOf(EspResult.Opened.class, result, vector::toString);
                assertArrayEquals(Arrays.copyOf(plaintext, plaintext.length - 2 - padLength),
                        packet.inner().toByteArray(), vector::toString);
                assertEquals(1, packet.nextHeader());
                assertEquals(number, packet.sequence());
                opened++;
            } else {
                assertEquals(new EspResult.Dropped(EspDrop.BAD_ICV), result, vector::toString);
            }
        }
        assertEquals(5, opened);
    }

    @Test
    void nothingIsOpenedAfterDestroy() {
        for (var suite : SUITES) {
            var pair = SaPair.of(suite);
            byte[] wire = pair.seal(random(20));
            pair.inbound().destroy();
            assertThrows(IllegalStateException.class, () -> pair.open(wire));
        }
    }
}
