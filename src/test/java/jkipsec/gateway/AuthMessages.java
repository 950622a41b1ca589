package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.SaPayload;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;

/** IKE_AUTH requests of devices, good ones and others, and what may come of them. */
final class AuthMessages {
    static final Envelope AUTH = Envelope.request(ExchangeType.IKE_AUTH, 1);

    /** One address for one device, so that a row that keeps it is found out. */
    private static final String POOL = "10.8.0.0/30";

    /** What came of a row's message. */
    record Outcome(Scenario scenario, ScriptedInitiator device, byte[] request, List<byte[]> answers) {
        /** The first answer, opened. */
        List<Payload> answer() {
            assertTrue(!answers.isEmpty(), () -> "no answer; " + scenario.gateway().drops());
            return device.open(answers.get(0));
        }
    }

    record Row(String name, Function<ScriptedInitiator, byte[]> message, Consumer<Outcome> expected) {}

    private AuthMessages() {}

    static Row row(String name, Function<ScriptedInitiator, byte[]> message, Consumer<Outcome> expected) {
        return new Row(name, message, expected);
    }

    static Stream<DynamicTest> tests(List<Row> rows) {
        return rows.stream().map(row -> dynamicTest(row.name(), () -> {
            var scenario = new Scenario(1, IkePolicy.defaults(), POOL);
            ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
            byte[] request = row.message().apply(device);
            row.expected().accept(new Outcome(scenario, device, request, device.sendMarked(request)));
        }));
    }

    /** An otherwise good request with other payloads. */
    static Function<ScriptedInitiator, byte[]> payloads(UnaryOperator<List<Payload>> edit) {
        return device -> device.sa().seal(AUTH, device.authPayloads(edit));
    }

    static Function<ScriptedInitiator, byte[]> replaced(Payload... others) {
        return payloads(list -> replace(list, others));
    }

    static List<Payload> replace(List<Payload> list, Payload... others) {
        for (Payload other : others) {
            list.replaceAll(payload -> payload.payloadType() == other.payloadType() ? other : payload);
        }
        return list;
    }

    static Function<ScriptedInitiator, byte[]> without(int payloadType) {
        return payloads(list -> {
            list.removeIf(payload -> payload.payloadType() == payloadType);
            return list;
        });
    }

    static Function<ScriptedInitiator, byte[]> with(int index, Payload... extra) {
        return payloads(list -> {
            list.addAll(index, List.of(extra));
            return list;
        });
    }

    /** Nothing answers, one drop is counted, and the honest device still gets in. */
    static Consumer<Outcome> dropped(String reason) {
        return outcome -> {
            assertEquals(0, outcome.answers().size(), "no answer");
            assertEquals(1, outcome.scenario().gateway().drops(reason), outcome.scenario().gateway().drops()::toString);
            outcome.device().only(outcome.device().send(AUTH, outcome.device().authPayloads()));
            assertEquals(1, outcome.scenario().gateway().tunnels().size(), "the honest device gets in");
        };
    }

    /** The protected answer is one error alone, and the IKE SA is gone but for repeating that. */
    static Consumer<Outcome> fatal(int notifyType, int... data) {
        return outcome -> {
            var octets = new ByteWriter();
            Arrays.stream(data).forEach(octets::u8);
            assertEquals(List.of(NotifyPayload.of(notifyType, octets.toByteArray())), outcome.answer());
            assertEquals(1, outcome.answers().size());
            assertEquals(1, outcome.scenario().gateway().failedHandshakes().size());
            assertTrue(outcome.scenario().gateway().tunnels().isEmpty());
            List<byte[]> repeated = outcome.device().sendMarked(outcome.request());
            assertArrayEquals(outcome.answers().get(0), repeated.get(0), "a repeat gets the same octets");
            var next = Envelope.request(ExchangeType.IKE_AUTH, 2);
            assertEquals(0, outcome.device().send(next, outcome.device().authPayloads()).size());
            nothingStays(outcome);
        };
    }

    /** The gateway proves who it is, says why there is no Child SA, and deletes the IKE SA. */
    static Consumer<Outcome> childless(int notifyType) {
        return outcome -> {
            List<Payload> answer = outcome.answer();
            assertEquals(3, answer.size(), answer::toString);
            proven(outcome);
            assertEquals(NotifyPayload.of(notifyType), answer.get(2));
            assertEquals(2, outcome.answers().size(), "the answer, then DELETE");
            assertEquals(List.of(DeletePayload.ikeSa()), outcome.device().open(outcome.answers().get(1)));
            assertTrue(outcome.scenario().gateway().tunnels().isEmpty());
            nothingStays(outcome);
        };
    }

    private static void nothingStays(Outcome outcome) {
        outcome.scenario().world().runFor(120 * World.SECOND);
        assertEquals(0, outcome.scenario().gateway().gateway().ikeSaCount());
        outcome.scenario().alice();
    }

    private static void proven(Outcome outcome) {
        IdPayload idr = first(outcome.answer(), IdPayload.class).orElseThrow();
        AuthPayload auth = first(outcome.answer(), AuthPayload.class).orElseThrow();
        assertEquals(outcome.device().sa().auth("secret", outcome.device().initResponse(), idr), auth);
    }

    static void established(Outcome outcome) {
        assertEquals(1, outcome.scenario().gateway().tunnels().size(), () -> outcome.answer().toString());
        proven(outcome);
        assertTrue(first(outcome.answer(), SaPayload.class).isPresent());
    }

    /** As {@link #established}, and something more about the answer. */
    static Consumer<Outcome> established(Consumer<List<Payload>> more) {
        return outcome -> {
            established(outcome);
            more.accept(outcome.answer());
        };
    }

    static <P extends Payload> Optional<P> first(List<Payload> payloads, Class<P> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    static List<Payload> mutable(List<Payload> payloads) {
        return new ArrayList<>(payloads);
    }
}
