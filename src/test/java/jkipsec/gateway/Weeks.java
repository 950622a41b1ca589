package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import jkipsec.ike.ChildPolicy;
import jkipsec.ike.ChildSa;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Lifetime;
import jkipsec.ike.Liveness;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.Trickle;
import jkipsec.sim.World;

/**
 * One run of law 7 of the design over simulated weeks: lifetimes of hours on both sides, liveness checks, moves by MOBIKE, NATs that
 * forget, outages, rekeyings of both sides at the same moment, and a connection inside that is used all the time. At the
 * end one side deletes, whatever else is under way.
 */
final class Weeks {
    private static final int PORT = 7;
    private static final long HOUR = 3_600 * World.SECOND;
    private static final long WEEK = 7 * 24 * HOUR;
    private static final Endpoint DEVICE = Endpoint.parse("198.51.100.1:4500");
    private static final IpAddress ELSEWHERE = IpAddress.parse("203.0.113.9");

    /** Longer than any outage here, and shorter than what the peer's TCP waits for. */
    private static final IkePolicy.Retransmission PATIENT = new IkePolicy.Retransmission(
            Duration.ofMillis(500), 1.5, Duration.ofSeconds(10), 40);

    private final Scenario scenario;
    private final World world;
    private final Random chance;
    private final Peer device;
    private final GatewayTunnel atDevice;
    private final GatewayTunnel atGateway;
    private final Trickle ofDevice;
    private final Trickle ofGateway;
    private final Link link;
    private int port = 1_024;

    private Weeks(long seed) {
        var first = new Random(seed);
        IkePolicy policy = policy(first);
        scenario = new Scenario(seed, policy, "10.8.0.0/24");
        world = scenario.world();
        chance = world.chance();
        device = scenario.device();
        scenario.network().nat(DEVICE, new Endpoint(ELSEWHERE, port++));
        scenario.connect(device, Scenario.as("alice", "secret", policy(first)));
        assertTrue(world.runUntil(() -> device.tunnels().size() == 1, 300 * World.SECOND));
        link = Link.lossy(first.nextDouble() * 0.1);
        scenario.network().link(link);
        if (first.nextBoolean()) {
            device.slow();
            scenario.gateway().slow();
        }
        atDevice = device.tunnels().get(0);
        atGateway = scenario.gateway().tunnels().get(0);
        ofGateway = new Trickle(world, scenario.gateway());
        ofDevice = new Trickle(world, device);
        ofGateway.listen(atGateway, PORT);
        ofDevice.connect(atDevice, PORT);
    }

    /** Either side's own, so that they differ in who begins. */
    private static IkePolicy policy(Random chance) {
        IkePolicy defaults = IkePolicy.defaults();
        var lifetimes = new IkePolicy.Lifetimes(
                Lifetime.of(Duration.ofMinutes(180 + chance.nextInt(1_000))),
                Lifetime.of(Duration.ofMinutes(60 + chance.nextInt(300))));
        var numbers = ChildPolicy.SequenceNumbers.values()[chance.nextInt(2)];
        var children = new ChildPolicy(ChildPolicy.Pfs.values()[chance.nextInt(2)], numbers);
        return defaults.withRetransmission(PATIENT).withLifetimes(lifetimes).withChildren(children)
                .withLiveness(Liveness.defaults().withProbeAfter(Duration.ofMinutes(2)));
    }

    /** What happens in the weeks; everything else is up to the two sides' own timers. */
    private enum Event {
        DEVICE_SENDS, GATEWAY_SENDS, DEVICE_REKEYS_IKE, GATEWAY_REKEYS_IKE, DEVICE_REKEYS_CHILD, GATEWAY_REKEYS_CHILD,
        BOTH_REKEY, MOVE, NAT_FORGETS, OUTAGE
    }

    static void check(long seed, int weeks) {
        new Weeks(seed).run(weeks);
    }

