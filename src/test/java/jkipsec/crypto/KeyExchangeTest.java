package jkipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import jkipsec.bytes.Octets;
import jkipsec.bytes.RandomSource;
import jkipsec.testing.Vectors;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.junit.jupiter.api.Test;

class KeyExchangeTest {
    private static final BigInteger P14 = ModpGroup.RFC3526_2048.prime();

    private static RandomSource seeded(long seed) {
        return new Random(seed)::nextBytes;
    }

    private static KeyExchange modp(BigInteger privateKey) {
        return new ModpKeyExchange(KeyExchangeMethod.MODP_2048, ModpGroup.RFC3526_2048, privateKey);
    }

    private static byte[] group14(BigInteger value) {
        return UnsignedInteger.toOctets(value, 256);
    }

    @Test
    void group19GivesTheValuesOfRfc5903() throws InvalidPublicValue {
        for (var vector : Vectors.load("rfc5903.txt")) {
            var i = new BigInteger(1, vector.hex("i"));
            var r = new BigInteger(1, vector.hex("r"));
            byte[] publicI = BouncyCastleReference.concat(vector.hex("gix"), vector.hex("giy"));
            byte[] publicR = BouncyCastleReference.concat(vector.hex("grx"), vector.hex("gry"));
            // The whole payloads: generic header (4 octets), group number, two reserved octets, the value.
            assertEquals(19, Octets.u16(vector.hex("ke_i"), 4));
            assertArrayEquals(Arrays.copyOfRange(vector.hex("ke_i"), 8, 72), publicI);
            assertArrayEquals(Arrays.copyOfRange(vector.hex("ke_r"), 8, 72), publicR);

            var initiator = new EcpKeyExchange(i);
            var responder = new EcpKeyExchange(r);
            assertArrayEquals(publicI, initiator.publicValue());
            assertArrayEquals(publicR, responder.publicValue());
            assertArrayEquals(vector.hex("girx"), initiator.agree(publicR).expose());
            assertArrayEquals(vector.hex("girx"), responder.agree(publicI).expose());
            assertArrayEquals(vector.hex("girx"), JdkP256Reference.agree(i, publicR));
        }
    }

    @Test
    void theCurveIsTheOneTheJdkKnowsAsP256() {
        var parameters = JdkP256Reference.parameters();
        assertEquals(parameters.getCurve().getField(), new ECFieldFp(P256.P));
        assertEquals(parameters.getCurve().getA(), P256.A);
        assertEquals(parameters.getCurve().getB(), P256.B);
        assertEquals(parameters.getOrder(), P256.ORDER);
        assertEquals(1, parameters.getCofactor());
        var one = new EcpKeyExchange(BigInteger.ONE);
        assertArrayEquals(P256.toOctets(parameters.getGenerator().getAffineX(),
                parameters.getGenerator().getAffineY()), one.publicValue());
    }

    @Test
    void group19DrawsPrivateKeysFrom1ToTheOrderLess1() {
        var lowest = EcpKeyExchange.generate(octets -> Arrays.fill(octets, (byte) 0));
        assertArrayEquals(new EcpKeyExchange(BigInteger.ONE).publicValue(), lowest.publicValue());
        byte[] greatest = P256.ORDER.subtract(BigInteger.TWO).toByteArray();
        var highest = EcpKeyExchange.generate(octets -> {
            assertEquals(40, octets.length);
            System.arraycopy(greatest, greatest.length - 32, octets, 8, 32);
        });
        // The order less 1 times the generator is the generator's negative: the same x.
        assertArrayEquals(Arrays.copyOf(lowest.publicValue(), 32), Arrays.copyOf(highest.publicValue(), 32));
        assertFalse(Arrays.equals(lowest.publicValue(), highest.publicValue()));
    }

    @Test
    void group14IsTheSafePrimeOfRfc3526() {
        assertEquals(DHStandardGroups.rfc3526_2048.getP(), P14);
        assertEquals(DHStandardGroups.rfc3526_2048.getG(), ModpGroup.GENERATOR);
        assertEquals(2048, P14.bitLength());
        assertTrue(P14.isProbablePrime(20));
        assertTrue(P14.shiftRight(1).isProbablePrime(20));
    }

    @Test
    void group14PadsItsValuesWithZerosInFront() throws InvalidPublicValue {
        // 2^3 and (2^5)^3 are short numbers: by far most of the octets are padding.
        var ours = modp(BigInteger.valueOf(3));
        assertArrayEquals(group14(BigInteger.valueOf(8)), ours.publicValue());
        assertArrayEquals(group14(BigInteger.valueOf(1 << 15)), ours.agree(group14(BigInteger.valueOf(32))).expose());
    }

    @Test
    void group14DrawsPrivateKeysOf512BitsOfWhichTheHighestIsSet() {
        var made = KeyExchangeMethod.MODP_2048.generate(octets -> {
            assertEquals(64, octets.length);
            octets[63] = 5;
        });
        var x = BigInteger.ONE.shiftLeft(511).add(BigInteger.valueOf(5));
        assertArrayEquals(group14(BigInteger.TWO.modPow(x, P14)), made.publicValue());
    }

