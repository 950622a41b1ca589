package jkipsec.crypto;

import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * A key for the JDK's ciphers that can be wiped, which {@link javax.crypto.spec.SecretKeySpec} cannot, and that may be
 * empty, as RFC 2104 allows and that class does not.
 */
final class RawKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final String algorithm;
    private final transient byte[] octets;

    /** Takes over the array. */
    private RawKey(String algorithm, byte[] octets) {
        this.algorithm = algorithm;
        this.octets = octets;
    }

    static RawKey copyOf(String algorithm, byte[] octets) {
        return new RawKey(algorithm, octets.clone());
    }

    static RawKey copyOfRange(String algorithm, byte[] octets, int from, int to) {
        return new RawKey(algorithm, Arrays.copyOfRange(octets, from, to));
    }

    /** A key of zeros, to push a used one out of a cipher that is to be forgotten. */
    static RawKey blank(String algorithm, int length) {
        return new RawKey(algorithm, new byte[length]);
    }

    int length() {
        return octets.length;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return octets.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(octets, (byte) 0);
    }

    @Override
    public String toString() {
        return algorithm + " key of " + octets.length + " octets";
    }
}
