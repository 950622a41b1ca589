package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** What a gateway tells about keys that were replaced, on both sides, whoever began. */
class RekeyedActionTest {
    private final Scenario scenario = new Scenario(1);
    private final Peer alice = scenario.alice();
    private final GatewayTunnel tunnel = scenario.gateway().tunnels().get(0);

    private void call(Runnable action) {
        scenario.gateway().call(() -> {
            action.run();
            scenario.gateway().gateway().touched(tunnel);
        });
        scenario.world().runFor(World.SECOND);
        // The side that answered sends with the new Child SA once the other has used it.
        alice.call(() -> alice.tunnels().get(0).ping(8));
        scenario.gateway().call(() -> tunnel.ping(8));
        scenario.world().runFor(World.SECOND);
    }

    private void expect(int ike, int child) {
        for (Peer peer : List.of(alice, scenario.gateway())) {
            assertEquals(ike, peer.rekeys("ike"));
            assertEquals(child, peer.rekeys("child"));
        }
    }

    @Test
    void aTunnelThatComesUpHasNotBeenRekeyed() {
        expect(0, 0);
    }

    @Test
    void eachReplacedChildSaIsToldOnceOnEitherSide() {
        call(() -> tunnel.ike().rekeyChild(scenario.world().now()));
        expect(0, 1);
        call(() -> tunnel.ike().rekeyChild(scenario.world().now()));
        expect(0, 2);
    }

    @Test
    void aReplacedIkeSaIsToldAndTheChildSaStays() {
        call(() -> tunnel.ike().rekey(scenario.world().now()));
        expect(1, 0);
        call(() -> tunnel.ike().rekeyChild(scenario.world().now()));
        expect(1, 1);
    }
}
