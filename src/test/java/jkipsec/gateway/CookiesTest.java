package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.IpAddress;
import jkipsec.sim.Offers;
import org.junit.jupiter.api.Test;

/** Cookies of RFC 7296 §2.6. */
class CookiesTest {
    private static final long MINUTE = 60_000_000_000L;
    private static final IpAddress SOURCE = IpAddress.parse("198.51.100.7");
    private static final byte[] NONCE = new byte[16];

    private final Cookies cookies = new Cookies(new Random(1)::nextBytes);

    private static IkeMessage request(long spi, byte[] nonce, Payload... first) {
        var payloads = new ArrayList<>(List.of(first));
        payloads.add(Offers.gcm(Offers.ECP_256));
        payloads.add(new KePayload(Offers.ECP_256, new byte[64]));
        payloads.add(new NoncePayload(nonce));
        return new IkeMessage(new IkeHeader(spi, 0, ExchangeType.IKE_SA_INIT, true, false, 0), payloads);
    }

    private static IkeMessage with(byte[] cookie) {
        return request(1, NONCE, NotifyPayload.of(NotifyType.COOKIE, cookie));
    }

    private byte[] make(long now) {
        return cookies.make(request(1, NONCE), SOURCE, now);
    }

    @Test
    void aCookieServesTheRequestItWasMadeFor() {
        byte[] cookie = make(0);
        assertTrue(cookie.length >= 1 && cookie.length <= 64, "§2.6: 1 to 64 octets");
        assertTrue(cookies.accepts(with(cookie), SOURCE, 0));
        assertFalse(cookies.accepts(request(1, NONCE), SOURCE, 0));
    }

    @Test
    void aCookieServesNoOtherAddressSpiOrNonce() {
        byte[] cookie = make(0);
        NotifyPayload first = NotifyPayload.of(NotifyType.COOKIE, cookie);
        byte[] other = NONCE.clone();
        other[15]++;
        assertFalse(cookies.accepts(with(cookie), IpAddress.parse("198.51.100.8"), 0));
        assertFalse(cookies.accepts(with(cookie), IpAddress.parse("::c633:6407"), 0));
        assertFalse(cookies.accepts(request(2, NONCE, first), SOURCE, 0));
        assertFalse(cookies.accepts(request(1, other, first), SOURCE, 0));
        assertFalse(cookies.accepts(request(1, Arrays.copyOf(NONCE, 17), first), SOURCE, 0));
    }

    @Test
    void section2_6_1_aCookieServesAnotherOfferAndGroupToo() {
        var payloads = List.<Payload>of(
                NotifyPayload.of(NotifyType.COOKIE, make(0)),
                Offers.gcm(Offers.MODP_2048),
                new KePayload(Offers.MODP_2048, new byte[256]),
                new NoncePayload(NONCE));
        assertTrue(cookies.accepts(new IkeMessage(request(1, NONCE).header(), payloads), SOURCE, 0));
    }

    @Test
    void aCookieMustBeTheFirstPayload() {
        NotifyPayload cookie = NotifyPayload.of(NotifyType.COOKIE, make(0));
        NotifyPayload other = NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED);
        assertTrue(cookies.accepts(request(1, NONCE, cookie, other), SOURCE, 0));
        assertFalse(cookies.accepts(request(1, NONCE, other, cookie), SOURCE, 0));
    }

    @Test
    void everyChangedBitAndEveryOtherLengthIsRefused() {
        byte[] cookie = make(0);
        for (int bit = 0; bit < cookie.length * 8; bit++) {
            byte[] flipped = cookie.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(cookies.accepts(with(flipped), SOURCE, 0), "bit " + bit);
        }
        for (int length = 0; length <= 70; length++) {
            assertEquals(length == cookie.length, cookies.accepts(with(Arrays.copyOf(cookie, length)), SOURCE, 0));
        }
    }

    @Test
    void theSecretChangesAndTheOneBeforeItStillCounts() {
        byte[] first = make(0);
        assertArrayEquals(first, make(2 * MINUTE - 1));
        byte[] second = make(2 * MINUTE);
        assertFalse(Arrays.equals(first, second));
        assertTrue(second[0] != first[0], "the version of the secret");
        assertTrue(cookies.accepts(with(first), SOURCE, 4 * MINUTE - 1));
        assertTrue(cookies.accepts(with(second), SOURCE, 4 * MINUTE - 1));
        assertFalse(cookies.accepts(with(first), SOURCE, 4 * MINUTE));
        assertTrue(cookies.accepts(with(second), SOURCE, 4 * MINUTE));
    }

    @Test
    void afterALongRestNoOldCookieCounts() {
        byte[] first = make(0);
        assertFalse(cookies.accepts(with(first), SOURCE, 4 * MINUTE), "nobody asked in between");
        byte[] later = cookies.make(request(1, NONCE), SOURCE, 4 * MINUTE);
        assertTrue(cookies.accepts(with(later), SOURCE, 4 * MINUTE));
    }

    @Test
    void theVersionComesRoundAndStillTellsTheSecretsApart() {
        var made = new ArrayList<byte[]>();
        for (int i = 0; i < 600; i++) {
            long now = i * 2 * MINUTE;
            made.add(make(now));
            assertTrue(i < 1 || cookies.accepts(with(made.get(i - 1)), SOURCE, now));
            assertFalse(i >= 2 && cookies.accepts(with(made.get(i - 2)), SOURCE, now));
        }
    }

    @Test
    void twoGatewaysMakeDifferentCookies() {
        byte[] other = new Cookies(new Random(2)::nextBytes).make(request(1, NONCE), SOURCE, 0);
        assertFalse(cookies.accepts(with(other), SOURCE, 0));
    }
}
