package jkipsec.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import jkipsec.ike.IkePolicy;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.ip.Ipv4Address;

/**
 * Counts the handshakes under way and says whether one more may begin (RFC 7296 §2.6, RFC 8019 §4.2, §4.3).
 *
 * <p>A source is an IPv4 address or the /64 of an IPv6 address. Whoever forges sources fills neither the whole table
 * nor a whole source's share: from the cookie threshold, and from half of the share, only those go on who prove with a
 * cookie that they get what is sent to their address. Confined to the gateway's thread.
 */
final class Admission {
    /** What becomes of a request to begin a handshake. */
    enum Verdict {
        /** It may begin. */
        ADMIT,
        /** It may begin with a valid cookie. */
        COOKIE,
        /** Its source has as many handshakes under way as one source may. */
        SOURCE_FULL,
        /** There are as many as there may be in all. */
        FULL
    }

    private static final int IPV6_SITE_LENGTH = 64;

    /** Under a flood the number swings around the threshold; cookies stay in demand until it was quiet for so long. */
    private static final long ALERT = 10_000_000_000L;

    private final IkePolicy.HalfOpen policy;
    private final Map<IpPrefix, Integer> bySource = new HashMap<>();
    private int total;
    private long alertUntil;

    Admission(IkePolicy.HalfOpen policy) {
        this.policy = policy;
    }

    /** Judges a request; whether its cookie is valid is asked only when it matters. */
    Verdict judge(IpAddress source, BooleanSupplier proven, long now) {
        int ofSource = bySource.getOrDefault(siteOf(source), 0);
        if (total >= policy.cookieThreshold()) {
            alertUntil = now + ALERT;
        }
        boolean suspect = now < alertUntil || ofSource >= policy.perSource() / 2;
        if (policy.usesCookies() && suspect && !proven.getAsBoolean()) {
            return Verdict.COOKIE;
        }
        if (total >= policy.most()) {
            return Verdict.FULL;
        }
        return ofSource >= policy.perSource() ? Verdict.SOURCE_FULL : Verdict.ADMIT;
    }

    void began(IpAddress source) {
        total++;
        bySource.merge(siteOf(source), 1, Integer::sum);
    }

    void ended(IpAddress source) {
        total--;
        bySource.computeIfPresent(siteOf(source), (site, count) -> count == 1 ? null : count - 1);
    }

    /** How many handshakes are under way. */
    int total() {
        return total;
    }

    /** How many sources they come from; what is kept grows with this alone. */
    int sources() {
        return bySource.size();
    }

    private static IpPrefix siteOf(IpAddress address) {
        return address instanceof Ipv4Address ? IpPrefix.single(address) : IpPrefix.around(address, IPV6_SITE_LENGTH);
    }
}
