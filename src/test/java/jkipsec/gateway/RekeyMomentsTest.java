package jkipsec.gateway;

import java.util.List;
import java.util.stream.Stream;
import jkipsec.ike.IkePolicy;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Law 7 of the design where one side begins to rekey at every moment of the other's rekeying, and may not be heard at first. */
class RekeyMomentsTest {
    private enum What {
        IKE_SA,
        CHILD_SA
    }

    /** A rekeying takes fewer milliseconds than this. */
    private static final int MOMENTS = 16;

    /** So short that what is sent at once is lost, and nothing else. */
    private static final long OUTAGE = World.MILLIS / 4;

    static Stream<Arguments> rekeyings() {
        return Stream.of(What.values()).flatMap(first -> Stream.of(What.values()).flatMap(second ->
                Stream.of(RekeyProperties.NO_ADDITIONAL, RekeyProperties.TWO_ADDITIONAL).flatMap(additional ->
                        Stream.of(false, true).map(pfs -> Arguments.of(first, second, additional, pfs)))));
    }

    @ParameterizedTest(name = "{0} and {1}, additional key exchanges by choice {2}, PFS {3}")
    @MethodSource("rekeyings")
    void afterwardsOneTunnelRemainsAndCanBeRekeyed(What first, What second, int additional, boolean pfs) {
        IkePolicy policy = RekeyProperties.policy(additional, pfs);
        for (int moment = 0; moment < MOMENTS; moment++) {
            for (boolean deviceFirst : List.of(true, false)) {
                for (long outage : List.of(0L, OUTAGE)) {
                    var run = new Run(moment, policy);
                    run.rekey(deviceFirst, first);
                    run.world.runFor(moment * World.MILLIS + World.MILLIS / 2);
                    run.scenario.network().link(new Link(outage > 0 ? 1 : 0, 0, World.MILLIS, 0));
                    run.rekey(!deviceFirst, second);
                    run.world.runFor(outage);
                    run.scenario.network().link(Link.PERFECT);
                    run.check();
                }
            }
        }
    }

    /** A device that is connected, and its gateway. */
    private static final class Run {
        private final Scenario scenario;
        private final World world;
        private final Peer device;
        private final GatewayTunnel atDevice;
        private final GatewayTunnel atGateway;

        Run(long seed, IkePolicy policy) {
            scenario = new Scenario(seed, policy, "10.8.0.0/24");
            world = scenario.world();
            device = scenario.device();
            scenario.connect(device, Scenario.as("alice", "secret", policy));
            world.runFor(5 * World.SECOND);
            atDevice = device.tunnels().get(0);
            atGateway = scenario.gateway().tunnels().get(0);
        }

        void rekey(boolean byDevice, What what) {
            Peer peer = byDevice ? device : scenario.gateway();
            GatewayTunnel tunnel = byDevice ? atDevice : atGateway;
            peer.call(() -> {
                switch (what) {
                    case IKE_SA -> tunnel.ike().rekey(world.now());
                    case CHILD_SA -> tunnel.ike().rekeyChild(world.now());
                }
                peer.gateway().touched(tunnel);
            });
        }

        void check() {
            world.runFor(300 * World.SECOND);
            RekeyProperties.expectOneTunnel(scenario, device, atDevice, atGateway);
            RekeyProperties.expectReplaceable(scenario, device, atDevice);
            RekeyProperties.expectReplaceable(scenario, scenario.gateway(), atGateway);
        }
    }
}
