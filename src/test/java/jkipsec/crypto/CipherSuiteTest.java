package jkipsec.crypto;

import static jkipsec.crypto.CipherSuite.AES_CBC_256_HMAC_SHA2_256_128;
import static jkipsec.crypto.CipherSuite.AES_CBC_256_HMAC_SHA2_384_192;
import static jkipsec.crypto.CipherSuite.AES_CBC_256_HMAC_SHA2_512_256;
import static jkipsec.crypto.CipherSuite.AES_GCM_16_128;
import static jkipsec.crypto.CipherSuite.AES_GCM_16_256;
import static jkipsec.crypto.CipherSuite.CHACHA20_POLY1305;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import org.junit.jupiter.api.Test;

class CipherSuiteTest {
    private static final RandomSource NO_RANDOM = octets -> { };
    private static final CipherSuite[] ALL = {
        AES_GCM_16_256, AES_GCM_16_128, CHACHA20_POLY1305,
        AES_CBC_256_HMAC_SHA2_256_128, AES_CBC_256_HMAC_SHA2_384_192, AES_CBC_256_HMAC_SHA2_512_256
    };

    @Test
    void gcmTakesKeyAndSaltAndNoIntegrityKey() {
        assertEquals(36, AES_GCM_16_256.encryptionKeyLength());
        assertEquals(0, AES_GCM_16_256.integrityKeyLength());
        assertEquals(8, AES_GCM_16_256.ivLength());
        assertEquals(16, AES_GCM_16_256.icvLength());
        assertEquals(1, AES_GCM_16_256.blockSize());
    }

    @Test
    void cbcTakesTwoKeysOf32Octets() {
        assertEquals(32, AES_CBC_256_HMAC_SHA2_256_128.encryptionKeyLength());
        assertEquals(32, AES_CBC_256_HMAC_SHA2_256_128.integrityKeyLength());
        assertEquals(16, AES_CBC_256_HMAC_SHA2_256_128.ivLength());
        assertEquals(16, AES_CBC_256_HMAC_SHA2_256_128.icvLength());
        assertEquals(16, AES_CBC_256_HMAC_SHA2_256_128.blockSize());
    }

    @Test
    void chacha20Poly1305TakesKeyAndSaltAndNoIntegrityKey() {
        assertEquals(36, CHACHA20_POLY1305.encryptionKeyLength());
        assertEquals(0, CHACHA20_POLY1305.integrityKeyLength());
        assertEquals(8, CHACHA20_POLY1305.ivLength());
        assertEquals(16, CHACHA20_POLY1305.icvLength());
        assertEquals(1, CHACHA20_POLY1305.blockSize());
    }

    @Test
    void sha384AndSha512TakeKeysOfTheirOutputAndSendHalfOfIt() {
        assertEquals(48, AES_CBC_256_HMAC_SHA2_384_192.integrityKeyLength());
        assertEquals(24, AES_CBC_256_HMAC_SHA2_384_192.icvLength());
        assertEquals(64, AES_CBC_256_HMAC_SHA2_512_256.integrityKeyLength());
        assertEquals(32, AES_CBC_256_HMAC_SHA2_512_256.icvLength());
    }

    @Test
    void gcmWith128BitsTakesAShorterKey() {
        assertEquals(20, AES_GCM_16_128.encryptionKeyLength());
    }

    @Test
    void onlyAlgorithmsOfSeveralKeyLengthsNameTheirsInProposals() {
        assertTrue(EncryptionAlgorithm.AES_CBC.hasKeyLengthAttribute());
        assertTrue(EncryptionAlgorithm.AES_GCM_16.hasKeyLengthAttribute());
        assertFalse(EncryptionAlgorithm.CHACHA20_POLY1305.hasKeyLengthAttribute());
        assertEquals("CHACHA20_POLY1305", CHACHA20_POLY1305.toString());
        assertEquals("AES_GCM_16_128", AES_GCM_16_128.toString());
        assertEquals("AES_CBC_256/HMAC_SHA2_512_256", AES_CBC_256_HMAC_SHA2_512_256.toString());
    }

    @Test
    void theCipherHasTheLengthsOfItsSuite() {
        for (var suite : ALL) {
            var cipher = suite.cipher(Secret.copyOf(new byte[suite.encryptionKeyLength()]),
                    Secret.copyOf(new byte[suite.integrityKeyLength()]), NO_RANDOM);
            assertEquals(suite.ivLength(), cipher.ivLength());
            assertEquals(suite.icvLength(), cipher.icvLength());
            assertEquals(suite.blockSize(), cipher.blockSize());
        }
    }

    @Test
    void aSuiteWithoutOrWithTwiceIntegrityIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> new CipherSuite(EncryptionAlgorithm.AES_CBC, 256, IntegrityAlgorithm.NONE));
        assertThrows(IllegalArgumentException.class, () -> new CipherSuite(
                EncryptionAlgorithm.AES_GCM_16, 256, IntegrityAlgorithm.HMAC_SHA2_256_128));
    }

    @Test
    void aKeyLengthTheAlgorithmDoesNotHaveIsRefused() {
        var error = assertThrows(IllegalArgumentException.class,
                () -> new CipherSuite(EncryptionAlgorithm.AES_GCM_16, 512, IntegrityAlgorithm.NONE));
        assertEquals("AES_GCM_16 keys have 128 or 192 or 256 bits, not 512", error.getMessage());
        error = assertThrows(IllegalArgumentException.class,
                () -> new CipherSuite(EncryptionAlgorithm.CHACHA20_POLY1305, 128, IntegrityAlgorithm.NONE));
        assertEquals("CHACHA20_POLY1305 keys have 256 bits, not 128", error.getMessage());
    }

    @Test
    void keysOfTheWrongLengthAreRefusedWithTheRightOneNamed() {
        var error = assertThrows(IllegalArgumentException.class, () -> AES_GCM_16_256.cipher(
                Secret.copyOf(new byte[32]), Secret.copyOf(new byte[0]), NO_RANDOM));
        assertEquals("AES_GCM_16_256 takes 36 octets of encryption key, not 32", error.getMessage());
        error = assertThrows(IllegalArgumentException.class, () -> AES_CBC_256_HMAC_SHA2_256_128.cipher(
                Secret.copyOf(new byte[32]), Secret.copyOf(new byte[16]), NO_RANDOM));
        assertEquals("AES_CBC_256/HMAC_SHA2_256_128 takes 32 octets of integrity key, not 16", error.getMessage());
    }

    @Test
    void transformIdsFindTheirAlgorithms() {
        assertEquals(Optional.of(EncryptionAlgorithm.AES_CBC), EncryptionAlgorithm.of(12));
        assertEquals(Optional.of(EncryptionAlgorithm.AES_GCM_16), EncryptionAlgorithm.of(20));
        assertEquals(Optional.of(EncryptionAlgorithm.CHACHA20_POLY1305), EncryptionAlgorithm.of(28));
        assertEquals(Optional.empty(), EncryptionAlgorithm.of(3));
        assertEquals(Optional.of(IntegrityAlgorithm.NONE), IntegrityAlgorithm.of(0));
        assertEquals(Optional.of(IntegrityAlgorithm.HMAC_SHA2_256_128), IntegrityAlgorithm.of(12));
        assertEquals(Optional.of(IntegrityAlgorithm.HMAC_SHA2_384_192), IntegrityAlgorithm.of(13));
        assertEquals(Optional.of(IntegrityAlgorithm.HMAC_SHA2_512_256), IntegrityAlgorithm.of(14));
        assertEquals(Optional.empty(), IntegrityAlgorithm.of(2));
    }
}
