package jkipsec.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import jkipsec.bytes.Octets;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;

/**
 * AES-CBC (RFC 3602) and a truncated HMAC (RFC 4868), encrypt-then-MAC: the ICV covers header, IV and ciphertext, and
 * with extended sequence numbers their high half behind these (RFC 4303 §2.2.1). It is verified before anything is
 * decrypted, so that no padding error ever shows.
 */
final class CbcHmacPacketCipher implements PacketCipher {
    private static final String TRANSFORMATION = "AES/CBC/NoPadding";
    private static final int BLOCK = EncryptionAlgorithm.AES_CBC.blockSize();
    private static final int IV_LENGTH = EncryptionAlgorithm.AES_CBC.ivLength();
    private static final IvParameterSpec ZERO_IV = new IvParameterSpec(new byte[IV_LENGTH]);

    /** IVs are drawn this many at a time, because a system's generator costs about as much for many as for one. */
    private static final int IVS_DRAWN = 16;

    private final RawKey key;
    private final IntegrityAlgorithm integrity;
    private final Mac mac;
    private final RandomSource ivSource;
    private final byte[] fullMac;
    private final byte[] computedIcv;
    private final byte[] receivedIcv;
    private final byte[] high = new byte[4];
    private final byte[] ivs = new byte[IVS_DRAWN * IV_LENGTH];
    private int ivsUsed = ivs.length;

    /**
     * Where the JDK's cipher writes: given one array for input and output it would allocate a buffer per packet. Grows
     * to the longest packet that was sealed or verified.
     */
    private byte[] scratch = new byte[0];

    private Cipher encryptor;
    private Cipher decryptor;
    private boolean destroyed;

    CbcHmacPacketCipher(Secret encryptionKey, IntegrityAlgorithm integrity, Secret integrityKey, RandomSource ivs) {
        this.key = RawKey.copyOf("AES", encryptionKey.expose());
        this.integrity = integrity;
        RawKey macKey = RawKey.copyOf(integrity.macName(), integrityKey.expose());
        this.mac = Jdk.mac(integrity.macName(), macKey);
        macKey.destroy();
        this.ivSource = ivs;
        this.fullMac = new byte[integrity.macLength()];
        this.computedIcv = new byte[integrity.icvLength()];
        this.receivedIcv = new byte[integrity.icvLength()];
    }

    @Override
    public int ivLength() {
        return IV_LENGTH;
    }

    @Override
    public int icvLength() {
        return integrity.icvLength();
    }

    @Override
    public int blockSize() {
        return BLOCK;
    }

    @Override
    public int seal(byte[] array, int offset, int headerLength, int plaintextLength) {
        int macced = encrypt(array, offset, headerLength, plaintextLength);
        mac.update(array, offset, macced);
        return finishSeal(array, offset, macced);
    }

    @Override
    public int sealExtended(byte[] array, int offset, int plaintextLength, int sequenceHigh) {
        int macced = encrypt(array, offset, ESP_HEADER_LENGTH, plaintextLength);
        mac.update(array, offset, macced);
        updateMac(sequenceHigh);
        return finishSeal(array, offset, macced);
    }

    @Override
    public int open(byte[] array, int offset, int length, int headerLength) {
        int macced = maccedLength(array, offset, length, headerLength);
        if (macced < 0) {
            return -1;
        }
        mac.update(array, offset, macced);
        return finishOpen(array, offset, macced, headerLength);
    }

    @Override
    public int openExtended(byte[] array, int offset, int length, int sequenceHigh) {
        int macced = maccedLength(array, offset, length, ESP_HEADER_LENGTH);
        if (macced < 0) {
            return -1;
        }
        mac.update(array, offset, macced);
        updateMac(sequenceHigh);
        return finishOpen(array, offset, macced, ESP_HEADER_LENGTH);
    }

