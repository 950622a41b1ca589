package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import jkipsec.eap.ClientStep;
import jkipsec.eap.EapClient;
import jkipsec.eap.NtHash;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.EapPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a gateway does with the rounds of a device that logs in by EAP-MSCHAPv2, good ones and others; RFC 7296 unless a
 * row says otherwise.
 */
class HostileEapTest {
    /** So many rounds come before: the request for the identity was answered, then the challenge, then the success. */
    private static final int IDENTITY = 0;
    private static final int CHALLENGE = 1;
    private static final int SUCCESS = 2;
    private static final int AUTH = 3;

    /** A device in the midst of its login. */
    private static final class Login {
        private final Scenario scenario = new Scenario(1);
        private final Peer gateway =
                LoginTest.gateway(scenario, "gateway-p256", IkePolicy.defaults(), LoginTest::wonderland);
        private final ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
        private final EapClient client =
                new EapClient("alice", NtHash.of("wonderland"), scenario.world().randomSource());
        private int id = 1;
        private byte[] asked;

        Login(int rounds) throws MalformedMessage {
            List<Payload> first = device.authPayloads(list -> {
                list.removeIf(AuthPayload.class::isInstance);
                return list;
            });
            asked = eap(device.only(device.send(next(), first)));
            for (int round = 0; round < rounds; round++) {
                id++;
                asked = eap(device.only(device.send(next(), List.of(new EapPayload(answer())))));
            }
            id++;
        }

        Envelope next() {
            return Envelope.request(ExchangeType.IKE_AUTH, id);
        }

        /** What an honest device says to what it was asked. */
        byte[] answer() throws MalformedMessage {
            return assertInstanceOf(ClientStep.Send.class, client.receive(asked)).packet();
        }

        private static byte[] eap(List<Payload> payloads) {
            return AuthMessages.first(payloads, EapPayload.class).orElseThrow(() -> new AssertionError("no EAP in "
                    + payloads)).message();
        }
    }

    private interface Message {
        byte[] of(Login login) throws MalformedMessage;
    }

    private record Outcome(Login login, byte[] request, List<byte[]> answers) {
        List<Payload> answer() {
            assertEquals(1, answers.size(), () -> login.gateway.drops().toString());
            return login.device.open(answers.get(0));
        }
    }

    private record Row(String name, int rounds, Message message, Consumer<Outcome> expected) {}

    private static Row row(String name, int rounds, Message message, Consumer<Outcome> expected) {
        return new Row(name, rounds, message, expected);
    }

    /** A round with these payloads. */
    private static Message round(Payload... payloads) {
        return login -> login.device.sa().seal(login.next(), List.of(payloads));
    }

    /** A round with a changed copy of what an honest device says; the EAP header is of 4 octets, the type the fifth. */
    private static Message edited(Function<byte[], byte[]> edit) {
        return login -> round(new EapPayload(edit.apply(login.answer()))).of(login);
    }

    private static Message octet(int index, int value) {
        return edited(packet -> {
            packet[index] = (byte) value;
            return packet;
        });
    }

    private static Message eap(String hex) {
        return login -> {
            byte[] packet = Hex.parse(hex);
            packet[1] = login.asked[1];
            return round(new EapPayload(packet)).of(login);
        };
    }

    private static Message other(int exchange, Payload... payloads) {
        return login -> login.device.sa().seal(Envelope.request(exchange, login.id), List.of(payloads));
    }

    /** A protected error alone, and nothing is left of the login. */
    private static Consumer<Outcome> fatal(int notifyType) {
        return outcome -> {
            assertEquals(List.of(NotifyPayload.of(notifyType)), outcome.answer());
            over(outcome);
        };
    }

    private static void failure(Outcome outcome) {
        byte[] packet = Login.eap(outcome.answer());
        assertArrayEquals(new byte[] {4, outcome.login.asked[1], 0, 4}, packet, "EAP-Failure");
        over(outcome);
    }

    private static void leaves(Outcome outcome) {
        assertEquals(List.of(), outcome.answer());
        over(outcome);
    }

    private static void over(Outcome outcome) {
        Login login = outcome.login;
        byte[] repeated = login.device.sendMarked(outcome.request).get(0);
        assertArrayEquals(outcome.answers.get(0), repeated, "a repeat gets the same octets");
        assertEquals(1, login.gateway.failedHandshakes().size());
        assertTrue(login.gateway.tunnels().isEmpty());
        login.scenario.world().runFor(120 * World.SECOND);
        assertEquals(0, login.gateway.gateway().ikeSaCount());
    }

    /** Counted, not answered; the honest device goes on. */
    private static Consumer<Outcome> dropped(String reason) {
        return outcome -> {
            assertEquals(0, outcome.answers.size());
            assertEquals(1, outcome.login.gateway.drops(reason), () -> outcome.login.gateway.drops().toString());
            goesOn(outcome.login);
        };
    }

