package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPoolTest {
    private static AddressPool pool(String prefix) {
        return new AddressPool(IpPrefix.parse(prefix));
    }

    private static Optional<IpAddress> address(String literal) {
        return Optional.of(IpAddress.parse(literal));
    }

    @Test
    void theGatewayHasTheFirstHostAddressAndDevicesTheFollowing() {
        AddressPool pool = pool("10.8.0.0/24");
        assertEquals(IpAddress.parse("10.8.0.1"), pool.gateway());
        assertEquals(address("10.8.0.2"), pool.lease());
        assertEquals(address("10.8.0.3"), pool.lease());
        assertEquals(2, pool.lentCount());
    }

    @Test
    void theSmallestPoolHoldsOneDevice() {
        AddressPool pool = pool("192.168.1.8/30");
        assertEquals(address("192.168.1.10"), pool.lease());
        assertEquals(Optional.empty(), pool.lease());
        pool.release(IpAddress.parse("192.168.1.10"));
        assertEquals(address("192.168.1.10"), pool.lease());
    }

    @Test
    void aFreedAddressIsLentAgainOnlyAfterAllOthers() {
        AddressPool pool = pool("10.0.0.0/29");
        pool.release(pool.lease().orElseThrow());
        var next = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            next.add(pool.lease().orElseThrow().toString());
        }
        assertEquals(List.of("10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2"), next);
    }

    @Test
    void releasingWhatWasNotLentChangesNothing() {
        AddressPool pool = pool("10.0.0.0/30");
        pool.release(IpAddress.parse("10.0.0.1"));
        pool.release(IpAddress.parse("8.8.8.8"));
        assertEquals(0, pool.lentCount());
        assertEquals(address("10.0.0.2"), pool.lease());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/31", "10.0.0.1/32"})
    void aPoolWithoutRoomIsRefusedWithItsNameAndAnExample(String prefix) {
        var refused = assertThrows(IllegalArgumentException.class, () -> pool(prefix));
        assertTrue(refused.getMessage().contains(prefix), refused.getMessage());
        assertTrue(refused.getMessage().contains("10.8.0.0/24"), refused.getMessage());
    }

    @Test
    void theLargestPoolIsNotWalkedThrough() {
        AddressPool pool = pool("0.0.0.0/0");
        assertEquals(address("0.0.0.2"), pool.lease());
    }
}
