package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Liveness;
import jkipsec.ike.Path;
import jkipsec.ike.PortRole;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.Transfer;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** Silence, idleness and change of address, in virtual time (RFC 7296 §2.4, §2.23; RFC 4555). */
class LivenessTest {
    private static final Endpoint DEVICE = Endpoint.parse("198.51.100.1:4500");

    /** So that a transfer takes long enough for something to happen in its middle. */
    private static final Link SLOW = new Link(0, 0, 20 * World.MILLIS, 0);

    private static IkePolicy policy(Liveness liveness) {
        return IkePolicy.defaults().withLiveness(liveness);
    }

    @Test
    void aDeadDevicesTunnelEndsWithACauseAndItsAddressIsFreeAgain() {
        var scenario = new Scenario(
                1, policy(Liveness.defaults().withProbeAfter(Duration.ofSeconds(30))), "10.8.0.0/30");
        scenario.alice();
        GatewayTunnel tunnel = scenario.gateway().tunnels().get(0);
        scenario.network().link(new Link(1, 0, World.MILLIS, 0));
        long patience = 31 * World.SECOND + 60 * World.SECOND;
        assertTrue(scenario.world().runUntil(() -> scenario.gateway().causeOf(tunnel).isPresent(), patience));
        assertInstanceOf(TerminationCause.PeerUnreachable.class, scenario.gateway().causeOf(tunnel).orElseThrow());
        scenario.network().link(Link.PERFECT);
        Peer bob = scenario.device();
        scenario.connect(bob, Scenario.as("bob", "other secret", IkePolicy.defaults()));
        assertTrue(scenario.world().runUntil(() -> bob.tunnels().size() == 1, 60 * World.SECOND));
        assertEquals("10.8.0.2", bob.tunnels().get(0).localAddress().toString());
    }

    @Test
    void aSilentButLivingDeviceKeepsItsTunnel() {
        var scenario = new Scenario(
                2, policy(Liveness.defaults().withProbeAfter(Duration.ofSeconds(30))), "10.8.0.0/24");
        Peer alice = scenario.alice();
        scenario.world().runFor(3_600 * World.SECOND);
        assertEquals(1, scenario.gateway().tunnels().size());
        assertEquals(1, alice.tunnels().size());
    }

    @Test
    void trafficIsProofOfLifeSoNothingIsAsked() {
        var scenario = new Scenario(
                3, policy(Liveness.defaults().withProbeAfter(Duration.ofSeconds(30))), "10.8.0.0/24");
        Peer alice = scenario.alice();
        var ike = new int[1];
        scenario.network().tap((from, to, octets) -> {
            boolean marked = octets[0] == 0 && octets[1] == 0 && octets[2] == 0 && octets[3] == 0;
            ike[0] += marked ? 1 : 0;
        });
        for (int i = 1; i <= 60; i++) {
            scenario.world().in(i * 10 * World.SECOND, () -> alice.call(() -> alice.tunnels().get(0).ping(10)));
        }
        scenario.world().runFor(601 * World.SECOND);
        assertEquals(60, alice.pingsAnswered());
        assertEquals(0, ike[0]);
    }

    @Test
    void anUnusedTunnelEndsAtItsLimit() {
        var scenario = new Scenario(
                4, policy(Liveness.defaults().withIdleLimit(Duration.ofMinutes(10))), "10.8.0.0/24");
        scenario.alice();
        GatewayTunnel tunnel = scenario.gateway().tunnels().get(0);
        scenario.world().runFor(590 * World.SECOND);
        assertFalse(scenario.gateway().causeOf(tunnel).isPresent());
        scenario.world().runFor(20 * World.SECOND);
        assertEquals(
                new TerminationCause.Idle(Duration.ofMinutes(10)), scenario.gateway().causeOf(tunnel).orElseThrow());
    }

