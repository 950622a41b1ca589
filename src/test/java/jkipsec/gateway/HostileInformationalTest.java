package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.Hex;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadType;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.ike.message.VendorIdPayload;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the gateway does with requests of a device that is connected; RFC 7296 unless a row says otherwise. */
class HostileInformationalTest {
    private static final Envelope SECOND = Envelope.request(ExchangeType.INFORMATIONAL, 2);
    private static final DeletePayload CHILD = DeletePayload.esp(ScriptedInitiator.ESP_SPI);
    private static final int UNKNOWN = 200;

    private record Outcome(
            Scenario scenario, ScriptedInitiator device, GatewayTunnel tunnel, byte[] request, List<byte[]> answers) {
        List<Payload> answer() {
            assertTrue(!answers.isEmpty(), () -> "no answer; " + scenario.gateway().drops());
            return device.open(answers.get(0));
        }

        TerminationCause cause() {
            return scenario.gateway().causeOf(tunnel).orElseThrow(() -> new AssertionError("the tunnel is up"));
        }
    }

    private record Row(String name, Function<ScriptedInitiator, byte[]> message, Consumer<Outcome> expected) {}

    private static Row row(String name, Function<ScriptedInitiator, byte[]> message, Consumer<Outcome> expected) {
        return new Row(name, message, expected);
    }

    private static Row row(String name, List<Payload> payloads, Consumer<Outcome> expected) {
        return row(name, device -> device.sa().seal(SECOND, payloads), expected);
    }

    private static Function<ScriptedInitiator, byte[]> inner(int first, String hex) {
        return device -> device.sa().seal(SECOND, first, Hex.parse(hex));
    }

    /** One answer with these payloads; a repeat gets it again; the tunnel stays. */
    private static Consumer<Outcome> answered(Payload... payloads) {
        return outcome -> {
            assertEquals(List.of(payloads), outcome.answer());
            assertEquals(1, outcome.answers().size());
            repeats(outcome);
            stays(outcome, 3);
        };
    }

    private static Consumer<Outcome> dropped(String reason) {
        return outcome -> {
            assertEquals(0, outcome.answers().size());
            assertEquals(1, outcome.scenario().gateway().drops(reason), outcome.scenario().gateway().drops()::toString);
            stays(outcome, 2);
        };
    }

    private static void repeats(Outcome outcome) {
        List<byte[]> again = outcome.device().sendMarked(outcome.request());
        assertEquals(1, again.size());
        assertArrayEquals(outcome.answers().get(0), again.get(0), "a repeat gets the same octets");
    }

    private static void stays(Outcome outcome, int nextId) {
        assertTrue(outcome.tunnel().isUp(), "the tunnel stays");
        List<byte[]> alive = outcome.device().send(Envelope.request(ExchangeType.INFORMATIONAL, nextId), List.of());
        assertEquals(List.of(), outcome.device().only(alive), "and is asked whether it lives");
    }

    /** INVALID_SYNTAX ends the IKE SA at both without DELETE (§2.21.3). */
    private static void invalidSyntax(Outcome outcome) {
        assertEquals(List.of(NotifyPayload.of(NotifyType.INVALID_SYNTAX)), outcome.answer());
        assertEquals(1, outcome.answers().size());
        repeats(outcome);
        assertInstanceOf(TerminationCause.ProtocolError.class, outcome.cause());
        silent(outcome);
        nothingStays(outcome);
    }

    private static void deleted(Outcome outcome) {
        assertEquals(List.of(), outcome.answer(), "the answer is empty");
        assertEquals(1, outcome.answers().size());
        repeats(outcome);
        assertInstanceOf(TerminationCause.DeletedByPeer.class, outcome.cause());
        silent(outcome);
        nothingStays(outcome);
    }

    private static void silent(Outcome outcome) {
        assertEquals(List.of(), outcome.device().send(Envelope.request(ExchangeType.INFORMATIONAL, 3), List.of()));
    }

    /** The answer names the SPI under which the gateway received; then the gateway deletes the IKE SA too. */
    private static void childDeleted(Outcome outcome) {
        assertEquals(List.of(DeletePayload.esp(outcome.device().gatewayEspSpi())), outcome.answer());
        assertEquals(2, outcome.answers().size());
        assertEquals(List.of(DeletePayload.ikeSa()), outcome.device().open(outcome.answers().get(1)));
        assertInstanceOf(TerminationCause.DeletedByPeer.class, outcome.cause());
        nothingStays(outcome);
    }

