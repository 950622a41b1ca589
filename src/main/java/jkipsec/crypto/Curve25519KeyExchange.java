package jkipsec.crypto;

import java.util.Arrays;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * Diffie-Hellman with the X25519 function (RFC 8031, RFC 7748) of Bouncy Castle.
 *
 * <p>The JDK's "X25519" takes two to three times as long, draws its private keys from a generator of its own choice and
 * keeps them where they cannot be wiped.
 */
final class Curve25519KeyExchange implements KeyExchange {
    /** Octets of public values, private keys and shared secrets. */
    static final int LENGTH = X25519.POINT_SIZE;

    private final byte[] privateKey;
    private final byte[] publicValue = new byte[LENGTH];
    private boolean destroyed;

    /** Takes over 32 random octets. The function itself fixes some of their bits as RFC 7748 §5 says. */
    Curve25519KeyExchange(byte[] privateKey) {
        this.privateKey = privateKey;
        X25519.scalarMultBase(privateKey, 0, publicValue, 0);
    }

    static Curve25519KeyExchange generate(RandomSource random) {
        return new Curve25519KeyExchange(random.bytes(X25519.SCALAR_SIZE));
    }

    @Override
    public KeyExchangeMethod method() {
        return KeyExchangeMethod.CURVE25519;
    }

    @Override
    public byte[] publicValue() {
        return publicValue.clone();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Every 32 octets are a value of the curve or of its twist, and must be accepted whether reduced or not (RFC
     * 8031 §3.2). Only those of small order are refused, with which the secret would be all zeros, known to anyone.
     */
    @Override
    public Secret agree(byte[] peerPublicValue) throws InvalidPublicValue {
        if (destroyed) {
            throw new IllegalStateException("this key exchange was destroyed");
        }
        if (peerPublicValue.length != LENGTH) {
            throw InvalidPublicValue.ofLength(method(), peerPublicValue.length);
        }
        byte[] shared = new byte[LENGTH];
        if (!X25519.calculateAgreement(privateKey, 0, peerPublicValue, 0, shared, 0)) {
            throw new InvalidPublicValue(method(), "has small order");
        }
        return Secret.owning(shared);
    }

    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(privateKey, (byte) 0);
    }
}
