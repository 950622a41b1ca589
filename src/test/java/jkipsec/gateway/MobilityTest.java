package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jkipsec.ike.Path;
import jkipsec.ike.PortRole;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** Additional addresses, and what is done with them when the first does not answer any more (RFC 4555 §3.4 to §3.10). */
class MobilityTest {
    private static final IpAddress SECOND = IpAddress.parse("192.0.2.2");
    private static final IpAddress THIRD = IpAddress.parse("192.0.2.3");
    private static final IpAddress IPV6 = IpAddress.parse("2001:db8::1");
    private static final Endpoint AT_THIRD = new Endpoint(THIRD, 4500);

    private final Scenario scenario = new Scenario(7);
    private final Peer gateway = scenario.gateway();

    private void additional(IpAddress... addresses) {
        gateway.call(() -> gateway.gateway().additionalAddresses(List.of(addresses), scenario.world().now()));
        scenario.world().runFor(World.SECOND);
    }

    private static GatewayTunnel only(Peer peer) {
        assertEquals(1, peer.tunnels().size());
        return peer.tunnels().get(0);
    }

    private void rekey(Peer peer) {
        peer.call(() -> only(peer).ike().rekey(scenario.world().now()));
        scenario.world().runFor(World.SECOND);
    }

    private void expectPings(Peer device) {
        for (Peer peer : List.of(device, gateway)) {
            int before = peer.pingsAnswered();
            peer.call(() -> only(peer).ping(100));
            scenario.world().runFor(World.SECOND);
            assertEquals(before + 1, peer.pingsAnswered());
        }
    }

    @Test
    void areToldInTheHandshakeAndLaterAndOutliveRekeying() {
        additional(SECOND, IPV6);
        Peer alice = scenario.alice();
        assertEquals(List.of(SECOND, IPV6), only(alice).ike().peerAddresses());
        additional(THIRD);
        assertEquals(List.of(THIRD), only(alice).ike().peerAddresses());
        rekey(gateway);
        assertEquals(List.of(THIRD), only(alice).ike().peerAddresses());
        additional();
        assertEquals(List.of(), only(alice).ike().peerAddresses());
    }

    @Test
    void aDeviceTellsItsOwnTooAndTheGatewayRemembersThem() {
        Peer alice = scenario.alice();
        alice.call(() -> alice.gateway().additionalAddresses(List.of(SECOND, THIRD), scenario.world().now()));
        scenario.world().runFor(World.SECOND);
        assertEquals(List.of(SECOND, THIRD), only(gateway).ike().peerAddresses());
    }

    @Test
    void oneThatSaysTooManyIsNotBelievedBeyondABound() {
        additional(IntStream.range(1, 40).mapToObj(i -> IpAddress.parse("192.0.2." + i)).toArray(IpAddress[]::new));
        assertEquals(8, only(scenario.alice()).ike().peerAddresses().size());
    }

    @Test
    void aDeviceWhoseGatewayIsGoneFromItsAddressFindsItAtAnother() {
        additional(SECOND, THIRD, IPV6);
        Peer alice = scenario.alice();
        // Whoever rekeyed last, it is the device that looks for a way.
        rekey(gateway);
        scenario.network().readdress(Scenario.GATEWAY_NAT_T, AT_THIRD);
        scenario.world().runFor(200 * World.SECOND);
        assertEquals(AT_THIRD, only(alice).peer());
        expectPings(alice);
        // And back again: where it was is not forgotten.
        scenario.network().readdress(AT_THIRD, Scenario.GATEWAY_NAT_T);
        scenario.network().readdress(Scenario.GATEWAY_NAT_T, Scenario.GATEWAY_NAT_T);
        scenario.world().runFor(200 * World.SECOND);
        assertEquals(Scenario.GATEWAY_NAT_T, only(alice).peer());
        expectPings(alice);
    }

    @Test
    void withoutAWayTheTunnelEndsAfterAsManyTransmissionsAsEver() {
        additional(SECOND);
        Peer alice = scenario.alice();
        GatewayTunnel tunnel = only(alice);
        scenario.network().unbind(Scenario.GATEWAY_NAT_T);
        scenario.world().runFor(200 * World.SECOND);
        var cause = assertInstanceOf(TerminationCause.PeerUnreachable.class, alice.causeOf(tunnel).orElseThrow());
        assertEquals(6, cause.transmissions());
    }

    @Test
    void aMoveToWhereEspCannotBeReceivedIsRefusedAndTakenBack() {
        Peer alice = scenario.alice();
        var wrong = new Path(Scenario.IKE_SOCKET, PortRole.IKE, Scenario.GATEWAY_IKE);
        Endpoint before = only(gateway).peer();
        alice.call(() -> only(alice).ike().move(wrong, scenario.world().now()));
        scenario.world().runFor(5 * World.SECOND);
        assertEquals(before, only(gateway).peer());
        assertEquals(Scenario.GATEWAY_NAT_T, only(alice).peer());
        expectPings(alice);
    }

    @Test
    void aPacketUnderWayToTheSocketThatADeviceLeftDoesNotLeadItBack() {
        Peer alice = scenario.alice();
        Endpoint elsewhere = Endpoint.parse("198.51.100.9:4500");
        alice.add(new LocalSocket(9, PortRole.NAT_T, elsewhere));
        gateway.call(() -> only(gateway).ping(100));
        alice.call(() -> alice.gateway().move(only(alice), 9, scenario.world().now()));
        for (int i = 0; i < 100; i++) {
            scenario.world().runFor(World.MILLIS);
            assertEquals(9, only(alice).ike().path().socket(), "after " + i + " ms");
        }
        assertEquals(elsewhere, only(gateway).peer());
    }

    @Test
    void aDeviceMovesToASocketOfAnotherAddress() {
        Peer alice = scenario.alice();
        var elsewhere = new LocalSocket(9, PortRole.NAT_T, Endpoint.parse("198.51.100.99:7777"));
        alice.add(elsewhere);
        alice.call(() -> alice.gateway().move(only(alice), 9, scenario.world().now()));
        scenario.world().runFor(5 * World.SECOND);
        assertEquals(elsewhere.bound(), only(gateway).peer());
        assertTrue(Stream.of(alice, gateway).allMatch(peer -> peer.tunnels().size() == 1));
        expectPings(alice);
    }
}
