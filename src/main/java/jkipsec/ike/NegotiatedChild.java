package jkipsec.ike;

import java.util.Objects;
import java.util.Optional;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;

/**
 * The algorithms agreed on for a Child SA.
 *
 * @param suite encryption and integrity
 * @param keyExchanges the key exchanges of its own that it was made with; empty in IKE_AUTH and without PFS
 * @param extended whether sequence numbers are of 64 bits (RFC 4303 §2.2.1)
 */
public record NegotiatedChild(CipherSuite suite, Optional<KeyExchanges> keyExchanges, boolean extended) {
    /** Checks that there is a suite. */
    public NegotiatedChild {
        Objects.requireNonNull(suite, "suite");
        Objects.requireNonNull(keyExchanges, "keyExchanges");
    }

    /**
     * The first of its key exchanges.
     *
     * @return the method, if it has one
     */
    public Optional<KeyExchangeMethod> method() {
        return keyExchanges.map(KeyExchanges::first);
    }

    /** Names the algorithms, those with which the Child SA is more than the least. */
    @Override
    public String toString() {
        return suite + keyExchanges.map(all -> ", " + all).orElse("") + (extended ? ", ESN" : "");
    }
}
