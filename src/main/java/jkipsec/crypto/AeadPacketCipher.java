package jkipsec.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import jkipsec.bytes.Octets;
import jkipsec.bytes.Secret;

/**
 * AES-GCM (RFC 4106 in ESP, RFC 5282 in IKEv2) or ChaCha20-Poly1305 (RFC 7634), which lie in a packet alike: an
 * explicit IV of 8 octets in front and an ICV of 16 behind.
 *
 * <p>The nonce is the salt (4 octets, the last of the key material) and the packet's IV. The IV is a count of the
 * packets sealed, so that it never repeats (RFC 4106 §3.1) whatever the sequence numbers do. In ESP with extended
 * sequence numbers the authenticated header is SPI, high half, low half (RFC 4106 §5, RFC 7634 §2.1).
 */
final class AeadPacketCipher implements PacketCipher {
    private static final int IV_LENGTH = EncryptionAlgorithm.AES_GCM_16.ivLength();
    private static final int ICV_LENGTH = AeadMode.ICV_LENGTH;
    private static final int SALT_LENGTH = EncryptionAlgorithm.AES_GCM_16.saltLength();

    private final AeadMode mode;
    private final RawKey key;
    /** Salt and IV; the JDK copies it, so one array serves every packet. */
    private final byte[] nonce = new byte[SALT_LENGTH + IV_LENGTH];
    private final byte[] extendedHeader = new byte[ESP_HEADER_LENGTH + 4];
    private final Cipher cipher;

    /**
     * Where packets are decrypted to: given one array for input and output the JDK's GCM takes a slower way, by more
     * than it costs to copy the plaintext back. Grows to the longest packet that was received.
     */
    private byte[] scratch = new byte[0];

    /** The next packet's IV. All 2^64 values are used once, then {@link #exhausted} is set. */
    private long nextIv;
    private boolean exhausted;
    private boolean destroyed;

    AeadPacketCipher(AeadMode mode, Secret keyMaterial) {
        this(mode, keyMaterial, 0);
    }

    /** Starts counting IVs at a chosen place, for tests. */
    AeadPacketCipher(AeadMode mode, Secret keyMaterial, long firstIv) {
        this.mode = mode;
        cipher = Jdk.cipher(mode.transformation());
        byte[] octets = keyMaterial.expose();
        int keyLength = octets.length - SALT_LENGTH;
        key = RawKey.copyOfRange(mode.keyAlgorithm(), octets, 0, keyLength);
        System.arraycopy(octets, keyLength, nonce, 0, SALT_LENGTH);
        nextIv = firstIv;
    }

    @Override
    public int ivLength() {
        return IV_LENGTH;
    }

    @Override
    public int icvLength() {
        return ICV_LENGTH;
    }

    @Override
    public int blockSize() {
        return EncryptionAlgorithm.AES_GCM_16.blockSize();
    }

    @Override
    public int seal(byte[] array, int offset, int headerLength, int plaintextLength) {
        return seal(array, offset, headerLength, plaintextLength, array, offset, headerLength);
    }

    @Override
    public int sealExtended(byte[] array, int offset, int plaintextLength, int sequenceHigh) {
        extendHeader(array, offset, sequenceHigh);
        return seal(array, offset, ESP_HEADER_LENGTH, plaintextLength, extendedHeader, 0, extendedHeader.length);
    }

    private int seal(byte[] array, int offset, int headerLength, int plaintextLength,
            byte[] aad, int aadOffset, int aadLength) {
        int total = headerLength + IV_LENGTH + plaintextLength + ICV_LENGTH;
        Objects.checkFromIndexSize(offset, total, array.length);
        int iv = offset + headerLength;
        Octets.put64(array, iv, takeIv());
        int text = iv + IV_LENGTH;
        try {
            init(Cipher.ENCRYPT_MODE, array, iv);
            cipher.updateAAD(aad, aadOffset, aadLength);
            // Output over input at the same place: the JDK needs no buffer between them.
            cipher.doFinal(array, text, plaintextLength, array, text);
            return total;
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(mode.transformation(), e);
        }
    }

    @Override
    public int open(byte[] array, int offset, int length, int headerLength) {
        return open(array, offset, length, headerLength, array, offset, headerLength);
    }

    @Override
    public int openExtended(byte[] array, int offset, int length, int sequenceHigh) {
        if (length < ESP_HEADER_LENGTH) {
            return -1;
        }
        extendHeader(array, offset, sequenceHigh);
        return open(array, offset, length, ESP_HEADER_LENGTH, extendedHeader, 0, extendedHeader.length);
    }

    private int open(byte[] array, int offset, int length, int headerLength,
            byte[] aad, int aadOffset, int aadLength) {
        Objects.checkFromIndexSize(offset, length, array.length);
        requireLive();
        int protectedLength = length - headerLength - IV_LENGTH;
        if (protectedLength < ICV_LENGTH) {
            return -1;
        }
        int iv = offset + headerLength;
        int text = iv + IV_LENGTH;
        try {
            init(Cipher.DECRYPT_MODE, array, iv);
            cipher.updateAAD(aad, aadOffset, aadLength);
            int textLength = cipher.doFinal(array, text, protectedLength, room(protectedLength), 0);
            System.arraycopy(scratch, 0, array, text, textLength);
            return textLength;
        } catch (AEADBadTagException e) {
            return -1;
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(mode.transformation(), e);
        }
    }

    @Override
    public void destroy() {
        if (!destroyed) {
            destroyed = true;
            Jdk.rekeyWithZeros(cipher, RawKey.blank(mode.keyAlgorithm(), key.length()),
                    mode.parameters(new byte[nonce.length]));
            key.destroy();
            Arrays.fill(nonce, (byte) 0);
            Arrays.fill(scratch, (byte) 0);
        }
    }

    private byte[] room(int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        return scratch;
    }

    private void init(int direction, byte[] array, int iv) throws GeneralSecurityException {
        System.arraycopy(array, iv, nonce, SALT_LENGTH, IV_LENGTH);
        cipher.init(direction, key, mode.parameters(nonce));
    }

    private void extendHeader(byte[] array, int offset, int sequenceHigh) {
        System.arraycopy(array, offset, extendedHeader, 0, 4);
        Octets.put32(extendedHeader, 4, sequenceHigh);
        System.arraycopy(array, offset + 4, extendedHeader, 8, 4);
    }

    private long takeIv() {
        requireLive();
        if (exhausted) {
            throw new IllegalStateException("2^64 packets were sealed with this key; another would repeat an IV");
        }
        long iv = nextIv++;
        exhausted = iv == -1;
        return iv;
    }

    private void requireLive() {
        if (destroyed) {
            throw new IllegalStateException("this cipher's keys were wiped");
        }
    }
}
