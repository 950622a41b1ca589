package jkipsec.esp;

import static jkipsec.crypto.CipherSuite.AES_CBC_256_HMAC_SHA2_256_128;
import static jkipsec.crypto.CipherSuite.AES_GCM_16_256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.bytes.PacketBuffer;
import org.junit.jupiter.api.Test;

class EspOverheadTest {
    @Test
    void innerMtusAreTheKnownOnesOfEthernet() {
        // 1500 - 20 (IPv4) - 8 (UDP) - 8 (ESP) - 8 (IV) - 16 (ICV) = 1440, a multiple of 4, - 2
        assertEquals(1438, EspOverhead.innerMtu(AES_GCM_16_256, 1500, false));
        // 1500 - 40 - 40 = 1420
        assertEquals(1418, EspOverhead.innerMtu(AES_GCM_16_256, 1500, true));
        // 1500 - 28 - 8 - 16 - 16 = 1432, whole blocks: 1424
        assertEquals(1422, EspOverhead.innerMtu(AES_CBC_256_HMAC_SHA2_256_128, 1500, false));
        assertEquals(1406, EspOverhead.innerMtu(AES_CBC_256_HMAC_SHA2_256_128, 1500, true));
    }

    @Test
    void theLargestInnerPacketFitsAndOneOctetMoreDoesNot() {
        for (var suite : SaPair.SUITES) {
            for (boolean ipv6 : new boolean[] {false, true}) {
                int headers = (ipv6 ? 40 : 20) + 8;
                for (int outer = 200; outer <= 1600; outer++) {
                    int inner = EspOverhead.innerMtu(suite, outer, ipv6);
                    assertTrue(headers + EspOverhead.sealedLength(suite, inner) <= outer);
                    assertTrue(headers + EspOverhead.sealedLength(suite, inner + 1) > outer);
                }
            }
        }
    }

    @Test
    void aPacketAllocatedWithRoomHasEnoughForEverySuite() {
        for (var suite : SaPair.SUITES) {
            for (int length = 0; length < 40; length++) {
                assertTrue(8 + suite.ivLength() <= PacketBuffer.HEADROOM);
                assertTrue(EspOverhead.sealedLength(suite, length) - 8 - suite.ivLength() - length
                        <= PacketBuffer.TAILROOM);
            }
        }
    }

    @Test
    void anMtuThatHoldsNoPacketIsAnErrorThatSaysWhatWould() {
        assertEquals(2, EspOverhead.innerMtu(AES_GCM_16_256, 64, false));
        var error = assertThrows(IllegalArgumentException.class,
                () -> EspOverhead.innerMtu(AES_GCM_16_256, 63, false));
        assertEquals("an outer MTU of 63 octets holds no AES_GCM_16_256 packet, which begins at 64",
                error.getMessage());
    }
}
