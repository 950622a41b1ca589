package jkipsec.crypto;

import java.security.SecureRandom;
import jkipsec.bytes.RandomSource;

/** Gives the Java platform's signers our randomness, so that the same source makes the same signature. */
final class SourceRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient RandomSource source;

    SourceRandom(RandomSource source) {
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
    public String getAlgorithm() {
        return "RandomSource";
    }

    @Override
    public String toString() {
        return "SourceRandom";
    }
}
