package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import jkipsec.crypto.CipherSuite;
import jkipsec.esp.EspOverhead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TunnelMtuTest {
    @Test
    void byDefaultRoomIsLeftOnEthernet() {
        assertEquals(1_400, TunnelMtu.defaults().inner(CipherSuite.AES_GCM_16_256, false));
        assertEquals(1_400, TunnelMtu.defaults().inner(CipherSuite.AES_GCM_16_256, true));
    }

    private static Stream<CipherSuite> suites() {
        return Stream.of(CipherSuite.AES_GCM_16_256, CipherSuite.AES_GCM_16_128, CipherSuite.CHACHA20_POLY1305,
                CipherSuite.AES_CBC_256_HMAC_SHA2_256_128, CipherSuite.AES_CBC_256_HMAC_SHA2_512_256);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void theLargestInnerPacketFillsTheOuterPathWithEverySuite(CipherSuite suite) {
        for (boolean ipv6 : new boolean[] {false, true}) {
            for (int outer = 576; outer < 1_600; outer++) {
                int inner = new TunnelMtu(outer, 65_535).inner(suite, ipv6);
                int around = (ipv6 ? 40 : 20) + 8;
                assertTrue(around + EspOverhead.sealedLength(suite, inner) <= outer);
                assertTrue(around + EspOverhead.sealedLength(suite, inner + 1) > outer);
            }
        }
    }

    @Test
    void sizesOutOfRangeAreNamed() {
        for (int[] wrong : new int[][] {{575, 1_400}, {1_500, 575}, {65_536, 1_400}, {1_500, 65_536}}) {
            String why = assertThrows(IllegalArgumentException.class, () -> new TunnelMtu(wrong[0], wrong[1]))
                    .getMessage();
            assertTrue(why.contains(wrong[0] + " outside") && why.contains(wrong[1] + " inside"), why);
        }
    }
}
