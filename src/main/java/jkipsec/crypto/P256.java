package jkipsec.crypto;

import java.math.BigInteger;

/** The curve of group 19 (RFC 5903 §3.1): its numbers, the form of its points and the test of a peer's. */
final class P256 {
    /** Octets of one coordinate. */
    static final int COORDINATE_LENGTH = 32;

    static final BigInteger P = number("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    static final BigInteger A = P.subtract(BigInteger.valueOf(3));
    static final BigInteger B = number("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");
    static final BigInteger ORDER = number("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    /** A point's coordinates. */
    record Point(BigInteger x, BigInteger y) {}

    private P256() {}

    /** Writes a point as x and y, RFC 5903 §7. */
    static byte[] toOctets(BigInteger x, BigInteger y) {
        byte[] octets = new byte[2 * COORDINATE_LENGTH];
        UnsignedInteger.write(x, octets, 0, COORDINATE_LENGTH);
        UnsignedInteger.write(y, octets, COORDINATE_LENGTH, COORDINATE_LENGTH);
        return octets;
    }

    /**
     * Reads a peer's point and checks that it is one of the curve's, RFC 6989 §2.3. This form cannot express the point
     * at infinity, and the group has prime order, so that no other test is needed.
     */
    static Point parse(byte[] publicValue) throws InvalidPublicValue {
        if (publicValue.length != 2 * COORDINATE_LENGTH) {
            throw new InvalidPublicValue(KeyExchangeMethod.ECP_256, "has " + publicValue.length + " octets");
        }
        var x = new BigInteger(1, publicValue, 0, COORDINATE_LENGTH);
        var y = new BigInteger(1, publicValue, COORDINATE_LENGTH, COORDINATE_LENGTH);
        if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
            throw new InvalidPublicValue(KeyExchangeMethod.ECP_256, "has a coordinate that is not below p");
        }
        // y^2 = x^3 + ax + b, the right side as (x^2 + a)x + b
        var right = x.multiply(x).add(A).multiply(x).add(B).mod(P);
        if (!y.multiply(y).mod(P).equals(right)) {
            throw new InvalidPublicValue(KeyExchangeMethod.ECP_256, "is not a point of the curve");
        }
        return new Point(x, y);
    }

    private static BigInteger number(String hex) {
        return new BigInteger(hex, 16);
    }
}
