package jkipsec.crypto;

import jkipsec.bytes.Secret;

/**
 * One side's part in one Diffie-Hellman exchange: a fresh private key that never leaves the object, and its public
 * value (RFC 7296 §1.2 and §3.4). Private keys are not used again for another exchange.
 *
 * <p>Making one and agreeing take from a hundred microseconds to milliseconds: do both where waiting is allowed.
 * Confined to one thread at a time; may be handed from one to another.
 */
public sealed interface KeyExchange permits EcpKeyExchange, ModpKeyExchange {
    /**
     * The method.
     *
     * @return the group both sides must use
     */
    KeyExchangeMethod method();

    /**
     * What goes into our KE payload.
     *
     * @return a new array of {@link KeyExchangeMethod#publicValueLength()} octets
     */
    byte[] publicValue();

    /**
     * Computes the secret both sides share, after checking the peer's value as RFC 6989 §2 says.
     *
     * @param peerPublicValue the Key Exchange Data of the peer's KE payload
     * @return g^ir as the key schedule takes it: the x coordinate alone with ECP groups (RFC 5903 §9), padded in front
     *         to the length of the prime with all (RFC 7296 §2.14); the caller's to wipe
     * @throws InvalidPublicValue when the peer's value is not one the method allows
     * @throws IllegalStateException when this object was destroyed
     */
    Secret agree(byte[] peerPublicValue) throws InvalidPublicValue;

    /**
     * Forgets the private key. It is a {@link java.math.BigInteger}, which cannot be wiped and is left to the garbage
     * collector. Doing it again changes nothing.
     */
    void destroy();
}
