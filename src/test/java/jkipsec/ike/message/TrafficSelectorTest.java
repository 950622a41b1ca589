package jkipsec.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.ip.IpProtocol;
import org.junit.jupiter.api.Test;

class TrafficSelectorTest {
    private static final IpAddress DEVICE = IpAddress.parse("10.8.0.2");

    @Test
    void everythingNarrowsToOneAddress() {
        var device = TrafficSelector.of(DEVICE);
        assertEquals(Optional.of(device), TrafficSelector.anyIpv4().intersect(device));
        assertEquals(Optional.empty(), TrafficSelector.anyIpv6().intersect(device));
    }

    @Test
    void aNarrowedSelectorKeepsProtocolAndPorts() {
        var web = new TrafficSelector(
                IpProtocol.TCP, 80, 443, IpAddress.parse("10.0.0.0"), IpAddress.parse("10.255.255.255"));
        assertEquals(Optional.of(new TrafficSelector(IpProtocol.TCP, 80, 443, DEVICE, DEVICE)),
                web.intersect(TrafficSelector.of(DEVICE)));
        assertTrue(web.contains(DEVICE, IpProtocol.TCP, 443));
        assertFalse(web.contains(DEVICE, IpProtocol.TCP, 444));
        assertFalse(web.contains(DEVICE, IpProtocol.UDP, 443));
        assertFalse(web.contains(IpAddress.parse("11.0.0.0"), IpProtocol.TCP, 443));
        assertTrue(web.contains(DEVICE));
    }

    @Test
    void opaquePortsArePartOfAnyPort() {
        var opaque = new TrafficSelector(IpProtocol.UDP, 0xffff, 0, DEVICE, DEVICE);
        assertEquals(Optional.of(opaque), TrafficSelector.anyIpv4().intersect(opaque));
        assertEquals(Optional.of(opaque), opaque.intersect(opaque));
        assertFalse(opaque.contains(DEVICE, IpProtocol.UDP, 0));
        var first = new TrafficSelector(IpProtocol.UDP, 0, 0, DEVICE, DEVICE);
        var last = new TrafficSelector(IpProtocol.UDP, 0xffff, 0xffff, DEVICE, DEVICE);
        assertEquals(Optional.empty(), first.intersect(last));
        assertEquals(Optional.empty(), first.intersect(opaque));
    }

    @Test
    void readsNaturally() {
        assertEquals("10.8.0.0/24", TrafficSelector.of(IpPrefix.parse("10.8.0.0/24")).toString());
        assertEquals("0.0.0.0/0", TrafficSelector.anyIpv4().toString());
        assertEquals("::/0", TrafficSelector.anyIpv6().toString());
        assertEquals("10.8.0.2/32[TCP]:80", new TrafficSelector(6, 80, 80, DEVICE, DEVICE).toString());
        assertEquals("10.8.0.2-10.8.0.4[UDP]:opaque",
                new TrafficSelector(17, 0xffff, 0, DEVICE, DEVICE.plus(2)).toString());
        assertEquals("10.8.0.2-10.8.0.5:1-9", new TrafficSelector(0, 1, 9, DEVICE, DEVICE.plus(3)).toString());
    }

    @Test
    void refusesWhatIsNoRange() {
        assertThrows(IllegalArgumentException.class, () -> new TrafficSelector(0, 2, 1, DEVICE, DEVICE));
        assertThrows(IllegalArgumentException.class, () -> new TrafficSelector(0, 1, 2, DEVICE, DEVICE.plus(-1)));
        assertThrows(IllegalArgumentException.class,
                () -> new TrafficSelector(0, 1, 2, DEVICE, IpAddress.parse("::ffff")));
    }
}
