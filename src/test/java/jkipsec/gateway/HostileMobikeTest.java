package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedResponder;
import jkipsec.sim.ScriptedSa;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is made of messages about addresses, good ones and others; RFC 4555 unless a row says otherwise. */
class HostileMobikeTest {
    private static final Endpoint ELSEWHERE = Endpoint.parse("198.51.100.77:4500");
    private static final Endpoint THIRD = Endpoint.parse("198.51.100.88:4500");
    private static final NotifyPayload UPDATE = NotifyPayload.of(NotifyType.UPDATE_SA_ADDRESSES);
    private static final Envelope SECOND = Envelope.request(ExchangeType.INFORMATIONAL, 2);

    private static NotifyPayload of(int type, int octets) {
        byte[] data = new byte[octets];
        Arrays.fill(data, (byte) 10);
        return NotifyPayload.of(type, data);
    }

    /** A device that is connected, and sends from elsewhere since. */
    private static final class Moving {
        private final Scenario scenario = new Scenario(1);
        private final Peer gateway = scenario.gateway();
        private final ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        private final GatewayTunnel tunnel;

        Moving(boolean mobike) {
            List<Payload> request = device.authPayloads(list -> {
                if (mobike) {
                    list.add(NotifyPayload.of(NotifyType.MOBIKE_SUPPORTED));
                }
                return list;
            });
            List<Payload> answer = device.only(device.send(AuthMessages.AUTH, request));
            assertEquals(mobike, answer.contains(NotifyPayload.of(NotifyType.MOBIKE_SUPPORTED)));
            tunnel = gateway.tunnels().get(0);
            scenario.network().readdress(ScriptedInitiator.NAT_T, ELSEWHERE);
        }

        /** The COOKIE2 that the gateway asks for among what it sent. */
        Optional<byte[]> check(List<byte[]> sent) {
            return sent.stream()
                    .filter(message -> (message[19] & ScriptedSa.RESPONSE) == 0)
                    .flatMap(message -> device.open(message).stream())
                    .filter(NotifyPayload.class::isInstance)
                    .map(NotifyPayload.class::cast)
                    .filter(notify -> notify.type() == NotifyType.COOKIE2)
                    .map(NotifyPayload::data)
                    .findFirst();
        }

        /** Answers the gateway's first request. */
        void answer(Payload... payloads) {
            var envelope = new Envelope(
                    ExchangeType.INFORMATIONAL, 0, ScriptedSa.FROM_INITIATOR | ScriptedSa.RESPONSE, 0x20);
            device.send(envelope, List.of(payloads));
        }
    }

    private record Outcome(Moving moving, List<byte[]> sent) {
        List<Payload> answer() {
            List<byte[]> answers = sent.stream()
                    .filter(message -> (message[19] & ScriptedSa.RESPONSE) != 0)
                    .toList();
            assertEquals(1, answers.size(), () -> moving.gateway.drops().toString());
            return moving.device.open(answers.get(0));
        }
    }

    private record Row(String name, List<Payload> request, Consumer<Outcome> expected) {}

    private static Row row(String name, Consumer<Outcome> expected, Payload... request) {
        return new Row(name, List.of(request), expected);
    }

    /** The answer says this, and packets go where they went. */
    private static Consumer<Outcome> stays(Payload... answer) {
        return outcome -> {
            assertEquals(List.of(answer), outcome.answer());
            assertEquals(ScriptedInitiator.NAT_T, outcome.moving.tunnel.peer());
            assertTrue(outcome.moving.check(outcome.sent).isEmpty());
            assertTrue(outcome.moving.tunnel.isUp());
        };
    }

    /** The answer says this, packets go elsewhere, and whoever is there has to show that it receives there (§3.7). */
    private static Consumer<Outcome> moves(Payload... answer) {
        return outcome -> {
            assertEquals(List.of(answer), outcome.answer());
            assertEquals(ELSEWHERE, outcome.moving.tunnel.peer());
            byte[] cookie = outcome.moving.check(outcome.sent).orElseThrow();
            outcome.moving.answer(NotifyPayload.of(NotifyType.COOKIE2, cookie));
            outcome.moving.scenario.world().runFor(World.SECOND);
            assertTrue(outcome.moving.tunnel.isUp());
        };
    }

