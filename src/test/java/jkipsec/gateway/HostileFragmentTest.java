package jkipsec.gateway;

import static jkipsec.gateway.AuthMessages.AUTH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.PayloadType;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a gateway makes of fragments (RFC 7383 §2.6) that no honest device sends, or sends more than once. */
class HostileFragmentTest {
    private static final Envelope INFORMATIONAL = Envelope.request(ExchangeType.INFORMATIONAL, 2);

    /** A device whose IKE_SA_INIT agreed on fragments. */
    private static ScriptedInitiator agreed(Scenario scenario) {
        var device = new ScriptedInitiator(scenario);
        var payloads = new ArrayList<>(device.initPayloads());
        payloads.add(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
        byte[] request = device.init(payloads);
        byte[] answer = device.sendBare(request).get(0);
        try {
            assertTrue(IkeMessage.parse(answer).notify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED).isPresent());
        } catch (MalformedMessage e) {
            throw new AssertionError(e);
        }
        device.adopt(request, answer);
        return device;
    }

    /** A part of IKE_AUTH's contents. */
    private static byte[] part(ScriptedInitiator device, int number, int total) {
        byte[] inner = PayloadChain.write(device.authPayloads());
        return Arrays.copyOfRange(inner, inner.length * (number - 1) / total, inner.length * number / total);
    }

    /** An honest fragment of IKE_AUTH. */
    private static byte[] fragment(ScriptedInitiator device, int number, int total) {
        return fragment(device, AUTH, number, total);
    }

    private static byte[] fragment(ScriptedInitiator device, Envelope envelope, int number, int total) {
        int first = number == 1 ? PayloadType.IDI : PayloadType.NONE;
        return device.sa().sealFragment(envelope, number, total, first, part(device, number, total));
    }

    private static byte[] numbered(ScriptedInitiator device, int number, int total) {
        return device.sa().sealFragment(AUTH, number, total, PayloadType.IDI, new byte[20]);
    }

    private static byte[] flipped(byte[] message, int index) {
        byte[] copy = message.clone();
        copy[Math.floorMod(index, copy.length)] ^= 1;
        return copy;
    }

    private static byte[] cut(byte[] message, int length) {
        byte[] copy = Arrays.copyOf(message, length);
        copy[26] = (byte) (length >> 8);
        copy[27] = (byte) length;
        copy[30] = (byte) (length - 28 >> 8);
        copy[31] = (byte) (length - 28);
        return copy;
    }

    /** Messages that get no answer, and the drops they count. */
    private record Row(String name, Function<ScriptedInitiator, List<byte[]>> messages, Map<String, Integer> drops) {}

    private static Row row(String name, String drop, Function<ScriptedInitiator, byte[]> message) {
        return new Row(name, device -> List.of(message.apply(device)), Map.of(drop, 1));
    }

    private static Row rows(
            String name,
            String drop,
            Function<ScriptedInitiator, byte[]> one,
            Function<ScriptedInitiator, byte[]> two) {
        return new Row(name, device -> List.of(one.apply(device), two.apply(device)), Map.of(drop, 1));
    }

    private static List<Row> dropped() {
        return List.of(
                row("§2.6 fragment number 0", "ike.MALFORMED", d -> numbered(d, 0, 2)),
                row("§2.6 fragment number above the total", "ike.MALFORMED", d -> numbered(d, 3, 2)),
                row("§2.6 a total of 0", "ike.MALFORMED", d -> numbered(d, 0, 0)),
                row("§2.6 number 1 of a total of 0", "ike.MALFORMED", d -> numbered(d, 1, 0)),
                row("§5 more fragments than policy allows", "ike.FRAGMENT_LIMIT", d -> numbered(d, 1, 129)),
                row("§5 65,535 fragments", "ike.FRAGMENT_LIMIT", d -> numbered(d, 65_535, 65_535)),
                row("§2.5 no room for the numbers", "ike.MALFORMED", d -> cut(fragment(d, 1, 2), 34)),
                row("§2.5 no room for IV and ICV", "ike.BAD_ICV", d -> cut(fragment(d, 1, 2), 40)),
                row("§2.5 no room for the pad length", "ike.BAD_ICV", d -> cut(fragment(d, 1, 2), 60)),
                row("§2.6 a wrong ICV", "ike.BAD_ICV", d -> flipped(fragment(d, 1, 2), -1)),
                row("§2.5 another fragment number", "ike.BAD_ICV", d -> flipped(fragment(d, 2, 3), 33)),
                row("§2.5 another total", "ike.BAD_ICV", d -> flipped(fragment(d, 1, 2), 35)),
                row("§2.5 another first payload", "ike.BAD_ICV", d -> flipped(fragment(d, 1, 2), 28)),
                rows("§2.6 a fragment twice", "ike.FRAGMENT_REPEATED",
                        d -> fragment(d, 1, 3), d -> fragment(d, 1, 3)),
                rows("§2.6 a fragment twice, the second time with a wrong ICV", "ike.FRAGMENT_REPEATED",
                        d -> fragment(d, 1, 3), d -> flipped(fragment(d, 1, 3), -1)),
                rows("§2.6 a total below that of the fragments there", "ike.FRAGMENT_OUTDATED",
                        d -> fragment(d, 1, 3), d -> fragment(d, 2, 2)),
                rows("§2.6 a greater total with a wrong ICV restarts nothing", "ike.BAD_ICV",
                        d -> fragment(d, 1, 3), d -> flipped(fragment(d, 1, 4), -1)),
                row("§2.2 IKE_SA_INIT as a fragment", "ike.UNEXPECTED_EXCHANGE", d ->
                        fragment(d, Envelope.request(ExchangeType.IKE_SA_INIT, 1), 1, 2)),
                row("RFC 7296 §2.3 a message ID to come", "ike.OUT_OF_WINDOW",
                        d -> fragment(d, Envelope.request(ExchangeType.IKE_AUTH, 2), 1, 2)),
                row("RFC 7296 §2.3 an old message ID", "ike.OUT_OF_WINDOW",
                        d -> fragment(d, Envelope.request(ExchangeType.IKE_AUTH, 0), 1, 2)),
                row("RFC 7296 §3.1 a response to nothing", "ike.UNEXPECTED_RESPONSE",
                        d -> fragment(d, AUTH.flags(ScriptedSa.FROM_INITIATOR | ScriptedSa.RESPONSE), 1, 2)));
    }

