package jkipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Random;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;

class Curve25519KeyExchangeTest {
    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

    private static byte[] littleEndian(BigInteger u) {
        byte[] octets = new byte[32];
        for (int i = 0; i < 32; i++) {
            octets[i] = u.shiftRight(8 * i).byteValue();
        }
        return octets;
    }

    private static Curve25519KeyExchange seeded(long seed) {
        return Curve25519KeyExchange.generate(new Random(seed)::nextBytes);
    }

    @Test
    void itGivesTheValuesOfRfc8031() throws InvalidPublicValue {
        for (var vector : Vectors.load("rfc8031.txt")) {
            for (String form : new String[] {"random", "fixed"}) {
                var initiator = new Curve25519KeyExchange(vector.hex(form + "_i"));
                var responder = new Curve25519KeyExchange(vector.hex(form + "_r"));
                assertArrayEquals(vector.hex("pub_i"), initiator.publicValue());
                assertArrayEquals(vector.hex("pub_r"), responder.publicValue());
                assertArrayEquals(vector.hex("shared"), initiator.agree(vector.hex("pub_r")).expose());
                assertArrayEquals(vector.hex("shared"), responder.agree(vector.hex("pub_i")).expose());
            }
            assertArrayEquals(vector.hex("shared"),
                    JdkX25519Reference.agree(vector.hex("random_i"), vector.hex("pub_r")));
        }
    }

    @Test
    void aValueOfSmallOrderIsRefusedInEveryForm() {
        var ours = seeded(1);
        // The u coordinates of order 1, 2, 4 and 8, on the curve and on its twist.
        var small = new BigInteger[] {
            BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE),
            new BigInteger("325606250916557431795983626356110631294008115727848805560023387167927233504"),
            new BigInteger("39382357235489614581723060781553021112529911719440698176882885853963445705823"),
        };
        for (var u : small) {
            assertThrows(InvalidPublicValue.class, () -> ours.agree(littleEndian(u)), u::toString);
            assertThrows(InvalidPublicValue.class, () -> ours.agree(littleEndian(u.setBit(255))), u::toString);
        }
        for (var u : new BigInteger[] {P, P.add(BigInteger.ONE)}) {
            assertThrows(InvalidPublicValue.class, () -> ours.agree(littleEndian(u)), u::toString);
        }
        var error = assertThrows(InvalidPublicValue.class, () -> ours.agree(new byte[32]));
        assertEquals("the peer's public value for CURVE25519 has small order (RFC 7748 §6.1)", error.getMessage());
    }

    @Test
    void theHighestBitOfAValueIsIgnored() throws InvalidPublicValue {
        var ours = seeded(1);
        byte[] peer = seeded(2).publicValue();
        byte[] expected = ours.agree(peer).expose();
        peer[31] ^= (byte) 0x80;
        assertArrayEquals(expected, ours.agree(peer).expose());
    }

    @Test
    void aValueThatIsNotReducedIsAccepted() throws InvalidPublicValue {
        var ours = seeded(1);
        // The base point is u = 9, so the shared secret with it is our own public value.
        assertArrayEquals(ours.publicValue(), ours.agree(littleEndian(BigInteger.valueOf(9))).expose());
        assertArrayEquals(ours.publicValue(), ours.agree(littleEndian(P.add(BigInteger.valueOf(9)))).expose());
    }

    @Test
    void destroyingWipesThePrivateKey() {
        byte[] privateKey = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
            17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32};
        new Curve25519KeyExchange(privateKey).destroy();
        assertArrayEquals(new byte[32], privateKey);
    }
}
