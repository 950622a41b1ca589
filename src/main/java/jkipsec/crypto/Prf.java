package jkipsec.crypto;

import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import jkipsec.bytes.Secret;

/**
 * Pseudo-random functions of IKEv2: transform type 2 of RFC 7296 §3.3.2, and the key derivation prf+ of §2.13.
 *
 * <p>Immutable and thread-safe.
 */
public enum Prf {
    /** PRF_HMAC_SHA2_256 of RFC 4868 §2.1.2: HMAC with SHA-256, not truncated. */
    HMAC_SHA2_256(5, "HmacSHA256", 32),

    /** PRF_HMAC_SHA2_384 of RFC 4868 §2.1.2: HMAC with SHA-384, not truncated. */
    HMAC_SHA2_384(6, "HmacSHA384", 48),

    /** PRF_HMAC_SHA2_512 of RFC 4868 §2.1.2: HMAC with SHA-512, not truncated. */
    HMAC_SHA2_512(7, "HmacSHA512", 64);

    /** prf+ counts its blocks in one octet, RFC 7296 §2.13. */
    private static final int MOST_BLOCKS = 255;

    private final int transformId;
    private final String macName;
    private final int outputLength;

    Prf(int transformId, String macName, int outputLength) {
        this.transformId = transformId;
        this.macName = macName;
        this.outputLength = outputLength;
    }

    /**
     * Finds the function a peer names.
     *
     * @param transformId a transform ID of type 2
     * @return the function, or empty when it is not implemented
     */
    public static Optional<Prf> of(int transformId) {
        return Arrays.stream(values()).filter(prf -> prf.transformId == transformId).findFirst();
    }

    /**
     * The IANA transform ID.
     *
     * @return a transform ID of type 2
     */
    public int transformId() {
        return transformId;
    }

    /**
     * How much one application gives.
     *
     * @return octets
     */
    public int outputLength() {
        return outputLength;
    }

    /**
     * The preferred length of a key: that of SK_d, SK_pi and SK_pr (RFC 7296 §2.14). Keys of any length are accepted.
     *
     * @return octets
     */
    public int keyLength() {
        return outputLength;
    }

    /**
     * Applies the function: prf(key, data).
     *
     * @param key the key, of any length
     * @param data the parts of the data, one after the other
     * @return {@link #outputLength()} octets
     */
    public byte[] apply(Secret key, byte[]... data) {
        return apply(key.expose(), data);
    }

    /**
     * Applies the function with a key that is not secret, such as the nonces that key SKEYSEED.
     *
     * @param key the key, of any length
     * @param data the parts of the data, one after the other
     * @return {@link #outputLength()} octets
     */
    public byte[] apply(byte[] key, byte[]... data) {
        Mac mac = keyed(key);
        for (byte[] part : data) {
            mac.update(part);
        }
        byte[] output = mac.doFinal();
        Jdk.rekeyWithZeros(mac, outputLength);
        return output;
    }

    /**
     * Stretches a key: the first octets of prf+(key, seed) = T1 | T2 | …, where Tn = prf(key, Tn-1 | seed | n).
     *
     * @param key the key
     * @param seed the seed
     * @param length how many octets are needed, from 0 to 255 times {@link #outputLength()}
     * @return that many octets of key material, the caller's to wipe
     * @throws IllegalArgumentException when the length is outside that range
     */
    public byte[] prfPlus(Secret key, byte[] seed, int length) {
        if (length < 0 || length > MOST_BLOCKS * outputLength) {
            throw new IllegalArgumentException(
                    "prf+ gives 0 to " + MOST_BLOCKS * outputLength + " octets with " + this + ", not " + length);
        }
        byte[] stream = new byte[length];
        byte[] block = new byte[0];
        Mac mac = keyed(key.expose());
        int counter = 1;
        for (int done = 0; done < length; done += outputLength) {
            mac.update(block);
            mac.update(seed);
            mac.update((byte) counter++);
            Arrays.fill(block, (byte) 0);
            block = mac.doFinal();
            System.arraycopy(block, 0, stream, done, Math.min(outputLength, length - done));
        }
        Arrays.fill(block, (byte) 0);
        Jdk.rekeyWithZeros(mac, outputLength);
        return stream;
    }

    private Mac keyed(byte[] key) {
        RawKey raw = RawKey.copyOf(macName, key);
        Mac mac = Jdk.mac(macName, raw);
        raw.destroy();
        return mac;
    }
}
