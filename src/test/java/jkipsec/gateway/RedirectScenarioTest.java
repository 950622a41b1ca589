package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.RedirectQuery;
import jkipsec.ike.RedirectTarget;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.sim.Link;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** Redirects between gateway and device (RFC 5685), in virtual time. */
class RedirectScenarioTest {
    private static final RedirectTarget ELSEWHERE = RedirectTarget.of("192.0.2.2");
    private static final TerminationCause REDIRECTED = new TerminationCause.Redirected(ELSEWHERE);

    /** On a bad link a request is to get through, however often it takes. */
    private static final IkePolicy PATIENT = IkePolicy.defaults().withRetransmission(
            new IkePolicy.Retransmission(Duration.ofMillis(500), 1.5, Duration.ofSeconds(4), 40));

    private final Scenario scenario = new Scenario(1);
    private final World world = scenario.world();
    private final Peer gateway = scenario.gateway();
    private final List<RedirectQuery> asked = new ArrayList<>();

    /** Redirects everybody when they first knock, or once they are known. */
    private void redirect(boolean onceKnown) {
        gateway.gateway().redirector(query -> {
            asked.add(query);
            return query.identity().isPresent() == onceKnown ? Optional.of(ELSEWHERE) : Optional.empty();
        });
    }

    private TerminationCause outcome(Peer device, GatewayTunnel tunnel) {
        assertTrue(world.runUntil(() -> device.causeOf(tunnel).isPresent(), 60 * World.SECOND));
        return device.causeOf(tunnel).orElseThrow();
    }

    private static InitiatorConfig alice() {
        return Scenario.as("alice", "secret", IkePolicy.defaults());
    }

    @Test
    void section3_aDeviceIsSentElsewhereInIkeSaInitAndTheGatewayKeepsNothing() {
        redirect(false);
        Peer device = scenario.device();
        assertEquals(REDIRECTED, outcome(device, scenario.connect(device, alice())));
        assertEquals(0, gateway.gateway().ikeSaCount());
        assertEquals(Long.MAX_VALUE, gateway.gateway().nextDeadline());
        assertEquals(0, device.gateway().ikeSaCount());
        assertEquals(Optional.empty(), asked.get(0).identity());
        assertEquals(Optional.empty(), asked.get(0).redirectedFrom());
        assertEquals(Endpoint.parse("198.51.100.1:500"), asked.get(0).device());
    }

    @Test
    void section3_aDeviceThatWasRedirectedSaysByWhomAndComesIn() {
        gateway.gateway().redirector(query -> {
            asked.add(query);
            return Optional.empty();
        });
        Peer device = scenario.device();
        scenario.connect(device, alice().redirectedFrom(IpAddress.parse("192.0.2.3")));
        assertTrue(world.runUntil(() -> device.tunnels().size() == 1, 60 * World.SECOND));
        assertEquals(2, asked.size());
        assertEquals(Optional.of(IpAddress.parse("192.0.2.3")), asked.get(0).redirectedFrom());
        assertEquals(Optional.of(IpAddress.parse("192.0.2.3")), asked.get(1).redirectedFrom());
        assertEquals("alice", asked.get(1).identity().orElseThrow().text());
    }

    @Test
    void section6_aDeviceThatProvedItselfIsSentElsewhereAndNeitherSideKeepsTheIkeSa() {
        redirect(true);
        Peer device = scenario.device();
        assertEquals(REDIRECTED, outcome(device, scenario.connect(device, alice())));
        assertEquals(List.of(REDIRECTED), gateway.failedHandshakes());
        world.runFor(60 * World.SECOND);
        assertEquals(0, gateway.gateway().ikeSaCount());
        assertEquals(0, device.gateway().ikeSaCount());
        assertEquals(List.of(), gateway.tunnels());
        assertEquals(0, gateway.drops("ike.UNKNOWN_SPI") + device.drops("ike.UNKNOWN_SPI"));
    }

