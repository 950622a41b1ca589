package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ip.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The data of REDIRECT and REDIRECTED_FROM (RFC 5685 §9.2, §9.3). */
class RedirectTest {
    private static final String NONCE = "000102030405060708090a0b0c0d0e0f";

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 0104c0000207",
        "2001:db8::7, 021020010db8000000000000000000000007",
        "gw2.example, 030b6777322e6578616d706c65"
    })
    void everyKindOfGatewayIsWrittenAndReadBack(String gateway, String octets) throws MalformedMessage {
        RedirectTarget target = RedirectTarget.of(gateway);
        NotifyPayload notify = Redirect.protectedTo(target).notification();
        assertEquals(NotifyType.REDIRECT, notify.type());
        assertEquals(octets, Hex.of(notify.data()));
        assertEquals(target, Redirect.parse(notify.data()).target());
        assertEquals(gateway, target.toString());
    }

    @Test
    void theNonceFollowsTheIdentity() throws MalformedMessage {
        byte[] nonce = Hex.parse(NONCE);
        NotifyPayload notify = new Redirect(RedirectTarget.of("192.0.2.7"), nonce).notification();
        assertEquals("0104c0000207" + NONCE, Hex.of(notify.data()));
        assertArrayEquals(nonce, Redirect.parse(notify.data()).nonce());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "01",
        "0104c00002",
        "0103c00002",
        "0105c000020700",
        "020420010db8",
        "0404c0000207",
        "0004c0000207",
        "ff04c0000207",
        "0300",
        "03022e2e",
        "030367770a",
        "03036700ff",
        "030267ff",
        "0104c000020700",
        "0104c0000207000102030405060708090a0b0c0d0e"
    })
    void malformedDataIsRefused(String octets) {
        assertThrows(MalformedMessage.class, () -> Redirect.parse(Hex.parse(octets)));
    }

    @Test
    void aNonceHasAtMost256Octets() {
        byte[] longest = new Redirect(RedirectTarget.of("192.0.2.7"), new byte[257]).notification().data();
        assertThrows(MalformedMessage.class, () -> Redirect.parse(longest));
    }

    @Test
    void theOriginIsAnAddressWithoutANonce() {
        assertEquals(Optional.of(IpAddress.parse("192.0.2.1")),
                Redirect.origin(Redirect.from(IpAddress.parse("192.0.2.1"))));
        for (String data : new String[] {"030b6777322e6578616d706c65", "0104c0000207" + NONCE, "0104c0"}) {
            assertEquals(Optional.empty(),
                    Redirect.origin(NotifyPayload.of(NotifyType.REDIRECTED_FROM, Hex.parse(data))), data);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", ".a", "a.", "a b", "b\u00fccher.example", "a/b"})
    void whatIsNoNameIsNamed(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> RedirectTarget.of(text));
        assertEquals(true, e.getMessage().contains("vpn2.example.com"), e.getMessage());
    }
}
