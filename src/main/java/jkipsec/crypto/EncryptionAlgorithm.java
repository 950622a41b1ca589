package jkipsec.crypto;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Encryption algorithms of IKEv2 and ESP: transform type 1 of RFC 7296 §3.3.2. Which of its key lengths is used stands
 * in {@link CipherSuite}.
 *
 * <p>Immutable and thread-safe.
 */
public enum EncryptionAlgorithm {
    /** AES-CBC of RFC 3602: random IV of 16 octets, plaintext padded to blocks of 16. */
    AES_CBC(12, 16, 16, 0, 0, List.of(128, 192, 256)),

    /** AES-GCM with an ICV of 16 octets, RFC 4106 in ESP and RFC 5282 in IKEv2: explicit IV of 8, salt of 4. */
    AES_GCM_16(20, 8, 1, 16, 4, List.of(128, 192, 256)),

    /** ChaCha20-Poly1305 of RFC 7634: a key of 256 bits, explicit IV of 8 octets, ICV of 16, salt of 4. */
    CHACHA20_POLY1305(28, 8, 1, 16, 4, List.of(256));

    private final int transformId;
    private final int ivLength;
    private final int blockSize;
    private final int icvLength;
    private final int saltLength;
    private final List<Integer> keyBits;

    EncryptionAlgorithm(int transformId, int ivLength, int blockSize, int icvLength, int saltLength,
            List<Integer> keyBits) {
        this.transformId = transformId;
        this.ivLength = ivLength;
        this.blockSize = blockSize;
        this.icvLength = icvLength;
        this.saltLength = saltLength;
        this.keyBits = keyBits;
    }

    /**
     * Finds the algorithm a peer names.
     *
     * @param transformId a transform ID of type 1
     * @return the algorithm, or empty when it is not implemented
     */
    public static Optional<EncryptionAlgorithm> of(int transformId) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.transformId == transformId).findFirst();
    }

    /**
     * The IANA transform ID.
     *
     * @return a transform ID of type 1
     */
    public int transformId() {
        return transformId;
    }

    /**
     * The IV carried in each packet.
     *
     * @return octets
     */
    public int ivLength() {
        return ivLength;
    }

    /**
     * What a plaintext's length must be a multiple of. ESP aligns to 4 octets besides (RFC 4303 §2.4).
     *
     * @return octets, 1 when any length will do
     */
    public int blockSize() {
        return blockSize;
    }

    /**
     * The integrity check value the algorithm makes by itself.
     *
     * @return octets, 0 when it needs an integrity algorithm beside it
     */
    public int icvLength() {
        return icvLength;
    }

    /**
     * The salt that stands behind the key in the key material (RFC 4106 §8.1, RFC 7634 §2).
     *
     * @return octets, 0 when there is none
     */
    public int saltLength() {
        return saltLength;
    }

    /**
     * The lengths a key may have.
     *
     * @return bits, the shortest first; the salt does not count
     */
    public List<Integer> keyBits() {
        return keyBits;
    }

    /**
     * Whether a proposal names the key length in a Key Length attribute. An algorithm of one length must be offered,
     * and is accepted, without it (RFC 7296 §3.3.5).
     *
     * @return true when there are several lengths
     */
    public boolean hasKeyLengthAttribute() {
        return keyBits.size() > 1;
    }

    /**
     * Whether it encrypts and authenticates at once, so that no integrity algorithm is negotiated (RFC 5282 §8).
     *
     * @return true for an AEAD
     */
    public boolean isAead() {
        return icvLength > 0;
    }
}
