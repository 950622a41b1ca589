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

    private static final KeyExchangeMethod[] ECP = {KeyExchangeMethod.ECP_256, KeyExchangeMethod.ECP_384};

    private static EcpGroup group(KeyExchangeMethod method) {
        return method == KeyExchangeMethod.ECP_256 ? EcpGroup.P256 : EcpGroup.P384;
    }

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
    void ecpGroupsGiveTheValuesOfRfc5903() throws InvalidPublicValue {
        for (var vector : Vectors.load("rfc5903.txt")) {
            var method = KeyExchangeMethod.valueOf(vector.text("method"));
            var group = group(method);
            var i = new BigInteger(1, vector.hex("i"));
            var r = new BigInteger(1, vector.hex("r"));
            byte[] publicI = BouncyCastleReference.concat(vector.hex("gix"), vector.hex("giy"));
            byte[] publicR = BouncyCastleReference.concat(vector.hex("grx"), vector.hex("gry"));
            // The whole payloads: generic header (4 octets), group number, two reserved octets, the value.
            assertEquals(method.transformId(), Octets.u16(vector.hex("ke_i"), 4));
            assertArrayEquals(Arrays.copyOfRange(vector.hex("ke_i"), 8, vector.hex("ke_i").length), publicI);
            assertArrayEquals(Arrays.copyOfRange(vector.hex("ke_r"), 8, vector.hex("ke_r").length), publicR);

            var initiator = new EcpKeyExchange(method, group, i);
            var responder = new EcpKeyExchange(method, group, r);
            assertArrayEquals(publicI, initiator.publicValue());
            assertArrayEquals(publicR, responder.publicValue());
            assertArrayEquals(vector.hex("girx"), initiator.agree(publicR).expose());
            assertArrayEquals(vector.hex("girx"), responder.agree(publicI).expose());
            assertArrayEquals(vector.hex("girx"), new JdkEcpReference(group).agree(i, publicR));
        }
    }

    @Test
    void theCurvesAreThoseTheJdkKnowsByTheirNames() {
        for (var method : ECP) {
            var group = group(method);
            var parameters = new JdkEcpReference(group).parameters();
            assertEquals(parameters.getCurve().getField(), new ECFieldFp(group.prime()));
            assertEquals(parameters.getCurve().getA().mod(group.prime()), group.a());
            assertEquals(parameters.getCurve().getB(), group.b());
            assertEquals(parameters.getOrder(), group.order());
            assertEquals(1, parameters.getCofactor());
            var one = new EcpKeyExchange(method, group, BigInteger.ONE);
            assertArrayEquals(group.toOctets(parameters.getGenerator().getAffineX(),
                    parameters.getGenerator().getAffineY()), one.publicValue());
        }
    }

    @Test
    void ecpGroupsDrawPrivateKeysFrom1ToTheOrderLess1() {
        for (var method : ECP) {
            var group = group(method);
            int length = group.coordinateLength();
            var lowest = method.generate(octets -> Arrays.fill(octets, (byte) 0));
            assertArrayEquals(
                    new EcpKeyExchange(method, group, BigInteger.ONE).publicValue(), lowest.publicValue());
            byte[] greatest = UnsignedInteger.toOctets(group.order().subtract(BigInteger.TWO), length + 8);
            var highest = method.generate(octets -> {
                assertEquals(length + 8, octets.length);
                System.arraycopy(greatest, 0, octets, 0, octets.length);
            });
            // The order less 1 times the generator is the generator's negative: the same x.
            assertArrayEquals(Arrays.copyOf(lowest.publicValue(), length),
                    Arrays.copyOf(highest.publicValue(), length));
            assertFalse(Arrays.equals(lowest.publicValue(), highest.publicValue()));
        }
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
    void ecpGroupsRefuseWhatIsNotAPointOfTheCurve() {
        for (var method : ECP) {
            var group = group(method);
            int length = group.coordinateLength();
            var ours = method.generate(seeded(1));
            byte[] valid = method.generate(seeded(2)).publicValue();
            byte[] x = Arrays.copyOf(valid, length);
            byte[] swapped = BouncyCastleReference.concat(Arrays.copyOfRange(valid, length, 2 * length), x);
            byte[] unreduced = BouncyCastleReference.concat(x, UnsignedInteger.toOctets(group.prime(), length));
            byte[] allOnes = new byte[2 * length];
            Arrays.fill(allOnes, (byte) 0xff);
            byte[] zeroY = group.toOctets(new BigInteger(1, x), BigInteger.ZERO);
            for (byte[] bad : new byte[][] {new byte[2 * length], swapped, unreduced, allOnes, zeroY}) {
                assertThrows(InvalidPublicValue.class, () -> ours.agree(bad));
                assertThrows(InvalidPublicValue.class, () -> method.respond(bad, seeded(3)));
            }
        }
    }

    @Test
    void aPointOfOneCurveIsNotOneOfTheOther() {
        byte[] p256 = KeyExchangeMethod.ECP_256.generate(seeded(1)).publicValue();
        byte[] padded = EcpGroup.P384.toOctets(
                new BigInteger(1, p256, 0, 32), new BigInteger(1, p256, 32, 32));
        assertThrows(InvalidPublicValue.class, () -> KeyExchangeMethod.ECP_384.respond(padded, seeded(2)));
    }

    @Test
    void aCoordinateMustBeReducedEvenWhenTheReducedPointWouldBeValid() {
        for (var method : ECP) {
            // A point with a small x exists; x + p means the same modulo p but is not its encoding.
            var group = group(method);
            var p = group.prime();
            var x = BigInteger.ZERO;
            BigInteger square;
            BigInteger y;
            do {
                x = x.add(BigInteger.ONE);
                square = x.multiply(x).add(group.a()).multiply(x).add(group.b()).mod(p);
                y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
            } while (!square.equals(y.multiply(y).mod(p)));
            var ours = method.generate(seeded(1));
            assertEquals(group.coordinateLength(), assertAgrees(ours, group.toOctets(x, y)));
            byte[] unreduced = group.toOctets(x.add(p), y);
            var error = assertThrows(InvalidPublicValue.class, () -> ours.agree(unreduced));
            assertEquals("the peer's public value for " + method
                    + " has a coordinate that is not below p (RFC 6989 §2.3)", error.getMessage());
        }
    }

    private static int assertAgrees(KeyExchange ours, byte[] peer) {
        try {
            return ours.agree(peer).length();
        } catch (InvalidPublicValue e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void valuesOfAnotherLengthAreRefused() throws InvalidPublicValue {
        for (var method : KeyExchangeMethod.values()) {
            var ours = method.generate(seeded(1));
            byte[] initiators = ours.publicValue();
            byte[] responders = method.respond(initiators, seeded(2)).publicValue();
            assertEquals(method.initiatorValueLength(), initiators.length);
            assertEquals(method.publicValueLength(), initiators.length);
            assertEquals(method.responderValueLength(), responders.length);
            for (int length : otherLengths(responders.length)) {
                assertThrows(InvalidPublicValue.class, () -> ours.agree(Arrays.copyOf(responders, length)));
            }
            for (int length : otherLengths(initiators.length)) {
                var error = assertThrows(InvalidPublicValue.class,
                        () -> method.respond(Arrays.copyOf(initiators, length), seeded(2)));
                assertTrue(error.getMessage().contains("has " + length + " octets"), error::getMessage);
            }
        }
    }

    private static int[] otherLengths(int length) {
        return new int[] {0, 1, length - 1, length + 1, length * 2};
    }

    @Test
    void aResponderAnswersInOneStepWhatTheInitiatorAgreesTo() throws InvalidPublicValue {
        for (var method : KeyExchangeMethod.values()) {
            var initiator = method.generate(seeded(1));
            var response = method.respond(initiator.publicValue(), seeded(2));
            assertArrayEquals(response.sharedSecret().expose(), initiator.agree(response.publicValue()).expose());
            var again = method.respond(initiator.publicValue(), seeded(2));
            assertArrayEquals(response.publicValue(), again.publicValue());
            assertArrayEquals(response.sharedSecret().expose(), again.sharedSecret().expose());
            var another = method.respond(initiator.publicValue(), seeded(3));
            assertFalse(Arrays.equals(response.sharedSecret().expose(), another.sharedSecret().expose()));
        }
    }

    @Test
    void noSecretShowsInTheTextOfAResponse() throws InvalidPublicValue {
        for (var method : KeyExchangeMethod.values()) {
            var response = method.respond(method.generate(seeded(1)).publicValue(), seeded(2));
            assertTrue(response.toString().contains("Secret[" + response.sharedSecret().length() + " octets]"));
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
    void aDestroyedExchangeAgreesNoMore() throws InvalidPublicValue {
        for (var method : KeyExchangeMethod.values()) {
            var ours = method.generate(seeded(1));
            byte[] peer = method.respond(ours.publicValue(), seeded(2)).publicValue();
            ours.destroy();
            ours.destroy();
            assertThrows(IllegalStateException.class, () -> ours.agree(peer));
        }
    }

    @Test
    void transformIdsFindTheirMethod() {
        assertEquals(Optional.of(KeyExchangeMethod.MODP_2048), KeyExchangeMethod.of(14));
        assertEquals(Optional.of(KeyExchangeMethod.ECP_256), KeyExchangeMethod.of(19));
        assertEquals(Optional.of(KeyExchangeMethod.ECP_384), KeyExchangeMethod.of(20));
        assertEquals(Optional.of(KeyExchangeMethod.CURVE25519), KeyExchangeMethod.of(31));
        assertEquals(Optional.of(KeyExchangeMethod.ML_KEM_768), KeyExchangeMethod.of(36));
        assertEquals(Optional.empty(), KeyExchangeMethod.of(2));
        for (var method : KeyExchangeMethod.values()) {
            assertEquals(method, method.generate(seeded(1)).method());
        }
    }
}
