package jkipsec.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PemTest {
    private static final String WHOLE = Fixtures.pem("gateway-p256");

    @Test
    void everyKindOfKeyIsRead() {
        assertEquals("EC", Pem.privateKey(WHOLE).getAlgorithm());
        assertEquals("EC", Pem.privateKey(Fixtures.pem("gateway-p384")).getAlgorithm());
        assertEquals("RSA", Pem.privateKey(Fixtures.pem("gateway-rsa")).getAlgorithm());
        assertEquals("EdDSA", Pem.privateKey(Fixtures.pem("gateway-ed25519")).getAlgorithm());
    }

    @Test
    void certificatesComeInTheirOrder() {
        assertEquals(
                List.of("CN=Gateway,O=jkipsec tests", "CN=Intermediate,O=jkipsec tests"),
                Pem.certificates(WHOLE).stream().map(c -> c.getSubjectX500Principal().getName()).toList());
    }

    @Test
    void linesMayEndAsOnWindowsAndLackTheirBreaks() {
        assertEquals(2, Pem.certificates(WHOLE.replace("\n", "\r\n")).size());
        assertEquals(2, Pem.certificates(WHOLE.replaceAll("(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])", "")).size());
    }

    @Test
    void revocationListsAreRead() {
        assertEquals(1, Pem.revocationLists(Fixtures.pem("intermediate.crl")).size());
    }

    @Test
    void whatIsMissingIsNamedWithWhatIsThereInstead() {
        assertMessage("BEGIN CERTIFICATE", () -> Pem.certificates(""));
        assertMessage("X509 CRL", () -> Pem.certificates(Fixtures.pem("root.crl")));
        assertMessage("which holds CERTIFICATE", () -> Pem.privateKey(Fixtures.pem("root")));
        assertMessage("openssl pkcs8 -topk8", () -> Pem.privateKey(
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----"));
        assertMessage("ENCRYPTED PRIVATE KEY", () -> Pem.privateKey(
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"));
        assertMessage("2 private keys", () -> Pem.privateKey(WHOLE + Fixtures.pem("user")));
        assertMessage("BEGIN X509 CRL", () -> Pem.revocationLists(WHOLE));
    }

    @Test
    void whatIsBrokenIsRefusedWithoutRepeatingIt() {
        String cut = WHOLE.replaceFirst("(?s)(BEGIN PRIVATE KEY-----\n.{20}).*?\n(-----END)", "$1\n$2");
        assertMessage("none of [EC, RSA, Ed25519, RSASSA-PSS]", () -> Pem.privateKey(cut));
        assertMessage("certificate number 1", () -> Pem.certificates(
                "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----"));
        assertMessage("no base 64", () -> Pem.certificates(
                "-----BEGIN CERTIFICATE-----\nM=AAA\n-----END CERTIFICATE-----"));
        assertMessage("revocation list number 1", () -> Pem.revocationLists(
                "-----BEGIN X509 CRL-----\nMAAA\n-----END X509 CRL-----"));
    }

    private static void assertMessage(String part, Runnable action) {
        var thrown = assertThrows(IllegalArgumentException.class, action::run);
        assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
        assertFalse(thrown.getMessage().contains("MIGH"), thrown.getMessage());
    }
}
