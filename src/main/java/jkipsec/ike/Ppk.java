package jkipsec.ike;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import jkipsec.bytes.Secret;

/**
 * A post-quantum pre-shared key (RFC 8784): mixed into the keys of an IKE SA, so that who can break all its key exchanges
 * still has to have it. It does not say who somebody is; that is proved beside.
 *
 * <p>Immutable until it is destroyed. It does not print.
 */
public final class Ppk {
    private final PpkId id;
    private final Secret secret;

    private Ppk(PpkId id, Secret secret) {
        this.id = Objects.requireNonNull(id, "id");
        if (secret.length() == 0) {
            throw new IllegalArgumentException("the PPK " + id + " is empty; take 32 random octets or more");
        }
        this.secret = secret;
    }

    /**
     * A key with a name.
     *
     * @param name by which the other side finds it
     * @param secret the key, at least 32 random octets if it is to withstand quantum computers (§6); copied
     * @return the key
     * @throws IllegalArgumentException when the name or the key is empty
     */
    public static Ppk of(String name, byte[] secret) {
        return of(PpkId.of(name), secret);
    }

    /**
     * A key with a name, both as text, as strongSwan and others have it in files.
     *
     * @param name by which the other side finds it
     * @param secret the key, whose octets are those of the text in UTF-8
     * @return the key
     * @throws IllegalArgumentException when the name or the key is empty
     */
    public static Ppk of(String name, String secret) {
        return of(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A key with any identity.
     *
     * @param id by which the other side finds it
     * @param secret the key; copied
     * @return the key
     * @throws IllegalArgumentException when the key is empty
     */
    public static Ppk of(PpkId id, byte[] secret) {
        return new Ppk(id, Secret.copyOf(secret));
    }

    /**
     * Its name.
     *
     * @return the identity, which is no secret
     */
    public PpkId id() {
        return id;
    }

    Secret secret() {
        return secret;
    }

    /** Wipes the key; then it is of no more use. */
    public void destroy() {
        secret.destroy();
    }

    /** Says its name alone. */
    @Override
    public String toString() {
        return "Ppk[" + id + "]";
    }
}
