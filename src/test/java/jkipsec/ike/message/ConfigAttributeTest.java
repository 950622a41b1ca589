package jkipsec.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import jkipsec.bytes.Hex;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigAttributeTest {
    @ParameterizedTest
    @CsvSource({
        "10.8.0.1/32, 0a080001ffffffff",
        "192.0.2.0/26, c0000200ffffffc0",
        "0.0.0.0/0, 0000000000000000",
        "fd12::2/128, fd12000000000000000000000000000280",
        "::/0, 0000000000000000000000000000000000"
    })
    void aBlockIsAnAddressAndAMaskOrALength(String prefix, String octets) {
        var attribute = ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_SUBNET, IpPrefix.parse(prefix));
        assertEquals(octets, Hex.of(attribute.value()));
        assertEquals(Optional.of(IpPrefix.parse(prefix)), attribute.prefix());
        assertEquals("INTERNAL_IP4_SUBNET=" + prefix, attribute.toString());
    }

    @ParameterizedTest
    @CsvSource({"0a080001ff00ff00", "0a0800017fffffff", "0a080001ff", "fd12000000000000000000000000000281"})
    void whatIsNoMaskIsNoBlock(String octets) {
        assertEquals(Optional.empty(), new ConfigAttribute(13, Hex.parse(octets)).prefix());
    }

    @Test
    void bitsBehindThePrefixAreCleared() {
        var attribute = new ConfigAttribute(13, Hex.parse("0a080007ffffff00"));
        assertEquals(Optional.of(IpPrefix.parse("10.8.0.0/24")), attribute.prefix());
    }

    @Test
    void anAddressIsReadWithOrWithoutItsPrefixLength() {
        IpAddress address = IpAddress.parse("fd12::2");
        assertEquals(Optional.of(address), ConfigAttribute.of(8, IpPrefix.single(address)).address());
        assertEquals(Optional.of(address), ConfigAttribute.of(8, address).address());
        assertEquals(Optional.empty(), ConfigAttribute.of(8).address());
    }

    @Test
    void aDomainIsTextOfAnyLength() {
        var domain = ConfigAttribute.of(ConfigAttributeType.INTERNAL_DNS_DOMAIN, "a.de");
        assertEquals("612e6465", Hex.of(domain.value()));
        assertEquals("INTERNAL_DNS_DOMAIN=\"a.de\"", domain.toString());
    }
}
