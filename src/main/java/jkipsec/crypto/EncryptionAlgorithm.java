package jkipsec.crypto;

import java.util.Arrays;
import java.util.Optional;

/**
 * Encryption algorithms of IKEv2 and ESP: transform type 1 of RFC 7296 §3.3.2. The key length is an attribute of the
 * negotiation and stands in {@link CipherSuite}.
 */
public enum EncryptionAlgorithm {
    /** AES-CBC of RFC 3602: random IV of 16 octets, plaintext padded to blocks of 16. */
    AES_CBC(12, 16, 16, 0, 0),

    /** AES-GCM with an ICV of 16 octets, RFC 4106 in ESP and RFC 5282 in IKEv2: explicit IV of 8, salt of 4. */
    AES_GCM_16(20, 8, 1, 16, 4);

    private final int transformId;
    private final int ivLength;
    private final int blockSize;
    private final int icvLength;
    private final int saltLength;

    EncryptionAlgorithm(int transformId, int ivLength, int blockSize, int icvLength, int saltLength) {
        this.transformId = transformId;
        this.ivLength = ivLength;
        this.blockSize = blockSize;
        this.icvLength = icvLength;
        this.saltLength = saltLength;
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
     * The salt that stands behind the key in the key material (RFC 4106 §8.1).
     *
     * @return octets, 0 when there is none
     */
    public int saltLength() {
        return saltLength;
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