    @Test
    void section6_whoDoesNotProveItselfIsNotToldWhereToGo() {
        redirect(true);
        Peer device = scenario.device();
        TerminationCause cause =
                outcome(device, scenario.connect(device, Scenario.as("alice", "wrong", IkePolicy.defaults())));
        assertTrue(cause instanceof TerminationCause.AuthenticationFailed, cause::describe);
        assertTrue(asked.stream().allMatch(query -> query.identity().isEmpty()));
    }

    @Test
    void section6_itWorksOverALossyLink() {
        for (int seed = 0; seed < 20; seed++) {
            var lossy = new Scenario(seed);
            lossy.network().link(Link.lossy(0.3));
            lossy.gateway().gateway().redirector(query -> query.identity().map(who -> ELSEWHERE));
            Peer device = lossy.device();
            GatewayTunnel tunnel = lossy.connect(device, Scenario.as("alice", "secret", Scenario.CLASSIC));
            assertTrue(lossy.world().runUntil(() -> device.causeOf(tunnel).isPresent(), 300 * World.SECOND));
            assertEquals(REDIRECTED, device.causeOf(tunnel).orElseThrow());
            lossy.world().runFor(600 * World.SECOND);
            assertEquals(0, lossy.gateway().gateway().ikeSaCount());
        }
    }

    private GatewayTunnel connected(Peer device) {
        return device.tunnels().get(0);
    }

    private boolean send(GatewayTunnel tunnel, long grace) {
        var begun = new boolean[1];
        gateway.call(() -> begun[0] = gateway.gateway().redirect(tunnel, ELSEWHERE, grace, world.now()));
        return begun[0];
    }

    @Test
    void section5_aGatewaySendsAConnectedDeviceElsewhereAndBothEndTheTunnel() {
        Peer device = scenario.alice();
        GatewayTunnel there = connected(device);
        GatewayTunnel here = gateway.tunnels().get(0);
        assertTrue(send(here, 60 * World.SECOND));
        world.runFor(World.SECOND);
        assertEquals(Optional.of(REDIRECTED), device.causeOf(there));
        assertEquals(Optional.of(REDIRECTED), gateway.causeOf(here));
        world.runFor(60 * World.SECOND);
        assertEquals(0, gateway.gateway().ikeSaCount() + device.gateway().ikeSaCount());
        assertFalse(send(here, 0), "a tunnel that is down");
    }

    @Test
    void section5_aDeviceThatStaysIsCutOffWhenItsTimeIsUp() throws Exception {
        var device = new ScriptedInitiator(scenario);
        var payloads = new ArrayList<Payload>(device.initPayloads());
        payloads.add(NotifyPayload.of(NotifyType.REDIRECT_SUPPORTED));
        byte[] request = device.init(payloads);
        device.adopt(request, device.sendBare(request).get(0));
        device.only(device.send(Envelope.request(ExchangeType.IKE_AUTH, 1), device.authPayloads()));
        GatewayTunnel here = gateway.tunnels().get(0);
        assertTrue(send(here, 5 * World.SECOND));
        // The device never answers, nor goes.
        world.runFor(4 * World.SECOND);
        assertEquals(Optional.empty(), gateway.causeOf(here));
        world.runFor(2 * World.SECOND);
        assertEquals(Optional.of(REDIRECTED), gateway.causeOf(here));
    }