    /** Draws the IV and encrypts; returns the length of header, IV and ciphertext. */
    private int encrypt(byte[] array, int offset, int headerLength, int plaintextLength) {
        requireLive();
        if (plaintextLength % BLOCK != 0) {
            throw new IllegalArgumentException(
                    "AES-CBC takes a multiple of " + BLOCK + " octets, not " + plaintextLength + ": pad it first");
        }
        int macced = headerLength + IV_LENGTH + plaintextLength;
        Objects.checkFromIndexSize(offset, macced + icvLength(), array.length);
        int iv = offset + headerLength;
        int text = iv + IV_LENGTH;
        drawIv(array, iv);
        if (encryptor == null) {
            encryptor = started(Cipher.ENCRYPT_MODE);
        }
        // CBC under the packet's IV is CBC under a zero IV of a plaintext whose first block has that IV added to it. So
        // the cipher is set up once for all packets instead of once for each, which costs an eighth of the decryption.
        if (plaintextLength > 0) {
            addBlock(array, iv, text);
        }
        run(encryptor, array, text, plaintextLength);
        return macced;
    }

    private int finishSeal(byte[] array, int offset, int macced) {
        finishMac();
        System.arraycopy(computedIcv, 0, array, offset + macced, computedIcv.length);
        return macced + computedIcv.length;
    }

    /** The length of header, IV and ciphertext, or -1 when a packet of this length is impossible. */
    private int maccedLength(byte[] array, int offset, int length, int headerLength) {
        Objects.checkFromIndexSize(offset, length, array.length);
        requireLive();
        int macced = length - icvLength();
        int text = macced - headerLength - IV_LENGTH;
        return text < 0 || text % BLOCK != 0 ? -1 : macced;
    }

    private int finishOpen(byte[] array, int offset, int macced, int headerLength) {
        finishMac();
        System.arraycopy(array, offset + macced, receivedIcv, 0, receivedIcv.length);
        if (!MessageDigest.isEqual(computedIcv, receivedIcv)) {
            return -1;
        }
        int iv = offset + headerLength;
        int text = iv + IV_LENGTH;
        int textLength = offset + macced - text;
        if (decryptor == null) {
            decryptor = started(Cipher.DECRYPT_MODE);
        }
        run(decryptor, array, text, textLength);
        if (textLength > 0) {
            addBlock(array, iv, text);
        }
        return textLength;
    }

    @Override
    public void destroy() {
        if (!destroyed) {
            destroyed = true;
            for (Cipher cipher : new Cipher[] {encryptor, decryptor}) {
                if (cipher != null) {
                    Jdk.rekeyWithZeros(cipher, RawKey.blank("AES", key.length()), ZERO_IV);
                }
            }
            Jdk.rekeyWithZeros(mac, integrity.keyLength());
            key.destroy();
            Arrays.fill(scratch, (byte) 0);
        }
    }

    private Cipher started(int mode) {
        Cipher cipher = Jdk.cipher(TRANSFORMATION);
        try {
            cipher.init(mode, key, ZERO_IV);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(TRANSFORMATION, e);
        }
    }

    private void run(Cipher cipher, byte[] array, int offset, int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        try {
            // doFinal also takes the cipher back to its zero IV.
            cipher.doFinal(array, offset, length, scratch, 0);
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(TRANSFORMATION, e);
        }
        System.arraycopy(scratch, 0, array, offset, length);
    }

    /** Adds (exclusive or) one block to another. */
    private static void addBlock(byte[] array, int from, int to) {
        Octets.put64(array, to, Octets.i64(array, to) ^ Octets.i64(array, from));
        Octets.put64(array, to + 8, Octets.i64(array, to + 8) ^ Octets.i64(array, from + 8));
    }

    private void updateMac(int sequenceHigh) {
        Octets.put32(high, 0, sequenceHigh);
        mac.update(high);
    }

    private void finishMac() {
        try {
            mac.doFinal(fullMac, 0);
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(integrity.macName(), e);
        }
        System.arraycopy(fullMac, 0, computedIcv, 0, computedIcv.length);
    }

    private void drawIv(byte[] array, int offset) {
        if (ivsUsed == ivs.length) {
            ivSource.nextBytes(ivs);
            ivsUsed = 0;
        }
        System.arraycopy(ivs, ivsUsed, array, offset, IV_LENGTH);
        ivsUsed += IV_LENGTH;
    }

    private void requireLive() {
        if (destroyed) {
            throw new IllegalStateException("this cipher's keys were wiped");
        }
    }
}
