package jkipsec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.regex.Pattern;
import jkipsec.bytes.Hex;
import jkipsec.bytes.Octets;
import jkipsec.bytes.Secret;
import jkipsec.crypto.Prf;

/**
 * What is kept of a pre-shared key: the 32 octets prf(PSK, "Key Pad for IKEv2") of RFC 7296 §2.15, with HMAC-SHA-256 as
 * the prf.
 *
 * <p>It is all that IKE needs, so the PSK itself need not be stored anywhere. It is not a password hash: whoever has it
 * can log in as the device, and a weak PSK can be found from it by trying. Keep it like a key.
 *
 * <p>Immutable and safe to share between threads. It does not print: {@link #toString()} says nothing of its value, and
 * only {@link #toHex()} gives it out. Comparing takes the same time whatever the values.
 */
public final class AuthKey {
    private static final int LENGTH = 32;
    private static final byte[] KEY_PAD = "Key Pad for IKEv2".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{64}");

    private final byte[] octets;

    private AuthKey(byte[] octets) {
        this.octets = octets;
    }

    /**
     * Derives the key from a pre-shared key typed as text, taken as UTF-8. The array is left as it is: wipe it.
     *
     * @param psk the pre-shared key, not empty
     * @return the key to keep
     * @throws IllegalArgumentException when the pre-shared key is empty
     */
    public static AuthKey derive(char[] psk) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(psk));
        byte[] octets = new byte[encoded.remaining()];
        encoded.get(octets);
        try {
            return derive(octets);
        } finally {
            Arrays.fill(encoded.array(), (byte) 0);
            Arrays.fill(octets, (byte) 0);
        }
    }

    /**
     * Derives the key from a pre-shared key given as text, taken as UTF-8.
     *
     * @param psk the pre-shared key, not empty
     * @return the key to keep
     * @throws IllegalArgumentException when the pre-shared key is empty
     */
    public static AuthKey derive(String psk) {
        return derive(psk.toCharArray());
    }

    /**
     * Derives the key from a pre-shared key given as octets.
     *
     * @param psk the pre-shared key, not empty; neither kept nor changed
     * @return the key to keep
     * @throws IllegalArgumentException when the pre-shared key is empty
     */
    public static AuthKey derive(byte[] psk) {
        if (psk.length == 0) {
            throw new IllegalArgumentException("the pre-shared key is empty; give at least one octet, better 16");
        }
        return new AuthKey(Prf.HMAC_SHA2_256.apply(psk, KEY_PAD));
    }

    /**
     * Reads a key as {@link #toHex()} writes it.
     *
     * @param text 64 hexadecimal digits in either case, with any white space around
     * @return the key
     * @throws IllegalArgumentException when the text is something else, such as the PSK itself; the message does not
     *     repeat it
     */
    public static AuthKey parse(String text) {
        String digits = text.strip();
        if (!TEXT.matcher(digits).matches()) {
            throw new IllegalArgumentException("an authentication key is 64 hexadecimal digits, not " + digits.length()
                    + " characters; AuthKey.derive makes one from a pre-shared key");
        }
        return new AuthKey(Hex.parse(digits));
    }

    /**
     * Writes the key for a file or a database. The text is as secret as the key.
     *
     * @return 64 lower-case hexadecimal digits, which {@link #parse} reads
     */
    public String toHex() {
        return Hex.of(octets);
    }

    /** The key for the protocol core; the caller destroys its copy. */
    Secret secret() {
        return Secret.copyOf(octets);
    }

    /** Compares in the same time whatever the values. */
    @Override
    public boolean equals(Object other) {
        return other instanceof AuthKey key && MessageDigest.isEqual(octets, key.octets);
    }

    /** Taken from a digest made of the key, which says nothing about the key to whoever sees the hash code. */
    @Override
    public int hashCode() {
        return Octets.i32(Prf.HMAC_SHA2_256.apply(octets, new byte[LENGTH]), 0);
    }

    /** Says nothing of the value. */
    @Override
    public String toString() {
        return "AuthKey[" + LENGTH + " octets]";
    }
}
