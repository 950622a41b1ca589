package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.IkePolicy.Fragmentation.Mode;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.World;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Laws of IKE fragmentation over any link. */
class FragmentationProperties {
    private static final IkePolicy PATIENT = IkePolicy.defaults()
            .withRetransmission(new IkePolicy.Retransmission(
                    Duration.ofMillis(500), 1.5, Duration.ofSeconds(2), 60))
            .withLimits(new IkePolicy.Limits(
                    IkePolicy.defaults().limits().halfOpen(), Duration.ofMinutes(5), new IkePolicy.Decisions(Duration.ofMinutes(5), 256), 200, 200));

    private static IkePolicy policy(Mode mode, int datagram) {
        return PATIENT.withFragmentation(PATIENT.fragmentation().withMode(mode).withDatagram(datagram));
    }

    @Property(tries = 60)
    void whateverTheLinkDoesFragmentedHandshakesAndRekeyingsSucceedOnce(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0, max = 0.25) double loss,
            @ForAll @IntRange(min = 520, max = 1_400) int mtu,
            @ForAll @IntRange(min = 1, max = 1_200) int name,
            @ForAll @IntRange(min = 1, max = 150) int dns,
            @ForAll boolean forced) {
        int datagram = Math.min(mtu, 1_280);
        IkePolicy policy = policy(forced ? Mode.FORCED : Mode.SUPPORTED, datagram);
        var world = new FragmentationScenario(seed, policy, policy, dns);
        world.scenario.network().mtu(mtu);
        world.scenario.network().link(Link.lossy(loss));
        assertTrue(world.connects(name, 290), () -> world.device.drops() + " " + world.gateway.drops());
        assertEquals(dns, world.device.tunnels().get(0).addresses().dns().size());
        assertEquals(1, world.gateway.tunnels().size());
        for (Peer peer : new Peer[] {world.device, world.gateway}) {
            world.rekey(peer);
            world.scenario.world().runFor(130 * World.SECOND);
        }
        assertEquals(1, world.device.tunnels().size());
        assertEquals(1, world.gateway.tunnels().size());
        world.scenario.network().link(Link.PERFECT);
        world.device.call(() -> world.device.gateway().close(
                world.device.tunnels().get(0), world.scenario.world().now()));
        world.scenario.world().runFor(5 * 3_600 * World.SECOND);
        for (Peer peer : new Peer[] {world.device, world.gateway}) {
            assertEquals(0, peer.gateway().ikeSaCount());
            assertEquals(Long.MAX_VALUE, peer.gateway().nextDeadline());
        }
    }
}
