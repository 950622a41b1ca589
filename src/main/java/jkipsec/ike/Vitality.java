package jkipsec.ike;

import java.time.Duration;
import jkipsec.ike.message.ExchangeType;

/**
 * What is known of the peer's being alive, and of the tunnel's being used (RFC 7296 §2.4): anything verified, be it IKE
 * or ESP, is proof of life. Confined to the thread that owns the IKE SA.
 */
final class Vitality {
    /** How often a NAT before us is reminded of our mapping (RFC 3948 §4). */
    private static final long NAT_KEEPALIVE = 20_000_000_000L;

    private final IkeSa sa;
    private long lastSent;
    private long lastHeard;
    /** When the peer last reached us at an address that it knew before. */
    private long lastReached;
    private long lastTraffic;
    private long lastProbe;

    Vitality(IkeSa sa) {
        this.sa = sa;
    }

    void begin(long now) {
        lastHeard = now;
        lastReached = now;
        lastTraffic = now;
        lastProbe = now;
        lastSent = now;
    }

    /** Goes on where the IKE SA that this one replaces was. */
    void inherit(Vitality other) {
        lastHeard = other.lastHeard;
        lastReached = other.lastReached;
        lastTraffic = other.lastTraffic;
        lastProbe = other.lastProbe;
        lastSent = other.lastSent;
    }

    void heard(long now) {
        lastHeard = now;
        lastReached = now;
    }

    /** An answer goes to where its request came from: it shows that the peer lives, not that a NAT has not forgotten us. */
    void answered(long now) {
        lastHeard = now;
        if (!sa.mobility().watchesNats()) {
            lastReached = now;
        }
    }

    void sent(long now) {
        lastSent = now;
    }

    void traffic(long now) {
        lastTraffic = now;
    }

    long lastHeard() {
        return lastHeard;
    }

    long nextDeadline() {
        Liveness policy = policy();
        // A request that is outstanding asks just as well.
        long probe = sa.exchanges().requests().idle()
                ? Math.max(lastReached, lastProbe) + policy.probeAfter().toNanos()
                : Long.MAX_VALUE;
        long idle = policy.idleLimit().map(limit -> lastTraffic + limit.toNanos()).orElse(Long.MAX_VALUE);
        return Math.min(Math.min(probe, idle), keepaliveAt());
    }

    private long keepaliveAt() {
        return sa.nat().needsKeepalives() ? lastSent + NAT_KEEPALIVE : Long.MAX_VALUE;
    }

    void tick(long now) {
        if (now >= keepaliveAt()) {
            lastSent = now;
            sa.host().keepalive(sa.path());
        }
        Duration unused = policy().idleLimit().orElse(null);
        if (unused != null && now - lastTraffic >= unused.toNanos()) {
            sa.life().terminate(new TerminationCause.Idle(unused), now);
        } else if (now >= nextDeadline()) {
            probe(now);
        }
    }

    /** Asks the peer for an answer that says no more than from where we were heard. */
    void probe(long now) {
        lastProbe = now;
        sa.exchanges().requests().add(new RequestQueue.Request(
                "a liveness check",
                (id, when) -> sa.exchanges().seal(
                        ExchangeType.INFORMATIONAL, false, id, sa.mobility().detectionInProbe()),
                sa.mobility()::probed));
    }

    private Liveness policy() {
        return sa.settings().policy().liveness();
    }
}
