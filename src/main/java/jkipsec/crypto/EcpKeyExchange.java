package jkipsec.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * Diffie-Hellman on P-256 (RFC 5903) with the curve arithmetic of Bouncy Castle.
 *
 * <p>The JDK's "ECDH" takes more than twice as long, because it multiplies the peer's point by the group's order
 * besides; on a curve of prime order the equation alone tells a member. The comb method is used for every point, since
 * it takes the same steps and reads its whole table whatever the private key is, as nearly as Java code can.
 */
final class EcpKeyExchange implements KeyExchange {
    private static final ECCurve CURVE = CustomNamedCurves.getByName("secp256r1").getCurve();
    private static final ECPoint GENERATOR = CustomNamedCurves.getByName("secp256r1").getG();

    /** 64 bits more than the order has, so that its remainder is as good as evenly spread (FIPS 186-5 §A.2.1). */
    private static final int SEED_LENGTH = P256.COORDINATE_LENGTH + 8;

    private final byte[] publicValue;
    private BigInteger privateKey;

    /** Takes a known private key, for tests. */
    EcpKeyExchange(BigInteger privateKey) {
        this.privateKey = privateKey;
        ECPoint point = multiply(GENERATOR, privateKey);
        this.publicValue = P256.toOctets(
                point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
    }

    static EcpKeyExchange generate(RandomSource random) {
        byte[] seed = random.bytes(SEED_LENGTH);
        var privateKey = new BigInteger(1, seed).mod(P256.ORDER.subtract(BigInteger.ONE)).add(BigInteger.ONE);
        Arrays.fill(seed, (byte) 0);
        return new EcpKeyExchange(privateKey);
    }

    @Override
    public KeyExchangeMethod method() {
        return KeyExchangeMethod.ECP_256;
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
        var peer = P256.parse(peerPublicValue);
        ECPoint shared = multiply(CURVE.createPoint(peer.x(), peer.y()), privateKey);
        return Secret.owning(UnsignedInteger.toOctets(
                shared.getAffineXCoord().toBigInteger(), P256.COORDINATE_LENGTH));
    }

    @Override
    public void destroy() {
        privateKey = null;
    }

    private static ECPoint multiply(ECPoint point, BigInteger factor) {
        return new FixedPointCombMultiplier().multiply(point, factor).normalize();
    }
}
