package jkipsec.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Diffie-Hellman on a curve of RFC 5903 with the arithmetic of Bouncy Castle.
 *
 * <p>The JDK's "ECDH" takes more than twice as long, because it multiplies the peer's point by the group's order
 * besides; on a curve of prime order the equation alone tells a member.
 */
final class EcpKeyExchange implements KeyExchange {
    private final KeyExchangeMethod method;
    private final EcpGroup group;
    private final byte[] publicValue;
    private BigInteger privateKey;

    /** Takes a known private key, for tests. */
    EcpKeyExchange(KeyExchangeMethod method, EcpGroup group, BigInteger privateKey) {
        this.method = method;
        this.group = group;
        this.privateKey = privateKey;
        this.publicValue = group.toOctets(EcpGroup.multiply(group.generator(), privateKey));
    }

    static EcpKeyExchange generate(KeyExchangeMethod method, EcpGroup group, RandomSource random) {
        // 64 bits more than the order has, so that the remainder is as good as evenly spread (FIPS 186-5 §A.2.1).
        byte[] seed = random.bytes(group.coordinateLength() + 8);
        var privateKey = new BigInteger(1, seed).mod(group.order().subtract(BigInteger.ONE)).add(BigInteger.ONE);
        Arrays.fill(seed, (byte) 0);
        return new EcpKeyExchange(method, group, privateKey);
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
        ECPoint shared = EcpGroup.multiply(group.parse(method, peerPublicValue), privateKey);
        return Secret.owning(UnsignedInteger.toOctets(
                shared.getAffineXCoord().toBigInteger(), group.coordinateLength()));
    }

    @Override
    public void destroy() {
        privateKey = null;
    }
}
