package jkipsec.gateway;

import static jkipsec.sim.ScriptedResponder.unprotected;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.AuthMethod;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.ConfigAttribute;
import jkipsec.ike.message.ConfigAttributeType;
import jkipsec.ike.message.ConfigPayload;
import jkipsec.ike.message.ConfigType;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadType;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;
import jkipsec.ike.message.TsPayload;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.sim.Offers;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedResponder;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a device makes of a gateway's answers, right and wrong; RFC 7296 unless a row says otherwise. */
class HostileResponderTest {
    private static final int UNKNOWN = 200;

    /** A device that connects to a gateway driven by hand. */
    private record Attempt(Scenario scenario, ScriptedResponder gateway, Peer device, GatewayTunnel tunnel) {
        void connected() {
            assertTrue(tunnel.isUp(), () -> device.causeOf(tunnel) + " " + device.drops());
        }

        <C extends TerminationCause> C failed(Class<C> kind) {
            return assertInstanceOf(kind, device.causeOf(tunnel).orElseThrow(
                    () -> new AssertionError(device.drops())));
        }

        void failedWith(String error) {
            assertEquals(error, failed(TerminationCause.NegotiationFailed.class).error());
        }

        /** The gateway was told, for it may believe in the IKE SA. */
        void deleted() {
            assertEquals(List.of(List.of(DeletePayload.ikeSa())), gateway.informational());
        }
    }

    private record Row(String name, Consumer<ScriptedResponder> script, Consumer<Attempt> expected) {}

    private static Row row(String name, Consumer<ScriptedResponder> script, Consumer<Attempt> expected) {
        return new Row(name, script, expected);
    }

    private static Row init(String name, UnaryOperator<List<Payload>> edit, Consumer<Attempt> expected) {
        return row(name, gateway ->
                gateway.onInit(request -> List.of(gateway.initAnswer(request, edit))), expected);
    }

    private static Row auth(String name, UnaryOperator<List<Payload>> edit, Consumer<Attempt> expected) {
        return row(name, gateway -> gateway.editAuth(edit), expected);
    }

    /** First answers that are not the one; the last of the script is the honest answer. */
    private static Row first(String name, int times, Payload... payloads) {
        return row(name, gateway -> gateway.onInit(request -> gateway.inits().size() <= times
                ? List.of(unprotected(request, 0, payloads))
                : List.of(gateway.initAnswer(request, list -> list))), Attempt::connected);
    }

    private static Row always(String name, Consumer<Attempt> expected, Payload... payloads) {
        return row(name, gateway -> gateway.onInit(request -> List.of(unprotected(request, 0, payloads))), expected);
    }

    private static UnaryOperator<List<Payload>> replaced(Payload other) {
        return list -> {
            list.replaceAll(payload -> payload.payloadType() == other.payloadType() ? other : payload);
            return list;
        };
    }

    private static UnaryOperator<List<Payload>> without(int payloadType) {
        return list -> {
            list.removeIf(payload -> payload.payloadType() == payloadType);
            return list;
        };
    }

    private static NotifyPayload invalidKe(int group) {
        return NotifyPayload.of(NotifyType.INVALID_KE_PAYLOAD, new ByteWriter().u16(group).toByteArray());
    }

    private static NotifyPayload cookie(int length) {
        return NotifyPayload.of(NotifyType.COOKIE, new byte[length]);
    }

    private static void protocolError(Attempt attempt) {
        attempt.failed(TerminationCause.ProtocolError.class);
    }

    private static void unreachable(Attempt attempt) {
        attempt.failed(TerminationCause.PeerUnreachable.class);
    }

