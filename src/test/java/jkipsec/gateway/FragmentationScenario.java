package jkipsec.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.Octets;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.PayloadType;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;

/** A device whose name makes IKE_AUTH as large as one likes, a gateway whose DNS servers do so, and what they send. */
final class FragmentationScenario {
    private static final int MARKER = 4;

    /** An IKE message on the wire, without its marker. */
    record Sent(Endpoint from, Endpoint to, byte[] octets) {
        boolean isFragment() {
            return octets[16] == PayloadType.SKF;
        }

        int total() {
            return Octets.u16(octets, IkeHeader.LENGTH + 6);
        }

        boolean isResponse() {
            return (octets[19] & 0x20) != 0;
        }

        boolean sameAs(Sent other) {
            return Arrays.equals(octets, other.octets);
        }
    }

    final Scenario scenario;
    final Peer gateway;
    final Peer device;
    final List<Sent> sent = new ArrayList<>();
    private final IkePolicy devicePolicy;

    FragmentationScenario(long seed, IkePolicy gatewayPolicy, IkePolicy devicePolicy, int dnsServers) {
        this.devicePolicy = devicePolicy;
        scenario = new Scenario(seed);
        List<IpAddress> dns = Collections.nCopies(dnsServers, IpAddress.parse("1.1.1.1"));
        gateway = scenario.gateway(
                new GatewayConfig.Responder(Scenario.GATEWAY_ID, IpPrefix.parse("10.8.0.0/24"), dns), gatewayPolicy);
        gateway.authenticator(request -> new AuthVerdict.Approved(Scenario.key("secret")));
        device = scenario.device();
        scenario.network().tap((from, to, octets) -> {
            boolean marked = octets.length > MARKER && Octets.i32(octets, 0) == 0;
            boolean bare = from.port() == 500 || to.port() == 500;
            if (marked || bare) {
                sent.add(new Sent(from, to, marked ? Arrays.copyOfRange(octets, MARKER, octets.length) : octets));
            }
        });
    }

    /** Starts to connect under a name of so many octets. */
    GatewayTunnel start(int nameLength) {
        return scenario.connect(device, new InitiatorConfig(
                Scenario.GATEWAY_IKE,
                Scenario.GATEWAY_NAT_T,
                Identification.of("a".repeat(nameLength) + ".example"),
                Optional.of(Scenario.GATEWAY_ID),
                Scenario.key("secret"),
                devicePolicy));
    }

    /** Connects; returns whether that succeeded within a time. */
    boolean connects(int nameLength, int seconds) {
        start(nameLength);
        return scenario.world().runUntil(() -> device.tunnels().size() == 1, seconds * World.SECOND);
    }

    /** Has one side replace the IKE SA. */
    void rekey(Peer peer) {
        peer.call(() -> {
            peer.tunnels().get(0).ike().rekey(scenario.world().now());
            peer.gateway().touched(peer.tunnels().get(0));
        });
    }

    /** Has one side replace the Child SA. */
    void rekeyChild(Peer peer) {
        peer.call(() -> {
            peer.tunnels().get(0).ike().rekeyChild(scenario.world().now());
            peer.gateway().touched(peer.tunnels().get(0));
        });
    }

    List<Sent> fragments() {
        return sent.stream().filter(Sent::isFragment).toList();
    }
}
