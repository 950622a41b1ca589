package jkipsec.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class IpAddressProperties {
    @Property(tries = 300)
    void whatIsWrittenReadsBack(@ForAll("addresses") IpAddress address) {
        assertEquals(address, IpAddress.parse(address.toString()));
        assertEquals(address, IpAddress.of(address.toByteArray()));
        if (!address.toString().startsWith("::ffff:")) { // the JDK's type turns those into IPv4
            assertEquals(address, IpAddress.of(address.toInetAddress()));
        }
    }

    @Property(tries = 300)
    void theJdkReadsTheLiteralAsTheSameAddress(@ForAll("addresses") IpAddress address) throws UnknownHostException {
        assertEquals(InetAddress.getByAddress(address.toByteArray()), InetAddress.getByName(address.toString()));
    }

    @Property(tries = 300)
    void plusAgreesWithBigIntegers(@ForAll("addresses") IpAddress address, @ForAll long distance) {
        var size = BigInteger.ONE.shiftLeft(address.bitLength());
        assertEquals(number(address).add(BigInteger.valueOf(distance)).mod(size), number(address.plus(distance)));
    }

    @Property(tries = 300)
    void aPrefixHoldsExactlyWhatLiesBetweenItsEnds(
            @ForAll("prefixes") IpPrefix prefix, @ForAll("addresses") IpAddress address) {
        boolean between = address.sameFamily(prefix.address())
                && prefix.first().compareTo(address) <= 0 && prefix.last().compareTo(address) >= 0;
        assertEquals(between, prefix.contains(address));
        assertEquals(prefix, IpPrefix.parse(prefix.toString()));
        var size = number(prefix.last()).subtract(number(prefix.first())).add(BigInteger.ONE);
        assertEquals(size.min(BigInteger.valueOf(Long.MAX_VALUE)), BigInteger.valueOf(prefix.size()));
    }

    @Property(tries = 300)
    void theOrderIsTheNumbers(@ForAll("addresses") IpAddress a, @ForAll("addresses") IpAddress b) {
        int byFamily = Integer.compare(a.bitLength(), b.bitLength());
        int expected = byFamily != 0 ? byFamily : number(a).compareTo(number(b));
        assertEquals(expected, Integer.signum(a.compareTo(b)));
    }

    @Provide
    Arbitrary<IpAddress> addresses() {
        return IpArbitraries.address();
    }

    @Provide
    Arbitrary<IpPrefix> prefixes() {
        return IpArbitraries.prefix();
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.toByteArray());
    }
}
