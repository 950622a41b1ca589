package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Lifetime;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import jkipsec.udp.UdpEndpoint;
import org.junit.jupiter.api.Test;

/** What becomes of a tunnel whose Child SA carried all that it may before there was a new one (RFC 7296 §2.8). */
class VolumeTest {
    private static final int MOST_PACKETS = 20;
    private static final IpAddress GATEWAY = IpAddress.parse("10.8.0.1");
    private static final IpAddress DEVICE = IpAddress.parse("10.8.0.2");

    private final Scenario scenario = new Scenario(1, limited(), "10.8.0.0/24");
    private final World world = scenario.world();
    private final Peer gateway = scenario.gateway();
    private final Peer device = scenario.device();
    private final GatewayTunnel atDevice;
    private final GatewayTunnel atGateway;

    VolumeTest() {
        scenario.connect(device, Scenario.as("alice", "secret", IkePolicy.defaults()));
        world.runFor(World.SECOND);
        atDevice = device.tunnels().get(0);
        atGateway = gateway.tunnels().get(0);
    }

    private static IkePolicy limited() {
        var volume = new Lifetime.Volume(MOST_PACKETS, Long.MAX_VALUE);
        IkePolicy policy = IkePolicy.defaults();
        return policy.withLifetimes(new IkePolicy.Lifetimes(
                policy.lifetimes().ike(), Lifetime.of(Duration.ofHours(1)).withVolume(volume, volume)));
    }

    @Test
    void whatIsSentEndsItAndThePeerIsTold() {
        sendDatagrams(gateway, atGateway, GATEWAY, DEVICE);
        expectBothEnded();
    }

    @Test
    void whatIsHeardEndsItAndThePeerIsTold() {
        sendDatagrams(device, atDevice, DEVICE, GATEWAY);
        expectBothEnded();
    }

    private void sendDatagrams(Peer sender, GatewayTunnel tunnel, IpAddress from, IpAddress to) {
        for (GatewayTunnel each : List.of(atDevice, atGateway)) {
            each.udp().bind(Endpoint.parse("0.0.0.0:7")).orElseThrow();
        }
        UdpEndpoint endpoint = tunnel.udp().bind(new Endpoint(from, 9)).orElseThrow();
        for (int i = 0; i < MOST_PACKETS; i++) {
            sender.call(() -> {
                endpoint.send(from, new Endpoint(to, 7), new byte[10]);
                sender.gateway().touched(tunnel);
            });
            world.runFor(World.MILLIS);
        }
    }

    private void expectBothEnded() {
        world.runFor(World.SECOND);
        assertEquals(Optional.of(new TerminationCause.Expired("a new Child SA")), gateway.causeOf(atGateway));
        assertEquals(Optional.of(new TerminationCause.DeletedByPeer()), device.causeOf(atDevice));
        world.runFor(20 * World.SECOND);
        assertEquals(0, gateway.gateway().ikeSaCount());
        assertEquals(0, device.gateway().ikeSaCount());
    }
}