    private static List<Row> initRows() {
        Transform ecp = Offers.group(Offers.ECP_256);
        return List.of(
                init("§1.2 a good answer", list -> list, Attempt::connected),
                first("§2.6 a cookie", 1, cookie(64)),
                row("§2.6 four cookies", gateway -> gateway.onInit(request -> gateway.inits().size() <= 4
                        ? List.of(unprotected(request, 0, cookie(gateway.inits().size())))
                        : List.of(gateway.initAnswer(request, list -> list))), attempt -> {
                            attempt.connected();
                            assertEquals(5, attempt.gateway().inits().size(), "each is taken at once");
                        }),
                row("§2.6 another cookie each time, forever", gateway -> gateway.onInit(request ->
                        List.of(unprotected(request, 0, cookie(gateway.inits().size())))), attempt -> {
                            unreachable(attempt);
                            assertTrue(attempt.gateway().inits().size() < 20);
                        }),
                always("§2.6 the same cookie forever", HostileResponderTest::unreachable, cookie(8)),
                always("§2.6 a cookie longer than 64 octets is none", attempt -> {
                    unreachable(attempt);
                    assertTrue(attempt.gateway().inits().stream().allMatch(
                            request -> request.notify(NotifyType.COOKIE).isEmpty()));
                }, cookie(65)),
                always("§2.6 an empty cookie is none", attempt -> {
                    unreachable(attempt);
                    assertTrue(attempt.gateway().inits().stream().allMatch(
                            request -> request.notify(NotifyType.COOKIE).isEmpty()));
                }, cookie(0)),
                always("§1.2 INVALID_KE_PAYLOAD with a group that was not offered",
                        attempt -> attempt.failedWith("INVALID_KE_PAYLOAD"), invalidKe(2)),
                always("§1.2 INVALID_KE_PAYLOAD with the group that was tried",
                        attempt -> attempt.failedWith("INVALID_KE_PAYLOAD"), invalidKe(19)),
                always("§1.2 INVALID_KE_PAYLOAD without a group",
                        attempt -> attempt.failedWith("INVALID_KE_PAYLOAD"),
                        NotifyPayload.of(NotifyType.INVALID_KE_PAYLOAD)),
                row("§2.7 INVALID_KE_PAYLOAD round and round", gateway -> gateway.onInit(request -> List.of(
                        unprotected(request, 0, invalidKe(
                                request.first(KePayload.class).orElseThrow().group() == 19 ? 14 : 19)))),
                        attempt -> {
                            attempt.failedWith("INVALID_KE_PAYLOAD");
                            assertEquals(List.of(19, 14), attempt.gateway().inits().stream()
                                    .map(request -> request.first(KePayload.class).orElseThrow().group())
                                    .distinct()
                                    .toList());
                        }),
                always("§2.21.1 NO_PROPOSAL_CHOSEN", attempt -> attempt.failedWith("NO_PROPOSAL_CHOSEN"),
                        NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)),
                always("§2.21.1 an unknown error", attempt -> attempt.failed(TerminationCause.NegotiationFailed.class),
                        NotifyPayload.of(8_191)),
                always("§2.21.1 an unknown status alone is no answer", HostileResponderTest::unreachable,
                        NotifyPayload.of(40_000)),
                row("§2.21.1 a forged NO_PROPOSAL_CHOSEN before the honest answer", gateway ->
                        gateway.onInit(request -> List.of(
                                unprotected(request, 0, NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)),
                                gateway.initAnswer(request, list -> list))), Attempt::connected),
                row("§2.21.1 forged nonsense before the honest answer", gateway ->
                        gateway.onInit(request -> List.of(
                                unprotected(request, 7, Offers.gcm(14)),
                                Arrays.copyOf(unprotected(request, 7), 20),
                                gateway.initAnswer(request, list -> list))), Attempt::connected),
                row("§2.1 an answer of another exchange type", gateway -> gateway.onInit(request -> {
                    byte[] other = gateway.initAnswer(request, list -> list);
                    other[18] = ExchangeType.IKE_AUTH;
                    return List.of(other);
                }), HostileResponderTest::unreachable),
                row("§2.1 an answer under message ID 1", gateway -> gateway.onInit(request -> {
                    byte[] other = gateway.initAnswer(request, list -> list);
                    other[23] = 1;
                    return List.of(other);
                }), HostileResponderTest::unreachable),
                row("§3.1 an answer with the initiator flag", gateway -> gateway.onInit(request -> {
                    byte[] other = gateway.initAnswer(request, list -> list);
                    other[19] |= 8;
                    return List.of(other);
                }), HostileResponderTest::unreachable),
                row("§2.6 an answer with SPI 0", gateway -> gateway.onInit(request -> {
                    byte[] other = gateway.initAnswer(request, list -> list);
                    Arrays.fill(other, 8, 16, (byte) 0);
                    return List.of(other);
                }), HostileResponderTest::protocolError),
                init("§2.7 a choice that was not offered", replaced(new SaPayload(List.of(Offers.ike(
                        1, Transform.withKeyLength(TransformType.ENCR, 20, 128), Offers.PRF_SHA_256, ecp)))),
                        HostileResponderTest::protocolError),
                init("§2.7 a choice of two proposals", replaced(new SaPayload(List.of(
                        Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, ecp),
                        Offers.ike(2, Offers.CBC_256, Offers.SHA_256_128, Offers.PRF_SHA_256, ecp)))),
                        HostileResponderTest::protocolError),
                init("§2.7 a choice of two groups", replaced(new SaPayload(List.of(Offers.with(
                        Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, ecp), Offers.group(14))))),
                        HostileResponderTest::protocolError),
                init("§1.2 another group in KE than in SA", replaced(new KePayload(14, new byte[256])),
                        HostileResponderTest::protocolError),
                init("RFC 6989 §2.3 a point off the curve", replaced(new KePayload(19, new byte[64])),
                        HostileResponderTest::protocolError),
                init("§3.4 a public value too short", replaced(new KePayload(19, new byte[3])),
                        HostileResponderTest::protocolError),
                init("§1.2 no KE", without(PayloadType.KE), HostileResponderTest::protocolError),
                init("§1.2 no Nr", without(PayloadType.NONCE), HostileResponderTest::protocolError),
                init("§2.23 no NAT detection", without(PayloadType.NOTIFY),
                        attempt -> attempt.failedWith("NAT_DETECTION_SOURCE_IP")),
                init("§2.5 an unknown payload", list -> {
                    list.add(0, new UnknownPayload(UNKNOWN, false, new byte[2]));
                    return list;
                }, Attempt::connected),
                init("§2.5 an unknown critical payload", list -> {
                    list.add(0, new UnknownPayload(UNKNOWN, true, new byte[2]));
                    return list;
                }, HostileResponderTest::protocolError),
                init("§3.12 an unknown notify", list -> {
                    list.add(NotifyPayload.of(8_191));
                    return list;
                }, Attempt::connected));
    }

    private static List<Row> authRows() {
        IpAddress other = IpAddress.parse("10.8.0.9");
        return List.of(
                auth("§2.15 a forged AUTH", list -> {
                    list.replaceAll(payload -> payload instanceof AuthPayload
                            ? new AuthPayload(AuthMethod.SHARED_KEY_MIC, new byte[32])
                            : payload);
                    return list;
                }, HostileResponderTest::impostor),
                row("§2.15 another PSK", gateway -> gateway.editAuth(list -> gateway.proof(
                        ScriptedInitiator.id(false, "vpn.example.com"), "wrong", list.subList(2, list.size()))),
                        HostileResponderTest::impostor),
                row("§2.15 the device's own AUTH sent back", gateway -> gateway.onAuth(request -> {
                    List<Payload> theirs = gateway.open(request);
                    AuthPayload own = AuthMessages.first(theirs, AuthPayload.class).orElseThrow();
                    return List.of(gateway.answer(request, replaced(own).apply(
                            new ArrayList<>(gateway.authPayloads()))));
                }), HostileResponderTest::impostor),
                row("§3.5 another IDr, well proven", gateway -> gateway.editAuth(list -> gateway.proof(
                        ScriptedInitiator.id(false, "other.example.com"), "secret", list.subList(2, list.size()))),
                        HostileResponderTest::impostor),
                auth("§2.15 no AUTH", without(PayloadType.AUTH), HostileResponderTest::protocolError),
                auth("§1.2 no IDr", without(PayloadType.IDR), HostileResponderTest::protocolError),
                auth("§1.2 nothing at all", list -> List.of(), HostileResponderTest::protocolError),
                auth("§2.21.2 AUTHENTICATION_FAILED", list ->
                        List.of(NotifyPayload.of(NotifyType.AUTHENTICATION_FAILED)), attempt -> {
                            attempt.failed(TerminationCause.AuthenticationFailed.class);
                            assertEquals(List.of(), attempt.gateway().informational(), "no DELETE");
                        }),
                auth("§2.21.2 NO_PROPOSAL_CHOSEN, authenticated", list -> List.of(
                        list.get(0), list.get(1), NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)), attempt -> {
                            attempt.failedWith("NO_PROPOSAL_CHOSEN");
                            attempt.deleted();
                        }),
                auth("§2.21.2 TS_UNACCEPTABLE, forged proof", list -> List.of(
                        list.get(0), new AuthPayload(AuthMethod.SHARED_KEY_MIC, new byte[32]),
                        NotifyPayload.of(NotifyType.TS_UNACCEPTABLE)), HostileResponderTest::impostor),
                auth("§2.19 no CP", without(PayloadType.CP), HostileResponderTest::useless),
                auth("§2.19 no address assigned", replaced(new ConfigPayload(ConfigType.CFG_REPLY, List.of(
                        ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_ADDRESS)))),
                        HostileResponderTest::useless),
                auth("§3.15 CFG_REQUEST in place of CFG_REPLY", replaced(new ConfigPayload(ConfigType.CFG_REQUEST,
                        List.of(ConfigAttribute.of(
                                ConfigAttributeType.INTERNAL_IP4_ADDRESS, ScriptedResponder.DEVICE)))),
                        HostileResponderTest::useless),
                auth("§2.9 TSi without the assigned address", replaced(
                        new TsPayload(true, List.of(TrafficSelector.of(other)))), HostileResponderTest::useless),
                auth("§2.9 no TSi", without(PayloadType.TSI), HostileResponderTest::useless),
                auth("§2.9 no TSr", without(PayloadType.TSR), HostileResponderTest::useless),
                auth("§2.9 TSr of a whole network", replaced(
                        new TsPayload(false, List.of(TrafficSelector.of(IpPrefix.parse("10.8.0.0/24"))))),
                        Attempt::connected),
                auth("§2.7 no SA", without(PayloadType.SA), HostileResponderTest::useless),
                auth("§2.7 an ESP suite that was not offered", replaced(new SaPayload(List.of(Offers.esp(
                        1, 0x1000, Transform.withKeyLength(TransformType.ENCR, 20, 128), Offers.NO_ESN)))),
                        HostileResponderTest::useless),
                auth("§2.7 two ESP proposals", replaced(new SaPayload(List.of(
                        Offers.esp(1, 0x1000, Offers.GCM_256, Offers.NO_ESN),
                        Offers.esp(2, 0x1000, Offers.CBC_256, Offers.SHA_256_128, Offers.NO_ESN)))),
                        HostileResponderTest::useless),
                auth("RFC 4303 §2.1 an ESP SPI of 0", replaced(Offers.espGcm(0)), HostileResponderTest::useless),
                auth("§2.5 an unknown payload", list -> {
                    list.add(1, new UnknownPayload(UNKNOWN, false, new byte[2]));
                    return list;
                }, Attempt::connected),
                auth("§2.5 an unknown critical payload", list -> {
                    list.add(1, new UnknownPayload(UNKNOWN, true, new byte[2]));
                    return list;
                }, HostileResponderTest::protocolError),
                auth("§3.10.1 unknown statuses", list -> {
                    list.add(0, NotifyPayload.of(40_000));
                    return list;
                }, Attempt::connected),
                row("§3.14 a forged answer before the honest one", gateway -> gateway.onAuth(request -> {
                    byte[] honest = gateway.answer(request, gateway.authPayloads());
                    byte[] forged = honest.clone();
                    forged[forged.length - 1] ^= 1;
                    return List.of(forged, honest);
                }), Attempt::connected),
                row("§2.21.1 an unprotected error in place of an answer", gateway -> gateway.onAuth(request -> {
                    byte[] bare = Arrays.copyOf(unprotected(
                            gateway.inits().get(0), ScriptedResponder.SPI,
                            NotifyPayload.of(NotifyType.AUTHENTICATION_FAILED)), 36);
                    bare[18] = ExchangeType.IKE_AUTH;
                    bare[23] = 1;
                    return List.of(bare, gateway.answer(request, gateway.authPayloads()));
                }), Attempt::connected),
                row("§1.4 a DELETE before the gateway has proved itself", gateway -> gateway.onAuth(request -> List.of(
                        gateway.sa().seal(new Envelope(ExchangeType.INFORMATIONAL, 0, 0, 0x20),
                                List.of(DeletePayload.ikeSa())),
                        gateway.answer(request, gateway.authPayloads()))), Attempt::connected),
                row("§3.2 a malformed answer", gateway -> gateway.onAuth(request -> List.of(gateway.sa().seal(
                        new Envelope(ExchangeType.IKE_AUTH, 1, 0x20, 0x20), PayloadType.IDR, new byte[3]))),
                        HostileResponderTest::protocolError));
    }

    private static void impostor(Attempt attempt) {
        attempt.failed(TerminationCause.AuthenticationFailed.class);
    }

    /** Authenticated, but of no use: told so by DELETE. */
    private static void useless(Attempt attempt) {
        attempt.failedWith("INVALID_SYNTAX");
        attempt.deleted();
    }

    private static Stream<DynamicTest> tests(List<Row> rows) {
        return rows.stream().map(row -> dynamicTest(row.name(), () -> {
            var scenario = new Scenario(1);
            var gateway = new ScriptedResponder(scenario);
            row.script().accept(gateway);
            Peer device = scenario.device();
            GatewayTunnel tunnel = scenario.connect(device, Scenario.as("alice", "secret", ScriptedResponder.OFFERED));
            scenario.world().runUntil(
                    () -> tunnel.isUp() || device.causeOf(tunnel).isPresent(), 600 * World.SECOND);
            scenario.world().runFor(World.SECOND);
            row.expected().accept(new Attempt(scenario, gateway, device, tunnel));
            if (!tunnel.isUp()) {
                scenario.world().runFor(120 * World.SECOND);
                assertEquals(0, device.gateway().ikeSaCount(), "nothing is kept");
                assertEquals(Long.MAX_VALUE, device.gateway().nextDeadline());
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> answersToIkeSaInit() {
        return tests(initRows());
    }

    @TestFactory
    Stream<DynamicTest> answersToIkeAuth() {
        return tests(authRows());
    }
}
