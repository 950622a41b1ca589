package jkipsec.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0", "255.255.255.255, 255.255.255.255", "10.8.0.1, 10.8.0.1",
        "::, ::", "::1, ::1", "1::, 1::", "2001:DB8::1, 2001:db8::1", "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "0:0:0:0:0:0:13.1.68.3, ::d01:4403",
        "::ffff:192.0.2.128, ::ffff:192.0.2.128", "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8", "fe80::0:1, fe80::1",
    })
    void readsLiteralsAndWritesTheCanonicalForm(String literal, String canonical) {
        assertEquals(canonical, IpAddress.parse(literal).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1.2.3.-4", "1..3.4", "1.2.3.",
        "example.com", "0x7f.0.0.1", "127.1", "1.2.3.1234", "١.2.3.4",
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", ":1::", "1:",
        "1:2:3:4:5:6:7::8:9",
        "1.2.3.4::", "::1.2.3.4:5", "fe80::1%eth0", "[::1]", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.400",
        "1:2:3:4:5:6:7:8::",
    })
    void refusesWhatIsNoLiteralAndNamesIt(String text) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text));
        assertTrue(refusal.getMessage().contains("\""), refusal.getMessage());
    }

    @Test
    void takesFourOrSixteenOctetsOnly() {
        assertEquals(IpAddress.parse("1.2.3.4"), IpAddress.of(new byte[] {1, 2, 3, 4}));
        assertThrows(IllegalArgumentException.class, () -> IpAddress.of(new byte[5]));
    }

    @Test
    void keepsAnIpv4MappedAddressInItsFamily() {
        var mapped = IpAddress.parse("::ffff:1.2.3.4");
        assertInstanceOf(Inet6Address.class, mapped.toInetAddress());
    }

    @Test
    void ordersAsUnsignedAndIpv4First() {
        assertTrue(IpAddress.parse("9.0.0.0").compareTo(IpAddress.parse("200.0.0.0")) < 0);
        assertTrue(IpAddress.parse("fe80::1").compareTo(IpAddress.parse("::1")) > 0);
        assertTrue(IpAddress.parse("255.0.0.0").compareTo(IpAddress.parse("::")) < 0);
        assertTrue(IpAddress.parse("::").compareTo(IpAddress.parse("255.0.0.0")) > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "10.8.0.255, 1, 10.8.1.0", "255.255.255.255, 1, 0.0.0.0", "10.0.0.0, -1, 9.255.255.255",
        "::ffff:ffff:ffff:ffff, 1, 0:0:0:1::", "1::, -1, 0:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::5, 0, ::5",
        "::5, -5, ::",
    })
    void countsOverTheEndsOfItsParts(String from, long distance, String to) {
        assertEquals(IpAddress.parse(to), IpAddress.parse(from).plus(distance));
    }

    @Test
    void knowsTheUnspecifiedAddress() {
        assertTrue(Ipv4Address.ANY.isUnspecified() && Ipv6Address.ANY.isUnspecified());
        assertFalse(IpAddress.parse("::1").isUnspecified());
    }

    @Test
    void aPrefixKnowsItsEnds() {
        var prefix = IpPrefix.parse("10.8.0.0/22");
        assertEquals("10.8.0.0", prefix.first().toString());
        assertEquals("10.8.3.255", prefix.last().toString());
        assertEquals(1024, prefix.size());
        assertEquals("10.8.0.1", prefix.address(1).toString());
        assertThrows(IllegalArgumentException.class, () -> prefix.address(1024));
        assertTrue(prefix.contains(IpAddress.parse("10.8.3.7")));
        assertFalse(prefix.contains(IpAddress.parse("10.8.4.0")));
        assertFalse(prefix.contains(IpAddress.parse("::10.8.3.7")));
    }

    @Test
    void aPrefixMayBeEverythingOrOneAddress() {
        assertTrue(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("255.1.2.3")));
        assertEquals(Long.MAX_VALUE, IpPrefix.parse("::/0").size());
        assertEquals("2001:db8::1/128", IpPrefix.parse("2001:db8::1").toString());
        assertEquals(1, IpPrefix.parse("192.0.2.1").size());
        assertEquals("2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", IpPrefix.parse("2001:db8::/33").last().toString());
        assertEquals("2001:db8::1:ffff:ffff:ffff", IpPrefix.parse("2001:db8:0:0:1::/80").last().toString()
                .replace("2001:db8:0:0:1", "2001:db8::1"));
    }

    @Test
    void aPrefixWithHostBitsNamesTheBlockThatWasMeant() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse("10.8.0.5/24"));
        assertTrue(refusal.getMessage().contains("10.8.0.0/24"), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.8.0.0/33", "10.8.0.0/", "10.8.0.0/-1", "10.8.0.0/08", "10.8.0.0/a", "::/129", "/8"})
    void refusesBadPrefixes(String text) {
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:500", "[2001:db8::1]:4500", "0.0.0.0:0", "[::]:65535"})
    void endpointsReadWhatTheyWrite(String text) {
        assertEquals(text, Endpoint.parse(text).toString());
        assertEquals(text, Endpoint.of(Endpoint.parse(text).toInetSocketAddress()).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "::1:500", "[::1]", "[::1]500",
        "[1.2.3.4]:5",
        "host:500", "1.2.3.4:-1", "[:1"})
    void refusesBadEndpoints(String text) {
        assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text));
    }

    @Test
    void anEndpointNeedsAnAddressNotAName() {
        var name = InetSocketAddress.createUnresolved("vpn.example.com", 500);
        var refusal = assertThrows(IllegalArgumentException.class, () -> Endpoint.of(name));
        assertTrue(refusal.getMessage().contains("vpn.example.com"));
    }
}
