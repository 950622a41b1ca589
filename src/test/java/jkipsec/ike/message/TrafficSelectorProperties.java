package jkipsec.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import jkipsec.ip.IpAddress;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TrafficSelectorProperties {
    @Property(tries = 500)
    void theIntersectionContainsWhatBothContain(@ForAll("selectors") TrafficSelector a,
            @ForAll("selectors") TrafficSelector b, @ForAll @IntRange(max = 5) int which,
            @ForAll @IntRange(max = 0xffff) int port) {
        // Corners of both ranges, where mistakes would be.
        IpAddress[] corners = {a.start(), a.end(), b.start(), b.end(), a.end().plus(1), b.start().plus(-1)};
        int[] ports = {port, a.startPort(), a.endPort(), b.startPort(), b.endPort()};
        int protocol = b.protocol() == 0 ? Math.max(1, a.protocol()) : b.protocol();
        Optional<TrafficSelector> both = a.intersect(b);
        for (int p : ports) {
            boolean expected = a.contains(corners[which], protocol, p) && b.contains(corners[which], protocol, p);
            assertEquals(expected, both.map(s -> s.contains(corners[which], protocol, p)).orElse(false));
        }
    }

    @Property(tries = 300)
    void theOrderDoesNotMatter(@ForAll("selectors") TrafficSelector a, @ForAll("selectors") TrafficSelector b) {
        assertEquals(a.intersect(b), b.intersect(a));
    }

    @Property(tries = 300)
    void aSelectorCoversItselfAndEveryIntersectionWithIt(
            @ForAll("selectors") TrafficSelector a, @ForAll("selectors") TrafficSelector b) {
        assertTrue(a.covers(a));
        a.intersect(b).ifPresent(both -> assertTrue(a.covers(both) && b.covers(both)));
        assertEquals(a.covers(b) && b.covers(a), a.equals(b));
    }

    @Provide
    Arbitrary<TrafficSelector> selectors() {
        return MessageArbitraries.selector();
    }
}
