package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Proposals;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.PayloadType;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.sim.Offers;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the gateway does with offers of additional key exchanges and with IKE_INTERMEDIATE requests, right and wrong. */
class HostileIntermediateTest {
    private static final int ML_KEM = KeyExchangeMethod.ML_KEM_768.transformId();
    private static final Transform KE1 = addke(1, ML_KEM);
    private static final Envelope INTERMEDIATE = Envelope.request(ExchangeType.IKE_INTERMEDIATE, 1);
    private static final int UNKNOWN = 200;

    private static Transform addke(int number, int method) {
        return Transform.of(TransformType.ADDITIONAL_KE_1 + number - 1, method);
    }

    private record Offer(String name, List<Transform> offered, List<Transform> chosen) {}

    private static Offer offer(String name, List<Transform> offered, Transform... chosen) {
        return new Offer(name, offered, List.of(chosen));
    }

    private static Offer refused(String name, Transform... offered) {
        return new Offer(name, List.of(offered), null);
    }

    /** The gateway has ML-KEM-768 or group 20 first, group 20 or X25519 second, and also connects without. */
    @TestFactory
    Stream<DynamicTest> offers() {
        IkePolicy policy = IkePolicy.defaults().withIkeProposals(Proposals.ike(
                "aes256gcm16-ecp256-ke1_mlkem768-ke1_ecp384-ke2_ecp384-ke2_x25519-ke2_none", "aes256gcm16-ecp256"));
        Transform none = addke(1, 0);
        return Stream.of(
                offer("RFC 9370 §2.2.1 one that both have", List.of(KE1), KE1),
                offer("RFC 9370 §2.2.1 without", List.of()),
                offer("RFC 9370 §2.2.1 preferred before NONE", List.of(none, KE1), KE1),
                offer("RFC 9370 §2.2.1 NONE alone", List.of(none), none),
                offer("RFC 9370 §2.2.1 NONE for one of unknown method", List.of(KE1, addke(3, 37), addke(3, 0)),
                        KE1, addke(3, 0)),
                offer("RFC 9370 §2.2.1 a gap between the numbers", List.of(KE1, addke(2, 20)), KE1, addke(2, 20)),
                offer("RFC 9370 §2.2.1 no method twice, if another choice avoids it",
                        List.of(addke(1, 20), addke(2, 20), addke(2, 31)), addke(1, 20), addke(2, 31)),
                offer("RFC 9370 §2.2.1 a choice is given up for a later one",
                        List.of(addke(1, 20), addke(1, 36), addke(2, 20)), KE1, addke(2, 20)),
                refused("RFC 9370 §2.2.1 the same method twice and no other", addke(1, 20), addke(2, 20)),
                refused("RFC 9370 §2.2.1 a method that this side has not", addke(1, 35)),
                refused("RFC 9370 §2.2.1 one more than this side has", KE1, addke(3, 14)),
                refused("RFC 9370 §2.2.1 the second alone", addke(2, ML_KEM)),
                refused("RFC 7296 §3.3.6 a transform type beyond the seventh", Transform.of(13, ML_KEM)),
                refused("RFC 7296 §3.3.5 a method with an attribute",
                        Transform.withKeyLength(TransformType.ADDITIONAL_KE_1, ML_KEM, 768)))
                .map(row -> dynamicTest(row.name(), () -> {
                    var scenario = new Scenario(1, policy, "10.8.0.0/24");
                    var device = new ScriptedInitiator(scenario);
                    byte[] request = device.init(device.initPayloads(row.offered().toArray(Transform[]::new)));
                    IkeMessage answer = FirstMessages.parse(device.sendBare(request).get(0));
                    if (row.chosen() == null) {
                        assertEquals(List.of(NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)), answer.payloads());
                        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
                        return;
                    }
                    Proposal choice = answer.first(SaPayload.class).orElseThrow().proposals().get(0);
                    assertEquals(row.chosen(), choice.transforms().subList(3, choice.transforms().size()));
                    assertEquals(
                            row.chosen().stream().anyMatch(transform -> transform.id() != 0),
                            answer.notify(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED).isPresent());
                }));
    }

    @Test
    void section2_2_1_withoutTheNotificationNothingIsChosenThatNeedsTheExchange() {
        var scenario = new Scenario(1);
        var device = new ScriptedInitiator(scenario);
        List<Payload> payloads = device.initPayloads(KE1);
        payloads.remove(payloads.size() - 1);
        IkeMessage answer = FirstMessages.parse(device.sendBare(device.init(payloads)).get(0));
        assertEquals(List.of(NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)), answer.payloads());
        Proposal with = Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(19), KE1);
        Proposal plain = Offers.ike(2, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(19));
        payloads.set(0, new SaPayload(List.of(with, plain)));
        answer = FirstMessages.parse(device.sendBare(device.init(payloads)).get(0));
        assertEquals(2, answer.first(SaPayload.class).orElseThrow().proposals().get(0).number());
        assertTrue(answer.notify(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED).isEmpty());
    }

    private record Outcome(Scenario scenario, ScriptedInitiator device, List<byte[]> answers) {}

    private record Row(String name, Function<ScriptedInitiator, byte[]> message, Consumer<Outcome> expected) {}

    private static Row row(String name, Function<ScriptedInitiator, byte[]> message, Consumer<Outcome> expected) {
        return new Row(name, message, expected);
    }

    private static Function<ScriptedInitiator, byte[]> payloads(Payload... payloads) {
        return device -> device.sa().seal(INTERMEDIATE, List.of(payloads));
    }

    private static KePayload good(ScriptedInitiator device) {
        return (KePayload) device.intermediatePayloads(KeyExchangeMethod.ML_KEM_768).get(0);
    }

    /** The protected answer is one error alone, and the half-open IKE SA is over. */
    private static Consumer<Outcome> fatal(int notifyType, int... data) {
        return outcome -> {
            byte[] octets = new byte[data.length];
            for (int i = 0; i < data.length; i++) {
                octets[i] = (byte) data[i];
            }
            assertEquals(1, outcome.answers().size(), () -> "" + outcome.scenario().gateway().drops());
            assertEquals(
                    List.of(NotifyPayload.of(notifyType, octets)), outcome.device().open(outcome.answers().get(0)));
            assertEquals(1, outcome.scenario().gateway().failedHandshakes().size());
            var next = Envelope.request(ExchangeType.IKE_INTERMEDIATE, 2);
            assertEquals(0, outcome.device().send(next, List.of(good(outcome.device()))).size());
            outcome.scenario().world().runFor(60 * World.SECOND);
            assertEquals(0, outcome.scenario().gateway().gateway().ikeSaCount());
            outcome.scenario().alice();
        };
    }

    /** Nothing answers, one drop is counted, and the honest device still gets in. */
    private static Consumer<Outcome> dropped(String reason) {
        return outcome -> {
            assertEquals(0, outcome.answers().size(), "no answer");
            assertEquals(1, outcome.scenario().gateway().drops(reason), outcome.scenario().gateway().drops()::toString);
            ScriptedInitiator device = outcome.device().intermediate(KeyExchangeMethod.ML_KEM_768);
            device.only(device.send(device.authEnvelope(), device.authPayloads()));
            assertEquals(1, outcome.scenario().gateway().tunnels().size(), "the honest device gets in");
        };
    }

    /** It is answered, and the handshake can go on. */
    private static void answered(Outcome outcome) {
        assertEquals(1, outcome.answers().size(), outcome.scenario().gateway().drops()::toString);
        assertEquals(KePayload.class, outcome.device().open(outcome.answers().get(0)).get(0).getClass());
    }

    @TestFactory
    Stream<DynamicTest> requests() {
        byte[] tooLarge = new byte[1_184];
        Arrays.fill(tooLarge, (byte) 0xff);
        return Stream.of(
                row("RFC 9370 §2.2.2 a good request", device -> device.sa().seal(INTERMEDIATE, List.of(good(device))),
                        HostileIntermediateTest::answered),
                row("RFC 9242 §3.2 an empty request", payloads(), fatal(NotifyType.INVALID_SYNTAX)),
                row("RFC 9370 §2.2.2 no KE", payloads(new NoncePayload(new byte[32])),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("RFC 9370 §2.2.2 KE of the first key exchange's method", device -> device.sa().seal(
                        INTERMEDIATE, device.intermediatePayloads(KeyExchangeMethod.ECP_256)),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("RFC 9370 §2.2.2 KE of method NONE", payloads(new KePayload(0, new byte[1_184])),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("RFC 7296 §3.4 KE one octet short", payloads(new KePayload(ML_KEM, new byte[1_183])),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("RFC 7296 §3.4 KE without a value", payloads(new KePayload(ML_KEM, new byte[0])),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("RFC 7296 §3.4 KE of 30,000 octets", payloads(new KePayload(ML_KEM, new byte[30_000])),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("FIPS 203 §7.2 coefficients that are not below q", payloads(new KePayload(ML_KEM, tooLarge)),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("RFC 7296 §2.5 an unknown payload beside", device -> device.sa().seal(INTERMEDIATE, List.of(
                        new UnknownPayload(UNKNOWN, false, new byte[3]), good(device))),
                        HostileIntermediateTest::answered),
                row("RFC 7296 §2.5 an unknown critical payload beside", device -> device.sa().seal(INTERMEDIATE, List.of(
                        new UnknownPayload(UNKNOWN, true, new byte[3]), good(device))),
                        fatal(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, UNKNOWN)),
                row("RFC 7296 §3.10.1 an unknown notification beside", device -> device.sa().seal(INTERMEDIATE, List.of(
                        NotifyPayload.of(40_000), good(device))), HostileIntermediateTest::answered),
                row("RFC 7296 §2.21 octets that are no payloads",
                        device -> device.sa().seal(INTERMEDIATE, PayloadType.KE, new byte[] {0, 0, 0, 99, 1}),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("RFC 9242 §3.2 not encrypted at all", device -> {
                    byte[] message = device.init(List.of(good(device)));
                    System.arraycopy(device.initResponse(), 8, message, 8, 8);
                    message[18] = ExchangeType.IKE_INTERMEDIATE;
                    message[23] = 1;
                    return message;
                }, dropped("ike.MALFORMED")),
                row("RFC 7296 §3.14 a bit turned", device -> {
                    byte[] message = device.sa().seal(INTERMEDIATE, List.of(good(device)));
                    message[100] ^= 1;
                    return message;
                }, dropped("ike.BAD_ICV")),
                row("RFC 9242 §3.2 message ID 0", device -> device.sa().seal(
                        Envelope.request(ExchangeType.IKE_INTERMEDIATE, 0), List.of(good(device))),
                        dropped("ike.OUT_OF_WINDOW")),
                row("RFC 9242 §3.2 message ID 2 first", device -> device.sa().seal(
                        Envelope.request(ExchangeType.IKE_INTERMEDIATE, 2), List.of(good(device))),
                        dropped("ike.OUT_OF_WINDOW")),
                row("RFC 9242 §3.2 IKE_AUTH before it", device -> device.sa().seal(
                        Envelope.request(ExchangeType.IKE_AUTH, 1), device.authPayloads()),
                        dropped("ike.UNEXPECTED_EXCHANGE")),
                row("RFC 7296 §1.4 INFORMATIONAL before it", device -> device.sa().seal(
                        Envelope.request(ExchangeType.INFORMATIONAL, 1), List.of()),
                        dropped("ike.UNEXPECTED_EXCHANGE")),
                row("RFC 9370 §2.2.4 IKE_FOLLOWUP_KE in its place", device -> device.sa().seal(
                        Envelope.request(ExchangeType.IKE_FOLLOWUP_KE, 1), List.of(good(device))),
                        dropped("ike.UNEXPECTED_EXCHANGE")),
                row("RFC 7383 §2.3 a fragment that was not agreed on", device -> device.sa().sealFragment(
                        INTERMEDIATE, 1, 2, PayloadType.KE, new byte[500]), dropped("ike.FRAGMENT_UNEXPECTED")))
                .map(row -> dynamicTest(row.name(), () -> {
                    var scenario = new Scenario(1);
                    ScriptedInitiator device = new ScriptedInitiator(scenario).initiated(KE1);
                    byte[] request = row.message().apply(device);
                    row.expected().accept(new Outcome(scenario, device, device.sendMarked(request)));
                }));
    }

    @Test
    void section3_3_2_payloadsInTheClearAreProvedToo() {
        for (boolean proved : new boolean[] {true, false}) {
            var scenario = new Scenario(2);
            ScriptedInitiator device = new ScriptedInitiator(scenario).initiated(KE1);
            List<Payload> request = List.of(good(device));
            byte[] inner = PayloadChain.write(request);
            byte[] vendor = {PayloadType.VENDOR_ID, PayloadType.SK, 0, 0, 8, 1, 2, 3, 4};
            byte[] message = device.sa().sealPlaintext(
                    INTERMEDIATE, vendor, PayloadType.KE, Arrays.copyOf(inner, inner.length + 1));
            List<Payload> answer = device.only(device.sendMarked(message));
            device.adoptIntermediate(proved ? vendor : new byte[0], request, answer);
            device.send(device.authEnvelope(), device.authPayloads());
            assertEquals(proved ? 1 : 0, scenario.gateway().tunnels().size());
        }
    }

    @Test
    void section3_2_oneMoreThanAgreedOnIsNotTaken() {
        var scenario = new Scenario(3);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated(KE1)
                .intermediate(KeyExchangeMethod.ML_KEM_768);
        List<Payload> more = List.of(good(device));
        assertEquals(0, device.send(Envelope.request(ExchangeType.IKE_INTERMEDIATE, 2), more).size());
        assertEquals(1, scenario.gateway().drops("ike.UNEXPECTED_EXCHANGE"));
        device.only(device.send(device.authEnvelope(), device.authPayloads()));
        assertEquals(1, scenario.gateway().tunnels().size());
        assertEquals(
                List.of(NotifyPayload.of(NotifyType.INVALID_SYNTAX)),
                device.only(device.send(Envelope.request(ExchangeType.IKE_INTERMEDIATE, 3), more)),
                "fatal on an established IKE SA (RFC 7296 section 2.21.3)");
        assertTrue(scenario.gateway().tunnels().isEmpty());
    }

    @Test
    void section3_3_1_theKeysOfBeforeOpenNothingNew() {
        var scenario = new Scenario(4);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated(KE1);
        var before = device.sa();
        device.intermediate(KeyExchangeMethod.ML_KEM_768);
        byte[] old = before.seal(device.authEnvelope(), device.authPayloads());
        assertEquals(0, device.sendMarked(old).size());
        assertEquals(1, scenario.gateway().drops("ike.BAD_ICV"));
    }

    @Test
    void withoutAgreementThereIsNoIntermediateExchange() {
        var scenario = new Scenario(5);
        ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        List<Payload> request = List.of(good(device));
        assertEquals(0, device.send(INTERMEDIATE, request).size());
        assertEquals(1, scenario.gateway().drops("ike.UNEXPECTED_EXCHANGE"));
        device.only(device.send(Envelope.request(ExchangeType.IKE_AUTH, 1), device.authPayloads()));
        assertEquals(1, scenario.gateway().tunnels().size());
    }
}
