package jkipsec.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Octets to transfer, and their SHA-256. */
final class TestData {
    private static final int CHUNK = 64 * 1024;

    private TestData() {}

    /**
     * Sends octets that look random.
     *
     * @param to where to
     * @param octets how many
     * @param seed which; the same seed gives the same octets
     * @return the SHA-256 of what was sent
     * @throws IOException when sending fails
     */
    static byte[] send(OutputStream to, int octets, long seed) throws IOException {
        var random = new SplittableRandom(seed);
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        for (int left = octets; left > 0; left -= CHUNK) {
            random.nextBytes(chunk);
            int count = Math.min(left, CHUNK);
            digest.update(chunk, 0, count);
            to.write(chunk, 0, count);
        }
        return digest.digest();
    }

    /**
     * Receives octets.
     *
     * @param from where from
     * @param octets how many to read
     * @return the SHA-256 of what was received
     * @throws IOException when receiving fails or ends early
     */
    static byte[] digest(InputStream from, int octets) throws IOException {
        return digest(sha256(), from, octets, octets);
    }

    /**
     * Receives octets of which the first was read already.
     *
     * @param first the first octet, or -1 when the stream had ended
     * @param from where the others come from
     * @param octets how many there are with the first
     * @return the SHA-256 of all
     * @throws IOException when receiving fails or ends early
     */
    static byte[] digestAfter(int first, InputStream from, int octets) throws IOException {
        if (first < 0) {
            throw early(0, octets);
        }
        MessageDigest digest = sha256();
        digest.update((byte) first);
        return digest(digest, from, octets - 1, octets);
    }

    private static byte[] digest(MessageDigest digest, InputStream from, int left, int all) throws IOException {
        byte[] chunk = new byte[CHUNK];
        while (left > 0) {
            int count = from.read(chunk, 0, Math.min(left, CHUNK));
            if (count < 0) {
                throw early(all - left, all);
            }
            digest.update(chunk, 0, count);
            left -= count;
        }
        return digest.digest();
    }

    private static EOFException early(int received, int expected) {
        return new EOFException("the stream ended after " + received + " of " + expected + " octets");
    }

    /**
     * Shortens a digest for people.
     *
     * @param digest a digest
     * @return its first four octets in hexadecimal, and an ellipsis
     */
    static String brief(byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, 4) + "...";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException("every Java platform has SHA-256", every);
        }
    }
}
