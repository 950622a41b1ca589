package jkipsec.gateway;

import static jkipsec.gateway.Admission.Verdict.ADMIT;
import static jkipsec.gateway.Admission.Verdict.COOKIE;
import static jkipsec.gateway.Admission.Verdict.FULL;
import static jkipsec.gateway.Admission.Verdict.SOURCE_FULL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jkipsec.gateway.Admission.Verdict;
import jkipsec.ike.IkePolicy;
import jkipsec.ip.IpAddress;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final long SECOND = 1_000_000_000L;
    private static final IpAddress ALICE = IpAddress.parse("198.51.100.1");

    private final Admission admission = new Admission(new IkePolicy.HalfOpen(10, 4, 6));

    private static IpAddress source(int number) {
        return IpAddress.parse("203.0.113." + number);
    }

    private Verdict unproven(IpAddress source) {
        return admission.judge(source, () -> false, 0);
    }

    private Verdict proven(IpAddress source) {
        return admission.judge(source, () -> true, 0);
    }

    private void begin(int count) {
        for (int i = 0; i < count; i++) {
            admission.began(source(i));
        }
    }

    @Test
    void belowTheThresholdNobodyIsAskedForACookie() {
        begin(5);
        assertEquals(ADMIT, admission.judge(ALICE, () -> {
            throw new AssertionError("looked at the cookie");
        }, 0));
    }

    @Test
    void fromTheThresholdOnOnlyAValidCookieLetsIn() {
        begin(6);
        assertEquals(COOKIE, unproven(ALICE));
        assertEquals(ADMIT, proven(ALICE));
    }

    @Test
    void aFullTableTakesNobody() {
        begin(10);
        assertEquals(COOKIE, unproven(ALICE));
        assertEquals(FULL, proven(ALICE));
    }

    @Test
    void aSourceNeedsACookieFromHalfItsShareAndHasNoMoreThanAll() {
        for (int i = 0; i < 4; i++) {
            assertEquals(i < 2 ? ADMIT : COOKIE, unproven(ALICE), "the " + (i + 1) + "th");
            assertEquals(ADMIT, proven(ALICE));
            admission.began(ALICE);
        }
        assertEquals(SOURCE_FULL, proven(ALICE));
        assertEquals(ADMIT, unproven(source(1)), "others are not concerned");
        admission.ended(ALICE);
        assertEquals(ADMIT, proven(ALICE));
    }

    @Test
    void anIpv6SiteIsOneSource() {
        admission.began(IpAddress.parse("2001:db8:0:1::1"));
        admission.began(IpAddress.parse("2001:db8:0:1:ffff::"));
        assertEquals(1, admission.sources());
        assertEquals(COOKIE, unproven(IpAddress.parse("2001:db8:0:1:abcd::9")));
        assertEquals(ADMIT, unproven(IpAddress.parse("2001:db8:0:2::1")));
    }

    @Test
    void cookiesStayInDemandForAWhileAfterAFlood() {
        begin(6);
        assertEquals(COOKIE, unproven(ALICE));
        admission.ended(source(0));
        assertEquals(COOKIE, admission.judge(ALICE, () -> false, 9 * SECOND));
        assertEquals(ADMIT, admission.judge(ALICE, () -> false, 10 * SECOND));
    }

    @Test
    void aThresholdOfZeroAsksEveryone() {
        assertEquals(COOKIE, new Admission(new IkePolicy.HalfOpen(10, 4, 0)).judge(ALICE, () -> false, 0));
    }

    @Test
    void aThresholdOutOfReachAsksNobody() {
        var open = new Admission(IkePolicy.HalfOpen.withoutCookies(2));
        open.began(ALICE);
        assertEquals(ADMIT, open.judge(ALICE, () -> false, 0));
        open.began(ALICE);
        assertEquals(FULL, open.judge(ALICE, () -> false, 0));
    }

    @Test
    void nothingIsKeptOfSourcesWithoutHandshakes() {
        begin(8);
        for (int i = 0; i < 8; i++) {
            admission.ended(source(i));
            unproven(source(100 + i));
        }
        assertEquals(0, admission.sources());
        assertEquals(0, admission.total());
    }
}
