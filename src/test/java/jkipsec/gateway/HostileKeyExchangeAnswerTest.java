package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.RandomSource;
import jkipsec.crypto.InvalidPublicValue;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.ChildPolicy;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Proposals;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;
import jkipsec.ike.message.TsPayload;
import jkipsec.sim.Offers;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedResponder;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a device makes of a gateway's answers to additional key exchanges, right and wrong (RFC 9370, RFC 9242). */
class HostileKeyExchangeAnswerTest {
    private static final int ML_KEM = KeyExchangeMethod.ML_KEM_768.transformId();
    private static final Transform KE1 = Transform.of(TransformType.ADDITIONAL_KE_1, ML_KEM);
    private static final Transform KE2 = Transform.of(TransformType.ADDITIONAL_KE_1 + 1, ML_KEM);
    private static final IkePolicy BASE = IkePolicy.defaults().withIkeProposals(Proposals.ike(
            "aes256gcm16-ecp256-ke1_mlkem768-ke2_mlkem768-ke2_none", "aes256gcm16-ecp256"));
    private static final IkePolicy OFFERED = BASE.withChildren(BASE.children().withPfs(ChildPolicy.Pfs.WANTED));

    private record Attempt(Scenario scenario, ScriptedResponder gateway, Peer device, GatewayTunnel tunnel) {
        void connected() {
            assertTrue(tunnel.isUp(), () -> device.causeOf(tunnel) + " " + device.drops());
        }

        <C extends TerminationCause> void failed(Class<C> kind) {
            assertInstanceOf(kind, device.causeOf(tunnel).orElseThrow(() -> new AssertionError(device.drops())));
        }
    }

    private record Row(String name, Consumer<ScriptedResponder> script, Consumer<Attempt> expected) {}

    private static Row init(String name, UnaryOperator<List<Payload>> edit, Consumer<Attempt> expected) {
        return new Row(name, gateway ->
                gateway.onInit(request -> List.of(gateway.initAnswer(request, edit))), expected);
    }

    /** After an honest answer to IKE_SA_INIT. */
    private static Row intermediate(
            String name, BiFunction<ScriptedResponder, byte[], List<byte[]>> answer, Consumer<Attempt> expected) {
        return new Row(name, gateway -> {
            gateway.onInit(request -> List.of(gateway.initAnswer(request, choosing(true, KE1))));
            gateway.onIntermediate(request -> answer.apply(gateway, request));
        }, expected);
    }

    private static BiFunction<ScriptedResponder, byte[], List<byte[]>> edited(UnaryOperator<List<Payload>> edit) {
        return (gateway, request) -> List.of(gateway.intermediateAnswer(request, edit));
    }

