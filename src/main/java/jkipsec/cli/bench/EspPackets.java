package jkipsec.cli.bench;

import java.security.SecureRandom;
import java.time.Duration;
import jkipsec.Suite;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.esp.EspResult;
import jkipsec.esp.InboundSa;
import jkipsec.esp.OutboundSa;
import jkipsec.esp.SequenceExhausted;

/** ESP security associations on packets: sequence numbers, padding, replay window and all. Confined to one thread. */
final class EspPackets implements AutoCloseable {
    private static final int PACKET = RawCipher.PACKET;
    private static final int BATCH = 64;
    private static final int SPI = 0x6a6b_0001;
    private static final int IPV4 = 4;
    private static final int WINDOW = 1024;

    private final OutboundSa outbound;
    private final InboundSa inbound;
    private final PacketBuffer[] packets = new PacketBuffer[BATCH];

    EspPackets(Suite suite) {
        CipherSuite cipher = cipherSuite(suite);
        RandomSource random = new SecureRandom()::nextBytes;
        Secret encryptionKey = Secret.owning(random.bytes(cipher.encryptionKeyLength()));
        Secret integrityKey = Secret.owning(random.bytes(cipher.integrityKeyLength()));
        outbound = new OutboundSa(SPI, cipher.cipher(encryptionKey, integrityKey, random));
        inbound = new InboundSa(SPI, cipher.cipher(encryptionKey, integrityKey, random), WINDOW);
    }

    static CipherSuite cipherSuite(Suite suite) {
        return switch (suite) {
            case AES_256_GCM -> CipherSuite.AES_GCM_16_256;
            case AES_256_CBC_SHA256 -> CipherSuite.AES_CBC_256_HMAC_SHA2_256_128;
        };
    }

    double seal(Duration limit) throws SequenceExhausted {
        PacketBuffer packet = PacketBuffer.allocate(PACKET);
        long sealed = 0;
        var watch = new Stopwatch(limit);
        while (watch.running()) {
            for (int i = 0; i < BATCH; i++) {
                outbound.seal(packet, IPV4);
            }
            sealed += BATCH;
        }
        return watch.mbits(sealed * PACKET);
    }

    /** Each packet can be opened only once, so they are sealed in batches, which is not timed. */
    double open(Duration limit) throws SequenceExhausted {
        long opened = 0;
        long nanos = 0;
        while (nanos < limit.toNanos()) {
            for (int i = 0; i < BATCH; i++) {
                packets[i] = outbound.seal(PacketBuffer.allocate(PACKET), IPV4);
            }
            long start = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                if (!(inbound.open(packets[i]) instanceof EspResult.Opened)) {
                    throw new IllegalStateException("a packet just sealed did not open");
                }
            }
            nanos += System.nanoTime() - start;
            opened += BATCH;
        }
        return opened * PACKET * 8e3 / nanos;
    }

    @Override
    public void close() {
        outbound.destroy();
        inbound.destroy();
    }
}
