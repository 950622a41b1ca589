package jkipsec.crypto;

import java.util.Arrays;
import java.util.Optional;

/** Integrity algorithms of IKEv2 and ESP: transform type 3 of RFC 7296 §3.3.2. */
public enum IntegrityAlgorithm {
    /** None: an AEAD protects the packet by itself. */
    NONE(0, "", 0, 0, 0),

    /** AUTH_HMAC_SHA2_256_128 of RFC 4868 §2.3: HMAC with SHA-256, of which the first 16 octets are sent. */
    HMAC_SHA2_256_128(12, "HmacSHA256", 32, 32, 16),

    /** AUTH_HMAC_SHA2_384_192 of RFC 4868 §2.3: HMAC with SHA-384, of which the first 24 octets are sent. */
    HMAC_SHA2_384_192(13, "HmacSHA384", 48, 48, 24),

    /** AUTH_HMAC_SHA2_512_256 of RFC 4868 §2.3: HMAC with SHA-512, of which the first 32 octets are sent. */
    HMAC_SHA2_512_256(14, "HmacSHA512", 64, 64, 32);

    private final int transformId;
    private final String macName;
    private final int keyLength;
    private final int macLength;
    private final int icvLength;

    IntegrityAlgorithm(int transformId, String macName, int keyLength, int macLength, int icvLength) {
        this.transformId = transformId;
        this.macName = macName;
        this.keyLength = keyLength;
        this.macLength = macLength;
        this.icvLength = icvLength;
    }

    /**
     * Finds the algorithm a peer names.
     *
     * @param transformId a transform ID of type 3
     * @return the algorithm, or empty when it is not implemented
     */
    public static Optional<IntegrityAlgorithm> of(int transformId) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.transformId == transformId).findFirst();
    }

    /**
     * The IANA transform ID.
     *
     * @return a transform ID of type 3
     */
    public int transformId() {
        return transformId;
    }

    /**
     * The key's length, which is fixed (RFC 4868 §2.1.1).
     *
     * @return octets
     */
    public int keyLength() {
        return keyLength;
    }

    /**
     * The part of the MAC that is sent.
     *
     * @return octets
     */
    public int icvLength() {
        return icvLength;
    }

    /** The JDK's name for the MAC. */
    String macName() {
        return macName;
    }

    /** The MAC's length before it is cut to {@link #icvLength()}. */
    int macLength() {
        return macLength;
    }
}
