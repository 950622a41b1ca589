package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jkipsec.bytes.Hex;
import org.junit.jupiter.api.Test;

class AuthKeyTest {
    /** RFC 7296 §2.15 with the JDK's own HMAC as the second implementation. */
    @Test
    void isThePrfOfTheKeyPadUnderThePreSharedKey() throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("grüße".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String expected = Hex.of(mac.doFinal("Key Pad for IKEv2".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(expected, AuthKey.derive("grüße").toHex());
        assertEquals(expected, AuthKey.derive("grüße".toCharArray()).toHex());
        assertEquals(expected, AuthKey.derive("grüße".getBytes(StandardCharsets.UTF_8)).toHex());
    }

    @Test
    void isReadAsItIsWritten() {
        AuthKey key = AuthKey.derive("secret");
        assertEquals(key, AuthKey.parse(key.toHex()));
        assertEquals(key, AuthKey.parse("  " + key.toHex().toUpperCase(java.util.Locale.ROOT) + "\n"));
        assertEquals(key.hashCode(), AuthKey.parse(key.toHex()).hashCode());
        assertNotEquals(key, AuthKey.derive("Secret"));
    }

    @Test
    void isNotPrinted() {
        AuthKey key = AuthKey.derive("secret");
        assertEquals("AuthKey[32 octets]", key.toString());
        assertFalse(key.secret().toString().contains(key.toHex().substring(0, 8)));
    }

    @Test
    void refusesTextThatIsNoKeyWithoutRepeatingIt() {
        var e = assertThrows(IllegalArgumentException.class, () -> AuthKey.parse("my pre-shared key"));
        assertFalse(e.getMessage().contains("my pre"));
        assertThrows(IllegalArgumentException.class, () -> AuthKey.parse("00".repeat(31)));
        assertThrows(IllegalArgumentException.class, () -> AuthKey.parse("0g" + "00".repeat(31)));
        assertThrows(IllegalArgumentException.class, () -> AuthKey.derive(""));
        assertThrows(IllegalArgumentException.class, () -> AuthKey.derive(new byte[0]));
    }
}
