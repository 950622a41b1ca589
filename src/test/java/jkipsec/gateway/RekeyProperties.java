package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.AdditionalKeyExchange;
import jkipsec.ike.ChildPolicy;
import jkipsec.ike.ChildSa;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.IkeSa;
import jkipsec.ike.Lifetime;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.Transfer;
import jkipsec.sim.World;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Law 7 of the design: however both sides' rekeyings interleave, one usable Child SA remains and no byte is lost. */
class RekeyProperties {
    private static final int PORT = 7;
    private static final Endpoint DEVICE = Endpoint.parse("198.51.100.1:4500");
    private static final IpAddress ELSEWHERE = IpAddress.parse("203.0.113.9");

    /** How long the link is bad: less than TCP waits for an answer, since any number of packets may be lost in a row. */
    private static final long BAD_TIME = 60 * World.SECOND;

    /** Requests that the peer could not take now are tried again for long, since the link of these tests is bad. */
    private static final IkePolicy PATIENT = IkePolicy.defaults()
            .withRetransmission(new IkePolicy.Retransmission(
                    Duration.ofMillis(500), 1.5, Duration.ofSeconds(4), 40));

    private static IkePolicy patient(boolean pfs) {
        return pfs ? PATIENT.withChildren(PATIENT.children().withPfs(ChildPolicy.Pfs.WANTED)) : PATIENT;
    }

    /** None, one if the peer has it, two (RFC 9370). */
    private static final List<List<List<AdditionalKeyExchange>>> ADDITIONAL = List.of(
            List.of(List.of()),
            IkePolicy.defaults().additional(),
            List.of(List.of(
                    AdditionalKeyExchange.of(1, KeyExchangeMethod.ML_KEM_768),
                    AdditionalKeyExchange.of(2, KeyExchangeMethod.ECP_256))));

    static final int ADDITIONAL_CHOICES = 3;
    static final int NO_ADDITIONAL = 0;
    static final int TWO_ADDITIONAL = 2;

    /** One of the choices of additional key exchanges, for the IKE SA and, with PFS, for its Child SAs. */
    static IkePolicy policy(int additional, boolean pfs) {
        return patient(pfs).withAdditional(ADDITIONAL.get(additional));
    }

