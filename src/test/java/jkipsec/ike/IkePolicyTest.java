package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IkePolicyTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults();

    @Test
    void theDefaultPrefersGcmAndGroup31AndAcceptsGroups19And14() {
        assertEquals(
                List.of(CipherSuite.AES_GCM_16_256, CipherSuite.AES_CBC_256_HMAC_SHA2_256_128), DEFAULTS.ikeSuites());
        assertEquals(DEFAULTS.ikeSuites(), DEFAULTS.espSuites());
        assertEquals(
                List.of(KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_256, KeyExchangeMethod.MODP_2048),
                DEFAULTS.groups());
        assertEquals(List.of(Prf.HMAC_SHA2_256), DEFAULTS.prfs());
    }

    @Test
    void waitsGrowByTheFactorUpToTheLongest() {
        var retransmission = new IkePolicy.Retransmission(Duration.ofSeconds(1), 2, Duration.ofSeconds(5), 6);
        var waits = new ArrayList<Long>();
        for (int sent = 1; sent <= 6; sent++) {
            waits.add(retransmission.waitAfter(sent) / 1_000_000_000L);
        }
        assertEquals(List.of(1L, 2L, 4L, 5L, 5L, 5L), waits);
    }

    @Test
    void theDefaultGivesUpAfterAboutFortySeconds() {
        long sum = 0;
        for (int sent = 1; sent <= DEFAULTS.retransmission().transmissions(); sent++) {
            sum += DEFAULTS.retransmission().waitAfter(sent);
        }
        assertEquals(41, sum / 1_000_000_000L, 2);
    }

    @Test
    void nothingToChooseFromIsRefusedAndNamed() {
        refused("suite", () -> DEFAULTS.withSuites(List.of()));
        refused("key exchange", () -> DEFAULTS.withGroups(List.of()));
        refused("PRF", () -> DEFAULTS.withPrfs(List.of()));
        refused("IKE proposal", () -> DEFAULTS.withIkeProposals(List.of()));
        refused("ESP suite", () -> DEFAULTS.withEspSuites(List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2, 5, 3, PT0S",
        "-1, 2, 5, 3, PT-1S",
        "6, 2, 5, 3, PT6S",
        "1, 0.5, 5, 3, 0.5",
        "1, NaN, 5, 3, NaN",
        "1, 2, 5, 0, 0",
    })
    void impossibleRetransmissionsAreRefusedAndNamed(
            long first, double factor, long longest, int transmissions, String named) {
        refused(named, () -> new IkePolicy.Retransmission(
                Duration.ofSeconds(first), factor, Duration.ofSeconds(longest), transmissions));
    }

    @Test
    void preSharedKeysGoWithPrfSha256Alone() {
        DEFAULTS.requireUsableSharedKeys();
        refused("prfsha256", () -> DEFAULTS.withPrfs(List.of(Prf.HMAC_SHA2_384)).requireUsableSharedKeys());
        refused("[HMAC_SHA2_256, HMAC_SHA2_512]", () -> DEFAULTS.withPrfs(
                List.of(Prf.HMAC_SHA2_256, Prf.HMAC_SHA2_512)).requireUsableSharedKeys());
    }

    @Test
    void thePolicyKeepsItsOwnLists() {
        var suites = new ArrayList<>(List.of(CipherSuite.AES_GCM_16_256));
        IkePolicy policy = DEFAULTS.withSuites(suites);
        suites.clear();
        assertEquals(List.of(CipherSuite.AES_GCM_16_256), policy.ikeSuites());
    }

    private static void refused(String named, Runnable making) {
        var refusal = assertThrows(IllegalArgumentException.class, making::run);
        assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
    }
}
