package jkipsec.crypto;

import static jkipsec.crypto.BouncyCastleReference.concat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PacketCipherProperties {
    /** One side's keys, and the ciphers made of them. */
    private record Keys(CipherSuite suite, byte[] encryption, byte[] integrity) {
        static Keys of(CipherSuite suite, long seed) {
            RandomSource random = new Random(seed)::nextBytes;
            return new Keys(suite, random.bytes(suite.encryptionKeyLength()), random.bytes(suite.integrityKeyLength()));
        }

        PacketCipher cipher() {
            return suite.cipher(Secret.copyOf(encryption), Secret.copyOf(integrity), new Random(11)::nextBytes);
        }
    }

    @Provide
    Arbitrary<CipherSuite> suites() {
        return Arbitraries.of(CipherSuite.AES_GCM_16_256, CipherSuite.AES_GCM_16_128, CipherSuite.CHACHA20_POLY1305,
                CipherSuite.AES_CBC_256_HMAC_SHA2_256_128, CipherSuite.AES_CBC_256_HMAC_SHA2_384_192,
                CipherSuite.AES_CBC_256_HMAC_SHA2_512_256);
    }

    private static byte[] padded(CipherSuite suite, byte[] plaintext) {
        int block = suite.blockSize();
        return Arrays.copyOf(plaintext, (plaintext.length + block - 1) / block * block);
    }

    @Property(tries = 200)
    void whatIsSealedOpensAgainAndNothingAroundItChanges(@ForAll("suites") CipherSuite suite, @ForAll long seed,
            @ForAll @Size(max = 60) byte[] header, @ForAll @Size(max = 2000) byte[] text,
            @ForAll @IntRange(max = 40) int before, @ForAll @IntRange(max = 40) int behind) {
        var keys = Keys.of(suite, seed);
        byte[] plaintext = padded(suite, text);
        int length = header.length + suite.ivLength() + plaintext.length + suite.icvLength();
        byte[] array = new byte[before + length + behind];
        Arrays.fill(array, (byte) 0x55);
        byte[] around = array.clone();
        System.arraycopy(header, 0, array, before, header.length);
        int start = before + header.length + suite.ivLength();
        System.arraycopy(plaintext, 0, array, start, plaintext.length);

        assertEquals(length, keys.cipher().seal(array, before, header.length, plaintext.length));
        byte[] sealed = Arrays.copyOfRange(array, before, before + length);
        assertArrayEquals(expected(keys, header, Arrays.copyOfRange(sealed, header.length,
                header.length + suite.ivLength()), plaintext), sealed);
        assertEquals(plaintext.length, keys.cipher().open(array, before, length, header.length));

        assertArrayEquals(header, Arrays.copyOfRange(array, before, before + header.length));
        assertArrayEquals(plaintext, Arrays.copyOfRange(array, start, start + plaintext.length));
        assertArrayEquals(Arrays.copyOf(around, before), Arrays.copyOf(array, before));
        assertArrayEquals(Arrays.copyOf(around, behind), Arrays.copyOfRange(array, before + length, array.length));
    }

    /** The packet as Bouncy Castle makes it. */
    private static byte[] expected(Keys keys, byte[] header, byte[] iv, byte[] plaintext) {
        if (keys.suite.encryption().isAead()) {
            byte[] key = Arrays.copyOf(keys.encryption, keys.encryption.length - 4);
            byte[] salt = Arrays.copyOfRange(keys.encryption, key.length, keys.encryption.length);
            var mode = keys.suite.encryption() == EncryptionAlgorithm.CHACHA20_POLY1305
                    ? AeadMode.CHACHA20_POLY1305 : AeadMode.AES_GCM;
            return concat(header, iv, BouncyCastleReference.aead(mode, key, concat(salt, iv), header, plaintext));
        }
        byte[] macced = concat(header, iv, BouncyCastleReference.cbc(keys.encryption, iv, plaintext));
        return concat(macced, BouncyCastleReference.icv(keys.suite.integrity(), keys.integrity, macced));
    }

    @Property(tries = 60)
    void anyBitTurnedOverIsNoticedAndTheCipherGoesOn(@ForAll("suites") CipherSuite suite, @ForAll long seed,
            @ForAll @Size(max = 40) byte[] header, @ForAll @Size(max = 100) byte[] text) {
        var keys = Keys.of(suite, seed);
        byte[] plaintext = padded(suite, text);
        byte[] sealed = concat(header, new byte[suite.ivLength()], plaintext, new byte[suite.icvLength()]);
        keys.cipher().seal(sealed, 0, header.length, plaintext.length);
        var opener = keys.cipher();
        var random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            int bit = random.nextInt(sealed.length * 8);
            byte[] damaged = sealed.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(-1, opener.open(damaged, 0, damaged.length, header.length));
        }
        assertEquals(plaintext.length, opener.open(sealed, 0, sealed.length, header.length));
    }

    @Property(tries = 300)
    void anyOctetsAreRefusedWithoutAnException(@ForAll("suites") CipherSuite suite,
            @ForAll @Size(max = 200) byte[] octets, @ForAll @IntRange(max = 40) int headerLength) {
        var cipher = Keys.of(suite, 1).cipher();
        assertEquals(-1, cipher.open(octets.clone(), 0, octets.length, headerLength));
        assertEquals(-1, cipher.openExtended(octets.clone(), 0, octets.length, 1));
    }
}