    private static UnaryOperator<List<Payload>> choosing(boolean notified, Transform... additional) {
        return list -> {
            Proposal chosen = ((SaPayload) list.get(0)).proposals().get(0);
            for (Transform transform : additional) {
                chosen = Offers.with(chosen, transform);
            }
            list.set(0, new SaPayload(List.of(chosen)));
            if (notified) {
                list.add(NotifyPayload.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
            }
            return list;
        };
    }

    private static UnaryOperator<List<Payload>> only(Payload... payloads) {
        return list -> new ArrayList<>(List.of(payloads));
    }

    private static void protocolError(Attempt attempt) {
        attempt.failed(TerminationCause.ProtocolError.class);
    }

    private static void unreachable(Attempt attempt) {
        attempt.failed(TerminationCause.PeerUnreachable.class);
    }

    @TestFactory
    Stream<DynamicTest> answersOfHandshakes() {
        return Stream.of(
                init("RFC 9370 §2.2.1 a good choice", choosing(true, KE1), Attempt::connected),
                init("RFC 9370 §2.2.1 a choice of none", choosing(false), Attempt::connected),
                init("RFC 9242 §3.1 the notification without a choice", choosing(true), Attempt::connected),
                init("RFC 9370 §2.2.1 a choice without the notification", choosing(false, KE1),
                        HostileKeyExchangeAnswerTest::protocolError),
                init("RFC 9370 §2.2.1 the same method twice", choosing(true, KE1, KE2),
                        HostileKeyExchangeAnswerTest::protocolError),
                init("RFC 9370 §2.2.1 two methods for one number",
                        choosing(true, KE1, Transform.of(TransformType.ADDITIONAL_KE_1, 0)),
                        HostileKeyExchangeAnswerTest::protocolError),
                init("RFC 9370 §2.2.1 a method that was not offered",
                        choosing(true, Transform.of(TransformType.ADDITIONAL_KE_1, 37)),
                        HostileKeyExchangeAnswerTest::protocolError),
                intermediate("RFC 9370 §2.2.2 a good answer", edited(list -> list), Attempt::connected),
                intermediate("RFC 9242 §3.2 an empty answer", edited(only()),
                        HostileKeyExchangeAnswerTest::protocolError),
                intermediate("RFC 9370 §2.2.2 KE of another method",
                        edited(only(new KePayload(Offers.ECP_256, new byte[64]))),
                        HostileKeyExchangeAnswerTest::protocolError),
                intermediate("RFC 7296 §3.4 KE one octet short", edited(only(new KePayload(ML_KEM, new byte[1_087]))),
                        HostileKeyExchangeAnswerTest::protocolError),
                intermediate("FIPS 203 §6.3 a ciphertext for another key gives other keys", edited(only(
                        new KePayload(ML_KEM, new byte[1_088]))), HostileKeyExchangeAnswerTest::unopened),
                intermediate("RFC 9242 §3.4 an error", edited(only(NotifyPayload.of(NotifyType.INVALID_SYNTAX))),
                        attempt -> attempt.failed(TerminationCause.NegotiationFailed.class)),
                intermediate("RFC 7296 §2.1 no answer", (gateway, request) -> List.of(),
                        HostileKeyExchangeAnswerTest::unreachable),
                intermediate("RFC 7296 §3.14 an answer with a bit turned before the good one", (gateway, request) -> {
                    byte[] good = gateway.intermediateAnswer(request, list -> list);
                    byte[] bad = good.clone();
                    bad[200] ^= 1;
                    return List.of(bad, good);
                }, Attempt::connected),
                intermediate("RFC 9242 §3.2 an answer that is not encrypted before the good one",
                        (gateway, request) -> {
                            byte[] good = gateway.intermediateAnswer(request, list -> list);
                            var header = FirstMessages.parse(good).header();
                            return List.of(new IkeMessage(header, List.of(new KePayload(ML_KEM, new byte[1_088])))
                                    .write(), good);
                        }, Attempt::connected),
                intermediate("RFC 7296 §2.1 the good answer twice", (gateway, request) -> {
                    byte[] good = gateway.intermediateAnswer(request, list -> list);
                    return List.of(good, good);
                }, Attempt::connected))
                .map(row -> dynamicTest(row.name(), () -> {
                    Attempt attempt = attempt(row.script());
                    row.expected().accept(attempt);
                    if (!attempt.tunnel().isUp()) {
                        attempt.scenario().world().runFor(120 * World.SECOND);
                        assertEquals(0, attempt.device().gateway().ikeSaCount(), "nothing is kept");
                        assertEquals(Long.MAX_VALUE, attempt.device().gateway().nextDeadline());
                    }
                }));
    }

    private static void unopened(Attempt attempt) {
        unreachable(attempt);
    }

    private static Attempt attempt(Consumer<ScriptedResponder> script) {
        var scenario = new Scenario(1);
        var gateway = new ScriptedResponder(scenario);
        gateway.onAuth(request -> gateway.opens(request)
                ? List.of(gateway.answer(request, gateway.authPayloads()))
                : List.of());
        script.accept(gateway);
        Peer device = scenario.device();
        GatewayTunnel tunnel = scenario.connect(device, Scenario.as("alice", "secret", OFFERED));
        scenario.world().runUntil(() -> tunnel.isUp() || device.causeOf(tunnel).isPresent(), 600 * World.SECOND);
        scenario.world().runFor(World.SECOND);
        return new Attempt(scenario, gateway, device, tunnel);
    }

    /** What a gateway answers when the device rekeys the Child SA, and what becomes of the tunnel. */
    private record Rekey(String name, UnaryOperator<List<Payload>> create, UnaryOperator<List<Payload>> followUp,
            int children) {}

    private static final UnaryOperator<List<Payload>> SAME = list -> list;
    private static final NotifyPayload LINK = NotifyPayload.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, new byte[8]);

