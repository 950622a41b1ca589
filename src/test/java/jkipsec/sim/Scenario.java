package jkipsec.sim;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.crypto.Prf;
import jkipsec.gateway.GatewayConfig;
import jkipsec.gateway.GatewayTunnel;
import jkipsec.gateway.InitiatorConfig;
import jkipsec.gateway.InnerNetwork;
import jkipsec.gateway.LocalSocket;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.PortRole;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.tcp.TcpConfig;

/** A gateway at 192.0.2.1 that knows alice and bob, and any number of devices, in one world. */
public final class Scenario {
    public static final Endpoint GATEWAY_IKE = Endpoint.parse("192.0.2.1:500");
    public static final Endpoint GATEWAY_NAT_T = Endpoint.parse("192.0.2.1:4500");
    public static final Identification GATEWAY_ID = Identification.of("vpn.example.com");
    public static final int IKE_SOCKET = 1;
    public static final int NAT_T_SOCKET = 2;

    /** The default without additional key exchanges: for tests that count messages. */
    public static final IkePolicy CLASSIC = IkePolicy.defaults().withAdditional(List.of(List.of()));

    private static final Map<String, String> KEYS = Map.of("alice", "secret", "bob", "other secret");

    private final World world;
    private final Network network;
    private final Peer gateway;
    private int devices;

    public Scenario(long seed) {
        this(seed, IkePolicy.defaults(), "10.8.0.0/24");
    }

    public Scenario(long seed, IkePolicy policy, String pool) {
        this(seed, policy, InnerNetwork.of(IpPrefix.parse(pool), List.of(IpAddress.parse("1.1.1.1"))));
    }

    public Scenario(long seed, IkePolicy policy, InnerNetwork inner) {
        world = new World(seed);
        network = new Network(world);
        gateway = gateway(new GatewayConfig.Responder(GATEWAY_ID, inner), policy);
        gateway.authenticator(Scenario::decide);
    }

    private static AuthVerdict decide(AuthRequest request) {
        String psk = KEYS.get(request.identity().text());
        return psk == null ? new AuthVerdict.Rejected("unknown") : new AuthVerdict.Approved(key(psk));
    }

    public static Secret key(String psk) {
        byte[] secret = psk.getBytes(StandardCharsets.UTF_8);
        return Secret.owning(Prf.HMAC_SHA2_256.apply(secret, "Key Pad for IKEv2".getBytes(StandardCharsets.US_ASCII)));
    }

    public World world() {
        return world;
    }

    public Network network() {
        return network;
    }

    public Peer gateway() {
        return gateway;
    }

    /** A new device at an address of its own, not yet connected. */
    public Peer device() {
        return device("198.51.100." + (1 + devices++));
    }

    private Peer device(String bound) {
        return peer(Optional.empty(), IkePolicy.defaults(),
                Endpoint.parse(bound + ":500"), Endpoint.parse(bound + ":4500"));
    }

    /** A gateway of other settings, where the usual one is, in place of it; who comes in is still to be said. */
    public Peer gateway(GatewayConfig.Responder responder, IkePolicy policy) {
        return peer(Optional.of(responder), policy, GATEWAY_IKE, GATEWAY_NAT_T);
    }

    private Peer peer(Optional<GatewayConfig.Responder> responder, IkePolicy policy, Endpoint ike, Endpoint natT) {
        return new Peer(world, network, new GatewayConfig(
                responder,
                Optional.empty(),
                policy,
                TcpConfig.defaults(),
                List.of(
                        new LocalSocket(IKE_SOCKET, PortRole.IKE, ike),
                        new LocalSocket(NAT_T_SOCKET, PortRole.NAT_T, natT))));
    }

    /** A device that is bound to one address and, as far as the network goes, is at another. */
    public Peer deviceAt(String bound, String outside) {
        for (int port : new int[] {500, 4500}) {
            network.nat(Endpoint.parse(bound + ":" + port), Endpoint.parse(outside + ":" + port));
        }
        return device(bound);
    }

    public static InitiatorConfig as(String identity, String psk, IkePolicy policy) {
        return new InitiatorConfig(GATEWAY_IKE, GATEWAY_NAT_T, Identification.of(identity), Optional.of(GATEWAY_ID),
                key(psk), policy);
    }

    /** Starts to connect. */
    public GatewayTunnel connect(Peer device, InitiatorConfig config) {
        var started = new GatewayTunnel[1];
        device.call(() -> started[0] = device.gateway().initiate(config, world.now()));
        return started[0];
    }

    /** A device connected as alice; the world has run until its tunnel was up. */
    public Peer alice() {
        Peer device = device();
        connect(device, as("alice", "secret", IkePolicy.defaults()));
        if (!world.runUntil(() -> device.tunnels().size() == 1, 300 * World.SECOND)) {
            throw new AssertionError("alice did not connect: " + gateway.drops() + " " + device.drops());
        }
        return device;
    }
}