    @Test
    void section5_aRedirectSurvivesThatTheIkeSaIsReplacedMeanwhile() {
        for (int seed = 0; seed < 20; seed++) {
            var racing = new Scenario(seed, PATIENT, "10.8.0.0/24");
            Peer device = racing.device();
            racing.connect(device, Scenario.as("alice", "secret", PATIENT));
            assertTrue(racing.world().runUntil(() -> device.tunnels().size() == 1, 60 * World.SECOND));
            GatewayTunnel there = connected(device);
            GatewayTunnel here = racing.gateway().tunnels().get(0);
            racing.network().link(Link.lossy(0.2));
            boolean deviceRekeys = seed % 2 == 0;
            Peer rekeying = deviceRekeys ? device : racing.gateway();
            GatewayTunnel tunnel = deviceRekeys ? there : here;
            rekeying.call(() -> {
                tunnel.ike().rekey(racing.world().now());
                rekeying.gateway().touched(tunnel);
            });
            racing.world().runFor(seed * World.MILLIS);
            racing.gateway().call(() -> racing.gateway().gateway().redirect(
                    here, ELSEWHERE, 3_600 * World.SECOND, racing.world().now()));
            racing.world().runFor(300 * World.SECOND);
            assertEquals(Optional.of(REDIRECTED), device.causeOf(there), "seed " + seed);
            assertEquals(Optional.of(REDIRECTED), racing.gateway().causeOf(here), "seed " + seed);
        }
    }

    @Test
    void section10_aDeviceCannotRedirectItsGatewayEvenAfterTheGatewayRekeyed() {
        Peer device = scenario.alice();
        GatewayTunnel there = connected(device);
        assertFalse(there.ike().redirect(ELSEWHERE, Long.MAX_VALUE, world.now()));
        GatewayTunnel here = gateway.tunnels().get(0);
        gateway.call(() -> {
            here.ike().rekey(world.now());
            gateway.gateway().touched(here);
        });
        world.runFor(10 * World.SECOND);
        assertTrue(there.ike().isInitiator(), "the device is that which began the first one, whoever rekeyed");
        assertFalse(there.ike().redirect(ELSEWHERE, Long.MAX_VALUE, world.now()));
        assertTrue(send(here, 60 * World.SECOND));
        world.runFor(World.SECOND);
        assertEquals(Optional.of(REDIRECTED), device.causeOf(there));
    }

    @Test
    void section3_aDeviceThatDoesNotFollowIsNeverRedirected() {
        gateway.gateway().redirector(query -> {
            throw new AssertionError("nobody who follows has come");
        });
        new ScriptedInitiator(scenario).connected();
        assertFalse(send(gateway.tunnels().get(0), 0));
    }

    @Test
    void section3_theAnswerIsTheRedirectWithTheNonceAlone() throws MalformedMessage {
        redirect(false);
        var device = new ScriptedInitiator(scenario);
        var payloads = new ArrayList<Payload>(device.initPayloads());
        payloads.add(NotifyPayload.of(NotifyType.REDIRECT_SUPPORTED));
        byte[] request = device.init(payloads);
        List<byte[]> answers = device.sendBare(request);
        assertEquals(1, answers.size());
        assertTrue(answers.get(0).length <= request.length);
        IkeMessage answer = IkeMessage.parse(answers.get(0));
        assertEquals(0, answer.header().responderSpi());
        assertEquals(1, answer.payloads().size());
        byte[] data = answer.notify(NotifyType.REDIRECT).orElseThrow().data();
        byte[] nonce = IkeMessage.parse(request).first(NoncePayload.class).orElseThrow().nonce();
        assertEquals(6 + nonce.length, data.length);
        assertTrue(Arrays.equals(data, 6, data.length, nonce, 0, nonce.length));
    }

    @Test
    void anAnswerLongerThanTheRequestIsNotSentAndTheDeviceIsServed() {
        var longName = RedirectTarget.of("a".repeat(60) + ("." + "b".repeat(60)).repeat(3));
        gateway.gateway().redirector(query -> Optional.of(longName));
        var device = new ScriptedInitiator(scenario);
        byte[] nonce = new byte[256];
        byte[] bare = device.init(List.of(new NoncePayload(nonce), NotifyPayload.of(NotifyType.REDIRECT_SUPPORTED)));
        assertEquals(List.of(), device.sendBare(bare), "without SA and KE it is nothing that could be served");
        assertEquals(1, gateway.drops("ike.MALFORMED"));
    }
}