    private static Consumer<Outcome> knows(String... addresses) {
        return outcome -> {
            stays().accept(outcome);
            assertEquals(Stream.of(addresses).map(IpAddress::parse).toList(),
                    outcome.moving.tunnel.ike().peerAddresses());
        };
    }

    private static List<Row> rows() {
        NotifyPayload noNats = of(NotifyType.NO_NATS_ALLOWED, 12);
        NotifyPayload nat = NotifyPayload.of(NotifyType.UNEXPECTED_NAT_DETECTED);
        NotifyPayload cookie = of(NotifyType.COOKIE2, 8);
        var nine = new ArrayList<Payload>();
        for (int last = 1; last <= 9; last++) {
            nine.add(NotifyPayload.of(NotifyType.ADDITIONAL_IP4_ADDRESS, new byte[] {10, 0, 0, (byte) last}));
        }
        return List.of(
                row("§3.8 a request from elsewhere that says nothing", stays()),
                row("§3.5 UPDATE_SA_ADDRESSES", moves(), UPDATE),
                row("§3.5 UPDATE_SA_ADDRESSES twice", moves(), UPDATE, UPDATE),
                row("§4.2.2 UPDATE_SA_ADDRESSES with data that it has not", moves(),
                        of(NotifyType.UPDATE_SA_ADDRESSES, 5)),
                row("RFC 7296 §2.5 beside an unknown payload", moves(), new UnknownPayload(200, false, new byte[3]), UPDATE),
                row("RFC 7296 §2.5 beside an unknown critical payload",
                        stays(NotifyPayload.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, new byte[] {(byte) 200})),
                        new UnknownPayload(200, true, new byte[3]), UPDATE),
                row("§3.7 beside a COOKIE2 of the device's", moves(cookie), UPDATE, cookie),
                row("§3.7 COOKIE2 alone", stays(cookie), cookie),
                row("§3.7 two of them", stays(cookie), cookie, of(NotifyType.COOKIE2, 9)),
                row("§4.2.5 COOKIE2 of nothing", stays(of(NotifyType.COOKIE2, 0)), of(NotifyType.COOKIE2, 0)),
                row("§4.2.5 COOKIE2 of 65 octets", stays(of(NotifyType.COOKIE2, 65)), of(NotifyType.COOKIE2, 65)),
                row("§3.9 NO_NATS_ALLOWED", stays(nat), noNats),
                row("§3.9 NO_NATS_ALLOWED and an update", stays(nat), UPDATE, noNats),
                row("§4.2.6 NO_NATS_ALLOWED without addresses", stays(nat), of(NotifyType.NO_NATS_ALLOWED, 0)),
                row("§3.9 UNEXPECTED_NAT_DETECTED in a request", stays(), nat),
                row("§3.5 UNACCEPTABLE_ADDRESSES in a request", stays(),
                        NotifyPayload.of(NotifyType.UNACCEPTABLE_ADDRESSES)),
                row("§3.1 MOBIKE_SUPPORTED too late", stays(), NotifyPayload.of(NotifyType.MOBIKE_SUPPORTED)),
                row("§3.6 an additional address", knows("10.10.10.10"), of(NotifyType.ADDITIONAL_IP4_ADDRESS, 4)),
                row("§3.6 of IPv6", knows("a0a:a0a:a0a:a0a:a0a:a0a:a0a:a0a"), of(NotifyType.ADDITIONAL_IP6_ADDRESS, 16)),
                row("§4.2.3 of three octets", knows(), of(NotifyType.ADDITIONAL_IP4_ADDRESS, 3)),
                row("§4.2.3 of nothing", knows(), of(NotifyType.ADDITIONAL_IP4_ADDRESS, 0)),
                row("§4.2.3 of IPv6 with four octets", knows(), of(NotifyType.ADDITIONAL_IP6_ADDRESS, 4)),
                row("§3.6 none, and one", knows("10.10.10.10"), NotifyPayload.of(NotifyType.NO_ADDITIONAL_ADDRESSES),
                        of(NotifyType.ADDITIONAL_IP4_ADDRESS, 4)),
                row("§3.6 more than any host has", knows("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5",
                        "10.0.0.6", "10.0.0.7", "10.0.0.8"), nine.toArray(Payload[]::new)),
                row("RFC 7296 §1.4.1 an update beside DELETE", outcome -> {
                    assertEquals(List.of(), outcome.answer());
                    assertInstanceOf(TerminationCause.DeletedByPeer.class,
                            outcome.moving.gateway.causeOf(outcome.moving.tunnel).orElseThrow());
                }, UPDATE, DeletePayload.ikeSa()));
    }

    @TestFactory
    Stream<DynamicTest> eachRequestOfADeviceElsewhereIsTreatedAsTheRfcSays() {
        return rows().stream().map(row -> dynamicTest(row.name(), () -> {
            var moving = new Moving(true);
            row.expected().accept(new Outcome(moving, moving.device.send(SECOND, row.request())));
        }));
    }

    @Test
    void section3_1_withoutMobikeNoneOfThisMeansAnything() {
        var moving = new Moving(false);
        var outcome = new Outcome(moving, moving.device.send(SECOND, List.of(UPDATE, of(NotifyType.COOKIE2, 8))));
        assertEquals(List.of(), outcome.answer());
        // By its NAT detection the gateway is behind a NAT, and so follows nobody (RFC 7296 §2.23).
        assertEquals(ScriptedInitiator.NAT_T, moving.tunnel.peer());
        assertTrue(moving.check(outcome.sent()).isEmpty());
    }

    @Test
    void section3_5_anUpdateThatIsSentOnFromElsewhereMovesNothing() {
        var moving = new Moving(true);
        var caught = new ArrayList<byte[]>();
        moving.scenario.network().bind(THIRD, (from, octets) -> caught.add(octets));
        byte[] update = moving.device.sa().seal(SECOND, List.of(UPDATE));
        byte[] answer = moving.device.sendMarked(update).get(0);
        moving.scenario.network().inject(THIRD, Scenario.GATEWAY_NAT_T, ScriptedInitiator.mark(update), 0);
        moving.scenario.world().runFor(World.SECOND / 10);
        assertEquals(ELSEWHERE, moving.tunnel.peer());
        assertArrayEquals(answer, ScriptedInitiator.unmark(caught.get(0)));
        assertEquals(1, caught.size(), "the answer that was given already, and no request");
    }

    @Test
    void section3_7_whoDoesNotGiveTheCookieBackLosesTheTunnel() {
        Stream.of(List.<Payload>of(), List.<Payload>of(of(NotifyType.COOKIE2, 16)), List.<Payload>of(
                NotifyPayload.of(NotifyType.COOKIE2))).forEach(answer -> {
                    var moving = new Moving(true);
                    assertTrue(moving.check(moving.device.send(SECOND, List.of(UPDATE))).isPresent());
                    moving.answer(answer.toArray(Payload[]::new));
                    assertInstanceOf(TerminationCause.ProtocolError.class,
                            moving.gateway.causeOf(moving.tunnel).orElseThrow());
                });
    }

    @Test
    void section3_7_whoNeverAnswersTheCheckLosesTheTunnel() {
        var moving = new Moving(true);
        moving.device.send(SECOND, List.of(UPDATE));
        moving.scenario.world().runFor(100 * World.SECOND);
        assertInstanceOf(TerminationCause.PeerUnreachable.class, moving.gateway.causeOf(moving.tunnel).orElseThrow());
    }

    @Test
    void section3_5_aGatewayDoesNotDecideWhichAddressesAreUsed() {
        var scenario = new Scenario(1);
        var gateway = new ScriptedResponder(scenario);
        Peer device = scenario.device();
        gateway.editAuth(list -> {
            list.add(NotifyPayload.of(NotifyType.MOBIKE_SUPPORTED));
            return list;
        });
        GatewayTunnel tunnel = scenario.connect(device, Scenario.as("alice", "secret", ScriptedResponder.OFFERED));
        scenario.world().runFor(5 * World.SECOND);
        assertEquals(Scenario.GATEWAY_NAT_T, tunnel.peer());
        var caught = new ArrayList<byte[]>();
        scenario.network().bind(ELSEWHERE, (from, octets) -> caught.add(octets));
        byte[] sealed = gateway.sa().seal(new Envelope(ExchangeType.INFORMATIONAL, 0, 0, 0x20), List.of(UPDATE));
        scenario.network().inject(
                ELSEWHERE, Endpoint.parse("198.51.100.1:4500"), ScriptedInitiator.mark(sealed), World.MILLIS);
        scenario.world().runFor(World.SECOND);
        assertEquals(Scenario.GATEWAY_NAT_T, tunnel.peer());
        assertEquals(1, caught.size(), "it is answered");
    }
}
