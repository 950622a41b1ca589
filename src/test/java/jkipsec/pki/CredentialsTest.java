package jkipsec.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import jkipsec.bytes.Hex;
import jkipsec.bytes.RandomSource;
import jkipsec.crypto.SignatureCheck;
import jkipsec.crypto.SignatureHash;
import jkipsec.crypto.SignaturePolicy;
import org.junit.jupiter.api.Test;

class CredentialsTest {
    private static final RandomSource RANDOM = new Random(2)::nextBytes;

    @Test
    void theKeysOwnCertificateComesFirstWhateverTheOrder() {
        String pem = Fixtures.pem("gateway-p256");
        List<X509Certificate> sent = Pem.certificates(pem);
        String key = pem.substring(pem.indexOf("-----BEGIN PRIVATE"), pem.indexOf("-----BEGIN CERT"));
        String[] blocks = pem.substring(pem.indexOf("-----BEGIN CERT")).split("(?=-----BEGIN)");
        Credentials turned = Credentials.parse(blocks[1] + blocks[0] + key, RANDOM);
        assertEquals(sent, turned.chain());
        assertEquals(sent.get(0), turned.certificate());
    }

    @Test
    void everyKindOfKeySignsForItsCertificate() {
        for (String name : List.of("gateway-p256", "gateway-p384", "gateway-rsa", "gateway-ed25519")) {
            Credentials credentials = Fixtures.credentials(name);
            byte[] octets = {1, 2, 3};
            var signature = credentials
                    .sign(Set.of(SignatureHash.values()), SignaturePolicy.DEFAULT, octets, RANDOM)
                    .orElseThrow();
            assertEquals(SignatureCheck.VALID, signature.verify(
                    credentials.certificate().getPublicKey(), SignaturePolicy.DEFAULT, octets), name);
        }
    }

    @Test
    void aKeyWithoutItsCertificateIsRefused() {
        String user = Fixtures.pem("user");
        String key = user.substring(0, user.indexOf("-----BEGIN CERT"));
        var refused = assertThrows(IllegalArgumentException.class,
                () -> Credentials.parse(key + Fixtures.pem("root"), RANDOM));
        assertEquals("none of the 1 certificates belongs to the private key", refused.getMessage());
        assertThrows(IllegalArgumentException.class,
                () -> new Credentials(Pem.privateKey(user), Pem.certificates(Fixtures.pem("gateway-rsa"))));
        assertThrows(IllegalArgumentException.class, () -> new Credentials(Pem.privateKey(user), List.of()));
    }

    @Test
    void aRootIsNotSentUnlessItIsOurOwn() {
        Credentials plain = Fixtures.credentials("plain");
        assertEquals(2, plain.chain().size());
        assertEquals(1, plain.encodedChain().size());
        assertArrayEquals(Fixtures.der(plain.certificate()), plain.encodedChain().get(0));
        Credentials whole = Fixtures.credentials("gateway-p256");
        assertEquals(2, whole.encodedChain().size());
    }

    @Test
    void nothingOfTheKeyIsPrinted() {
        Credentials credentials = Fixtures.credentials("gateway-p256");
        assertEquals("Credentials[CN=Gateway, O=jkipsec tests]", credentials.toString());
    }

    /** The hash of RFC 7296 §3.7 is one of the key with its algorithm, cut here out of the certificate by hand. */
    @Test
    void anAuthorityIsNamedByTheHashOfItsKey() throws NoSuchAlgorithmException {
        TrustAnchors anchors = TrustAnchors.of(List.of(
                Pem.certificates(Fixtures.pem("root")).get(0), Pem.certificates(Fixtures.pem("other-root")).get(0)));
        byte[] named = anchors.authorities();
        assertEquals(40, named.length);
        String der = Hex.of(Fixtures.der(anchors.certificates().get(0)));
        int start = der.indexOf("3059301306072a8648ce3d0201");
        assertTrue(start > 0);
        byte[] keyInfo = Hex.parse(der.substring(start, start + 2 * (2 + 0x59)));
        assertArrayEquals(MessageDigest.getInstance("SHA-1").digest(keyInfo), Arrays.copyOf(named, 20));
        assertFalse(Arrays.equals(Arrays.copyOf(named, 20), Arrays.copyOfRange(named, 20, 40)));
    }
}
