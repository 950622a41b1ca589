package jkipsec.ike;

import java.util.Objects;

/**
 * The post-quantum pre-shared key that a device has with a gateway (RFC 8784).
 *
 * @param key the key; not destroyed by the IKE SA
 * @param mandatory whether the device rather gives up than does without: then nobody in between can make it
 */
public record PpkUse(Ppk key, boolean mandatory) {
    /** Checks that there is a key. */
    public PpkUse {
        Objects.requireNonNull(key, "key");
    }
}