    @Test
    void aNatThatForgetsIsFollowedInTheMiddleOfATransfer() {
        var scenario = new Scenario(5);
        scenario.network().nat(DEVICE, Endpoint.parse("203.0.113.9:1000"));
        Peer alice = scenario.alice();
        Transfer[] both = transfer(scenario, alice, 3_000_000);
        for (int i = 1; i <= 5; i++) {
            Endpoint mapping = Endpoint.parse("203.0.113.9:" + (1000 + i));
            scenario.world().in(i * 30 * World.MILLIS, () -> scenario.network().nat(DEVICE, mapping));
        }
        expectWhole(scenario, both);
        assertTrue(scenario.gateway().moves() >= 1);
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    /** Answers come to wherever a request came from, and show nothing of the address that the gateway knows. */
    @Test
    void aNatThatForgetsIsNoticedAlsoByADeviceWhoseRequestsAreAnswered() {
        IkePolicy policy = policy(Liveness.defaults().withProbeAfter(Duration.ofSeconds(30)));
        var scenario = new Scenario(5, policy, "10.8.0.0/24");
        scenario.network().nat(DEVICE, Endpoint.parse("203.0.113.9:1000"));
        Peer device = scenario.device();
        scenario.connect(device, Scenario.as("alice", "secret", policy));
        scenario.world().runFor(40 * World.SECOND);
        GatewayTunnel tunnel = device.tunnels().get(0);
        Endpoint mapping = Endpoint.parse("203.0.113.9:1001");
        scenario.network().nat(DEVICE, mapping);
        for (int i = 0; i < 9; i++) {
            device.call(() -> {
                tunnel.ike().rekeyChild(scenario.world().now());
                device.gateway().touched(tunnel);
            });
            scenario.world().runFor(10 * World.SECOND);
        }
        assertEquals(mapping, scenario.gateway().tunnels().get(0).peer());
    }

    @Test
    void anOldPacketFromElsewhereMovesNothing() {
        var scenario = new Scenario(6);
        var recorded = new byte[1][];
        scenario.network().tap((from, to, octets) -> {
            if (to.equals(Scenario.GATEWAY_NAT_T) && octets[0] != 0 && recorded[0] == null) {
                recorded[0] = octets.clone();
            }
        });
        Peer alice = scenario.alice();
        alice.call(() -> alice.tunnels().get(0).ping(10));
        scenario.world().runFor(World.SECOND);
        alice.call(() -> alice.tunnels().get(0).ping(10));
        scenario.network().inject(Endpoint.parse("192.0.2.66:4500"), Scenario.GATEWAY_NAT_T, recorded[0], 0);
        scenario.world().runFor(World.SECOND);
        assertEquals(0, scenario.gateway().moves());
        assertEquals(2, alice.pingsAnswered());
    }

    @Test
    void aDeviceMovesByMobikeInTheMiddleOfATransfer() {
        var scenario = new Scenario(7);
        Peer alice = scenario.alice();
        GatewayTunnel atDevice = alice.tunnels().get(0);
        assertTrue(atDevice.ike().isMobile());
        Transfer[] both = transfer(scenario, alice, 3_000_000);
        Endpoint elsewhere = Endpoint.parse("198.51.100.77:4500");
        scenario.world().in(40 * World.MILLIS, () -> {
            scenario.network().nat(DEVICE, elsewhere);
            var path = new Path(Scenario.NAT_T_SOCKET, PortRole.NAT_T, Scenario.GATEWAY_NAT_T);
            alice.call(() -> {
                atDevice.ike().move(path, scenario.world().now());
                alice.gateway().touched(atDevice);
            });
        });
        expectWhole(scenario, both);
        assertEquals(elsewhere, scenario.gateway().tunnels().get(0).peer());
        assertEquals(1, scenario.gateway().moves());
    }

    @Test
    void aTransferThatStoodStillGoesOnAtOnceAfterAMove() {
        var scenario = new Scenario(7);
        Peer alice = scenario.alice();
        GatewayTunnel atDevice = alice.tunnels().get(0);
        Transfer[] both = transfer(scenario, alice, 3_000_000);
        scenario.world().in(100 * World.MILLIS, () -> scenario.network().link(new Link(1, 0, World.MILLIS, 0)));
        scenario.world().in(20 * World.SECOND, () -> {
            scenario.network().link(SLOW);
            scenario.network().nat(DEVICE, Endpoint.parse("198.51.100.77:4500"));
            var path = new Path(Scenario.NAT_T_SOCKET, PortRole.NAT_T, Scenario.GATEWAY_NAT_T);
            alice.call(() -> {
                atDevice.ike().move(path, scenario.world().now());
                alice.gateway().touched(atDevice);
            });
        });
        scenario.world().runFor(20 * World.SECOND);
        assertEquals(0, both[0].complete() + both[1].complete());
        // The next time-out would be at 25 seconds.
        assertTrue(scenario.world().runUntil(
                () -> both[0].complete() == 1 && both[1].complete() == 1, 4 * World.SECOND));
    }

    @Test
    void withMobikeAnIkeRequestFromElsewhereAloneMovesNothing() {
        var scenario = new Scenario(8);
        Peer alice = scenario.alice();
        scenario.network().nat(DEVICE, Endpoint.parse("198.51.100.77:4500"));
        alice.call(() -> {
            alice.tunnels().get(0).ike().rekeyChild(scenario.world().now());
            alice.gateway().touched(alice.tunnels().get(0));
        });
        scenario.world().runFor(5 * World.SECOND);
        assertEquals(DEVICE, scenario.gateway().tunnels().get(0).peer());
    }

    private static Transfer[] transfer(Scenario scenario, Peer alice, int size) {
        scenario.network().link(SLOW);
        var server = new Transfer(scenario.world(), scenario.gateway(), size);
        var client = new Transfer(scenario.world(), alice, size);
        server.listen(scenario.gateway().tunnels().get(0), 7);
        client.connect(alice.tunnels().get(0), 7);
        return new Transfer[] {server, client};
    }

    private static void expectWhole(Scenario scenario, Transfer[] both) {
        assertTrue(scenario.world().runUntil(
                () -> both[0].complete() == 1 && both[1].complete() == 1, 600 * World.SECOND));
        assertEquals(0, both[0].corrupt() + both[1].corrupt());
    }

    @Test
    void aSecondLoginReplacesKeepsOrIsRefusedAsPolicySays() {
        for (Liveness.SecondLogin answer : Liveness.SecondLogin.values()) {
            var scenario = new Scenario(9, policy(Liveness.defaults().withSecondLogin(answer)), "10.8.0.0/24");
            Peer first = scenario.alice();
            GatewayTunnel old = scenario.gateway().tunnels().get(0);
            Peer second = scenario.device();
            GatewayTunnel attempt = scenario.connect(second, Scenario.as("alice", "secret", IkePolicy.defaults()));
            scenario.world().runFor(10 * World.SECOND);
            switch (answer) {
                case KEEP -> {
                    assertEquals(2, scenario.gateway().tunnels().size());
                    assertEquals(1, first.tunnels().size());
                }
                case REPLACE -> {
                    assertEquals(
                            new TerminationCause.Superseded(), scenario.gateway().causeOf(old).orElseThrow());
                    assertEquals(1, scenario.gateway().tunnels().size());
                    assertTrue(first.tunnels().isEmpty(), "the old device is told");
                    assertEquals(1, second.tunnels().size());
                }
                case REFUSE -> {
                    assertEquals(List.of(old), scenario.gateway().tunnels());
                    assertTrue(second.causeOf(attempt).isPresent());
                    assertEquals(1, scenario.gateway().failedHandshakes().size());
                    assertEquals(1, scenario.gateway().tunnelsEnded(), "what was installed for it is taken down");
                }
            }
        }
    }

    @Test
    void aDeviceBehindANatKeepsItsMappingOpen() {
        var scenario = new Scenario(10);
        // It knows its address, and the gateway sees another.
        scenario.network().nat(DEVICE, Endpoint.parse("203.0.113.9:1000"));
        scenario.network().nat(Endpoint.parse("198.51.100.1:500"), Endpoint.parse("203.0.113.9:999"));
        scenario.alice();
        scenario.world().runFor(65 * World.SECOND);
        assertEquals(3, scenario.gateway().drops("udp.KEEPALIVE"));
    }

    @Test
    void aDeviceThatDoesNotKnowItsAddressKeepsItsMappingOpenAlsoAfterTheGatewayHasRekeyed() {
        var scenario = new Scenario(10);
        Peer device = scenario.deviceAt("0.0.0.0", "198.51.100.77");
        scenario.connect(device, Scenario.as("alice", "secret", IkePolicy.defaults()));
        scenario.world().runFor(5 * World.SECOND);
        GatewayTunnel atGateway = scenario.gateway().tunnels().get(0);
        scenario.gateway().call(() -> atGateway.ike().rekey(scenario.world().now()));
        scenario.world().runFor(60 * World.SECOND);
        assertEquals(3, scenario.gateway().drops("udp.KEEPALIVE"));
    }

    @Test
    void aSecondLoginReplacesATunnelThatTheGatewayHasRekeyed() {
        var scenario = new Scenario(12);
        scenario.alice();
        GatewayTunnel old = scenario.gateway().tunnels().get(0);
        scenario.gateway().call(() -> old.ike().rekey(scenario.world().now()));
        scenario.world().runFor(5 * World.SECOND);
        scenario.alice();
        assertEquals(new TerminationCause.Superseded(), scenario.gateway().causeOf(old).orElseThrow());
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void aNewMappingOfANatIsFoundByTheLivenessCheckThoughNothingPassesInside() {
        var scenario = new Scenario(13);
        scenario.network().nat(DEVICE, Endpoint.parse("203.0.113.9:1000"));
        Peer alice = scenario.alice();
        GatewayTunnel atGateway = scenario.gateway().tunnels().get(0);
        // Whoever began the last rekeying: it is the device that looks after its address.
        scenario.gateway().call(() -> atGateway.ike().rekey(scenario.world().now()));
        scenario.world().runFor(5 * World.SECOND);
        Endpoint renewed = Endpoint.parse("203.0.113.9:2000");
        scenario.network().nat(DEVICE, renewed);
        scenario.world().runFor(125 * World.SECOND);
        assertEquals(renewed, atGateway.peer());
        assertEquals(1, scenario.gateway().moves());
        scenario.world().runFor(1_000 * World.SECOND);
        assertEquals(1, scenario.gateway().moves());
        assertEquals(1, alice.tunnels().size());
    }

    @Test
    void aGatewayThatIsReachedDirectlySendsNoKeepalives() {
        var scenario = new Scenario(11);
        Peer alice = scenario.alice();
        scenario.world().runFor(65 * World.SECOND);
        assertEquals(0, alice.drops("udp.KEEPALIVE"));
        assertEquals(0, scenario.gateway().drops("udp.KEEPALIVE"));
    }
}
