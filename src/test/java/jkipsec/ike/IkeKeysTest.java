package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.Prf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Key derivation against a second computation, from the formulas of RFC 7296 §2.13, §2.14 and §2.17 alone. */
class IkeKeysTest {
    private static final long SPI_I = 0x0102030405060708L;
    private static final long SPI_R = 0x1112131415161718L;

    static Stream<CipherSuite> suites() {
        return Stream.of(CipherSuite.AES_GCM_16_256, CipherSuite.AES_CBC_256_HMAC_SHA2_256_128);
    }

    private final byte[] initiatorNonce = random(1, 32);
    private final byte[] responderNonce = random(2, 48);
    private final byte[] shared = random(3, 32);

    private static byte[] random(long seed, int length) {
        byte[] octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    private static byte[] prf(byte[] key, byte[]... data) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : data) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /** prf+ (K,S) = T1 | T2 | ..., Tn = prf (K, Tn-1 | S | n). */
    private static ByteBuffer prfPlus(byte[] key, byte[] seed, int length) throws Exception {
        var out = new ByteArrayOutputStream();
        byte[] last = {};
        for (int n = 1; out.size() < length; n++) {
            last = prf(key, last, seed, new byte[] {(byte) n});
            out.write(last);
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    private static byte[] cut(ByteBuffer stream, int length) {
        byte[] key = new byte[length];
        stream.get(key);
        return key;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private IkeKeys derive(CipherSuite suite) {
        var seed = new IkeKeys.Seed(SPI_I, SPI_R, initiatorNonce, responderNonce);
        return IkeKeys.derive(Prf.HMAC_SHA2_256, suite, Secret.copyOf(shared), seed);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void theSevenKeysAreThoseOfTheFormula(CipherSuite suite) throws Exception {
        boolean gcm = suite == CipherSuite.AES_GCM_16_256;
        int integrity = gcm ? 0 : 32;
        int encryption = gcm ? 36 : 32;
        byte[] nonces = join(initiatorNonce, responderNonce);
        byte[] spis = ByteBuffer.allocate(16).putLong(SPI_I).putLong(SPI_R).array();
        ByteBuffer stream = prfPlus(prf(nonces, shared), join(nonces, spis), 300);
        IkeKeys keys = derive(suite);
        for (Secret key : List.of(keys.d(), keys.ai(), keys.ar(), keys.ei(), keys.er(), keys.pi(), keys.pr())) {
            int length = key == keys.ai() || key == keys.ar()
                    ? integrity
                    : key == keys.ei() || key == keys.er() ? encryption : 32;
            assertArrayEquals(cut(stream, length), key.expose());
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void theChildsFourKeysAreThoseOfTheFormula(CipherSuite suite) throws Exception {
        boolean gcm = suite == CipherSuite.AES_GCM_16_256;
        int integrity = gcm ? 0 : 32;
        int encryption = gcm ? 36 : 32;
        IkeKeys ike = derive(suite);
        ByteBuffer stream = prfPlus(ike.d().expose(), join(initiatorNonce, responderNonce), 300);
        ChildKeys child = ChildKeys.derive(ike, suite, initiatorNonce, responderNonce);
        assertArrayEquals(cut(stream, encryption), child.encryptionI().expose());
        assertArrayEquals(cut(stream, integrity), child.integrityI().expose());
        assertArrayEquals(cut(stream, encryption), child.encryptionR().expose());
        assertArrayEquals(cut(stream, integrity), child.integrityR().expose());
    }

    @Test
    void destroyedKeysAreGoneAndNoneIsEverPrinted() {
        IkeKeys keys = derive(CipherSuite.AES_GCM_16_256);
        assertEquals("IkeKeys[" + CipherSuite.AES_GCM_16_256 + "]", keys.toString());
        byte[] exposed = keys.pi().expose();
        keys.destroy();
        assertArrayEquals(new byte[32], exposed);
    }
}
