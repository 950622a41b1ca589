package jkipsec.eap;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jkipsec.bytes.Hex;
import jkipsec.bytes.Secret;
import org.bouncycastle.crypto.digests.MD4Digest;

/**
 * The NT hash of a password: MD4 of its characters as UTF-16LE (RFC 2759 §8.3). All that MS-CHAPv2 needs of a password,
 * and as good as one: whoever has it can log in, and weak passwords are quickly found from it. Keep it like a password.
 *
 * <p>It neither prints nor compares. Immutable until it is destroyed.
 */
public final class NtHash implements AutoCloseable {
    /** Octets of a hash. */
    public static final int LENGTH = 16;

    /** RFC 2759 §8.3 allows passwords of so many characters. */
    private static final int MOST_CHARACTERS = 256;

    private final Secret octets;

    private NtHash(Secret octets) {
        this.octets = octets;
    }

    /**
     * Hashes a password. The array is left as it is: wipe it.
     *
     * @param password 0 to 256 characters
     * @return its hash
     * @throws IllegalArgumentException when the password is longer
     */
    public static NtHash of(char[] password) {
        if (password.length > MOST_CHARACTERS) {
            throw new IllegalArgumentException("an MS-CHAPv2 password has at most " + MOST_CHARACTERS
                    + " characters, not " + password.length);
        }
        ByteBuffer encoded = StandardCharsets.UTF_16LE.encode(CharBuffer.wrap(password));
        byte[] unicode = encoded.array();
        try {
            return new NtHash(Secret.owning(md4(unicode, encoded.limit())));
        } finally {
            Arrays.fill(unicode, (byte) 0);
        }
    }

    /**
     * Hashes a password.
     *
     * @param password 0 to 256 characters
     * @return its hash
     * @throws IllegalArgumentException when the password is longer
     */
    public static NtHash of(String password) {
        return of(password.toCharArray());
    }

    /**
     * Reads a hash as directories and password tools keep it.
     *
     * @param text 32 hexadecimal digits in either case, with any white space around
     * @return the hash
     * @throws IllegalArgumentException when the text is something else; the message does not repeat it
     */
    public static NtHash parse(String text) {
        String digits = text.strip();
        if (!digits.matches("[0-9a-fA-F]{" + 2 * LENGTH + "}")) {
            throw new IllegalArgumentException("an NT hash is " + 2 * LENGTH + " hexadecimal digits, not "
                    + digits.length() + " characters; NtHash.of makes one from a password");
        }
        return new NtHash(Secret.owning(Hex.parse(digits)));
    }

    /**
     * Writes the hash as {@link #parse} reads it. Keep what it returns like a password.
     *
     * @return 32 lower-case hexadecimal digits
     */
    public String toHex() {
        return Hex.of(octets.expose());
    }

    /** The hash itself, for computing with it at once. */
    byte[] expose() {
        return octets.expose();
    }

    /** MD4 of the hash: HashNtPasswordHash of RFC 2759 §8.4. */
    Secret hashed() {
        return Secret.owning(md4(octets.expose(), LENGTH));
    }

    /**
     * Copies the hash, so that each owner can destroy its own.
     *
     * @return an equal hash
     */
    public NtHash copy() {
        return new NtHash(Secret.copyOf(octets.expose()));
    }

    /** Wipes the hash. Doing it again changes nothing. */
    public void destroy() {
        octets.destroy();
    }

    /** The same as {@link #destroy()}. */
    @Override
    public void close() {
        destroy();
    }

    private static byte[] md4(byte[] data, int length) {
        // The Java platform has no MD4; nothing but this protocol should want it.
        var digest = new MD4Digest();
        digest.update(data, 0, length);
        byte[] hash = new byte[LENGTH];
        digest.doFinal(hash, 0);
        return hash;
    }

    /** Says nothing of the value. */
    @Override
    public String toString() {
        return "NtHash[" + LENGTH + " octets]";
    }
}
