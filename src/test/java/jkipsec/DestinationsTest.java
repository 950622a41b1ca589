package jkipsec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import jkipsec.ip.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where devices may go through this machine. */
class DestinationsTest {
    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByAddress(IpAddress.parse(literal).toByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.1.2", "169.254.169.254", "169.254.1.1", "224.0.0.251",
        "239.1.1.1", "240.0.0.1", "255.255.255.255", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "::", "::1", "fe80::1", "fec0::1", "ff02::fb", "100::1", "fd00:ec2::254", "fd20:ce::254",
        "::127.0.0.1", "::169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1",
        "2002:a9fe:a9fe::1"})
    void whatNoDeviceHasBusinessWithIsDenied(String literal) throws UnknownHostException {
        assertFalse(Destinations.all().allows(address(literal)));
        assertFalse(Destinations.internet().allows(address(literal)));
        assertFalse(Destinations.none().allows(address(literal)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1.1.1.1", "192.0.2.80", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "223.255.255.255",
        "2001:db8::80", "64:ff9b::808:808", "2002:808:808::1"})
    void theInternetIsAllowed(String literal) throws UnknownHostException {
        assertTrue(Destinations.all().allows(address(literal)));
        assertTrue(Destinations.internet().allows(address(literal)));
        assertFalse(Destinations.none().allows(address(literal)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.78.99.2", "172.31.255.1", "192.168.200.1", "100.127.0.1", "198.18.0.1", "fd77::1",
        "::10.78.99.2", "64:ff9b::c0a8:c801", "2002:0a4e:6302::1"})
    void privateNetworksAreNotTheInternet(String literal) throws UnknownHostException {
        assertTrue(Destinations.all().allows(address(literal)));
        assertFalse(Destinations.internet().allows(address(literal)));
    }

    @Test
    void addressesOfThisMachineAreDeniedUnlessNamed() throws Exception {
        int seen = 0;
        for (NetworkInterface network : (Iterable<NetworkInterface>) NetworkInterface.networkInterfaces()::iterator) {
            for (InetAddress own : (Iterable<InetAddress>) network.inetAddresses()::iterator) {
                String literal = IpAddress.of(own).toString();
                seen++;
                assertFalse(Destinations.all().allows(own), literal);
                assertFalse(Destinations.none().allow("0.0.0.0/0").allow("::/0").allows(own), literal);
                assertTrue(Destinations.all().allow(literal).allows(own), literal);
            }
        }
        assertTrue(seen > 0, "this machine has no address");
    }

    @Test
    void theLongestPrefixDecidesAndTheLaterRuleForTheSameBlock() throws UnknownHostException {
        Destinations some = Destinations.none().allow("192.0.2.0/24").deny("192.0.2.128/25").allow("192.0.2.200");
        assertTrue(some.allows(address("192.0.2.1")));
        assertFalse(some.allows(address("192.0.2.129")));
        assertTrue(some.allows(address("192.0.2.200")));
        assertFalse(some.allows(address("192.0.3.1")));
        assertFalse(some.deny("192.0.2.0/24").allows(address("192.0.2.1")));
        assertTrue(some.deny("192.0.2.0/24").allow("192.0.2.0/24").allows(address("192.0.2.1")));
    }

    @Test
    void whatIsNoBlockIsNamed() {
        var wrong = assertThrows(IllegalArgumentException.class, () -> Destinations.all().allow("192.0.2.1/24"));
        assertTrue(wrong.getMessage().contains("192.0.2.1/24"), wrong.getMessage());
    }
}
