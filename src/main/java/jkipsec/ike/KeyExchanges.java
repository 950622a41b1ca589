package jkipsec.ike;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jkipsec.crypto.KeyExchangeMethod;

/**
 * The key exchanges that two sides agreed on for one SA (RFC 9370 §2.2).
 *
 * @param first the one that the exchange which makes the SA does itself
 * @param additional those that follow it, by their number from 1 to 7; mostly none
 */
public record KeyExchanges(KeyExchangeMethod first, SortedMap<Integer, KeyExchangeMethod> additional) {
    /** Copies the map. */
    public KeyExchanges {
        Objects.requireNonNull(first, "first");
        additional = Collections.unmodifiableSortedMap(new TreeMap<>(additional));
    }

    /**
     * One key exchange alone.
     *
     * @param method the method
     * @return no more than that
     */
    public static KeyExchanges of(KeyExchangeMethod method) {
        return new KeyExchanges(method, new TreeMap<>(Map.of()));
    }

    /** The additional ones in the order in which they are done. */
    Collection<KeyExchangeMethod> inOrder() {
        return additional.values();
    }

    /** The names in order, such as {@code CURVE25519 and ML_KEM_768}. */
    @Override
    public String toString() {
        return first + additional.values().stream().map(method -> " and " + method).collect(Collectors.joining());
    }
}