    private static void nothingStays(Outcome outcome) {
        assertEquals(List.of(), outcome.device().sendNatT(outcome.device().esp(new byte[20], 4)));
        assertEquals(1, outcome.scenario().gateway().drops("esp.UNKNOWN_SPI"));
        outcome.scenario().world().runFor(120 * World.SECOND);
        assertEquals(0, outcome.scenario().gateway().gateway().ikeSaCount());
        assertEquals(Long.MAX_VALUE, outcome.scenario().gateway().gateway().nextDeadline());
    }

    private static List<Row> rows() {
        return List.of(
                row("§1.4 an empty request is answered empty", List.of(), answered()),
                row("§1.4 an empty payload chain with padding", device ->
                        device.sa().sealPlaintext(SECOND, new byte[0], 0, new byte[] {9, 9, 2}), answered()),
                row("§3.10.1 an unknown status notify", List.of(NotifyPayload.of(40_000)), answered()),
                row("§3.10.1 an unknown error notify", List.of(NotifyPayload.of(8_191)), answered()),
                row("§1.5 INVALID_SPI and INVALID_SELECTORS change nothing", List.of(
                        NotifyPayload.of(NotifyType.INVALID_SPI, new byte[4]),
                        NotifyPayload.of(NotifyType.INVALID_SELECTORS)), answered()),
                row("§2.5 an unknown payload", List.of(new UnknownPayload(UNKNOWN, false, new byte[7])), answered()),
                row("§3.12 a vendor ID", List.of(new VendorIdPayload(new byte[4])), answered()),
                row("§2.5 an unknown critical payload", List.of(new UnknownPayload(UNKNOWN, true, new byte[7])),
                        answered(NotifyPayload.of(
                                NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, new byte[] {(byte) UNKNOWN}))),
                row("§2.5 a DELETE beside an unknown critical payload is not obeyed", List.of(
                        DeletePayload.ikeSa(), new UnknownPayload(UNKNOWN, true, new byte[7])),
                        answered(NotifyPayload.of(
                                NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, new byte[] {(byte) UNKNOWN}))),
                row("§3.15 CP", List.of(ScriptedInitiator.configRequest(7)), outcome -> stays(outcome, 3)),
                row("§1.4.1 DELETE of the IKE SA", List.of(DeletePayload.ikeSa()),
                        HostileInformationalTest::deleted),
                row("§1.4.1 DELETE of the IKE SA and of the Child SA", List.of(CHILD, DeletePayload.ikeSa()),
                        HostileInformationalTest::deleted),
                row("§1.4.1 DELETE of the Child SA", List.of(CHILD), HostileInformationalTest::childDeleted),
                row("§1.4.1 DELETE of the Child SA and of one unknown", List.of(
                        new DeletePayload(ProtocolId.ESP, List.of(0x777777, ScriptedInitiator.ESP_SPI))),
                        HostileInformationalTest::childDeleted),
                row("§1.4.1 DELETE of an unknown Child SA", List.of(DeletePayload.esp(0x777777)), answered()),
                row("§3.11 DELETE of AH", List.of(
                        new DeletePayload(ProtocolId.AH, List.of(ScriptedInitiator.ESP_SPI))), answered()),
                row("§3.11 DELETE of an unknown protocol", List.of(
                        new DeletePayload(99, List.of(ScriptedInitiator.ESP_SPI))), answered()),
                row("§3.11 DELETE of ESP without SPIs", List.of(new DeletePayload(ProtocolId.ESP, List.of())),
                        answered()),
                row("§3.11 DELETE under the gateway's own SPI means nothing", device -> device.sa().seal(
                        SECOND, List.of(DeletePayload.esp(device.gatewayEspSpi()))), answered()),
                row("§3.11 DELETE of the IKE SA with an SPI",
                        inner(PayloadType.DELETE, "000000100108000100000000deadbeef"),
                        HostileInformationalTest::invalidSyntax),
                row("§3.11 DELETE that counts more SPIs than it has",
                        inner(PayloadType.DELETE, "0000000c0304ffff0de1ce00"), HostileInformationalTest::invalidSyntax),
                row("§3.2 a payload of length 0", inner(PayloadType.NOTIFY, "00000000"),
                        HostileInformationalTest::invalidSyntax),
                row("§2.21.3 pad length beyond the plaintext", device ->
                        device.sa().sealPlaintext(SECOND, new byte[0], 0, new byte[] {1}),
                        HostileInformationalTest::invalidSyntax),
                row("§1.2 IKE_AUTH again", device -> device.sa().seal(
                        Envelope.request(ExchangeType.IKE_AUTH, 2), device.authPayloads()),
                        HostileInformationalTest::invalidSyntax),
                row("§3.1 an unknown exchange type", device -> device.sa().seal(
                        Envelope.request(240, 2), List.of()), HostileInformationalTest::invalidSyntax),
                row("§2.21.2 AUTHENTICATION_FAILED after IKE_AUTH", List.of(
                        NotifyPayload.of(NotifyType.AUTHENTICATION_FAILED)), HostileInformationalTest::refusedByDevice),
                row("§2.21.2 INVALID_SYNTAX after IKE_AUTH", List.of(
                        NotifyPayload.of(NotifyType.INVALID_SYNTAX)), HostileInformationalTest::refusedByDevice),
                row("§2.21.2 UNSUPPORTED_CRITICAL_PAYLOAD after IKE_AUTH", List.of(
                        NotifyPayload.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, new byte[] {33})),
                        HostileInformationalTest::refusedByDevice),
                row("§2.1 a response that nobody asked for", device -> device.sa().seal(
                        SECOND.flags(0x28), List.of()), dropped("ike.UNEXPECTED_RESPONSE")),
                row("§2.1 a response under message ID 0", device -> device.sa().seal(
                        Envelope.request(ExchangeType.INFORMATIONAL, 0).flags(0x28), List.of()),
                        dropped("ike.UNEXPECTED_RESPONSE")),
                row("§2.2 message ID 3", device -> device.sa().seal(
                        Envelope.request(ExchangeType.INFORMATIONAL, 3), List.of()), dropped("ike.OUT_OF_WINDOW")),
                row("§2.2 message ID 0", device -> device.sa().seal(
                        Envelope.request(ExchangeType.INFORMATIONAL, 0), List.of()), dropped("ike.OUT_OF_WINDOW")),
                row("§2.2 message ID 1 with other contents", device -> device.sa().seal(
                        Envelope.request(ExchangeType.INFORMATIONAL, 1), List.of()), dropped("ike.CHANGED_REPEAT")),
                row("§2.1 the request that was answered with other contents", device -> {
                    device.send(SECOND, List.of());
                    return device.sa().seal(SECOND, List.of(DeletePayload.ikeSa()));
                }, outcome -> {
                    assertEquals(1, outcome.scenario().gateway().drops("ike.CHANGED_REPEAT"));
                    stays(outcome, 3);
                }),
                row("§3.14 a wrong ICV", device -> {
                    byte[] message = device.sa().seal(SECOND, List.of(DeletePayload.ikeSa()));
                    message[message.length - 1] ^= 1;
                    return message;
                }, dropped("ike.BAD_ICV")),
                row("§2.21.4 an unprotected DELETE", device -> {
                    byte[] sealed = device.sa().seal(SECOND, List.of());
                    byte[] bare = Arrays.copyOf(sealed, 36);
                    System.arraycopy(Hex.parse("0000000801000000"), 0, bare, 28, 8);
                    bare[16] = PayloadType.DELETE;
                    bare[27] = 36;
                    return bare;
                }, dropped("ike.MALFORMED")),
                row("§2.5 major version 3 on an established IKE SA", device ->
                        device.sa().seal(SECOND.version(0x30), List.of()), outcome -> {
                            assertEquals(1, outcome.answers().size());
                            assertEquals(1, outcome.scenario().gateway().drops("ike.MAJOR_VERSION"));
                            stays(outcome, 2);
                        }));
    }

    /** A device that cannot take the gateway's answer says so, which deletes the IKE SA without a DELETE. */
    private static void refusedByDevice(Outcome outcome) {
        assertEquals(List.of(), outcome.answer());
        assertEquals(1, outcome.answers().size());
        repeats(outcome);
        outcome.cause();
        silent(outcome);
        nothingStays(outcome);
    }

    @TestFactory
    Stream<DynamicTest> eachRequestOfAConnectedDeviceIsTreatedAsTheRfcSays() {
        return rows().stream().map(row -> dynamicTest(row.name(), () -> {
            var scenario = new Scenario(1);
            ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
            GatewayTunnel tunnel = scenario.gateway().tunnels().get(0);
            byte[] request = row.message().apply(device);
            row.expected().accept(new Outcome(scenario, device, tunnel, request, device.sendMarked(request)));
        }));
    }

    @Test
    void section2_1_ourDeleteIsRepeatedUntilAnsweredAndSurvivesTheDevicesOwn() {
        var scenario = new Scenario(2);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        GatewayTunnel tunnel = scenario.gateway().tunnels().get(0);
        scenario.gateway().call(() -> scenario.gateway().gateway().close(tunnel, scenario.world().now()));
        assertEquals(List.of(), device.only(device.send(SECOND, List.of(DeletePayload.ikeSa())).stream()
                .filter(answer -> (answer[19] & 0x20) != 0)
                .toList()), "both sides delete at once, and both are answered");
        scenario.world().runFor(20 * World.SECOND);
        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
    }
}
