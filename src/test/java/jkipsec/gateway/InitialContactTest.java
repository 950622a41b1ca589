package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Liveness;
import jkipsec.ike.Liveness.SecondLogin;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of old tunnels when a device says that it has none (RFC 7296 §2.4), as phones always do. */
class InitialContactTest {
    private static final Endpoint FIRST = Endpoint.parse("198.51.100.1:4500");
    private static final Endpoint SECOND = Endpoint.parse("198.51.100.2:4500");
    private static final Endpoint OUTSIDE = Endpoint.parse("203.0.113.9:61000");

    /** A gateway to which the first alice is connected. */
    private record Setting(Scenario scenario, Peer first, GatewayTunnel old) {
        static Setting of(SecondLogin answer) {
            IkePolicy policy = IkePolicy.defaults().withLiveness(Liveness.defaults().withSecondLogin(answer));
            var scenario = new Scenario(9, policy, "10.8.0.0/24");
            // Both devices are behind one NAT, which knows one mapping only.
            scenario.network().nat(FIRST, OUTSIDE);
            Peer first = scenario.alice();
            return new Setting(scenario, first, scenario.gateway().tunnels().get(0));
        }

        GatewayTunnel secondLogin(Peer second) {
            GatewayTunnel attempt = scenario.connect(second, Scenario.as("alice", "secret", IkePolicy.defaults()));
            scenario.world().runFor(5 * World.SECOND);
            return attempt;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTunnelFromTheSameAddressAndPortEndsWhateverThePolicy(SecondLogin answer) {
        Setting setting = Setting.of(answer);
        Scenario scenario = setting.scenario();
        Peer second = scenario.device();
        scenario.network().unbind(FIRST);
        scenario.network().nat(SECOND, OUTSIDE);
        setting.secondLogin(second);
        assertEquals(new TerminationCause.Superseded(), scenario.gateway().causeOf(setting.old()).orElseThrow());
        assertEquals(1, scenario.gateway().tunnels().size());
        assertEquals(1, second.tunnels().size());
    }

    @Test
    void otherDevicesWithTheIdentityLiveOnWherePolicyKeepsThem() {
        Setting setting = Setting.of(SecondLogin.KEEP);
        setting.secondLogin(setting.scenario().device());
        setting.scenario().world().runFor(100 * World.SECOND);
        assertEquals(2, setting.scenario().gateway().tunnels().size());
        assertEquals(1, setting.first().tunnels().size());
    }

    @ParameterizedTest
    @EnumSource(names = {"KEEP", "REFUSE"})
    void deadOnesAreFoundOutAtOnceAndNotAfterTheTimeOfSilence(SecondLogin answer) {
        Setting setting = Setting.of(answer);
        Scenario scenario = setting.scenario();
        scenario.network().unbind(FIRST);
        Peer second = scenario.device();
        setting.secondLogin(second);
        assertEquals(answer == SecondLogin.KEEP ? 2 : 1, scenario.gateway().tunnels().size());
        // Six transmissions take some 41 s; the liveness check alone would begin after two minutes.
        scenario.world().runFor(45 * World.SECOND);
        assertTrue(scenario.gateway().causeOf(setting.old()).orElseThrow()
                instanceof TerminationCause.PeerUnreachable);
        if (answer == SecondLogin.REFUSE) {
            assertEquals(List.of(), scenario.gateway().tunnels());
            setting.secondLogin(scenario.device());
        }
        assertEquals(1, scenario.gateway().tunnels().size());
    }
}
