package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Proposals;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;
import jkipsec.sim.Link;
import jkipsec.sim.Offers;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Additional key exchanges over IKE_INTERMEDIATE (RFC 9370, RFC 9242), between two of our own and against a script. */
class IntermediateTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults();
    private static final Transform KE1_ML_KEM = Transform.of(TransformType.ADDITIONAL_KE_1, 36);

    private static IkePolicy proposing(String... proposals) {
        return DEFAULTS.withIkeProposals(Proposals.ike(proposals));
    }

    /** Connects alice under a policy; returns the exchange types of the messages that she sent, fragments once. */
    private static List<Integer> connect(Scenario scenario, IkePolicy policy) {
        var exchanges = new ArrayList<Integer>();
        scenario.network().tap((from, to, octets) -> {
            if (to.equals(Scenario.GATEWAY_IKE)) {
                exchanges.add((int) octets[18]);
            } else if (to.equals(Scenario.GATEWAY_NAT_T) && Arrays.equals(new byte[4], Arrays.copyOf(octets, 4))) {
                exchanges.add((int) octets[22]);
            }
        });
        Peer device = scenario.device();
        scenario.connect(device, Scenario.as("alice", "secret", policy));
        scenario.world().runUntil(() -> device.tunnels().size() == 1, 60 * World.SECOND);
        return exchanges.stream().distinct().toList();
    }

    private static String suiteAt(Scenario scenario) {
        return scenario.gateway().tunnels().get(0).ikeSuite();
    }

    @Test
    void twoWithTheDefaultPolicyMixMlKem768IntoTheirKeys() {
        var scenario = new Scenario(1);
        List<Integer> exchanges = connect(scenario, DEFAULTS);
        assertEquals(
                List.of(ExchangeType.IKE_SA_INIT, ExchangeType.IKE_INTERMEDIATE, ExchangeType.IKE_AUTH), exchanges);
        assertTrue(suiteAt(scenario).contains("CURVE25519 and ML_KEM_768"), suiteAt(scenario));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "aes256gcm16-x25519-ke1_mlkem768-ke2_ecp256-ke3_modp2048",
        "aes256-sha384-prfsha256-ecp384-ke7_mlkem768",
        "chacha20poly1305-mlkem768-ke1_x25519-ke5_ecp384",
    })
    void severalAreDoneOneAfterTheOther(String proposal) {
        IkePolicy policy = proposing(proposal);
        var scenario = new Scenario(2, policy, "10.8.0.0/24");
        connect(scenario, policy);
        assertEquals(policy.additional().get(0).size(), suiteAt(scenario).split(" and ", -1).length - 1);
        Peer gateway = scenario.gateway();
        gateway.call(() -> gateway.tunnels().get(0).ping(1));
        assertTrue(scenario.world().runUntil(() -> gateway.pingsAnswered() == 1, World.SECOND));
    }

    @Test
    void whoHasNoneIsConnectedAsEver() {
        for (IkePolicy[] pair : new IkePolicy[][] {{DEFAULTS, Scenario.CLASSIC}, {Scenario.CLASSIC, DEFAULTS}}) {
            var scenario = new Scenario(3, pair[0], "10.8.0.0/24");
            List<Integer> exchanges = connect(scenario, pair[1]);
            assertEquals(List.of(ExchangeType.IKE_SA_INIT, ExchangeType.IKE_AUTH), exchanges);
            assertFalse(suiteAt(scenario).contains("ML_KEM"));
        }
    }

    @Test
    void whatIsOptionalIsLeftOutWithAPeerThatHasItNot() {
        IkePolicy optional = proposing("aes256gcm16-x25519-ke1_mlkem768-ke1_none-ke2_ecp384-ke2_none");
        var scenario = new Scenario(4, proposing("aes256gcm16-x25519-ke2_ecp384"), "10.8.0.0/24");
        connect(scenario, optional);
        assertTrue(suiteAt(scenario).endsWith("CURVE25519 and ECP_384"), suiteAt(scenario));
    }

    @Test
    void whoDemandsOneIsRefusedByAGatewayWithout() {
        var scenario = new Scenario(5, Scenario.CLASSIC, "10.8.0.0/24");
        Peer device = scenario.device();
        var tunnel = scenario.connect(
                device, Scenario.as("alice", "secret", proposing("aes256gcm16-x25519-ke1_mlkem768")));
        scenario.world().runFor(5 * World.SECOND);
        var cause = assertInstanceOf(
                TerminationCause.NegotiationFailed.class, device.causeOf(tunnel).orElseThrow());
        assertTrue(cause.toString().contains("NO_PROPOSAL_CHOSEN"), cause::toString);
    }

    /** The script computes SKEYSEED(n) and IntAuth from the formulas of the RFCs, apart from what is tested. */
    @Test
    void section3_3_2_theKeysAndProofsAreThoseOfTheFormulas() throws Exception {
        Transform second = Transform.of(TransformType.ADDITIONAL_KE_1 + 1, KeyExchangeMethod.ECP_384.transformId());
        var scenario = new Scenario(
                6, proposing("aes256gcm16-ecp256-ke1_mlkem768-ke2_ecp384"), "10.8.0.0/24");
        var device = new ScriptedInitiator(scenario).initiated(KE1_ML_KEM, second);
        IkeMessage answer = IkeMessage.parse(device.initResponse());
        assertTrue(answer.notify(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED).isPresent());
        assertEquals(
                List.of(KE1_ML_KEM, second),
                answer.first(SaPayload.class).orElseThrow().proposals().get(0).transforms().subList(3, 5));
        device.intermediate(KeyExchangeMethod.ML_KEM_768).intermediate(KeyExchangeMethod.ECP_384);
        List<Payload> proof = device.only(device.send(device.authEnvelope(), device.authPayloads()));
        var idr = ScriptedInitiator.id(false, "vpn.example.com");
        assertEquals(
                device.sa().auth("secret", device.initResponse(), idr, device.intAuth()), proof.get(1));
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void anAuthThatLeavesTheExchangesOutProvesNothing() {
        var scenario = new Scenario(7);
        var device = new ScriptedInitiator(scenario).initiated(KE1_ML_KEM).intermediate(KeyExchangeMethod.ML_KEM_768);
        var idi = ScriptedInitiator.id(true, "alice");
        var without = device.sa().auth("secret", device.init(device.initPayloads(KE1_ML_KEM)), idi);
        device.send(device.authEnvelope(), AuthMessages.replace(
                AuthMessages.mutable(device.authPayloads()), without));
        assertTrue(scenario.gateway().tunnels().isEmpty());
    }

    @Test
    void aRepeatedRequestGetsTheIdenticalAnswerAlthoughTheKeysAreNewAndTheHandshakeGoesOn() {
        var scenario = new Scenario(8);
        var device = new ScriptedInitiator(scenario).initiated(KE1_ML_KEM);
        List<Payload> request = device.intermediatePayloads(KeyExchangeMethod.ML_KEM_768);
        byte[] sealed = device.sa().seal(Envelope.request(ExchangeType.IKE_INTERMEDIATE, 1), request);
        byte[] first = device.sendMarked(sealed).get(0);
        for (int i = 0; i < 5; i++) {
            List<byte[]> again = device.sendMarked(sealed);
            assertEquals(1, again.size());
            assertArrayEquals(first, again.get(0));
        }
        device.adoptIntermediate(request, device.open(first));
        device.only(device.send(device.authEnvelope(), device.authPayloads()));
        assertEquals(1, scenario.gateway().tunnels().size());
        assertEquals(List.of(), device.sendMarked(sealed), "and not any more");
    }

    @Test
    void overASmallPathRequestAndAnswerGoInSmallerFragmentsUnderTheKeysOfBefore() {
        for (int mtu : new int[] {600, 1_100}) {
            var scenario = new Scenario(9, DEFAULTS, "10.8.0.0/24");
            scenario.network().mtu(mtu);
            connect(scenario, DEFAULTS);
            assertEquals(1, scenario.gateway().tunnels().size());
        }
    }

    /** Losses make both sides divide anew what the keys of before protect. */
    @Property(tries = 100)
    void anyLinkThatDeliversSomethingDeliversTheHandshake(
            @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.4) double loss) {
        IkePolicy.Limits limits = DEFAULTS.limits();
        IkePolicy policy = proposing("aes256gcm16-x25519-ke1_mlkem768-ke2_ecp256")
                .withRetransmission(new IkePolicy.Retransmission(
                        Duration.ofMillis(300), 1.2, Duration.ofSeconds(2), 60))
                .withLimits(new IkePolicy.Limits(limits.halfOpen(), Duration.ofSeconds(120),
                        limits.decisions(), limits.unprotectedAnswers(), limits.cookieAnswers()));
        var scenario = new Scenario(seed, policy, "10.8.0.0/24");
        scenario.network().link(Link.lossy(loss));
        Peer device = scenario.device();
        scenario.connect(device, Scenario.as("alice", "secret", policy));
        assertTrue(scenario.world().runUntil(() -> device.tunnels().size() == 1, 110 * World.SECOND),
                () -> scenario.gateway().drops() + " " + device.drops());
        scenario.world().runFor(World.SECOND);
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void aDeviceThatIsClosedMeanwhileLeavesNothing() {
        for (int millis = 0; millis < 60; millis += 3) {
            var scenario = new Scenario(11);
            Peer device = scenario.device();
            var tunnel = scenario.connect(device, Scenario.as("alice", "secret", DEFAULTS));
            scenario.world().runFor(millis * World.MILLIS);
            device.call(() -> device.gateway().close(tunnel, scenario.world().now()));
            scenario.world().runFor(200 * World.SECOND);
            assertEquals(0, device.gateway().ikeSaCount());
            assertEquals(0, scenario.gateway().gateway().ikeSaCount(), "closed after " + millis + " ms");
        }
    }

    @Test
    void aHandshakeThatStopsBetweenTheExchangesIsForgotten() {
        var scenario = new Scenario(12);
        new ScriptedInitiator(scenario).initiated(KE1_ML_KEM).intermediate(KeyExchangeMethod.ML_KEM_768);
        assertEquals(1, scenario.gateway().gateway().ikeSaCount());
        scenario.world().runFor(31 * World.SECOND);
        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
        assertEquals(new TerminationCause.Expired("IKE_AUTH"), scenario.gateway().failedHandshakes().get(0));
    }

    @Test
    void theOfferHasAFallbackForPeersWithout() {
        var scenario = new Scenario(13);
        var inits = new ArrayList<byte[]>();
        scenario.network().tap((from, to, octets) -> {
            if (to.equals(Scenario.GATEWAY_IKE)) {
                inits.add(octets);
            }
        });
        scenario.alice();
        var offered = FirstMessages.parse(inits.get(0)).first(SaPayload.class).orElseThrow().proposals();
        assertEquals(4, offered.size());
        assertTrue(inits.get(0).length <= 576 - 28, "IKE_SA_INIT cannot be divided: " + inits.get(0).length);
        assertTrue(offered.get(0).transforms().contains(KE1_ML_KEM));
        assertTrue(offered.get(0).transforms().contains(Offers.GCM_256));
        assertFalse(offered.get(2).transforms().contains(KE1_ML_KEM));
    }
}
