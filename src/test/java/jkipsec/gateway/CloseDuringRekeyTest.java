package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.TerminationCause;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A tunnel that one side closes in the middle of rekeying ends on the other side at once, not by a liveness check. */
class CloseDuringRekeyTest {
    private static final String DEVICE = "device";
    private static final String GATEWAY = "gateway";

    private static final IkePolicy PATIENT = IkePolicy.defaults().withRetransmission(
            IkePolicy.defaults().retransmission().withTransmissions(20));

    static Stream<Arguments> moments() {
        return Stream.of(DEVICE, GATEWAY).flatMap(rekeys -> Stream.of(DEVICE, GATEWAY).flatMap(closes -> IntStream
                .range(0, 14).mapToObj(millis -> Arguments.of(rekeys, closes, millis))));
    }

    @ParameterizedTest(name = "{0} rekeys the IKE SA, {1} closes {2} ms later")
    @MethodSource("moments")
    void bothSidesEndAtOnce(String rekeys, String closes, int millis) {
        check(rekeys, closes, millis, Link.PERFECT, 5 * World.SECOND);
    }

    @ParameterizedTest(name = "{0} rekeys the IKE SA, {1} closes {2} ms later")
    @MethodSource("moments")
    void alsoWhereAFifthOfAllDatagramsAreLost(String rekeys, String closes, int millis) {
        check(rekeys, closes, 3 * millis, new Link(0.2, 0.1, World.MILLIS, 3 * World.MILLIS), 200 * World.SECOND);
    }

    private static void check(String rekeys, String closes, int millis, Link link, long time) {
        var scenario = new Scenario(millis, PATIENT, "10.8.0.0/24");
        Peer alice = scenario.device();
        scenario.connect(alice, Scenario.as("alice", "secret", PATIENT));
        scenario.world().runFor(5 * World.SECOND);
        scenario.network().link(link);
        GatewayTunnel atDevice = alice.tunnels().get(0);
        GatewayTunnel atGateway = scenario.gateway().tunnels().get(0);
        GatewayTunnel rekeying = rekeys.equals(DEVICE) ? atDevice : atGateway;
        Peer closer = closes.equals(DEVICE) ? alice : scenario.gateway();
        GatewayTunnel closing = closes.equals(DEVICE) ? atDevice : atGateway;
        (rekeys.equals(DEVICE) ? alice : scenario.gateway()).call(() -> rekeying.ike().rekey(scenario.world().now()));
        scenario.world().runFor(millis * World.MILLIS);
        closer.call(() -> closer.gateway().close(closing, scenario.world().now()));
        scenario.world().runFor(time);
        assertInstanceOf(TerminationCause.ClosedLocally.class, closer.causeOf(closing).orElseThrow());
        Peer other = closes.equals(DEVICE) ? scenario.gateway() : alice;
        assertInstanceOf(TerminationCause.DeletedByPeer.class,
                other.causeOf(closes.equals(DEVICE) ? atGateway : atDevice).orElseThrow());
        scenario.network().link(Link.PERFECT);
        scenario.world().runFor(900 * World.SECOND);
        for (Peer peer : List.of(alice, scenario.gateway())) {
            assertEquals(0, peer.gateway().ikeSaCount(), peer.gateway()::toString);
        }
    }
}
