package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AddressPoolProperties {
    @Property(tries = 200)
    void noTwoDevicesEverHaveOneAddressAndAllAreUsed(
            @ForAll @IntRange(min = 26, max = 30) int length,
            @ForAll @Size(max = 300) List<@IntRange(min = 0, max = 99) Integer> steps) {
        IpPrefix prefix = IpPrefix.parse("10.9.8.0/" + length);
        var pool = new AddressPool(prefix);
        int room = (1 << 32 - length) - 3;
        var lent = new ArrayList<IpAddress>();
        for (int step : steps) {
            if (step < 60) {
                Optional<IpAddress> address = pool.lease();
                assertEquals(lent.size() < room, address.isPresent());
                address.ifPresent(given -> {
                    assertTrue(prefix.contains(given));
                    assertNotEquals(prefix.first(), given);
                    assertNotEquals(prefix.last(), given);
                    assertNotEquals(pool.gateway(), given);
                    assertTrue(!lent.contains(given), "two devices with " + given);
                    lent.add(given);
                });
            } else if (!lent.isEmpty()) {
                pool.release(lent.remove(step % lent.size()));
            }
            assertEquals(lent.size(), pool.lentCount());
        }
    }
}