    private static UnaryOperator<List<Payload>> without(NotifyPayload gone) {
        return list -> {
            list.remove(gone);
            return list;
        };
    }

    /** Of a fatal answer no tunnel remains; of another the old Child SA does, to be rekeyed later. */
    @TestFactory
    Stream<DynamicTest> answersOfRekeyings() {
        return Stream.of(
                new Rekey("RFC 9370 §2.2.4 good answers", SAME, SAME, 1),
                new Rekey("RFC 9370 §2.2.4 a choice without a link", without(LINK), SAME, 0),
                new Rekey("RFC 9370 §2.2.4 a link after the last", SAME, list -> {
                    list.add(LINK);
                    return list;
                }, 1),
                new Rekey("RFC 9370 §2.2.4 STATE_NOT_FOUND", SAME,
                        only(NotifyPayload.of(NotifyType.STATE_NOT_FOUND)), 1),
                new Rekey("RFC 7296 §2.25 TEMPORARY_FAILURE", SAME,
                        only(NotifyPayload.of(NotifyType.TEMPORARY_FAILURE)), 1),
                new Rekey("RFC 9370 §2.2.4 an empty answer", SAME, only(), 0),
                new Rekey("RFC 9370 §2.2.4 KE of another method", SAME,
                        only(new KePayload(Offers.ECP_256, new byte[64])), 0),
                new Rekey("RFC 7296 §3.4 KE one octet short", SAME,
                        only(new KePayload(ML_KEM, new byte[1_087])), 0))
                .map(row -> dynamicTest(row.name(), () -> {
                    Attempt attempt = attempt(gateway -> {
                        gateway.onInit(request -> List.of(gateway.initAnswer(request, choosing(true, KE1))));
                        gateway.onRekey(request -> List.of(gateway.answer(request,
                                request[18] == ExchangeType.CREATE_CHILD_SA
                                        ? row.create().apply(created(gateway.open(request)))
                                        : row.followUp().apply(followed(gateway.open(request))))));
                    });
                    attempt.connected();
                    Peer device = attempt.device();
                    device.call(() -> {
                        attempt.tunnel().ike().rekeyChild(attempt.scenario().world().now());
                        device.gateway().touched(attempt.tunnel());
                    });
                    attempt.scenario().world().runFor(4 * World.SECOND);
                    assertEquals(row.children() > 0, attempt.tunnel().isUp());
                    if (attempt.tunnel().isUp()) {
                        assertEquals(row.children(), attempt.tunnel().ike().usableChildren());
                    }
                }));
    }

    private static final RandomSource RANDOM = new Random(7)::nextBytes;

    private static KePayload respond(KePayload theirs) {
        try {
            KeyExchangeMethod method = KeyExchangeMethod.of(theirs.group()).orElseThrow();
            KeyExchange.Response ours = method.respond(theirs.data(), RANDOM);
            return new KePayload(theirs.group(), ours.publicValue());
        } catch (InvalidPublicValue e) {
            throw new AssertionError("a device sent an invalid public value", e);
        }
    }

    private static List<Payload> created(List<Payload> request) {
        Proposal first = AuthMessages.first(request, SaPayload.class).orElseThrow().proposals().get(0);
        byte[] spi = new ByteWriter().i32(0x6a7e0001).toByteArray();
        var payloads = new ArrayList<Payload>(List.of(
                new SaPayload(List.of(new Proposal(1, first.protocolId(), spi, first.transforms()))),
                new NoncePayload(new byte[32]),
                respond(AuthMessages.first(request, KePayload.class).orElseThrow()),
                LINK));
        request.stream().filter(TsPayload.class::isInstance).forEach(payloads::add);
        return payloads;
    }

    private static List<Payload> followed(List<Payload> request) {
        assertTrue(request.contains(LINK), "the link comes back: " + request);
        return new ArrayList<>(List.of(respond(AuthMessages.first(request, KePayload.class).orElseThrow())));
    }
}