    @TestFactory
    Stream<DynamicTest> isDroppedWithoutAnAnswerAndTheDeviceStillComesIn() {
        return dropped().stream().map(row -> dynamicTest(row.name(), () -> {
            var scenario = new Scenario(1);
            ScriptedInitiator device = agreed(scenario);
            for (byte[] message : row.messages().apply(device)) {
                assertEquals(0, device.sendMarked(message).size());
            }
            assertEquals(row.drops(), scenario.gateway().drops());
            assertEquals(0, device.sendMarked(fragment(device, 3, 3)).size());
            for (int number = 1; number <= 2; number++) {
                device.sendMarked(fragment(device, number, 3));
            }
            assertEquals(1, scenario.gateway().tunnels().size(), scenario.gateway().drops()::toString);
        }));
    }

    /** Sequences that make a whole, in the end with one answer. */
    private static Map<String, Function<ScriptedInitiator, List<byte[]>>> accepted() {
        return Map.of(
                "in order", d -> List.of(fragment(d, 1, 3), fragment(d, 2, 3), fragment(d, 3, 3)),
                "backwards", d -> List.of(fragment(d, 3, 3), fragment(d, 2, 3), fragment(d, 1, 3)),
                "one of one", d -> List.of(fragment(d, 1, 1)),
                "§2.6 started over with a greater total", d -> List.of(
                        fragment(d, 1, 2), fragment(d, 2, 3), fragment(d, 1, 3), fragment(d, 2, 2), fragment(d, 3, 3)),
                "a first payload named in a later fragment, which means nothing", d -> List.of(
                        fragment(d, 1, 2), d.sa().sealFragment(AUTH, 2, 2, PayloadType.EAP, part(d, 2, 2))),
                "§2.5.3 a fragment without contents", d -> List.of(
                        d.sa().sealFragment(AUTH, 1, 2, PayloadType.IDI, new byte[0]),
                        d.sa().sealFragment(AUTH, 2, 2, PayloadType.NONE, part(d, 1, 1))),
                "the most fragments that policy allows", d -> Stream.iterate(1, n -> n <= 128, n -> n + 1)
                        .map(n -> fragment(d, n, 128))
                        .toList());
    }

    @TestFactory
    Stream<DynamicTest> isPutTogether() {
        return accepted().entrySet().stream().map(row -> dynamicTest(row.getKey(), () -> {
            var scenario = new Scenario(1);
            ScriptedInitiator device = agreed(scenario);
            var answers = new ArrayList<byte[]>();
            row.getValue().apply(device).forEach(message -> answers.addAll(device.sendMarked(message)));
            assertEquals(1, answers.size(), scenario.gateway().drops()::toString);
            assertEquals(1, scenario.gateway().tunnels().size());
        }));
    }

    /** Authentic nonsense: answered INVALID_SYNTAX, and the end of the IKE SA. */
    private static Map<String, Function<ScriptedInitiator, List<byte[]>>> fatal() {
        return Map.of(
                "a whole that is no payloads", d -> List.of(numbered(d, 1, 2), numbered(d, 2, 2)),
                "a whole without its last octet", d -> {
                    byte[] inner = part(d, 1, 1);
                    return List.of(
                            d.sa().sealFragment(AUTH, 1, 2, PayloadType.IDI, Arrays.copyOf(inner, inner.length - 1)),
                            d.sa().sealFragment(AUTH, 2, 2, PayloadType.NONE, new byte[0]));
                },
                "§5 more octets than policy allows", d -> Stream.iterate(1, n -> n <= 33, n -> n + 1)
                        .map(n -> d.sa().sealFragment(AUTH, n, 40, PayloadType.IDI, new byte[1_000]))
                        .toList(),
                "RFC 7296 §3.2 a fragment inside a message", d -> List.of(
                        d.sa().seal(AUTH, PayloadType.SKF, new byte[] {0, 0, 0, 30, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
                            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})));
    }

