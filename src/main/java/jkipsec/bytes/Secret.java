package jkipsec.bytes;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Key material that does not print, does not compare by accident, and can be wiped.
 *
 * <p>It owns its array: the constructor copies, and {@link #destroy()} overwrites the octets with zeros. Using a
 * destroyed secret throws {@link IllegalStateException}. There is no {@code equals}: {@link #matches} compares in
 * constant time. Not thread-safe while being destroyed; immutable otherwise.
 */
public final class Secret implements AutoCloseable {
    private final byte[] octets;
    private boolean destroyed;

    private Secret(byte[] owned) {
        octets = owned;
    }

    /**
     * Copies octets into a secret; the caller still owns, and should wipe, its own array.
     *
     * @param octets the key material
     * @return a secret of its own
     */
    public static Secret copyOf(byte[] octets) {
        return new Secret(octets.clone());
    }

    /**
     * Copies a range into a secret.
     *
     * @param octets where the key material is
     * @param from the first octet
     * @param to the octet after the last
     * @return a secret of its own
     */
    public static Secret copyOfRange(byte[] octets, int from, int to) {
        return new Secret(Arrays.copyOfRange(octets, from, to));
    }

    /**
     * Makes the array itself the secret, without a copy; nobody else may keep a reference to it.
     *
     * @param octets the key material
     * @return the secret that now owns the array
     */
    public static Secret owning(byte[] octets) {
        return new Secret(octets);
    }

    /**
     * How long the secret is.
     *
     * @return octets
     */
    public int length() {
        return octets.length;
    }

    /**
     * The octets themselves, for handing to a cipher at once. Do not keep, print or change the array.
     *
     * @return the secret's own array
     * @throws IllegalStateException when the secret was destroyed
     */
    public byte[] expose() {
        if (destroyed) {
            throw new IllegalStateException("this key was wiped");
        }
        return octets;
    }

    /**
     * Compares in time that depends only on the lengths.
     *
     * @param other octets to compare with
     * @return true when equal
     */
    public boolean matches(byte[] other) {
        return MessageDigest.isEqual(expose(), other);
    }

    /** Overwrites the octets with zeros. Doing it again changes nothing. */
    public void destroy() {
        destroyed = true;
        Arrays.fill(octets, (byte) 0);
    }

    /** The same as {@link #destroy()}. */
    @Override
    public void close() {
        destroy();
    }

    /** Says only the size. */
    @Override
    public String toString() {
        return "Secret[" + octets.length + " octets]";
    }
}
