package jkipsec.cli.bench;

import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import jkipsec.Suite;

/** The JDK's ciphers on packets, with nothing around them but a fresh IV for each packet. Confined to one thread. */
abstract sealed class RawCipher implements AutoCloseable {
    static final int PACKET = 1400;
    private static final int BATCH = 64;

    final byte[] plaintext = new byte[PACKET];
    /** Long enough for the ciphertext and whatever stands behind it. */
    final byte[] ciphertext = new byte[PACKET + 64];
    final byte[] header = new byte[8];
    int ciphertextLength;
    private long counter;

    private RawCipher() {}

    /**
     * The cipher a suite is made of.
     *
     * @param suite the suite
     * @return a cipher with a key of zeros
     * @throws GeneralSecurityException when the JDK lacks it
     */
    static RawCipher of(Suite suite) throws GeneralSecurityException {
        return switch (suite) {
            case AES_256_GCM -> new Gcm();
            case AES_256_CBC_SHA256 -> new CbcHmac();
        };
    }

    abstract String name();

    abstract void encryptOnce(long counter) throws GeneralSecurityException;

    abstract void decryptOnce(long counter) throws GeneralSecurityException;

    double encrypt(Duration limit) throws GeneralSecurityException {
        long packets = 0;
        var watch = new Stopwatch(limit);
        while (watch.running()) {
            for (int i = 0; i < BATCH; i++) {
                encryptOnce(++counter);
            }
            packets += BATCH;
        }
        return watch.mbits(packets * PACKET);
    }

    double decrypt(Duration limit) throws GeneralSecurityException {
        encryptOnce(++counter);
        long packets = 0;
        var watch = new Stopwatch(limit);
        while (watch.running()) {
            for (int i = 0; i < BATCH; i++) {
                decryptOnce(counter);
            }
            packets += BATCH;
        }
        return watch.mbits(packets * PACKET);
    }

    @Override
    public void close() {}

    /** Writes a counter into the last octets of an IV. */
    private static byte[] iv(int length, long counter) {
        byte[] iv = new byte[length];
        for (int i = 0; i < Long.BYTES; i++) {
            iv[length - 1 - i] = (byte) (counter >>> 8 * i);
        }
        return iv;
    }

    private static final class Gcm extends RawCipher {
        private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
        private final Cipher encryption = Cipher.getInstance("AES/GCM/NoPadding");
        private final Cipher decryption = Cipher.getInstance("AES/GCM/NoPadding");

        Gcm() throws GeneralSecurityException {}

        @Override
        String name() {
            return "AES-256-GCM";
        }

        @Override
        void encryptOnce(long counter) throws GeneralSecurityException {
            encryption.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv(12, counter)));
            encryption.updateAAD(header);
            ciphertextLength = encryption.doFinal(plaintext, 0, PACKET, ciphertext, 0);
        }

        @Override
        void decryptOnce(long counter) throws GeneralSecurityException {
            decryption.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, iv(12, counter)));
            decryption.updateAAD(header);
            decryption.doFinal(ciphertext, 0, ciphertextLength, plaintext, 0);
        }
    }

    /** Pads 1,400 octets to the next block, as ESP must; the rate still counts 1,400. */
    private static final class CbcHmac extends RawCipher {
        private static final int BLOCKS = (PACKET + 15) / 16 * 16;

        private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
        private final Cipher encryption = Cipher.getInstance("AES/CBC/NoPadding");
        private final Cipher decryption = Cipher.getInstance("AES/CBC/NoPadding");
        private final Mac mac = Mac.getInstance("HmacSHA256");
        private final byte[] blocks = new byte[BLOCKS];

        CbcHmac() throws GeneralSecurityException {
            mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
        }

        @Override
        String name() {
            return "AES-CBC+HMAC";
        }

        @Override
        void encryptOnce(long counter) throws GeneralSecurityException {
            encryption.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv(16, counter)));
            encryption.doFinal(blocks, 0, BLOCKS, ciphertext, 0);
            mac();
        }

        @Override
        void decryptOnce(long counter) throws GeneralSecurityException {
            mac();
            decryption.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv(16, counter)));
            decryption.doFinal(ciphertext, 0, BLOCKS, blocks, 0);
        }

        private void mac() throws GeneralSecurityException {
            mac.update(header);
            mac.update(ciphertext, 0, BLOCKS);
            mac.doFinal(ciphertext, BLOCKS);
        }
    }
}
