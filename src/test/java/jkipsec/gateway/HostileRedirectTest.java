package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.Hex;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.Endpoint;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedResponder;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device makes of redirects that are not as RFC 5685 has them. {@code Ni} stands for the nonce of its request. */
class HostileRedirectTest {
    private static final String GOOD = "0104c0000202";
    private static final TerminationCause REDIRECTED =
            new TerminationCause.Redirected(RedirectTarget.of("192.0.2.2"));

    private final Scenario scenario = new Scenario(1);
    private final World world = scenario.world();
    private final ScriptedResponder gateway = new ScriptedResponder(scenario);
    private final Peer device = scenario.device();

    private GatewayTunnel connect() {
        return scenario.connect(device, Scenario.as("alice", "secret", ScriptedResponder.OFFERED));
    }

    private static NotifyPayload redirect(String data, IkeMessage request) {
        byte[] nonce = request.first(NoncePayload.class).orElseThrow().nonce();
        return NotifyPayload.of(NotifyType.REDIRECT, Hex.parse(data.replace("Ni", Hex.of(nonce))));
    }

    private static byte[] init(String data, IkeMessage request) {
        return ScriptedResponder.unprotected(request, 0, redirect(data, request));
    }

    @Test
    void section3_aRedirectWithTheNonceIsFollowed() {
        gateway.onInit(request -> List.of(init(GOOD + "Ni", request)));
        GatewayTunnel tunnel = connect();
        world.runFor(World.SECOND);
        assertEquals(Optional.of(REDIRECTED), device.causeOf(tunnel));
        assertEquals(1, gateway.inits().size());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "§3 another nonce, 0104c0000202000102030405060708090a0b0c0d0e0f",
        "§3 no nonce, 0104c0000202",
        "§3 the nonce and more, 0104c0000202Ni00",
        "§9.2 no identity, ''",
        "§9.2 an identity cut short, 0104c000",
        "§9.2 a length that reaches into the nonce, 0110c0000202Ni",
        "§9.2 an address of no length, 0100Ni",
        "§9.2 a reserved type of identity, 0004c0000202Ni",
        "§9.2 an unknown type of identity, 0404c0000202Ni",
        "§9.2 an IPv6 address of four octets, 0204c0000202Ni",
        "§9.2 an empty name, 0300Ni",
        "§9.2 a name with a control character, 0303676700Ni",
        "§9.2 a name with a slash, 0303672f67Ni"
    })
    void inIkeSaInitTheDeviceKeepsWaitingForAnHonestAnswer(String name, String data) {
        gateway.onInit(request -> List.of(
                init(data, request), gateway.initAnswer(request, payloads -> payloads)));
        connect();
        assertTrue(world.runUntil(() -> device.tunnels().size() == 1, 10 * World.SECOND), name);
        assertEquals(1, device.drops("ike.UNPROTECTED_ERROR"));
        assertEquals(1, gateway.inits().size());
    }

    @Test
    void section3_aRedirectBesideAnAgreementIsNoRedirect() {
        gateway.onInit(request -> List.of(gateway.initAnswer(request, payloads -> {
            payloads.add(redirect(GOOD + "Ni", request));
            return payloads;
        })));
        connect();
        assertTrue(world.runUntil(() -> device.tunnels().size() == 1, 10 * World.SECOND));
    }

    private GatewayTunnel authAnswered(String data) {
        gateway.editAuth(payloads -> {
            payloads.add(NotifyPayload.of(NotifyType.REDIRECT, Hex.parse(data)));
            return payloads;
        });
        GatewayTunnel tunnel = connect();
        world.runFor(5 * World.SECOND);
        return tunnel;
    }

    @Test
    void section6_aRedirectInIkeAuthIsFollowedAndTheIkeSaDeleted() {
        GatewayTunnel tunnel = authAnswered(GOOD);
        assertEquals(Optional.of(REDIRECTED), device.causeOf(tunnel));
        assertEquals(List.of(List.of(DeletePayload.ikeSa())), gateway.informational());
    }

    @Test
    void section6_aRedirectOfAGatewayThatDoesNotProveItselfIsNotFollowed() {
        gateway.editAuth(payloads -> {
            var forged = new ArrayList<>(gateway.proof(
                    ScriptedInitiator.id(false, "vpn.example.com"), "not the secret", List.of()));
            forged.add(NotifyPayload.of(NotifyType.REDIRECT, Hex.parse(GOOD)));
            return forged;
        });
        GatewayTunnel tunnel = connect();
        world.runFor(5 * World.SECOND);
        TerminationCause cause = device.causeOf(tunnel).orElseThrow();
        assertTrue(cause instanceof TerminationCause.AuthenticationFailed, cause::describe);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "§9.2 a nonce where there must be none, 0104c0000202000102030405060708090a0b0c0d0e0f",
        "§9.2 no identity, ''",
        "§9.2 an identity cut short, 0104c000",
        "§9.2 octets that belong to nothing, 0104c000020200",
        "§9.2 an unknown type of identity, f104c0000202",
        "§9.2 a name that is none, 03022e2e"
    })
    void whatIsProtectedButMalformedIsPassedOver(String name, String data) {
        GatewayTunnel tunnel = authAnswered(data);
        assertEquals(List.of(tunnel), device.tunnels(), name + " in IKE_AUTH");
        request(0, List.of(NotifyPayload.of(NotifyType.REDIRECT, Hex.parse(data))));
        assertEquals(List.of(tunnel), device.tunnels(), name + " in INFORMATIONAL");
        assertEquals(2, device.drops("ike.MALFORMED"));
    }

    private void request(int id, List<Payload> payloads) {
        byte[] sealed = gateway.sa().seal(new Envelope(ExchangeType.INFORMATIONAL, id, 0, 0x20), payloads);
        scenario.network().inject(Scenario.GATEWAY_NAT_T, Endpoint.parse("198.51.100.1:4500"),
                ScriptedInitiator.mark(sealed), World.MILLIS);
        world.runFor(World.SECOND);
    }

    @Test
    void section5_aRedirectOfAnEstablishedTunnelIsAnsweredAndTheTunnelDeleted() {
        GatewayTunnel tunnel = connect();
        world.runFor(5 * World.SECOND);
        assertEquals(List.of(tunnel), device.tunnels());
        int before = gateway.informational().size();
        request(0, List.of(NotifyPayload.of(NotifyType.REDIRECT, Hex.parse(GOOD))));
        assertEquals(Optional.of(REDIRECTED), device.causeOf(tunnel));
        assertEquals(List.of(DeletePayload.ikeSa()), gateway.informational().get(before));
    }

    @Test
    void section5_aRepeatedRedirectGetsTheSameAnswerAndNoSecondDelete() {
        GatewayTunnel tunnel = connect();
        world.runFor(5 * World.SECOND);
        byte[] sealed = gateway.sa().seal(new Envelope(ExchangeType.INFORMATIONAL, 0, 0, 0x20),
                List.of(NotifyPayload.of(NotifyType.REDIRECT, Hex.parse(GOOD))));
        for (int i = 0; i < 3; i++) {
            scenario.network().inject(Scenario.GATEWAY_NAT_T, Endpoint.parse("198.51.100.1:4500"),
                    ScriptedInitiator.mark(sealed), World.MILLIS);
        }
        world.runFor(5 * World.SECOND);
        assertEquals(Optional.of(REDIRECTED), device.causeOf(tunnel));
        assertEquals(1, gateway.informational().stream()
                .filter(payloads -> payloads.contains(DeletePayload.ikeSa())).count());
    }
}
