package jkipsec.crypto;

import java.security.SecureRandom;
import jkipsec.bytes.RandomSource;

/**
 * Lends a {@link RandomSource} to those interfaces of the JDK and of Bouncy Castle that insist on a
 * {@link SecureRandom}. It is the one place where the core names that class, and it adds no randomness of its own: the
 * same source gives the same keys.
 */
final class SourceRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient RandomSource source;

    SourceRandom(RandomSource source) {
        // No provider's generator stands behind this object; every method that would use one is overridden.
        super(null, null);
        this.source = source;
    }

    @Override
    public void nextBytes(byte[] octets) {
        source.nextBytes(octets);
    }

    @Override
    public byte[] generateSeed(int count) {
        return source.bytes(count);
    }

    @Override
    public void setSeed(long seed) {
        // The source seeds itself. java.util.Random's constructor calls this before there is one.
    }

    @Override
    public void setSeed(byte[] seed) {
        // As above.
    }

    @Override
    public String getAlgorithm() {
        return "RandomSource";
    }
}
