package jkipsec.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import jkipsec.bytes.Hex;
import jkipsec.ike.message.IdType;
import jkipsec.ip.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {
    private static final X509Certificate USER = Pem.certificates(Fixtures.pem("user")).get(0);
    private static final X509Certificate PLAIN = Pem.certificates(Fixtures.pem("plain")).get(0);

    @ParameterizedTest
    @CsvSource({
        "2, phone.example.com, true",
        "2, Phone.Example.COM, true",
        "2, example.com, false",
        "2, phone.example.com., false",
        "2, '', false",
        "2, alice@example.com, false",
        "2, Alice, false",
        "2, phone.example.com\u212a, false",
        "3, alice@example.com, true",
        "3, alice@EXAMPLE.com, true",
        "3, Alice@example.com, false",
        "3, bob@example.com, false",
        "3, alice, false",
        "3, @example.com, false",
        "3, phone.example.com, false",
        "11, alice@example.com, false",
        "13, '', false",
    })
    void namesAreCompared(int type, String text, boolean expected) {
        assertEquals(expected, CertificateNames.matches(USER, type, text.getBytes(StandardCharsets.UTF_8)), text);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, true",
        "10.0.0.8, false",
        "2001:db8::7, true",
        "2001:db8::8, false",
        "::10.0.0.7, false",
    })
    void addressesAreCompared(String text, boolean expected) {
        byte[] data = IpAddress.parse(text).toByteArray();
        int type = data.length == 4 ? IdType.ID_IPV4_ADDR : IdType.ID_IPV6_ADDR;
        assertEquals(expected, CertificateNames.matches(USER, type, data));
        assertEquals(false, CertificateNames.matches(USER, type, Arrays.copyOf(data, data.length + 1)));
    }

    @Test
    void aDistinguishedNameIsTheSubject() {
        byte[] subject = USER.getSubjectX500Principal().getEncoded();
        assertEquals(true, matches(subject));
        assertEquals(true, matches(new X500Principal("CN=alice, O=JKIPSEC  tests").getEncoded()));
        assertEquals(false, matches(new X500Principal("CN=Alice").getEncoded()));
        assertEquals(false, matches(new X500Principal("O=jkipsec tests, CN=Alice").getEncoded()));
        assertEquals(false, matches(USER.getIssuerX500Principal().getEncoded()));
        assertEquals(false, matches(new byte[0]));
        assertEquals(false, matches(Hex.parse("30ff")));
    }

    private static boolean matches(byte[] name) {
        return CertificateNames.matches(USER, IdType.ID_DER_ASN1_DN, name);
    }

    @Test
    void aCertificateWithoutAlternativeNamesHasOnlyItsSubject() {
        assertEquals(false, CertificateNames.matches(
                PLAIN, IdType.ID_FQDN, "Plain".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(true, CertificateNames.matches(
                PLAIN, IdType.ID_DER_ASN1_DN, PLAIN.getSubjectX500Principal().getEncoded()));
    }
}