    @Test
    void group14RefusesWhatIsNotWithin2ToPMinus2() throws InvalidPublicValue {
        var ours = KeyExchangeMethod.MODP_2048.generate(seeded(1));
        for (var bad : new BigInteger[] {BigInteger.ZERO, BigInteger.ONE, P14.subtract(BigInteger.ONE), P14,
                P14.add(BigInteger.TWO), BigInteger.ONE.shiftLeft(2048).subtract(BigInteger.ONE)}) {
            assertThrows(InvalidPublicValue.class, () -> ours.agree(group14(bad)));
        }
        assertEquals(256, ours.agree(group14(BigInteger.TWO)).length());
        assertEquals(256, ours.agree(group14(P14.subtract(BigInteger.TWO))).length());
    }

    @Test
    void group19RefusesWhatIsNotAPointOfTheCurve() {
        var ours = EcpKeyExchange.generate(seeded(1));
        byte[] valid = EcpKeyExchange.generate(seeded(2)).publicValue();
        byte[] swapped = BouncyCastleReference.concat(
                Arrays.copyOfRange(valid, 32, 64), Arrays.copyOfRange(valid, 0, 32));
        var x = new BigInteger(1, valid, 0, 32);
        byte[] unreduced = BouncyCastleReference.concat(Arrays.copyOf(valid, 32),
                UnsignedInteger.toOctets(P256.P, 32));
        byte[] allOnes = new byte[64];
        Arrays.fill(allOnes, (byte) 0xff);
        byte[] zeroY = P256.toOctets(x, BigInteger.ZERO);
        for (byte[] bad : new byte[][] {new byte[64], swapped, unreduced, allOnes, zeroY}) {
            assertThrows(InvalidPublicValue.class, () -> ours.agree(bad));
        }
    }

    @Test
    void aCoordinateMustBeReducedEvenWhenTheReducedPointWouldBeValid() {
        // A point with a small x exists (x = 5 has a y); x + p means the same modulo p but is not its encoding.
        var x = BigInteger.valueOf(5);
        var square = x.multiply(x).add(P256.A).multiply(x).add(P256.B).mod(P256.P);
        var y = square.modPow(P256.P.add(BigInteger.ONE).shiftRight(2), P256.P);
        assertEquals(square, y.multiply(y).mod(P256.P));
        var ours = EcpKeyExchange.generate(seeded(1));
        assertEquals(32, assertAgrees(ours, P256.toOctets(x, y)));
        var error = assertThrows(InvalidPublicValue.class, () -> ours.agree(P256.toOctets(x.add(P256.P), y)));
        assertEquals("the peer's public value for ECP_256 has a coordinate that is not below p (RFC 6989 §2)",
                error.getMessage());
    }

    private static int assertAgrees(KeyExchange ours, byte[] peer) {
        try {
            return ours.agree(peer).length();
        } catch (InvalidPublicValue e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void valuesOfAnotherLengthAreRefused() {
        for (var method : KeyExchangeMethod.values()) {
            var ours = method.generate(seeded(1));
            byte[] valid = method.generate(seeded(2)).publicValue();
            assertEquals(method.publicValueLength(), valid.length);
            for (int length : new int[] {0, 1, valid.length - 1, valid.length + 1, valid.length * 2}) {
                assertThrows(InvalidPublicValue.class, () -> ours.agree(Arrays.copyOf(valid, length)));
            }
        }
    }

    @Test
    void theSameRandomOctetsGiveTheSameKeyAndOthersAnother() {
        for (var method : KeyExchangeMethod.values()) {
            byte[] value = method.generate(seeded(42)).publicValue();
            assertArrayEquals(value, method.generate(seeded(42)).publicValue());
            assertFalse(Arrays.equals(value, method.generate(seeded(43)).publicValue()));
        }
    }

    @Test
    void aDestroyedExchangeAgreesNoMore() {
        for (var method : KeyExchangeMethod.values()) {
            byte[] peer = method.generate(seeded(2)).publicValue();
            var ours = method.generate(seeded(1));
            ours.destroy();
            ours.destroy();
            assertThrows(IllegalStateException.class, () -> ours.agree(peer));
        }
    }

    @Test
    void transformIdsFindTheirMethod() {
        assertEquals(Optional.of(KeyExchangeMethod.MODP_2048), KeyExchangeMethod.of(14));
        assertEquals(Optional.of(KeyExchangeMethod.ECP_256), KeyExchangeMethod.of(19));
        assertEquals(Optional.empty(), KeyExchangeMethod.of(2));
        assertEquals(KeyExchangeMethod.ECP_256, KeyExchangeMethod.ECP_256.generate(seeded(1)).method());
        assertEquals(KeyExchangeMethod.MODP_2048, KeyExchangeMethod.MODP_2048.generate(seeded(1)).method());
    }
}
