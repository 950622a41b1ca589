package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.TerminationCause;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** An application that is slow to decide, or never does: how many it is asked about, and what devices get. */
class UndecidedTest {
    private static final IkePolicy TWO_AT_ONCE = IkePolicy.defaults().withLimits(
            IkePolicy.defaults().limits().withDecisions(new IkePolicy.Decisions(Duration.ofSeconds(10), 2)));

    private final Scenario scenario = new Scenario(3, TWO_AT_ONCE, "10.8.0.0/24");
    private final List<AuthRequest> asked = new ArrayList<>();
    private final List<Peer> devices = new ArrayList<>();
    private final List<GatewayTunnel> attempts = new ArrayList<>();

    private void connect(int count) {
        scenario.gateway().authenticator(request -> {
            asked.add(request);
            return null;
        });
        for (int i = 0; i < count; i++) {
            Peer device = scenario.device();
            devices.add(device);
            attempts.add(scenario.connect(device, Scenario.as("alice", "secret", IkePolicy.defaults())));
        }
    }

    private void runFor(long seconds) {
        scenario.world().runFor(seconds * World.SECOND);
    }

    @Test
    void isAskedAboutSoManyAtOnceAndAboutTheNextWhenItHasDecided() {
        connect(4);
        runFor(2);
        assertEquals(2, asked.size());
        scenario.gateway().decide(asked.get(0), new AuthVerdict.Approved(Scenario.key("secret")));
        runFor(2);
        assertEquals(3, asked.size());
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void oneThatHangsIsAskedAboutNoMoreThanThatForAllTime() {
        connect(6);
        for (int i = 0; i < 100; i++) {
            runFor(10);
        }
        assertEquals(2, asked.size());
        assertEquals(asked, scenario.gateway().abandoned(), "those are interrupted");
        // Who was asked about is refused; the others get no answer, and are counted.
        assertEquals(4, scenario.gateway().drops("ike.DECISIONS_LIMIT"));
        List<TerminationCause> causes = attempts.stream()
                .map(attempt -> devices.get(attempts.indexOf(attempt)).causeOf(attempt).orElseThrow())
                .toList();
        assertEquals(2, causes.stream().filter(TerminationCause.AuthenticationFailed.class::isInstance).count());
        assertEquals(4, causes.stream().filter(TerminationCause.PeerUnreachable.class::isInstance).count());
        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
    }

    @Test
    void comingBackFromHangingItIsAskedAgain() {
        connect(2);
        runFor(60);
        asked.forEach(request -> scenario.gateway().decide(request, new AuthVerdict.Rejected("too late")));
        scenario.gateway().authenticator(request -> new AuthVerdict.Approved(Scenario.key("secret")));
        Peer device = scenario.alice();
        assertEquals(1, device.tunnels().size());
        assertTrue(scenario.gateway().failedHandshakes().stream().allMatch(
                cause -> cause.describe().contains("no decision about")));
    }
}
