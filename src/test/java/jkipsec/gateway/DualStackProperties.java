package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.InnerFamilies;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpPrefix;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.Transfer;
import jkipsec.sim.World;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** Laws of tunnels that carry IPv6, over any link. */
class DualStackProperties {
    private static final int PORT = 7;
    private static final InnerNetwork NETWORK = InnerNetwork
            .of(IpPrefix.parse("10.8.0.0/24"), List.of())
            .withPool6(IpPrefix.parse("fd12::/64"));
    private static final IkePolicy PATIENT = IkePolicy.defaults()
            .withRetransmission(new IkePolicy.Retransmission(Duration.ofMillis(500), 1.5, Duration.ofSeconds(4), 40));

    @Property(tries = 25)
    void streamsOfEveryFamilyComeThroughWholeWhileKeysAreReplaced(
            @ForAll long seed,
            @ForAll InnerFamilies families,
            @ForAll @DoubleRange(min = 0, max = 0.15) double loss) {
        var scenario = new Scenario(seed, PATIENT, NETWORK);
        Peer device = scenario.device();
        GatewayTunnel atDevice =
                scenario.connect(device, Scenario.as("alice", "secret", PATIENT).withFamilies(families));
        assertTrue(scenario.world().runUntil(atDevice::isUp, 300 * World.SECOND));
        scenario.network().link(Link.lossy(loss));
        GatewayTunnel atGateway = scenario.gateway().tunnels().get(0);
        var server = new Transfer(scenario.world(), scenario.gateway(), 60_000);
        var client = new Transfer(scenario.world(), device, 60_000);
        int streams = atDevice.addresses().ends().size();
        assertEquals(families == InnerFamilies.BOTH ? 2 : 1, streams);
        atDevice.addresses().ends().forEach(ends -> {
            server.listen(atGateway, new Endpoint(ends.gateway(), PORT));
            client.connect(atDevice, new Endpoint(ends.gateway(), PORT));
        });
        Random chance = scenario.world().chance();
        for (int i = 0; i < 6; i++) {
            boolean ours = chance.nextBoolean();
            boolean ike = chance.nextInt(3) == 0;
            rekeyLater(scenario, ours ? device : scenario.gateway(), ours ? atDevice : atGateway, ike);
        }
        assertTrue(scenario.world().runUntil(
                () -> server.complete() == streams && client.complete() == streams, 1_200 * World.SECOND));
        assertEquals(0, server.corrupt() + client.corrupt());
        assertEquals(0, device.drops("ip.OUTSIDE_SELECTORS") + scenario.gateway().drops("ip.OUTSIDE_SELECTORS"));
        assertEquals(selectors(atGateway).reversed(), selectors(atDevice), "after any rekeying");
        assertEquals(streams, selectors(atDevice).get(0).size());
    }

    private static void rekeyLater(Scenario scenario, Peer peer, GatewayTunnel tunnel, boolean ike) {
        scenario.world().in(scenario.world().chance().nextInt(300) * 10 * World.MILLIS, () -> peer.call(() -> {
            if (ike) {
                tunnel.ike().rekey(scenario.world().now());
            } else {
                tunnel.ike().rekeyChild(scenario.world().now());
            }
            peer.gateway().touched(tunnel);
        }));
    }

    /** What the SA that sends lets pass: here, and there. */
    private static List<List<?>> selectors(GatewayTunnel tunnel) {
        var child = tunnel.ike().sendingChild().orElseThrow();
        return List.of(child.local(), child.remote());
    }
}
