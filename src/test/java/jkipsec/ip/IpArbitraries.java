package jkipsec.ip;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random values of this package for property tests, of this package's users too. */
public final class IpArbitraries {
    private IpArbitraries() {}

    /** Any IPv4 address, the ends of the range often. */
    public static Arbitrary<Ipv4Address> ipv4() {
        return Arbitraries.integers().map(Ipv4Address::new);
    }

    /** Any IPv6 address; runs of zero groups often. */
    public static Arbitrary<Ipv6Address> ipv6() {
        Arbitrary<Integer> group = Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(0, 0xffff));
        Arbitrary<Long> half = group.list().ofSize(4).map(groups -> {
            long bits = 0;
            for (int g : groups) {
                bits = bits << 16 | g;
            }
            return bits;
        });
        return Combinators.combine(half, half).as(Ipv6Address::new);
    }

    /** An address of either family. */
    public static Arbitrary<IpAddress> address() {
        return Arbitraries.oneOf(ipv4(), ipv6());
    }

    /** A port. */
    public static Arbitrary<Integer> port() {
        return Arbitraries.integers().between(0, 0xffff);
    }

    /** A block of either family. */
    public static Arbitrary<IpPrefix> prefix() {
        return address().flatMap(address -> Arbitraries.integers().between(0, address.bitLength())
                .map(length -> IpPrefix.around(address, length)));
    }

    /** A header between two addresses of one family. */
    public static Arbitrary<IpHeader> header() {
        Arbitrary<Integer> octet = Arbitraries.integers().between(0, 255);
        return Arbitraries.of(true, false).flatMap(v4 -> {
            Arbitrary<? extends IpAddress> address = v4 ? ipv4() : ipv6();
            return Combinators.combine(address, address, octet, octet, octet).as(IpHeader::new);
        });
    }
}
