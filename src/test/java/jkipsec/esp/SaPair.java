package jkipsec.esp;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Random;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.PacketCipher;

/** The two ends of one direction of a Child SA, with keys made from a seed. */
record SaPair(OutboundSa outbound, InboundSa inbound) {
    static final int SPI = 0xc0de0001;
    static final int IPV4 = 4;
    static final CipherSuite[] SUITES = {
        CipherSuite.AES_GCM_16_256, CipherSuite.AES_CBC_256_HMAC_SHA2_256_128, CipherSuite.AES_GCM_16_128,
        CipherSuite.CHACHA20_POLY1305, CipherSuite.AES_CBC_256_HMAC_SHA2_384_192,
        CipherSuite.AES_CBC_256_HMAC_SHA2_512_256};

    static SaPair of(CipherSuite suite) {
        return of(suite, 1024, false);
    }

    static SaPair of(CipherSuite suite, int windowSize, boolean extended) {
        return new SaPair(new OutboundSa(SPI, cipher(suite, 1), extended),
                new InboundSa(SPI, cipher(suite, 1), windowSize, extended));
    }

    static PacketCipher cipher(CipherSuite suite, long seed) {
        RandomSource random = new Random(seed)::nextBytes;
        return suite.cipher(Secret.owning(random.bytes(suite.encryptionKeyLength())),
                Secret.owning(random.bytes(suite.integrityKeyLength())), random);
    }

    /** Seals a packet and gives the octets that go onto the wire. */
    byte[] seal(byte[] inner) {
        try {
            return outbound.seal(PacketBuffer.copyOf(inner), IPV4).toByteArray();
        } catch (SequenceExhausted e) {
            throw new AssertionError(e);
        }
    }

    /** Opens a copy of what came from the wire. */
    EspResult open(byte[] wire) {
        return inbound.open(PacketBuffer.wrap(wire.clone()));
    }

    /** Opens what must be acceptable. */
    EspResult.Opened opened(byte[] wire) {
        return assertInstanceOf(EspResult.Opened.class, open(wire));
    }

    /** Opens what must be dropped, and says why it was. */
    EspDrop dropped(byte[] wire) {
        return assertInstanceOf(EspResult.Dropped.class, open(wire)).reason();
    }

    /** Seals a text as it stands, trailer included, as only a strange or hostile peer with the right keys would. */
    static byte[] sealText(CipherSuite suite, int sequence, byte[] text) {
        byte[] packet = new byte[8 + suite.ivLength() + text.length + suite.icvLength()];
        System.arraycopy(text, 0, packet, 8 + suite.ivLength(), text.length);
        Octets.put32(packet, 0, SPI);
        Octets.put32(packet, 4, sequence);
        cipher(suite, 1).seal(packet, 0, 8, text.length);
        return packet;
    }
}
