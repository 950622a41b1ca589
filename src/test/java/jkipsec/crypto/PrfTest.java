package jkipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import jkipsec.bytes.Hex;
import jkipsec.bytes.Secret;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;

class PrfTest {
    private static final Prf PRF = Prf.HMAC_SHA2_256;

    @Test
    void hmacGivesTheValuesOfRfc4231() {
        for (var vector : Vectors.load("rfc4231.txt")) {
            var prf = Prf.valueOf(vector.text("prf"));
            byte[] output = prf.apply(Secret.copyOf(vector.hex("key")), vector.hex("data"));
            byte[] expected = vector.hex(vector.has("icv") ? "icv" : "output");
            assertArrayEquals(expected, Arrays.copyOf(output, expected.length), vector::toString);
            assertEquals(prf.outputLength(), output.length);
        }
    }

    @Test
    void hmacGivesTheValuesOfRfc4868() {
        for (var vector : Vectors.load("rfc4868.txt")) {
            var prf = Prf.valueOf(vector.text("prf"));
            byte[] output = prf.apply(vector.hex("key"), vector.hex("data"));
            assertArrayEquals(vector.hex("output"), output, vector::toString);
            assertEquals(prf.keyLength(), vector.hex("key").length, vector::toString);
        }
    }

    @Test
    void prfPlusGivesTheComputedValues() {
        for (var vector : Vectors.load("prfplus.txt")) {
            byte[] expected = vector.hex("output");
            byte[] key = vector.hex("key");
            byte[] seed = vector.hex("seed");
            assertArrayEquals(expected, PRF.prfPlus(Secret.copyOf(key), seed, expected.length), vector::toString);
            assertArrayEquals(
                    expected, BouncyCastleReference.prfPlus(PRF, key, seed, expected.length), vector::toString);
        }
    }

    @Test
    void partsOfTheDataCountAsOneString() {
        Secret key = Secret.copyOf(new byte[32]);
        byte[] whole = PRF.apply(key, "Key Pad for IKEv2".getBytes(StandardCharsets.US_ASCII));
        byte[] parts = PRF.apply(key, "Key Pad ".getBytes(StandardCharsets.US_ASCII), new byte[0],
                "for IKEv2".getBytes(StandardCharsets.US_ASCII));
        assertArrayEquals(whole, parts);
    }

    @Test
    void anEmptyKeyIsAKey() {
        // Computed with Python 3; Bouncy Castle agrees.
        byte[] expected = Hex.parse("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
        assertArrayEquals(expected, PRF.apply(new byte[0]));
        assertArrayEquals(expected, BouncyCastleReference.hmac(PRF, new byte[0]));
    }

    @Test
    void prfPlusStopsAt255Blocks() {
        Secret key = Secret.copyOf(new byte[32]);
        assertArrayEquals(BouncyCastleReference.prfPlus(PRF, new byte[32], new byte[] {7}, 255 * 32),
                PRF.prfPlus(key, new byte[] {7}, 255 * 32));
        var error = assertThrows(IllegalArgumentException.class, () -> PRF.prfPlus(key, new byte[1], 255 * 32 + 1));
        assertEquals("prf+ gives 0 to 8160 octets with HMAC_SHA2_256, not 8161", error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> PRF.prfPlus(key, new byte[1], -1));
        assertEquals(0, PRF.prfPlus(key, new byte[1], 0).length);
    }

    @Test
    void everyPrfStretchesTo255BlocksOfItsOwnLength() {
        for (var prf : Prf.values()) {
            Secret key = Secret.copyOf(new byte[prf.keyLength()]);
            int most = 255 * prf.outputLength();
            assertEquals(most, prf.prfPlus(key, new byte[1], most).length);
            assertThrows(IllegalArgumentException.class, () -> prf.prfPlus(key, new byte[1], most + 1));
        }
    }

    @Test
    void applyingLeavesTheKeyUsable() {
        Secret key = Secret.copyOf(new byte[] {1, 2, 3});
        assertArrayEquals(PRF.apply(key, new byte[4]), PRF.apply(key, new byte[4]));
        assertArrayEquals(new byte[] {1, 2, 3}, key.expose());
    }

    @Test
    void transformIdsFindTheirFunction() {
        assertEquals(Optional.of(PRF), Prf.of(5));
        assertEquals(Optional.of(Prf.HMAC_SHA2_384), Prf.of(6));
        assertEquals(Optional.of(Prf.HMAC_SHA2_512), Prf.of(7));
        assertEquals(Optional.empty(), Prf.of(2));
        for (Prf prf : Prf.values()) {
            assertEquals(Optional.of(prf), Prf.of(prf.transformId()));
        }
    }
}
