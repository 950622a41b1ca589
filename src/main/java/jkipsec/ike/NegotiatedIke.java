package jkipsec.ike;

import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;

/**
 * The algorithms that two sides agreed on for an IKE SA.
 *
 * @param suite encryption and integrity
 * @param prf the pseudo-random function
 * @param keyExchanges the key exchanges
 */
public record NegotiatedIke(CipherSuite suite, Prf prf, KeyExchanges keyExchanges) {
    /**
     * Algorithms with one key exchange.
     *
     * @param suite encryption and integrity
     * @param prf the pseudo-random function
     * @param method the key exchange
     */
    public NegotiatedIke(CipherSuite suite, Prf prf, KeyExchangeMethod method) {
        this(suite, prf, KeyExchanges.of(method));
    }

    /**
     * The first key exchange.
     *
     * @return its method
     */
    public KeyExchangeMethod method() {
        return keyExchanges.first();
    }

    /** The names, readable. */
    @Override
    public String toString() {
        return suite + ", " + prf + ", " + keyExchanges;
    }
}
