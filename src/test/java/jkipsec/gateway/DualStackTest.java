package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.ChildSa;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.InnerFamilies;
import jkipsec.ike.PortRole;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.sim.Link;
import jkipsec.sim.Network;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.Transfer;
import jkipsec.sim.World;
import jkipsec.tcp.TcpConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IPv6 inside and outside tunnels, alone and beside IPv4. */
class DualStackTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults();
    private static final InnerNetwork DUAL = InnerNetwork
            .of(IpPrefix.parse("10.8.0.0/24"), List.of(address("1.1.1.1"), address("2001:db8::53")))
            .withPool6(IpPrefix.parse("fd12:3456:789a::/64"));
    private static final int PORT = 7;

    private static IpAddress address(String literal) {
        return IpAddress.parse(literal);
    }

    /** A device whose attempt has come to its end; its tunnel is up, or it is told why not. */
    private static GatewayTunnel connect(Scenario scenario, Peer device, InnerFamilies families) {
        return connect(scenario, device, "alice", families);
    }

    private static GatewayTunnel connect(Scenario scenario, Peer device, String identity, InnerFamilies families) {
        GatewayTunnel tunnel =
                scenario.connect(device, Scenario.as(identity, "secret", DEFAULTS).withFamilies(families));
        assertTrue(scenario.world().runUntil(
                () -> tunnel.isUp() || device.causeOf(tunnel).isPresent(), 300 * World.SECOND));
        return tunnel;
    }

    private static List<String> selectors(Scenario scenario) {
        ChildSa child = scenario.gateway().tunnels().get(0).ike().sendingChild().orElseThrow();
        return List.of(child.remote().toString(), child.local().toString());
    }

    @Test
    void aDeviceThatAsksForBothFamiliesHasBothInOneChildSa() {
        var scenario = new Scenario(1, DEFAULTS, DUAL);
        GatewayTunnel tunnel = connect(scenario, scenario.device(), InnerFamilies.BOTH);
        GatewayTunnel other = scenario.gateway().tunnels().get(0);
        assertEquals(address("10.8.0.2"), tunnel.localAddress());
        assertEquals(address("10.8.0.1"), tunnel.remoteAddress());
        assertEquals(Optional.of(address("fd12:3456:789a::2")), tunnel.localAddress6());
        assertEquals(Optional.of(address("fd12:3456:789a::1")), tunnel.remoteAddress6());
        assertEquals(tunnel.localAddress(), other.remoteAddress());
        assertEquals(tunnel.localAddress6(), other.remoteAddress6());
        assertEquals(tunnel.remoteAddress6(), other.localAddress6());
        assertEquals(List.of(address("1.1.1.1"), address("2001:db8::53")), tunnel.addresses().dns());
        assertEquals(
                List.of("[10.8.0.2/32, fd12:3456:789a::2/128]", "[10.8.0.1/32, fd12:3456:789a::1/128]"),
                selectors(scenario));
    }

    @Test
    void aDeviceThatAsksForOneFamilyGetsOnlyThat() {
        var scenario = new Scenario(2, DEFAULTS, DUAL);
        GatewayTunnel only4 = connect(scenario, scenario.device(), InnerFamilies.IPV4);
        assertEquals(Optional.empty(), only4.localAddress6());
        assertEquals(List.of("[10.8.0.2/32]", "[10.8.0.1/32]"), selectors(scenario));

        scenario = new Scenario(3, DEFAULTS, DUAL);
        GatewayTunnel only6 = connect(scenario, scenario.device(), InnerFamilies.IPV6);
        assertEquals(address("fd12:3456:789a::2"), only6.localAddress());
        assertEquals(address("fd12:3456:789a::1"), only6.remoteAddress());
        assertEquals(List.of(address("2001:db8::53")), only6.addresses().dns());
        assertEquals(List.of("[fd12:3456:789a::2/128]", "[fd12:3456:789a::1/128]"), selectors(scenario));
    }

    @Test
    void aGatewayWithoutIpv6LeavesItOutOrRefuses() {
        var scenario = new Scenario(4);
        assertEquals(
                Optional.empty(), connect(scenario, scenario.device(), InnerFamilies.BOTH).localAddress6());
        Peer device = scenario.device();
        GatewayTunnel refused = connect(scenario, device, InnerFamilies.IPV6);
        assertEquals("INTERNAL_ADDRESS_FAILURE", error(device, refused));
    }

    private static String error(Peer device, GatewayTunnel tunnel) {
        return ((TerminationCause.NegotiationFailed) device.causeOf(tunnel).orElseThrow()).error();
    }

    @Test
    void eachFamilyIsExhaustedForItself() {
        var scenario = new Scenario(5, DEFAULTS,
                InnerNetwork.of(IpPrefix.parse("10.8.0.0/30"), List.of()).withPool6(IpPrefix.parse("fd00::/125")));
        scenario.gateway().authenticator(request -> new AuthVerdict.Approved(Scenario.key("secret")));
        Peer first = scenario.device();
        GatewayTunnel both = connect(scenario, first, "first", InnerFamilies.BOTH);
        GatewayTunnel second = connect(scenario, scenario.device(), "second", InnerFamilies.BOTH);
        assertEquals(address("fd00::3"), second.localAddress(), "no IPv4 address is left");
        Peer third = scenario.device();
        assertEquals(
                "INTERNAL_ADDRESS_FAILURE", error(third, connect(scenario, third, "third", InnerFamilies.IPV4)));

        first.call(() -> first.gateway().close(both, scenario.world().now()));
        scenario.world().runFor(World.SECOND);
        GatewayTunnel again = connect(scenario, third, "third", InnerFamilies.BOTH);
        assertEquals(address("10.8.0.2"), again.localAddress());
        assertEquals(Optional.of(address("fd00::4")), again.localAddress6(), "both went back to their pools");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void streamsOfBothFamiliesComeThroughWhole(double loss) {
        var scenario = new Scenario(6, DEFAULTS, DUAL);
        Peer device = scenario.device();
        GatewayTunnel tunnel = connect(scenario, device, InnerFamilies.BOTH);
        scenario.network().link(Link.lossy(loss));
        int size = 300_000;
        var server = new Transfer(scenario.world(), scenario.gateway(), size);
        var client = new Transfer(scenario.world(), device, size);
        GatewayTunnel accepted = scenario.gateway().tunnels().get(0);
        server.listen(accepted, PORT);
        server.listen(accepted, new Endpoint(accepted.localAddress6().orElseThrow(), PORT));
        client.connect(tunnel, PORT);
        client.connect(tunnel, new Endpoint(tunnel.remoteAddress6().orElseThrow(), PORT));
        assertTrue(scenario.world().runUntil(
                () -> server.complete() == 2 && client.complete() == 2, 3_600 * World.SECOND));
        assertEquals(0, server.corrupt() + client.corrupt());
        assertEquals(0, scenario.gateway().drops("ip.MALFORMED") + scenario.gateway().drops("ip.OUTSIDE_SELECTORS"));
    }

    @Test
    void echoIsAnsweredInBothFamiliesUpToTheMtu() {
        var scenario = new Scenario(7, DEFAULTS, DUAL);
        Peer device = scenario.device();
        GatewayTunnel tunnel = connect(scenario, device, InnerFamilies.BOTH);
        device.call(() -> tunnel.ping(tunnel.innerMtu() - 28, tunnel.remoteAddress()));
        device.call(() -> tunnel.ping(tunnel.innerMtu() - 48, tunnel.remoteAddress6().orElseThrow()));
        scenario.world().runFor(World.SECOND);
        assertEquals(2, device.pingsAnswered());
    }

    @Test
    void aDeviceFindsTheGatewayInAWiderNetworkAndTheRestIsNotForwarded() {
        var scenario = new Scenario(8, DEFAULTS, DUAL.withOffered(
                IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("2001:db8::/32")));
        Peer device = scenario.device();
        GatewayTunnel tunnel = connect(scenario, device, InnerFamilies.BOTH);
        assertEquals(
                "[0.0.0.0/0, fd12:3456:789a::1/128, 2001:db8::/32]", selectors(scenario).get(1));
        assertEquals(address("10.8.0.1"), tunnel.remoteAddress());
        assertEquals(Optional.of(address("fd12:3456:789a::1")), tunnel.remoteAddress6());
        device.call(() -> tunnel.ping(10, address("192.0.2.77")));
        device.call(() -> tunnel.ping(10, address("2001:db8::77")));
        scenario.world().runFor(World.SECOND);
        assertEquals(2, scenario.gateway().drops("ip.NOT_FORWARDED"));
        device.call(() -> tunnel.ping(10, address("2001:db9::77")));
        scenario.world().runFor(World.SECOND);
        assertEquals(1, scenario.gateway().drops("ip.OUTSIDE_SELECTORS"));
        device.call(() -> tunnel.ping(10));
        scenario.world().runFor(World.SECOND);
        assertEquals(1, device.pingsAnswered());
    }

    @ParameterizedTest
    @EnumSource(InnerFamilies.class)
    void overIpv6OutsideEverythingIsTheSame(InnerFamilies families) {
        var world = new World(9);
        var network = new Network(world);
        var gateway = new Peer(world, network, outside("2001:db8::1",
                Optional.of(new GatewayConfig.Responder(Scenario.GATEWAY_ID, DUAL))));
        gateway.authenticator(request -> new AuthVerdict.Approved(Scenario.key("secret")));
        var device = new Peer(world, network, outside("2001:db8:1::2", Optional.empty()));
        var config = new InitiatorConfig(
                Endpoint.parse("[2001:db8::1]:500"), Endpoint.parse("[2001:db8::1]:4500"),
                Identification.of("alice"), Optional.of(Scenario.GATEWAY_ID), Scenario.key("secret"),
                DEFAULTS).withFamilies(families);
        var started = new GatewayTunnel[1];
        device.call(() -> started[0] = device.gateway().initiate(config, world.now()));
        assertTrue(world.runUntil(() -> started[0].isUp(), 60 * World.SECOND), () -> "" + gateway.drops());
        assertEquals(Endpoint.parse("[2001:db8:1::2]:4500"), gateway.tunnels().get(0).peer());
        int size = 100_000;
        var server = new Transfer(world, gateway, size);
        var client = new Transfer(world, device, size);
        network.link(Link.lossy(0.05));
        server.listen(gateway.tunnels().get(0), PORT);
        client.connect(started[0], PORT);
        assertTrue(world.runUntil(() -> server.complete() == 1 && client.complete() == 1, 3_600 * World.SECOND));
        assertEquals(0, server.corrupt() + client.corrupt());
    }

    private static GatewayConfig outside(String address, Optional<GatewayConfig.Responder> responder) {
        return new GatewayConfig(responder, Optional.empty(), DEFAULTS, TcpConfig.defaults(), List.of(
                new LocalSocket(1, PortRole.IKE, Endpoint.parse("[" + address + "]:500")),
                new LocalSocket(2, PortRole.NAT_T, Endpoint.parse("[" + address + "]:4500"))));
    }
}
