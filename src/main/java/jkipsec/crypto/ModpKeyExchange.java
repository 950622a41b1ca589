package jkipsec.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;

/**
 * Diffie-Hellman modulo a safe prime (RFC 3526).
 *
 * <p>It calculates with {@link BigInteger#modPow} as the JDK's own "DH" provider does, whose key generator draws anew
 * for ever from a source that repeats itself. The time this takes depends on the private key a little, which is one
 * more reason to use a key only once.
 */
final class ModpKeyExchange implements KeyExchange {
    private final KeyExchangeMethod method;
    private final ModpGroup group;
    private final byte[] publicValue;
    private BigInteger privateKey;

    /** Takes a known private key, for tests. */
    ModpKeyExchange(KeyExchangeMethod method, ModpGroup group, BigInteger privateKey) {
        this.method = method;
        this.group = group;
        this.privateKey = privateKey;
        this.publicValue = UnsignedInteger.toOctets(
                ModpGroup.GENERATOR.modPow(privateKey, group.prime()), group.length());
    }

    static ModpKeyExchange generate(KeyExchangeMethod method, ModpGroup group, RandomSource random) {
        byte[] octets = random.bytes(group.exponentLength());
        // The highest bit is always set, so that the key is never a short one, least of all 0.
        octets[0] |= (byte) 0x80;
        var privateKey = new BigInteger(1, octets);
        Arrays.fill(octets, (byte) 0);
        return new ModpKeyExchange(method, group, privateKey);
    }

    @Override
    public KeyExchangeMethod method() {
        return method;
    }

    @Override
    public byte[] publicValue() {
        return publicValue.clone();
    }

    @Override
    public Secret agree(byte[] peerPublicValue) throws InvalidPublicValue {
        if (privateKey == null) {
            throw new IllegalStateException("this key exchange was destroyed");
        }
        if (peerPublicValue.length != group.length()) {
            throw InvalidPublicValue.ofLength(method, peerPublicValue.length);
        }
        var y = new BigInteger(1, peerPublicValue);
        // RFC 6989 §2.1: with a safe prime, 1 < y < p - 1 leaves no small subgroup to be confined to. A member of the
        // wrong large one would show a single bit of a private key that is used only once.
        if (y.compareTo(BigInteger.ONE) <= 0 || y.compareTo(group.prime().subtract(BigInteger.ONE)) >= 0) {
            throw new InvalidPublicValue(method, "is not within 2 to p - 2");
        }
        return Secret.owning(UnsignedInteger.toOctets(y.modPow(privateKey, group.prime()), group.length()));
    }

    @Override
    public void destroy() {
        privateKey = null;
    }
}