    private void run(int weeks) {
        for (int i = 0; i < 120 * weeks; i++) {
            Event event = Event.values()[chance.nextInt(Event.values().length)];
            world.in((long) (chance.nextDouble() * weeks * WEEK), () -> happens(event));
        }
        world.runFor(weeks * WEEK);
        scenario.network().link(Link.PERFECT);
        world.runFor(600 * World.SECOND);
        String state = device.gateway() + " " + scenario.gateway().gateway() + " " + device.causeOf(atDevice) + " "
                + scenario.gateway().causeOf(atGateway) + ofDevice.ended() + ofGateway.ended();
        assertEquals(List.of(atDevice), device.tunnels(), state);
        assertEquals(List.of(atGateway), scenario.gateway().tunnels(), state);
        assertEquals(ofDevice.wanted(), ofGateway.read(), state);
        assertEquals(ofGateway.wanted(), ofDevice.read(), state);
        assertEquals(0, ofDevice.corrupt() + ofGateway.corrupt());
        expectOneChildSa();
        RekeyProperties.expectReplaceable(scenario, device, atDevice);
        RekeyProperties.expectReplaceable(scenario, scenario.gateway(), atGateway);
        deleteInTheMidst();
    }

    private void happens(Event event) {
        long now = world.now();
        switch (event) {
            case DEVICE_SENDS -> ofDevice.send(1 + chance.nextInt(20_000));
            case GATEWAY_SENDS -> ofGateway.send(1 + chance.nextInt(20_000));
            case DEVICE_REKEYS_IKE -> use(device, atDevice, () -> atDevice.ike().rekey(now));
            case GATEWAY_REKEYS_IKE -> use(scenario.gateway(), atGateway, () -> atGateway.ike().rekey(now));
            case DEVICE_REKEYS_CHILD -> use(device, atDevice, () -> atDevice.ike().rekeyChild(now));
            case GATEWAY_REKEYS_CHILD -> use(scenario.gateway(), atGateway, () -> atGateway.ike().rekeyChild(now));
            case BOTH_REKEY -> {
                for (int i = 0; i < 2; i++) {
                    Event other = Event.values()[Event.DEVICE_REKEYS_IKE.ordinal() + chance.nextInt(4)];
                    world.in(chance.nextInt(20) * World.MILLIS, () -> happens(other));
                }
            }
            case MOVE -> {
                scenario.network().nat(DEVICE, new Endpoint(ELSEWHERE, port++));
                use(device, atDevice, () -> atDevice.ike().move(atDevice.ike().path(), now));
            }
            case NAT_FORGETS -> scenario.network().nat(DEVICE, new Endpoint(ELSEWHERE, port++));
            case OUTAGE -> {
                scenario.network().link(new Link(1, 0, World.MILLIS, 0));
                world.in(chance.nextInt(60) * World.SECOND, () -> scenario.network().link(link));
            }
        }
    }

    private void use(Peer peer, GatewayTunnel tunnel, Runnable action) {
        peer.call(() -> {
            action.run();
            peer.gateway().touched(tunnel);
        });
    }

    private void expectOneChildSa() {
        assertEquals(1, device.gateway().ikeSaCount(), device.gateway()::toString);
        assertEquals(1, scenario.gateway().gateway().ikeSaCount(), scenario.gateway().gateway()::toString);
        assertEquals(1, atDevice.ike().usableChildren());
        assertEquals(1, atGateway.ike().usableChildren());
        ChildSa deviceChild = atDevice.ike().sendingChild().orElseThrow();
        ChildSa gatewayChild = atGateway.ike().sendingChild().orElseThrow();
        assertEquals(deviceChild.outbound().spi(), gatewayChild.inbound().spi());
        assertEquals(gatewayChild.outbound().spi(), deviceChild.inbound().spi());
    }

    /** One side ends the tunnel among rekeyings: the other hears of it, and nothing is left on either. */
    private void deleteInTheMidst() {
        happens(Event.BOTH_REKEY);
        boolean device = chance.nextBoolean();
        Peer closer = device ? this.device : scenario.gateway();
        Peer other = device ? scenario.gateway() : this.device;
        GatewayTunnel closing = device ? atDevice : atGateway;
        world.in(chance.nextInt(30) * World.MILLIS, () ->
                closer.call(() -> closer.gateway().close(closing, world.now())));
        world.runFor(60 * World.SECOND);
        assertInstanceOf(TerminationCause.ClosedLocally.class, closer.causeOf(closing).orElseThrow());
        assertInstanceOf(TerminationCause.DeletedByPeer.class,
                other.causeOf(device ? atGateway : atDevice).orElseThrow());
        world.runFor(150 * World.SECOND);
        assertEquals(0, this.device.gateway().ikeSaCount(), this.device.gateway()::toString);
        assertEquals(0, scenario.gateway().gateway().ikeSaCount(), scenario.gateway().gateway()::toString);
    }
}
