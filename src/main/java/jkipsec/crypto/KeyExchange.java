package jkipsec.crypto;

import jkipsec.bytes.Secret;

/**
 * One side's part in one key exchange: a fresh private key that never leaves the object, and its public value (RFC 7296
 * §1.2 and §3.4). Private keys are not used again for another exchange.
 *
 * <p>It is the initiator's part; with Diffie-Hellman, where both sides do the same, a responder may use it too, but
 * {@link KeyExchangeMethod#respond} serves it with every method.
 *
 * <p>Making one and agreeing take from a hundred microseconds to milliseconds: do both where waiting is allowed.
 * Confined to one thread at a time; may be handed from one to another.
 */
public sealed interface KeyExchange
        permits Curve25519KeyExchange, EcpKeyExchange, MlKemKeyExchange, ModpKeyExchange {
    /**
     * The method.
     *
     * @return the method both sides must use
     */
    KeyExchangeMethod method();

    /**
     * What goes into our KE payload.
     *
     * @return a new array of {@link KeyExchangeMethod#initiatorValueLength()} octets
     */
    byte[] publicValue();

    /**
     * Computes the secret both sides share, after checking the peer's value as RFC 6989 §2 and its like say.
     *
     * @param peerPublicValue the Key Exchange Data of the peer's KE payload
     * @return what the key schedule takes as g^ir or SK(n): the x coordinate alone with ECP groups (RFC 5903 §9), 32
     *         octets with Curve25519 and ML-KEM, padded in front to the length of the prime with the others (RFC 7296
     *         §2.14); the caller's to wipe
     * @throws InvalidPublicValue when the peer's value is not one the method allows
     * @throws IllegalStateException when this object was destroyed
     */
    Secret agree(byte[] peerPublicValue) throws InvalidPublicValue;

    /**
     * Forgets the private key. It is wiped with Curve25519 and ML-KEM; with the other methods it is a
     * {@link java.math.BigInteger}, which cannot be wiped and is left to the garbage collector. Doing it again changes
     * nothing.
     */
    void destroy();

    /**
     * A responder's answer.
     *
     * @param publicValue what goes into its KE payload, {@link KeyExchangeMethod#responderValueLength()} octets; the
     *        array is the caller's
     * @param sharedSecret what the key schedule takes, as from {@link #agree}; the caller's to wipe
     */
    record Response(byte[] publicValue, Secret sharedSecret) {}
}
