package jkipsec;

import java.time.Duration;
import java.net.IDN;
import java.util.EnumSet;
import java.util.List;
import jkipsec.gateway.TunnelMtu;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Lifetime;
import jkipsec.ip.IpAddress;

/** Checks that {@link ServerConfig} and {@link ClientConfig} share. */
final class Settings {
    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(1);
    private static final Duration SHORTEST_SILENCE = Duration.ofMillis(100);
    private static final Duration LONGEST_DECISION = Duration.ofHours(1);
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(365);

    private static final int LONGEST_DOMAIN = 253;

    private Settings() {}

    /** Reads an address literal, naming the setting when it is none. */
    static IpAddress address(String setting, String literal) {
        try {
            return IpAddress.parse(literal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the " + setting + " \"" + literal + "\" is not an IP address literal;"
                    + " write one like 192.0.2.1 (names are not looked up)", e);
        }
    }

    /** Reads a domain name; gives it in ASCII without a dot at the end. */
    static String domain(String name) {
        try {
            String ascii = IDN.toASCII(name.strip().replaceFirst("\\.$", ""), IDN.USE_STD3_ASCII_RULES);
            if (ascii.isEmpty() || ascii.length() > LONGEST_DOMAIN || ascii.startsWith(".")) {
                throw new IllegalArgumentException("it is empty or too long");
            }
            return ascii;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\" is not a domain name; write one like corp.example", e);
        }
    }

    /** Checks a port number, 0 included. */
    static int port(String setting, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the " + setting + " " + port
                    + " is not 0 to 65535; 0 takes any free port");
        }
        return port;
    }

    /** Checks the size of a packet. */
    static int mtu(String which, int octets) {
        if (octets < TunnelMtu.SMALLEST || octets > 65_535) {
            throw new IllegalArgumentException("the " + which + " MTU " + octets + " is not " + TunnelMtu.SMALLEST
                    + " to 65535; 1500 outside and 1400 inside are usual");
        }
        return octets;
    }

    /** Checks how long keys are used. */
    static Duration lifetime(String of, Duration lifetime) {
        if (lifetime.compareTo(SHORTEST_LIFETIME) < 0 || lifetime.compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException(of + ": the lifetime " + lifetime
                    + " is not one second to 365 days; some hours are usual");
        }
        return lifetime;
    }

    /** Checks how long a device may be silent. */
    static Duration silence(Duration silence) {
        if (silence.compareTo(SHORTEST_SILENCE) < 0 || silence.compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException("a silence of " + silence
                    + " is not 100 milliseconds to 365 days; some minutes are usual");
        }
        return silence;
    }

    /** How long IKE SAs are used. */
    static IkePolicy ikeLifetime(IkePolicy policy, Duration soft) {
        Lifetime ike = Lifetime.of(lifetime("IKE SA", soft));
        return policy.withLifetimes(new IkePolicy.Lifetimes(ike, policy.lifetimes().child()));
    }

    /** How long Child SAs are used, by time. */
    static IkePolicy childLifetime(IkePolicy policy, Duration soft) {
        return withChild(policy, Lifetime.of(lifetime("Child SA", soft)));
    }

    /** How long Child SAs are used, by every limit. */
    static IkePolicy childLifetime(IkePolicy policy, Lifetime limits) {
        lifetime("Child SA", limits.soft());
        lifetime("Child SA", limits.hard());
        return withChild(policy, limits);
    }

    private static IkePolicy withChild(IkePolicy policy, Lifetime child) {
        return policy.withLifetimes(new IkePolicy.Lifetimes(policy.lifetimes().ike(), child));
    }

    /** Which IKE messages go in fragments. */
    static IkePolicy fragmentSize(IkePolicy policy, int octets) {
        if (octets < 256 || octets > 65_535) {
            throw new IllegalArgumentException("the fragment size " + octets
                    + " is not 256 to 65535; 1280 passes nearly everywhere");
        }
        return policy.withFragmentation(policy.fragmentation().withDatagram(octets));
    }

    /** When a silent peer is asked. */
    static IkePolicy probeAfter(IkePolicy policy, Duration silence) {
        return policy.withLiveness(policy.liveness().withProbeAfter(silence(silence)));
    }

    /** When an unused tunnel ends. */
    static IkePolicy idleLimit(IkePolicy policy, Duration limit) {
        return policy.withLiveness(policy.liveness().withIdleLimit(silence(limit)));
    }

    /** How often requests are sent. */
    static IkePolicy transmissions(IkePolicy policy, int most) {
        if (most < 1 || most > 100) {
            throw new IllegalArgumentException(most + " transmissions are not 1 to 100; 6 are usual");
        }
        return policy.withRetransmission(policy.retransmission().withTransmissions(most));
    }

    /** Checks how long a decision may take. */
    static Duration decisionTimeout(Duration time) {
        if (time.compareTo(SHORTEST_SILENCE) < 0 || time.compareTo(LONGEST_DECISION) > 0) {
            throw new IllegalArgumentException("the decision time-out " + time
                    + " is not 100 milliseconds to one hour; 20 seconds are usual");
        }
        return time;
    }

    /** Checks an order of preference. */
    static List<Suite> suites(Suite... preferred) {
        List<Suite> suites = List.of(preferred);
        if (suites.isEmpty()) {
            throw new IllegalArgumentException("no suite is given; leave the setting out to allow "
                    + List.of(Suite.values()));
        }
        if (EnumSet.copyOf(suites).size() < suites.size()) {
            throw new IllegalArgumentException("a suite is named twice in " + suites + "; name each once");
        }
        return suites;
    }

    /** What a server and a client have alike, as both show it. */
    static String describe(IkePolicy policy, TunnelMtu mtu) {
        return "lifetimes " + policy.lifetimes().ike().soft() + " and " + policy.lifetimes().child().soft()
                + ", fragments of " + policy.fragmentation().datagram()
                + ", probes after " + policy.liveness().probeAfter()
                + ", " + policy.retransmission().transmissions() + " transmissions"
                + policy.liveness().idleLimit().map(limit -> ", idle limit " + limit).orElse("")
                + ", " + policy.children() + ", MTU " + mtu.outer() + " outside and at most " + mtu.largestInner()
                + " inside";
    }
}
