package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jkipsec.bytes.Hex;
import jkipsec.ike.IkePolicy;
import jkipsec.ip.Endpoint;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.Transfer;
import jkipsec.sim.World;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Laws of a whole endpoint, over any link. */
class GatewayProperties {
    private static final int PORT = 7;

    @Property(tries = 60)
    void whateverTheLinkDoesHandshakeAndStreamsComeThroughWhole(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0, max = 0.2) double loss,
            @ForAll @IntRange(min = 1, max = 200_000) int size) {
        var scenario = new Scenario(seed);
        scenario.network().link(Link.lossy(loss));
        Peer alice = connect(scenario);
        var server = new Transfer(scenario.world(), scenario.gateway(), size);
        var client = new Transfer(scenario.world(), alice, size);
        server.listen(scenario.gateway().tunnels().get(0), PORT);
        client.connect(alice.tunnels().get(0), PORT);
        boolean done = scenario.world().runUntil(
                () -> server.complete() == 1 && client.complete() == 1, 3_600 * World.SECOND);
        assertEquals(0, server.corrupt() + client.corrupt());
        assertTrue(done, () -> "server " + server.read() + ", client " + client.read() + " of " + size + "; "
                + server.ended() + client.ended());
        closeAndExpectNothingLeft(scenario, alice);
    }

    /** Under loss a device may have to try more than once, like a person who taps Connect again. */
    private static Peer connect(Scenario scenario) {
        Peer device = scenario.device();
        for (int attempt = 0; attempt < 20 && device.tunnels().isEmpty(); attempt++) {
            GatewayTunnel tunnel =
                    scenario.connect(device, Scenario.as("alice", "secret", IkePolicy.defaults()));
            scenario.world().runUntil(
                    () -> device.causeOf(tunnel).isPresent() || !device.tunnels().isEmpty(), 600 * World.SECOND);
        }
        assertEquals(1, device.tunnels().size());
        return device;
    }

    private static void closeAndExpectNothingLeft(Scenario scenario, Peer alice) {
        alice.call(() -> alice.gateway().close(alice.tunnels().get(0), scenario.world().now()));
        // Where every DELETE is lost, the gateway keeps its side; a closed link would too, so it is healed here.
        scenario.network().link(Link.PERFECT);
        scenario.world().runFor(3_600 * World.SECOND);
        for (Peer peer : List.of(alice, scenario.gateway())) {
            assertEquals(0, peer.gateway().ikeSaCount());
            assertEquals(Long.MAX_VALUE, peer.gateway().nextDeadline());
        }
        assertTrue(scenario.world().quiet());
    }

    @Property(tries = 20)
    void theSameSeedGivesTheSameOctets(@ForAll long seed) {
        assertEquals(trace(seed), trace(seed));
    }

    private static List<String> trace(long seed) {
        var scenario = new Scenario(seed);
        scenario.network().link(Link.lossy(0.1));
        var datagrams = new ArrayList<String>();
        scenario.network().tap((from, to, octets) -> datagrams.add(from + " " + to + " " + Hex.of(octets)));
        connect(scenario);
        return datagrams;
    }

    @Property(tries = 200)
    void mutatedAndRandomDatagramsNeitherThrowNorDisturb(@ForAll long seed) {
        var scenario = new Scenario(seed);
        var seen = new ArrayList<byte[]>();
        scenario.network().tap((from, to, octets) -> {
            if (seen.size() < 50) {
                seen.add(octets);
            }
        });
        Peer alice = scenario.alice();
        var server = new Transfer(scenario.world(), scenario.gateway(), 40_000);
        var client = new Transfer(scenario.world(), alice, 40_000);
        server.listen(scenario.gateway().tunnels().get(0), PORT);
        client.connect(alice.tunnels().get(0), PORT);
        var chance = scenario.world().chance();
        Endpoint deviceNatT = Endpoint.parse("198.51.100.1:4500");
        List<Endpoint> targets = List.of(Scenario.GATEWAY_IKE, Scenario.GATEWAY_NAT_T, deviceNatT);
        for (int i = 0; i < 100; i++) {
            byte[] noise = chance.nextBoolean() ? mutate(seen.get(chance.nextInt(seen.size())), chance) : random(chance);
            Endpoint from = chance.nextBoolean() ? deviceNatT : new Endpoint(deviceNatT.address(), chance.nextInt(65_536));
            scenario.network().inject(
                    from, targets.get(chance.nextInt(3)), noise, chance.nextInt(20) * World.MILLIS);
        }
        assertTrue(scenario.world().runUntil(
                () -> server.complete() == 1 && client.complete() == 1, 600 * World.SECOND));
        assertEquals(0, server.corrupt() + client.corrupt());
        assertEquals(1, alice.tunnels().size());
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    private static byte[] random(Random chance) {
        byte[] octets = new byte[chance.nextInt(600)];
        chance.nextBytes(octets);
        if (octets.length > 4 && chance.nextBoolean()) {
            Arrays.fill(octets, 0, 4, (byte) 0);
        }
        return octets;
    }

    private static byte[] mutate(byte[] original, Random chance) {
        byte[] octets = Arrays.copyOf(original, Math.max(1, original.length + chance.nextInt(9) - 4));
        int flips = 1 + chance.nextInt(4);
        for (int i = 0; i < flips; i++) {
            octets[chance.nextInt(octets.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        return octets;
    }

    @Property(tries = 20)
    void anyRepetitionOfTheHandshakeCreatesNothing(@ForAll long seed) {
        var scenario = new Scenario(seed);
        var recorded = new ArrayList<Object[]>();
        scenario.network().tap((from, to, octets) -> recorded.add(new Object[] {from, to, octets.clone()}));
        Peer alice = scenario.alice();
        GatewayTunnel before = scenario.gateway().tunnels().get(0);
        var chance = scenario.world().chance();
        int handshake = recorded.size();
        for (int i = 0; i < 40; i++) {
            Object[] old = recorded.get(chance.nextInt(handshake));
            scenario.network().inject(
                    (Endpoint) old[0], (Endpoint) old[1], (byte[]) old[2], chance.nextInt(100) * World.MILLIS);
        }
        scenario.world().runFor(World.SECOND);
        assertEquals(List.of(before), scenario.gateway().tunnels());
        assertEquals(1, alice.tunnels().size());
        alice.call(() -> alice.tunnels().get(0).ping(10));
        scenario.world().runFor(World.SECOND);
        assertEquals(1, alice.pingsAnswered());
        scenario.world().runFor(120 * World.SECOND);
        assertEquals(1, scenario.gateway().gateway().ikeSaCount(), "a replayed IKE_SA_INIT leaves nothing for long");
    }
}
