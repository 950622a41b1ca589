package jkipsec.ike;

import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;

/**
 * The algorithms that two sides agreed on for an IKE SA.
 *
 * @param suite encryption and integrity
 * @param prf the pseudo-random function
 * @param method the key exchange
 */
public record NegotiatedIke(CipherSuite suite, Prf prf, KeyExchangeMethod method) {
    /** The three names, readable. */
    @Override
    public String toString() {
        return suite + ", " + prf + ", " + method;
    }
}