    @TestFactory
    Stream<DynamicTest> isInvalidSyntax() {
        return fatal().entrySet().stream().map(row -> dynamicTest(row.getKey(), () -> {
            var scenario = new Scenario(1);
            ScriptedInitiator device = agreed(scenario);
            var answers = new ArrayList<byte[]>();
            row.getValue().apply(device).forEach(message -> answers.addAll(device.sendMarked(message)));
            assertEquals(List.of(NotifyPayload.of(NotifyType.INVALID_SYNTAX)), device.only(answers));
            scenario.world().runFor(60 * World.SECOND);
            assertEquals(0, scenario.gateway().gateway().ikeSaCount());
        }));
    }

    @Test
    void section2_6_1_onlyTheFirstFragmentOfAnAnsweredRequestCallsForTheAnswer() {
        var scenario = new Scenario(1);
        ScriptedInitiator device = agreed(scenario);
        byte[] second = fragment(device, 2, 2);
        byte[] first = fragment(device, 1, 2);
        device.sendMarked(second);
        byte[] answer = device.sendMarked(first).get(0);
        assertEquals(0, device.sendMarked(second).size());
        assertArrayEquals(answer, device.sendMarked(first).get(0));
        assertEquals(0, device.sendMarked(fragment(device, 2, 3)).size());
        assertArrayEquals(answer, device.sendMarked(fragment(device, 1, 3)).get(0), "divided anew");
        assertEquals(0, device.sendMarked(flipped(fragment(device, 1, 3), -1)).size());
        assertEquals(0, device.sendMarked(device.sa().seal(AUTH, device.authPayloads())).size(), "another message");
        assertEquals(1, scenario.gateway().tunnels().size());
        assertEquals(2, scenario.gateway().drops("ike.FRAGMENT_REPEATED"));
        assertEquals(2, scenario.gateway().drops("ike.CHANGED_REPEAT"));
    }

    @Test
    void section2_6_1_aRequestThatCameWholeMayComeAgainInFragments() {
        var scenario = new Scenario(1);
        ScriptedInitiator device = agreed(scenario);
        byte[] answer = device.sendMarked(device.sa().seal(AUTH, device.authPayloads())).get(0);
        assertEquals(0, device.sendMarked(fragment(device, 2, 2)).size());
        assertArrayEquals(answer, device.sendMarked(fragment(device, 1, 2)).get(0));
    }

    @Test
    void aRequestThatCameInPartMayComeWhole() {
        var scenario = new Scenario(1);
        ScriptedInitiator device = agreed(scenario);
        device.sendMarked(fragment(device, 1, 2));
        assertEquals(1, device.sendMarked(device.sa().seal(AUTH, device.authPayloads())).size());
        assertEquals(1, scenario.gateway().tunnels().size());
        assertEquals(0, device.sendMarked(fragment(device, 2, 2)).size(), "too late to be of use");
    }

    @Test
    void section2_6_theRestOfARequestMustComeInTime() {
        var scenario = new Scenario(1);
        ScriptedInitiator device = agreed(scenario);
        device.sendMarked(device.sa().seal(AUTH, device.authPayloads()));
        List<Payload> nothing = List.of();
        byte[] inner = PayloadChain.write(List.of(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED)));
        byte[] one = device.sa().sealFragment(INFORMATIONAL, 1, 2, PayloadType.NOTIFY, Arrays.copyOf(inner, 3));
        byte[] two = device.sa().sealFragment(INFORMATIONAL, 2, 2, 0, Arrays.copyOfRange(inner, 3, inner.length));
        device.sendMarked(one);
        scenario.world().runFor(61 * World.SECOND);
        assertEquals(0, device.sendMarked(two).size(), "the first was forgotten");
        assertEquals(nothing, device.only(device.sendMarked(one)));
        assertEquals(1, scenario.gateway().tunnels().size(), "RFC 7383 §2.6: not treated as a failure");
    }

    @Test
    void everyBitFlipOfAFragmentIsDroppedAndChangesNothing() {
        var scenario = new Scenario(1);
        ScriptedInitiator device = agreed(scenario);
        byte[] first = fragment(device, 1, 2);
        byte[] second = fragment(device, 2, 2);
        device.sendMarked(first);
        for (int bit = 0; bit < second.length * 8; bit++) {
            byte[] flipped = second.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            scenario.network().inject(
                    ScriptedInitiator.NAT_T, Scenario.GATEWAY_NAT_T, ScriptedInitiator.mark(flipped), 1);
        }
        scenario.world().runFor(World.SECOND);
        assertEquals(0, scenario.gateway().tunnels().size());
        assertEquals(1, device.sendMarked(second).size());
        assertEquals(1, scenario.gateway().tunnels().size());
    }
}
