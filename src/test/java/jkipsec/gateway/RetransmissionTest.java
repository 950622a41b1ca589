package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** When requests are sent again (RFC 7296 §2.1, §2.4). */
class RetransmissionTest {
    private static final IkePolicy POLICY = Scenario.CLASSIC.withRetransmission(
            new IkePolicy.Retransmission(Duration.ofSeconds(1), 2, Duration.ofSeconds(5), 6));

    private final List<Long> times = new ArrayList<>();
    private final List<byte[]> messages = new ArrayList<>();

    /** Notes what is sent to the gateway, and when, counted from the first. */
    private void note(Scenario scenario, Endpoint to) {
        scenario.network().tap((from, target, octets) -> {
            if (target.equals(to)) {
                times.add(scenario.world().now());
                messages.add(octets);
            }
        });
    }

    private List<Long> secondsSinceFirst() {
        return times.stream().map(time -> (time - times.get(0)) / World.SECOND).toList();
    }

    /** Nobody is at one of the gateway's ports; says how it ended. */
    private TerminationCause connectInVain(Scenario scenario, Endpoint nobody) {
        scenario.network().unbind(nobody);
        note(scenario, nobody);
        Peer device = scenario.device();
        GatewayTunnel tunnel = scenario.connect(device, Scenario.as("alice", "secret", POLICY));
        scenario.world().runUntil(() -> device.causeOf(tunnel).isPresent(), 600 * World.SECOND);
        return device.causeOf(tunnel).orElseThrow();
    }

    private void assertRepeatedWithBackoff() {
        assertEquals(List.of(0L, 1L, 3L, 7L, 12L, 17L), secondsSinceFirst());
        messages.forEach(message -> assertArrayEquals(messages.get(0), message));
    }

    @Test
    void aRequestIsRepeatedWithBackoffInTheSameOctetsUntilTheLimit() {
        var scenario = new Scenario(1);
        TerminationCause cause = connectInVain(scenario, Scenario.GATEWAY_IKE);
        assertRepeatedWithBackoff();
        assertEquals(22, (scenario.world().now() - times.get(0)) / World.SECOND, "given up one wait after the last");
        assertEquals(new TerminationCause.PeerUnreachable("IKE_SA_INIT", 6), cause);
    }

    @Test
    void ikeAuthIsRepeatedInTheSameOctetsToo() {
        connectInVain(new Scenario(2), Scenario.GATEWAY_NAT_T);
        assertRepeatedWithBackoff();
    }

    @Test
    void onceAnsweredNothingIsRepeated() {
        var scenario = new Scenario(3);
        Peer device = scenario.device();
        var sent = new int[1];
        scenario.network().tap((from, to, octets) -> sent[0]++);
        scenario.connect(device, Scenario.as("alice", "secret", POLICY));
        assertTrue(scenario.world().runUntil(() -> !device.tunnels().isEmpty(), 10 * World.SECOND));
        assertEquals(4, sent[0]);
    }

    @Test
    void aDeleteThatIsNotAnsweredEndsToo() {
        var scenario = new Scenario(4);
        Peer alice = scenario.alice();
        scenario.network().unbind(Scenario.GATEWAY_NAT_T);
        note(scenario, Scenario.GATEWAY_NAT_T);
        alice.call(() -> alice.gateway().close(alice.tunnels().get(0), scenario.world().now()));
        assertTrue(alice.gateway().awaitsAnswers());
        scenario.world().runFor(600 * World.SECOND);
        assertTrue(times.size() > 2, "repeated");
        assertEquals(0, alice.gateway().ikeSaCount());
        assertEquals(Long.MAX_VALUE, alice.gateway().nextDeadline());
    }
}
