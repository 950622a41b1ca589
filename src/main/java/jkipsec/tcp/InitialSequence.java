package jkipsec.tcp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Octets;
import jkipsec.bytes.RandomSource;

/**
 * Chooses initial sequence numbers (RFC 6528 §3): ISN = M + F(four-tuple, secret), where M ticks every four
 * microseconds and F is the beginning of a SHA-256 hash. Confined to the stack's thread.
 */
final class InitialSequence {
    private static final int SECRET_LENGTH = 32;
    private static final long TICK_NANOS = 4_000;

    private final byte[] secret;
    private final MessageDigest sha256;

    InitialSequence(RandomSource random) {
        secret = random.bytes(SECRET_LENGTH);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    int choose(FourTuple tuple, long now) {
        return (int) (now / TICK_NANOS) + Octets.i32(hash(tuple), 0);
    }

    /** Where a four-tuple's timestamps begin: another part of the same hash (RFC 7323 §7.1). */
    int timestampOffset(FourTuple tuple) {
        return Octets.i32(hash(tuple), 4);
    }

    private byte[] hash(FourTuple tuple) {
        byte[] input = new ByteWriter(96)
                .bytes(tuple.local().toByteArray())
                .u16(tuple.localPort())
                .bytes(tuple.remote().toByteArray())
                .u16(tuple.remotePort())
                .bytes(secret)
                .toByteArray();
        return sha256.digest(input);
    }
}
