package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import jkipsec.bytes.Hex;
import jkipsec.ike.message.IdType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentificationTest {
    @ParameterizedTest
    @CsvSource({
        "vpn.example.com, 2, 76706e2e6578616d706c652e636f6d",
        "alice, 2, 616c696365",
        "alice@example.com, 3, 616c696365406578616d706c652e636f6d",
        "@example.com, 2, 406578616d706c652e636f6d",
        "192.0.2.1, 1, c0000201",
        "2001:db8::1, 5, 20010db8000000000000000000000001",
        "192.0.2.256, 2, 3139322e302e322e323536",
        "m\u00fcller, 2, 6dc3bc6c6c6572",
    })
    void whatAPersonWritesIsGuessedRight(String text, int type, String hex) {
        Identification id = Identification.of(text);
        assertEquals(type, id.type());
        assertEquals(hex, Hex.of(id.data()));
        assertEquals(text, id.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void anEmptyIdentityIsRefusedWithAnExample(String text) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Identification.of(text));
        assertTrue(refused.getMessage().contains("vpn.example.com"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "1, c00002, hex:c00002",
        "5, c0000201, hex:c0000201",
        "2, ff, hex:ff",
        "2, 610a62, hex:610a62",
        "11, 1b5b316d, hex:1b5b316d",
        "2, 61e280a862, hex:61e280a862",
        "2, e280ae6d6f63, hex:e280ae6d6f63",
        "11, 6b6579, key",
    })
    void whatCouldForgeALineOfALogIsShownAsHexadecimal(int type, String hex, String text) {
        assertEquals(text, new Identification(type, Hex.parse(hex)).text());
    }

    @Test
    void namesComparesTheTextAcrossTypesAndEqualsDoesNot() {
        Identification fqdn = Identification.of("alice");
        var keyId = new Identification(IdType.ID_KEY_ID, "alice".getBytes(StandardCharsets.UTF_8));
        assertTrue(fqdn.names(keyId));
        assertTrue(keyId.names(fqdn));
        assertNotEquals(fqdn, keyId);
        assertFalse(fqdn.names(Identification.of("alice2")));
        assertTrue(Identification.of("192.0.2.1").names(
                new Identification(IdType.ID_FQDN, "192.0.2.1".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void theDataCannotBeChangedFromOutside() {
        byte[] data = {1, 2, 3};
        var id = new Identification(IdType.ID_KEY_ID, data);
        data[0] = 9;
        id.data()[1] = 9;
        assertArrayEquals(new byte[] {1, 2, 3}, id.data());
    }

    @Test
    void aTypeIsOneOctet() {
        assertThrows(IllegalArgumentException.class, () -> new Identification(256, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> new Identification(-1, new byte[0]));
    }

    @Test
    void itPrintsItsTypeAndItsText() {
        assertEquals("ID_FQDN alice", Identification.of("alice").toString());
    }
}
