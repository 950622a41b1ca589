package jkipsec.ike;

import java.util.Objects;
import java.util.Optional;

/**
 * What a gateway does with post-quantum pre-shared keys (RFC 8784).
 *
 * @param source where it finds them; nothing when it uses none
 * @param mandatory whether devices without are refused
 */
public record PpkPolicy(Optional<PpkSource> source, boolean mandatory) {
    /**
     * Checks that who demands keys has some.
     *
     * @throws IllegalArgumentException when it is mandatory without a source
     */
    public PpkPolicy {
        Objects.requireNonNull(source, "source");
        if (mandatory && source.isEmpty()) {
            throw new IllegalArgumentException("a gateway that demands PPKs needs some: give a PpkSource");
        }
    }

    /**
     * No such keys.
     *
     * @return the policy
     */
    public static PpkPolicy none() {
        return new PpkPolicy(Optional.empty(), false);
    }
}