    private static void goesOn(Login login) {
        try {
            byte[] sealed = round(new EapPayload(login.answer())).of(login);
            Login.eap(login.device.only(login.device.sendMarked(sealed)));
        } catch (MalformedMessage e) {
            throw new AssertionError(e);
        }
    }

    private static void asksOn(Outcome outcome) {
        Login.eap(outcome.answer());
        assertTrue(outcome.login.gateway.failedHandshakes().isEmpty());
    }

    private static List<Row> rows() {
        Consumer<Outcome> syntax = fatal(NotifyType.INVALID_SYNTAX);
        var rows = new ArrayList<Row>(List.of(
                row("§2.16 a good identity", IDENTITY, edited(packet -> packet), HostileEapTest::asksOn),
                row("RFC 3748 §5.1 an empty identity", IDENTITY, eap("0200000501"), HostileEapTest::asksOn),
                row("RFC 3748 §5.1 an identity that is no text", IDENTITY, eap("0200000701fffe"), syntax),
                row("RFC 3748 §5.3.1 Nak in place of the identity", IDENTITY, eap("02000006030d"), syntax),
                row("RFC 3748 §5.2 Notification in place of the identity", IDENTITY, eap("0200000502"), syntax),
                row("RFC 3748 §5 another type in place of the identity", IDENTITY, eap("02000006040d"), syntax),
                row("MSCHAPv2 §2.2 a response before the challenge", IDENTITY,
                        eap("0200003b1a02000036310000000000000000000000000000000000000000000000000000000000000000"
                                + "0000000000000000000000000000000000000000000000"), syntax),
                row("§2.16 no AUTH, but no EAP either", IDENTITY, round(), syntax),
                row("§3.16 EAP without a packet", IDENTITY, round(new EapPayload(new byte[0])), syntax),
                row("§2.16 AUTH in place of EAP", IDENTITY, round(new AuthPayload(2, new byte[32])), syntax),
                row("§2.5 an unknown critical payload", IDENTITY, round(new UnknownPayload(200, true, new byte[3])),
                        outcome -> {
                            assertEquals(List.of(NotifyPayload.of(
                                    NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, new byte[] {(byte) 200})),
                                    outcome.answer());
                            over(outcome);
                        }),
                row("§2.21.2 DELETE between the rounds", IDENTITY,
                        other(ExchangeType.INFORMATIONAL, DeletePayload.ikeSa()), HostileEapTest::leaves),
                row("§2.21.2 AUTHENTICATION_FAILED between the rounds", IDENTITY,
                        other(ExchangeType.INFORMATIONAL, NotifyPayload.of(NotifyType.AUTHENTICATION_FAILED)),
                        HostileEapTest::leaves),
                row("§1.4 an empty INFORMATIONAL between the rounds", IDENTITY, other(ExchangeType.INFORMATIONAL),
                        outcome -> {
                            assertEquals(List.of(), outcome.answer());
                            outcome.login.id++;
                            goesOn(outcome.login);
                        })));
        rows.addAll(List.of(
                row("§1.3 CREATE_CHILD_SA between the rounds", IDENTITY, other(ExchangeType.CREATE_CHILD_SA),
                        dropped("ike.UNEXPECTED_EXCHANGE")),
                row("RFC 9242 §3.2 IKE_INTERMEDIATE between the rounds", IDENTITY,
                        other(ExchangeType.IKE_INTERMEDIATE), dropped("ike.UNEXPECTED_EXCHANGE")),
                row("RFC 9370 §2.2.4 IKE_FOLLOWUP_KE between the rounds", IDENTITY,
                        other(ExchangeType.IKE_FOLLOWUP_KE), dropped("ike.UNEXPECTED_EXCHANGE")),
                row("§2.3 a message ID too far", IDENTITY, login -> login.device.sa().seal(
                        Envelope.request(ExchangeType.IKE_AUTH, login.id + 1),
                        List.of(new EapPayload(login.answer()))), dropped("ike.OUT_OF_WINDOW")),
                row("§2.1 the first request's message ID", IDENTITY, login -> login.device.sa().seal(
                        Envelope.request(ExchangeType.IKE_AUTH, 1), List.of(new EapPayload(login.answer()))),
                        dropped("ike.CHANGED_REPEAT")),
                row("§3.14 a bit turned", IDENTITY, login -> {
                    byte[] sealed = edited(packet -> packet).of(login);
                    sealed[sealed.length - 1] ^= 1;
                    return sealed;
                }, dropped("ike.BAD_ICV"))));
        for (int rounds : new int[] {IDENTITY, CHALLENGE, SUCCESS}) {
            String of = List.of("the identity", "the challenge", "the success").get(rounds);
            rows.add(row("RFC 3748 §4 a request in answer to " + of, rounds, octet(0, 1), syntax));
            rows.add(row("RFC 3748 §4.2 EAP-Success in answer to " + of, rounds, eap("03000004"), syntax));
            rows.add(row("RFC 3748 §4.2 EAP-Failure in answer to " + of, rounds, eap("04000004"), syntax));
            rows.add(row("RFC 3748 §4 an unknown code in answer to " + of, rounds, octet(0, 9), syntax));
            rows.add(row("RFC 3748 §4.1 another identifier in answer to " + of, rounds, edited(packet -> {
                packet[1]++;
                return packet;
            }), syntax));
            rows.add(row("RFC 3748 §4 a length beyond the packet in answer to " + of, rounds, octet(2, 1), syntax));
            rows.add(row("RFC 3748 §4 a length of 3 in answer to " + of, rounds, octet(3, 3), syntax));
            rows.add(row("RFC 3748 §4 header cut short in answer to " + of, rounds,
                    edited(packet -> Arrays.copyOf(packet, 3)), syntax));
        }
        rows.addAll(List.of(
                row("MSCHAPv2 §2.2 a good response", CHALLENGE, edited(packet -> packet), HostileEapTest::asksOn),
                row("RFC 3748 §5.3.1 Nak that wants EAP-TLS", CHALLENGE, eap("02000006030d"), HostileEapTest::failure),
                row("RFC 3748 §5.3.1 Nak that wants nothing", CHALLENGE, eap("020000060300"), HostileEapTest::failure),
                row("RFC 3748 §5.1 the identity once more", CHALLENGE, eap("0200000a01616c696365"), syntax),
                row("MSCHAPv2 §2.2 a challenge in place of the response", CHALLENGE, octet(5, 1), syntax),
                row("MSCHAPv2 §2.3 success before the response", CHALLENGE, eap("020000061a03"), syntax),
                row("MSCHAPv2 §2.4 failure before the response", CHALLENGE, eap("020000061a04"), syntax),
                row("MSCHAPv2 §2.2 another MS-CHAPv2 identifier", CHALLENGE, edited(packet -> {
                    packet[6]++;
                    return packet;
                }), syntax),
                row("MSCHAPv2 §2.2 an MS-Length that contradicts the EAP header does not count", CHALLENGE, octet(7, 0x40),
                        HostileEapTest::asksOn),
                row("MSCHAPv2 §2.2 Value-Size of 48", CHALLENGE, octet(9, 48), syntax),
                row("MSCHAPv2 §2.2 a wrong proof is told as such", CHALLENGE, octet(40, 0x55), HostileEapTest::asksOn),
                row("MSCHAPv2 §2.7 a change of password", CHALLENGE, octet(5, 7), syntax),
                row("MSCHAPv2 §2.3 a good end", SUCCESS, edited(packet -> packet), outcome -> assertArrayEquals(
                        new byte[] {3, outcome.login.asked[1], 0, 4}, Login.eap(outcome.answer()), "EAP-Success")),
                row("MSCHAPv2 §2.4 failure in answer to the success", SUCCESS, eap("020000061a04"),
                        HostileEapTest::failure),
                row("RFC 3748 §5.3.1 Nak in answer to the success", SUCCESS, eap("02000006030d"), syntax),
                row("§2.16 AUTH before EAP-Success", SUCCESS, round(new AuthPayload(2, new byte[32])), syntax)));
        rows.addAll(List.of(
                row("§2.16 EAP after EAP-Success", AUTH, round(new EapPayload(Hex.parse("0200000501"))), syntax),
                row("§2.16 nothing after EAP-Success", AUTH, round(), syntax),
                row("§2.16 AUTH of zeros", AUTH, round(new AuthPayload(2, new byte[32])),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.16 AUTH by another method", AUTH, round(new AuthPayload(1, new byte[32])),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.16 AUTH by a pre-shared key", AUTH, login -> round(
                        login.device.auth(ScriptedInitiator.id(true, "alice"), "secret")).of(login),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.21.2 DELETE in place of AUTH", AUTH, other(ExchangeType.INFORMATIONAL, DeletePayload.ikeSa()),
                        HostileEapTest::leaves)));
        return rows;
    }

    @TestFactory
    Stream<DynamicTest> eachRoundIsTreatedAsTheRfcsSay() {
        return rows().stream().map(row -> dynamicTest(row.name(), () -> {
            var login = new Login(row.rounds());
            byte[] request = row.message().of(login);
            row.expected().accept(new Outcome(login, request, login.device.sendMarked(request)));
            assertTrue(login.gateway.tunnels().isEmpty(), "no row of these lets anybody in");
            assertTrue(login.gateway.failedHandshakes().stream().noneMatch(
                    TerminationCause.ClosedLocally.class::isInstance));
        }));
    }
}
