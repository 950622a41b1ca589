package jkipsec;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;

/**
 * Which addresses devices may reach through this machine: rules for blocks of addresses, of which the one with the
 * longest prefix decides. Immutable.
 *
 * {@snippet :
 * Destinations.all()                        // but what no device has any business with
 * Destinations.internet()                   // and no private networks
 * Destinations.none().allow("192.168.0.0/16")
 * Destinations.all().deny("10.0.0.0/8").allow("127.0.0.1/32")
 * }
 *
 * <p>Unless a rule for exactly that address allows it, this machine's own addresses are denied, which programs on it
 * often trust more than others, and so are addresses in which an IPv4 address is embedded (RFC 4291 §2.5.5, RFC 6052
 * §2.1, RFC 3056) that is denied itself.
 */
public final class Destinations {
    /** What is no other host's address, or where clouds keep what is for the machine itself only. */
    private static final List<String> GUARDED = List.of(
            "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "fe80::/10", "fec0::/10", "ff00::/8", "100::/64",
            "100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32", "fd20:ce::/32");

    /** Networks that are not the Internet's (RFC 1918, RFC 6598, RFC 2544, RFC 4193). */
    private static final List<String> PRIVATE = List.of(
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "fc00::/7");

    private static final Destinations NONE =
            new Destinations(List.of()).with(false, Stream.of("0.0.0.0/0", "::/0"));
    private static final Destinations ALL =
            NONE.with(true, Stream.of("0.0.0.0/0", "::/0")).with(false, GUARDED.stream());
    private static final Destinations INTERNET = ALL.with(false, PRIVATE.stream());

    private static final int MAPPED_AT = 12;

    private final List<Rule> rules;

    private record Rule(IpPrefix prefix, boolean allows) {}

    private Destinations(List<Rule> rules) {
        this.rules = rules;
    }

    /**
     * Every other host, in the Internet or not. Denied are addresses that mean no host or this one (unspecified,
     * loopback, multicast, broadcast, reserved), link-local ones, and those at which clouds tell a machine its secrets,
     * such as 169.254.169.254.
     *
     * @return the policy
     */
    public static Destinations all() {
        return ALL;
    }

    /**
     * Every host in the Internet: {@link #all} without private and shared networks (RFC 1918, 6598, 4193).
     *
     * @return the policy
     */
    public static Destinations internet() {
        return INTERNET;
    }

    /**
     * Nobody, to begin with.
     *
     * @return the policy
     */
    public static Destinations none() {
        return NONE;
    }

    /**
     * The same, with a block allowed except for what longer prefixes deny.
     *
     * @param cidr such as {@code 192.168.0.0/16}; an address alone is that address
     * @return the changed policy
     * @throws IllegalArgumentException when it is not a block
     */
    public Destinations allow(String cidr) {
        return with(true, Stream.of(cidr));
    }

    /**
     * The same, with a block denied except for what longer prefixes allow.
     *
     * @param cidr such as {@code 192.168.0.0/16}; an address alone is that address
     * @return the changed policy
     * @throws IllegalArgumentException when it is not a block
     */
    public Destinations deny(String cidr) {
        return with(false, Stream.of(cidr));
    }

    /**
     * Whether devices may reach an address.
     *
     * @param address any
     * @return true when they may
     */
    public boolean allows(InetAddress address) {
        return allows(IpAddress.of(address));
    }

    private boolean allows(IpAddress address) {
        Rule rule = ruleFor(address);
        if (!rule.allows || rule.prefix.length() == address.bitLength()) {
            return rule.allows;
        }
        return !isOwn(address.toInetAddress()) && embedded(address).allMatch(this::allows);
    }

    private Rule ruleFor(IpAddress address) {
        Rule longest = null;
        for (Rule rule : rules) {
            if (rule.prefix.contains(address)
                    && (longest == null || rule.prefix.length() > longest.prefix.length())) {
                longest = rule;
            }
        }
        return longest;
    }

    /** IPv4-compatible, IPv4-mapped, NAT64 and 6to4 addresses lead to an IPv4 address; mapped ones even on this host. */
    private static Stream<IpAddress> embedded(IpAddress address) {
        byte[] octets = address.toByteArray();
        if (octets.length == 4) {
            return Stream.empty();
        }
        if (address.first(80).isUnspecified() || IpPrefix.parse("64:ff9b::/96").contains(address)) {
            return Stream.of(ipv4(octets, MAPPED_AT));
        }
        return IpPrefix.parse("2002::/16").contains(address) ? Stream.of(ipv4(octets, 2)) : Stream.empty();
    }

    private static IpAddress ipv4(byte[] octets, int at) {
        return IpAddress.of(new byte[] {octets[at], octets[at + 1], octets[at + 2], octets[at + 3]});
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // when in doubt
        }
    }

    /** A later rule for the same block takes the place of the former. */
    private Destinations with(boolean allows, Stream<String> cidrs) {
        var changed = new ArrayList<>(rules);
        cidrs.map(IpPrefix::parse).forEach(prefix -> {
            changed.removeIf(rule -> rule.prefix.equals(prefix));
            changed.add(new Rule(prefix, allows));
        });
        return new Destinations(List.copyOf(changed));
    }

    /** Gives the rules. */
    @Override
    public String toString() {
        return "Destinations" + rules.stream()
                .map(rule -> (rule.allows ? "allow " : "deny ") + rule.prefix)
                .toList();
    }
}
