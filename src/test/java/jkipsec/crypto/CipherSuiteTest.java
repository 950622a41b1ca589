package jkipsec.crypto;

import static jkipsec.crypto.CipherSuite.AES_CBC_256_HMAC_SHA2_256_128;
import static jkipsec.crypto.CipherSuite.AES_GCM_16_256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import org.junit.jupiter.api.Test;

class CipherSuiteTest {
    private static final RandomSource NO_RANDOM = octets -> { };

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
    void theCipherHasTheLengthsOfItsSuite() {
        for (var suite : new CipherSuite[] {AES_GCM_16_256, AES_CBC_256_HMAC_SHA2_256_128}) {
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
    void aKeyLengthThatIsNotOfAesIsRefused() {
        var error = assertThrows(IllegalArgumentException.class,
                () -> new CipherSuite(EncryptionAlgorithm.AES_GCM_16, 512, IntegrityAlgorithm.NONE));
        assertEquals("AES keys have 128, 192 or 256 bits, not 512", error.getMessage());
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
        assertEquals(Optional.empty(), EncryptionAlgorithm.of(3));
        assertEquals(Optional.of(IntegrityAlgorithm.NONE), IntegrityAlgorithm.of(0));
        assertEquals(Optional.of(IntegrityAlgorithm.HMAC_SHA2_256_128), IntegrityAlgorithm.of(12));
        assertEquals(Optional.empty(), IntegrityAlgorithm.of(2));
    }
}
