package jkipsec.crypto;

import java.util.Objects;
import java.util.stream.Collectors;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;

/**
 * How packets are protected: what was negotiated for one IKE or Child SA, less the PRF and the key exchange.
 *
 * @param encryption the encryption algorithm
 * @param keyBits the length of its key in bits, one of {@link EncryptionAlgorithm#keyBits()}; proposals name it only if
 *        {@link EncryptionAlgorithm#hasKeyLengthAttribute()} (RFC 7296 §3.3.5)
 * @param integrity the integrity algorithm; {@link IntegrityAlgorithm#NONE} exactly when the encryption is an AEAD
 */
public record CipherSuite(EncryptionAlgorithm encryption, int keyBits, IntegrityAlgorithm integrity) {
    /** AES-GCM with a key of 256 bits and an ICV of 16 octets. */
    public static final CipherSuite AES_GCM_16_256 =
            new CipherSuite(EncryptionAlgorithm.AES_GCM_16, 256, IntegrityAlgorithm.NONE);

    /** AES-GCM with a key of 128 bits and an ICV of 16 octets. */
    public static final CipherSuite AES_GCM_16_128 =
            new CipherSuite(EncryptionAlgorithm.AES_GCM_16, 128, IntegrityAlgorithm.NONE);

    /** ChaCha20-Poly1305, whose keys all have 256 bits. */
    public static final CipherSuite CHACHA20_POLY1305 =
            new CipherSuite(EncryptionAlgorithm.CHACHA20_POLY1305, 256, IntegrityAlgorithm.NONE);

    /** AES-CBC with a key of 256 bits, and HMAC-SHA-256 cut to 16 octets. */
    public static final CipherSuite AES_CBC_256_HMAC_SHA2_256_128 =
            new CipherSuite(EncryptionAlgorithm.AES_CBC, 256, IntegrityAlgorithm.HMAC_SHA2_256_128);

    /** AES-CBC with a key of 256 bits, and HMAC-SHA-384 cut to 24 octets. */
    public static final CipherSuite AES_CBC_256_HMAC_SHA2_384_192 =
            new CipherSuite(EncryptionAlgorithm.AES_CBC, 256, IntegrityAlgorithm.HMAC_SHA2_384_192);

    /** AES-CBC with a key of 256 bits, and HMAC-SHA-512 cut to 32 octets. */
    public static final CipherSuite AES_CBC_256_HMAC_SHA2_512_256 =
            new CipherSuite(EncryptionAlgorithm.AES_CBC, 256, IntegrityAlgorithm.HMAC_SHA2_512_256);

    /**
     * Checks that the parts fit together.
     *
     * @throws IllegalArgumentException when the algorithm has no keys of this length, or when not exactly one of the
     *         two algorithms protects integrity
     */
    public CipherSuite {
        Objects.requireNonNull(encryption, "encryption");
        Objects.requireNonNull(integrity, "integrity");
        if (!encryption.keyBits().contains(keyBits)) {
            throw new IllegalArgumentException(encryption.keyBits().stream().map(String::valueOf)
                    .collect(Collectors.joining(" or ", encryption + " keys have ", " bits, not " + keyBits)));
        }
        if (encryption.isAead() != (integrity == IntegrityAlgorithm.NONE)) {
            throw new IllegalArgumentException(encryption
                    + (encryption.isAead() ? " protects integrity itself: use NONE, not "
                            : " needs an integrity algorithm beside it, not ") + integrity);
        }
    }

    /**
     * How much key material the encryption takes, salt included (SK_ei, SK_er or an ESP encryption key).
     *
     * @return octets
     */
    public int encryptionKeyLength() {
        return keyBits / 8 + encryption.saltLength();
    }

    /**
     * How much key material the integrity algorithm takes (SK_ai, SK_ar or an ESP authentication key).
     *
     * @return octets, 0 with an AEAD
     */
    public int integrityKeyLength() {
        return integrity.keyLength();
    }

    /**
     * The IV carried in each packet.
     *
     * @return octets
     */
    public int ivLength() {
        return encryption.ivLength();
    }

    /**
     * The integrity check value at the end of each packet.
     *
     * @return octets
     */
    public int icvLength() {
        return encryption.isAead() ? encryption.icvLength() : integrity.icvLength();
    }

    /**
     * What the length of a plaintext must be a multiple of. ESP aligns to 4 octets besides (RFC 4303 §2.4).
     *
     * @return octets: 16 with CBC, 1 with an AEAD
     */
    public int blockSize() {
        return encryption.blockSize();
    }

    /**
     * Makes the cipher for the packets of one direction. The keys are copied: the caller may wipe its own.
     *
     * @param encryptionKey {@link #encryptionKeyLength()} octets, the salt last
     * @param integrityKey {@link #integrityKeyLength()} octets, so an empty secret with an AEAD
     * @param ivs where unpredictable IVs come from, when the algorithm wants such; used when packets are sealed
     * @return a cipher confined to one thread at a time
     * @throws IllegalArgumentException when a key has the wrong length
     */
    public PacketCipher cipher(Secret encryptionKey, Secret integrityKey, RandomSource ivs) {
        requireLength("encryption", encryptionKeyLength(), encryptionKey);
        requireLength("integrity", integrityKeyLength(), integrityKey);
        Objects.requireNonNull(ivs, "ivs");
        return switch (encryption) {
            case AES_GCM_16 -> new AeadPacketCipher(AeadMode.AES_GCM, encryptionKey);
            case CHACHA20_POLY1305 -> new AeadPacketCipher(AeadMode.CHACHA20_POLY1305, encryptionKey);
            case AES_CBC -> new CbcHmacPacketCipher(encryptionKey, integrity, integrityKey, ivs);
        };
    }

    /** Names the algorithms, as in {@code AES_CBC_256/HMAC_SHA2_256_128} or {@code CHACHA20_POLY1305}. */
    @Override
    public String toString() {
        return encryption + (encryption.hasKeyLengthAttribute() ? "_" + keyBits : "")
                + (encryption.isAead() ? "" : "/" + integrity);
    }

    private void requireLength(String name, int length, Secret key) {
        if (key.length() != length) {
            throw new IllegalArgumentException(
                    this + " takes " + length + " octets of " + name + " key, not " + key.length());
        }
    }
}
