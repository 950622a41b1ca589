package jkipsec;

import java.time.Duration;
import jkipsec.stack.ForwardConfig;
import jkipsec.udp.UdpForwarding;

/**
 * How much a device may have forwarded at once. Immutable.
 *
 * <p>What TCP connections hold counts against the tunnel's TCP memory. While a UDP flow is undecided up to 16 datagrams
 * wait, 32 KiB of them or one larger; for an accepted one up to 256 KiB wait until they are received, unless {@code
 * SO_RCVBUF} says otherwise.
 *
 * @param connections open TCP connections, those not yet decided included, from 1; beyond, SYNs are dropped, and the
 *     device repeats them
 * @param exchanges open UDP flows, from 1; beyond, the one that was idle for longest gives way
 * @param undecided flows of each kind that the {@link Forwarder} may have to decide about at once, from 1; beyond,
 *     SYNs and first datagrams are dropped
 * @param udpIdle how long a UDP flow goes on without a datagram in either direction; up to twice as long after one to
 *     the device. RFC 4787 §4.3 asks for at least two minutes
 * @param dnsIdle the same for flows to port 53, which seldom see a second query
 */
public record ForwardLimits(int connections, int exchanges, int undecided, Duration udpIdle, Duration dnsIdle) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** Checks the ranges. */
    public ForwardLimits {
        check("connections", connections);
        check("exchanges", exchanges);
        check("undecided", undecided);
        check("udpIdle", udpIdle);
        check("dnsIdle", dnsIdle);
    }

    /**
     * 1,024 connections, 512 UDP flows, 64 undecided; UDP flows end after two minutes, to port 53 after 30 seconds.
     *
     * @return the defaults
     */
    public static ForwardLimits defaults() {
        return new ForwardLimits(1_024, 512, 64, Duration.ofMinutes(2), Duration.ofSeconds(30));
    }

    /**
     * The same with other numbers.
     *
     * @param connections see {@link #connections()}
     * @param exchanges see {@link #exchanges()}
     * @param undecided see {@link #undecided()}
     * @return the changed limits
     */
    public ForwardLimits withFlows(int connections, int exchanges, int undecided) {
        return new ForwardLimits(connections, exchanges, undecided, udpIdle, dnsIdle);
    }

    /**
     * The same with other times.
     *
     * @param udpIdle see {@link #udpIdle()}
     * @param dnsIdle see {@link #dnsIdle()}
     * @return the changed limits
     */
    public ForwardLimits withIdle(Duration udpIdle, Duration dnsIdle) {
        return new ForwardLimits(connections, exchanges, undecided, udpIdle, dnsIdle);
    }

    /** The same for the protocol core. */
    ForwardConfig config() {
        var udp = new UdpForwarding(undecided, exchanges, udpIdle.toNanos(), dnsIdle.toNanos());
        return new ForwardConfig(undecided, connections, udp);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("the limit \"" + name + "\" is at least 1, not " + value);
        }
    }

    private static void check(String name, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "the time \"" + name + "\" is more than zero and at most 365 days, not " + value);
        }
    }
}
