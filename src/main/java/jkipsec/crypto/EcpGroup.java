package jkipsec.crypto;

import java.math.BigInteger;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * An elliptic curve group modulo a prime (RFC 5903): its arithmetic, the form of its points and the test of a peer's.
 *
 * <p>All curves of RFC 5903 have prime order, so that every point of the curve but infinity is a generator.
 */
final class EcpGroup {
    /** Group 19, RFC 5903 §3.1. */
    static final EcpGroup P256 = new EcpGroup("secp256r1");

    /** Group 20, RFC 5903 §3.2. */
    static final EcpGroup P384 = new EcpGroup("secp384r1");

    private final ECCurve curve;
    private final ECPoint generator;
    private final BigInteger prime;
    private final BigInteger a;
    private final BigInteger b;

    private EcpGroup(String name) {
        var parameters = CustomNamedCurves.getByName(name);
        curve = parameters.getCurve();
        generator = parameters.getG();
        prime = curve.getField().getCharacteristic();
        a = curve.getA().toBigInteger();
        b = curve.getB().toBigInteger();
    }

    BigInteger prime() {
        return prime;
    }

    BigInteger a() {
        return a;
    }

    BigInteger b() {
        return b;
    }

    BigInteger order() {
        return curve.getOrder();
    }

    ECPoint generator() {
        return generator;
    }

    /** Octets of one coordinate. */
    int coordinateLength() {
        return (prime.bitLength() + 7) / 8;
    }

    /**
     * Multiplies a point, with the comb method: it takes the same steps and reads its whole table whatever the factor
     * is, as nearly as Java code can.
     */
    static ECPoint multiply(ECPoint point, BigInteger factor) {
        return new FixedPointCombMultiplier().multiply(point, factor).normalize();
    }

    /** Writes a normalized point as x and y, RFC 5903 §7. */
    byte[] toOctets(ECPoint point) {
        return toOctets(point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
    }

    /** Writes two coordinates. */
    byte[] toOctets(BigInteger x, BigInteger y) {
        int length = coordinateLength();
        byte[] octets = new byte[2 * length];
        UnsignedInteger.write(x, octets, 0, length);
        UnsignedInteger.write(y, octets, length, length);
        return octets;
    }

    /**
     * Reads a peer's point and checks that it is one of the curve's, RFC 6989 §2.3. This form cannot express the point
     * at infinity, and the group has prime order, so that no other test is needed.
     */
    ECPoint parse(KeyExchangeMethod method, byte[] publicValue) throws InvalidPublicValue {
        int length = coordinateLength();
        if (publicValue.length != 2 * length) {
            throw InvalidPublicValue.ofLength(method, publicValue.length);
        }
        var x = new BigInteger(1, publicValue, 0, length);
        var y = new BigInteger(1, publicValue, length, length);
        if (x.compareTo(prime) >= 0 || y.compareTo(prime) >= 0) {
            throw new InvalidPublicValue(method, "has a coordinate that is not below p");
        }
        // y^2 = x^3 + ax + b, the right side as (x^2 + a)x + b
        var right = x.multiply(x).add(a).multiply(x).add(b).mod(prime);
        if (!y.multiply(y).mod(prime).equals(right)) {
            throw new InvalidPublicValue(method, "is not a point of the curve");
        }
        return curve.createPoint(x, y);
    }
}
