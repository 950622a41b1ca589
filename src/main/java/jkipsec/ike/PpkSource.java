package jkipsec.ike;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds a device's post-quantum pre-shared key by the name that the device sends (RFC 8784 §3). Asked on the thread of
 * the state machine: it must answer at once, and must not throw.
 */
@FunctionalInterface
public interface PpkSource {
    /**
     * Finds a key.
     *
     * @param id what the device sent, not verified in any way
     * @return the key, which remains the source's; nothing when there is none of this name
     */
    Optional<Ppk> find(PpkId id);

    /**
     * Finds keys among some.
     *
     * @param keys the keys
     * @return a source with these and no more
     */
    static PpkSource of(Ppk... keys) {
        List<Ppk> all = List.copyOf(Arrays.asList(keys));
        return id -> all.stream().filter(key -> key.id().equals(id)).findFirst();
    }
}