    @Property(tries = 250)
    void whateverBothSidesDoAtRandomOneTunnelRemainsAndNothingIsLost(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0, max = 0.15) double loss,
            @ForAll boolean pfs,
            @ForAll @IntRange(min = 0, max = 2) int additional,
            @ForAll boolean slow) {
        check(seed, loss, pfs, additional, slow);
    }

    /** Both sides rekey, probe and move at random while streams run both ways; then the link heals. */
    static void check(long seed, double loss, boolean pfs, int additional, boolean slow) {
        IkePolicy policy = policy(additional, pfs);
        var scenario = new Scenario(seed, policy, "10.8.0.0/24");
        Peer alice = scenario.device();
        scenario.connect(alice, Scenario.as("alice", "secret", policy));
        assertTrue(scenario.world().runUntil(() -> alice.tunnels().size() == 1, 300 * World.SECOND));
        scenario.network().link(Link.lossy(loss));
        scenario.world().in(BAD_TIME, () -> scenario.network().link(Link.PERFECT));
        if (slow) {
            alice.slow();
            scenario.gateway().slow();
        }
        GatewayTunnel atDevice = alice.tunnels().get(0);
        GatewayTunnel atGateway = scenario.gateway().tunnels().get(0);
        var server = new Transfer(scenario.world(), scenario.gateway(), 100_000);
        var client = new Transfer(scenario.world(), alice, 100_000);
        server.listen(atGateway, PORT);
        client.connect(atDevice, PORT);
        Random chance = scenario.world().chance();
        for (int i = 0; i < 30; i++) {
            boolean device = chance.nextBoolean();
            Peer peer = device ? alice : scenario.gateway();
            GatewayTunnel tunnel = device ? atDevice : atGateway;
            int what = chance.nextInt(8);
            int port = 1_024 + i;
            scenario.world().in(chance.nextInt(400) * 10 * World.MILLIS, () -> {
                long now = scenario.world().now();
                if (what == 7) {
                    scenario.network().nat(DEVICE, new Endpoint(ELSEWHERE, port));
                }
                peer.call(() -> {
                    switch (what) {
                        case 0, 1 -> tunnel.ike().rekey(now);
                        case 2, 3, 4 -> tunnel.ike().rekeyChild(now);
                        default -> tunnel.ping(100);
                    }
                    peer.gateway().touched(tunnel);
                });
                if (what == 7) {
                    alice.call(() -> {
                        atDevice.ike().move(atDevice.ike().path(), now);
                        alice.gateway().touched(atDevice);
                    });
                }
            });
        }
        assertTrue(
                scenario.world().runUntil(() -> server.complete() == 1 && client.complete() == 1, 600 * World.SECOND),
                () -> "server " + server.read() + " client " + client.read() + server.ended() + client.ended()
                        + alice.causeOf(atDevice) + scenario.gateway().causeOf(atGateway) + alice.drops()
                        + scenario.gateway().drops());
        assertEquals(0, server.corrupt() + client.corrupt());
        scenario.network().link(Link.PERFECT);
        scenario.world().runFor(300 * World.SECOND);
        expectOneTunnel(scenario, alice, atDevice, atGateway);
        expectReplaceable(scenario, alice, atDevice);
        expectReplaceable(scenario, scenario.gateway(), atGateway);
    }

    /** Nothing counts as under way any more: what replaces the Child SA, and the IKE SA, is there within seconds. */
    static void expectReplaceable(Scenario scenario, Peer peer, GatewayTunnel tunnel) {
        World world = scenario.world();
        ChildSa child = tunnel.ike().sendingChild().orElseThrow();
        peer.call(() -> tunnel.ike().rekeyChild(world.now()));
        world.runFor(2 * World.SECOND);
        assertNotSame(child, tunnel.ike().sendingChild().orElseThrow(), "the Child SA is replaced");
        IkeSa ike = tunnel.ike();
        peer.call(() -> ike.rekey(world.now()));
        world.runFor(2 * World.SECOND);
        assertNotSame(ike, tunnel.ike(), "the IKE SA is replaced");
    }

    static void expectOneTunnel(
            Scenario scenario, Peer alice, GatewayTunnel atDevice, GatewayTunnel atGateway) {
        assertEquals(List.of(atDevice), alice.tunnels());
        assertEquals(List.of(atGateway), scenario.gateway().tunnels());
        assertEquals(1, alice.gateway().ikeSaCount(), () -> alice.gateway().toString());
        assertEquals(1, scenario.gateway().gateway().ikeSaCount(), () -> scenario.gateway().gateway().toString());
        IkeSa device = atDevice.ike();
        IkeSa gateway = atGateway.ike();
        assertEquals(1, device.usableChildren());
        assertEquals(1, gateway.usableChildren());
        ChildSa deviceChild = device.sendingChild().orElseThrow();
        ChildSa gatewayChild = gateway.sendingChild().orElseThrow();
        assertEquals(deviceChild.outbound().spi(), gatewayChild.inbound().spi());
        assertEquals(gatewayChild.outbound().spi(), deviceChild.inbound().spi());
        for (Peer peer : List.of(alice, scenario.gateway())) {
            int before = peer.pingsAnswered();
            peer.call(() -> peer.tunnels().get(0).ping(100));
            scenario.world().runFor(World.SECOND);
            assertEquals(before + 1, peer.pingsAnswered());
        }
    }

    @Property(tries = 10)
    void aTunnelWithShortLifetimesLivesForADay(@ForAll long seed, @ForAll boolean pfs) {
        var lifetimes = new IkePolicy.Lifetimes(
                Lifetime.of(Duration.ofMinutes(30)), Lifetime.of(Duration.ofMinutes(8)));
        IkePolicy policy = patient(pfs).withLifetimes(lifetimes);
        var scenario = new Scenario(seed, policy, "10.8.0.0/24");
        Peer alice = scenario.device();
        scenario.connect(alice, Scenario.as("alice", "secret", policy));
        assertTrue(scenario.world().runUntil(() -> alice.tunnels().size() == 1, 300 * World.SECOND));
        scenario.network().link(Link.lossy(0.05));
        GatewayTunnel atDevice = alice.tunnels().get(0);
        GatewayTunnel atGateway = scenario.gateway().tunnels().get(0);
        scenario.world().runFor(24 * 3_600 * World.SECOND);
        assertEquals(List.of(atDevice), alice.tunnels(), () -> "" + alice.causeOf(atDevice));
        assertEquals(List.of(atGateway), scenario.gateway().tunnels());
        scenario.network().link(Link.PERFECT);
        scenario.world().runFor(200 * World.SECOND);
        assertTrue(alice.gateway().ikeSaCount() <= 2);
        assertTrue(scenario.gateway().gateway().ikeSaCount() <= 2);
        // Pings also show the gateway where the device is, when it could not be told.
        int before = alice.pingsAnswered();
        alice.call(() -> atDevice.ping(100));
        scenario.world().runFor(World.SECOND);
        assertEquals(before + 1, alice.pingsAnswered());
    }

    @Property(tries = 20)
    void aChildSaIsReplacedBeforeItsVolumeIsUsedUp(@ForAll long seed) {
        Lifetime byVolume = Lifetime.of(Duration.ofHours(1)).withVolume(
                new Lifetime.Volume(200, Long.MAX_VALUE), new Lifetime.Volume(20_000, Long.MAX_VALUE));
        IkePolicy policy = PATIENT.withLifetimes(
                new IkePolicy.Lifetimes(Lifetime.of(Duration.ofHours(4)), byVolume));
        var scenario = new Scenario(seed, policy, "10.8.0.0/24");
        Peer alice = scenario.alice();
        var server = new Transfer(scenario.world(), scenario.gateway(), 2_000_000);
        var client = new Transfer(scenario.world(), alice, 2_000_000);
        int first = scenario.gateway().tunnels().get(0).ike().sendingChild().orElseThrow().inbound().spi();
        server.listen(scenario.gateway().tunnels().get(0), PORT);
        client.connect(alice.tunnels().get(0), PORT);
        assertTrue(scenario.world().runUntil(
                () -> server.complete() == 1 && client.complete() == 1, 600 * World.SECOND));
        int last = scenario.gateway().tunnels().get(0).ike().sendingChild().orElseThrow().inbound().spi();
        assertTrue(first != last);
    }
}
