package jkipsec.crypto;

import static jkipsec.crypto.KeyExchangeMethod.ML_KEM_768;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import jkipsec.bytes.RandomSource;
import jkipsec.testing.Vectors;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.junit.jupiter.api.Test;

class MlKemKeyExchangeTest {
    private static final int Q = 3329;

    private static RandomSource seeded(long seed) {
        return new Random(seed)::nextBytes;
    }

    /** Writes a coefficient of 12 bits; two take three octets, the lowest bits first (FIPS 203 §4.2.1). */
    private static byte[] withCoefficient(byte[] encapsulationKey, int index, int value) {
        byte[] changed = encapsulationKey.clone();
        int at = index / 2 * 3;
        if (index % 2 == 0) {
            changed[at] = (byte) value;
            changed[at + 1] = (byte) (changed[at + 1] & 0xf0 | value >> 8);
        } else {
            changed[at + 1] = (byte) (changed[at + 1] & 0x0f | value << 4);
            changed[at + 2] = (byte) (value >> 4);
        }
        return changed;
    }

    @Test
    void itGivesTheValuesOfGo() throws InvalidPublicValue {
        for (var vector : Vectors.load("mlkem768.txt")) {
            var stream = new SHAKEDigest(128);
            RandomSource random = octets -> stream.doOutput(octets, 0, octets.length);
            var results = new SHAKEDigest(128);
            for (int i = 0; i < vector.integer("exchanges"); i++) {
                var initiator = ML_KEM_768.generate(random);
                var response = ML_KEM_768.respond(initiator.publicValue(), random);
                byte[] secret = response.sharedSecret().expose();
                assertArrayEquals(secret, initiator.agree(response.publicValue()).expose());
                byte[] stray = initiator.agree(random.bytes(1088)).expose();
                for (byte[] part : new byte[][] {initiator.publicValue(), response.publicValue(), secret, stray}) {
                    results.update(part, 0, part.length);
                }
            }
            byte[] digest = new byte[32];
            results.doFinal(digest, 0, digest.length);
            assertArrayEquals(vector.hex("digest"), digest, vector::toString);
        }
    }

    @Test
    void itAgreesWithTheJdkWhereThatHasIt() throws InvalidPublicValue {
        assumeTrue(JdkMlKemReference.exists(), "this JDK has no ML-KEM; version 24 and later have");
        for (int seed = 0; seed < 10; seed++) {
            var jdk = new JdkMlKemReference();
            var response = ML_KEM_768.respond(jdk.publicValue(), seeded(seed));
            assertArrayEquals(jdk.decapsulate(response.publicValue()), response.sharedSecret().expose());

            var initiator = ML_KEM_768.generate(seeded(seed));
            var encapsulated = jdk.encapsulate(initiator.publicValue());
            assertArrayEquals(encapsulated.key().getEncoded(),
                    initiator.agree(encapsulated.encapsulation()).expose());
        }
    }

    @Test
    void anEncapsulationKeyMustBeReduced() throws InvalidPublicValue {
        byte[] key = ML_KEM_768.generate(seeded(1)).publicValue();
        for (int index : new int[] {0, 1, 255, 256, 400, 766, 767}) {
            assertEquals(1088, ML_KEM_768.respond(withCoefficient(key, index, Q - 1), seeded(2)).publicValue().length);
            for (int bad : new int[] {Q, Q + 1, 4095}) {
                assertThrows(InvalidPublicValue.class,
                        () -> ML_KEM_768.respond(withCoefficient(key, index, bad), seeded(2)), "coefficient " + index);
            }
        }
        var error = assertThrows(InvalidPublicValue.class,
                () -> ML_KEM_768.respond(withCoefficient(key, 0, Q), seeded(2)));
        assertEquals("the peer's public value for ML_KEM_768 has a coefficient that is not below q (FIPS 203 §7)",
                error.getMessage());
    }

    @Test
    void aDamagedCiphertextGivesAnotherSecretAndTheSameEachTime() throws InvalidPublicValue {
        var initiator = ML_KEM_768.generate(seeded(1));
        var response = ML_KEM_768.respond(initiator.publicValue(), seeded(2));
        byte[] damaged = response.publicValue().clone();
        damaged[500] ^= 1;
        byte[] secret = initiator.agree(damaged).expose();
        assertFalse(Arrays.equals(response.sharedSecret().expose(), secret));
        assertArrayEquals(secret, initiator.agree(damaged).expose());
        assertArrayEquals(response.sharedSecret().expose(), initiator.agree(response.publicValue()).expose());
    }

    @Test
    void onlyTheInitiatorsValueIsLongerThanACiphertext() {
        assertEquals(1184, ML_KEM_768.initiatorValueLength());
        assertEquals(1088, ML_KEM_768.responderValueLength());
        byte[] key = ML_KEM_768.generate(seeded(1)).publicValue();
        assertThrows(InvalidPublicValue.class, () -> ML_KEM_768.generate(seeded(2)).agree(key));
    }
}
