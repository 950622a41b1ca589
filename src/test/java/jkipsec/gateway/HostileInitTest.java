package jkipsec.gateway;

import static jkipsec.gateway.FirstMessages.EXCHANGE;
import static jkipsec.gateway.FirstMessages.FLAGS;
import static jkipsec.gateway.FirstMessages.LENGTH_END;
import static jkipsec.gateway.FirstMessages.MESSAGE_ID_END;
import static jkipsec.gateway.FirstMessages.P;
import static jkipsec.gateway.FirstMessages.UNKNOWN;
import static jkipsec.gateway.FirstMessages.VERSION;
import static jkipsec.gateway.FirstMessages.chosen;
import static jkipsec.gateway.FirstMessages.cut;
import static jkipsec.gateway.FirstMessages.dropped;
import static jkipsec.gateway.FirstMessages.keyExchange;
import static jkipsec.gateway.FirstMessages.modp;
import static jkipsec.gateway.FirstMessages.nonceOf;
import static jkipsec.gateway.FirstMessages.octet;
import static jkipsec.gateway.FirstMessages.payloads;
import static jkipsec.gateway.FirstMessages.proposals;
import static jkipsec.gateway.FirstMessages.refused;
import static jkipsec.gateway.FirstMessages.replace;
import static jkipsec.gateway.FirstMessages.row;
import static jkipsec.gateway.FirstMessages.with;
import static jkipsec.gateway.FirstMessages.without;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.gateway.FirstMessages.Outcome;
import jkipsec.gateway.FirstMessages.Row;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformAttribute;
import jkipsec.ike.message.TransformType;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.ike.message.VendorIdPayload;
import jkipsec.sim.Offers;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the gateway does with first messages, right and wrong; RFC 7296 unless a row says otherwise. */
class HostileInitTest {
    private static List<Row> rows() {
        Transform ecp = Offers.group(Offers.ECP_256);
        Proposal good = Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, ecp);
        Proposal cbc = Offers.ike(1, Offers.CBC_256, Offers.SHA_256_128, Offers.PRF_SHA_256, ecp);
        Transform unknownAttribute = new Transform(TransformType.ENCR, Offers.GCM_256.id(), List.of(
                TransformAttribute.keyLength(256), new TransformAttribute(77, true, new byte[2])));
        byte[] offCurve = new byte[64];
        Arrays.fill(offCurve, (byte) 5);
        return List.of(
                row("§1.2 a good request", payloads(list -> list), FirstMessages::accepted),
                row("§3.1 no octets at all", cut(0), dropped("ike.MALFORMED")),
                row("§3.1 header cut short", cut(27), dropped("ike.MALFORMED")),
                row("§3.1 header alone", cut(28), dropped("ike.MALFORMED")),
                row("§3.1 one octet missing", device -> {
                    byte[] whole = device.init(device.initPayloads());
                    return Arrays.copyOf(whole, whole.length - 1);
                }, dropped("ike.MALFORMED")),
                row("§3.1 one octet too many", device -> {
                    byte[] whole = device.init(device.initPayloads());
                    return Arrays.copyOf(whole, whole.length + 1);
                }, dropped("ike.MALFORMED")),
                row("§3.1 length field too small", octet(LENGTH_END, 28), dropped("ike.MALFORMED")),
                row("§2.5 major version 3", octet(VERSION, 0x30), refused(NotifyType.INVALID_MAJOR_VERSION)),
                row("§2.5 major version 1", octet(VERSION, 0x10), dropped("ike.MAJOR_VERSION")),
                row("§2.5 minor version 1 is ignored", octet(VERSION, 0x21), FirstMessages::accepted),
                row("§3.1 reserved flags are ignored", octet(FLAGS, 0xdf), FirstMessages::accepted),
                row("§3.1 response flag", octet(FLAGS, 0x28), dropped("ike.UNKNOWN_SPI")),
                row("§3.1 no initiator flag", octet(FLAGS, 0), dropped("ike.UNKNOWN_SPI")),
                row("§3.1 a responder's SPI", octet(15, 1), dropped("ike.UNKNOWN_SPI")),
                row("§2.6 initiator's SPI zero", device -> {
                    device.spi = 0;
                    return device.init(device.initPayloads());
                }, dropped("ike.UNEXPECTED_EXCHANGE")),
                row("§2.2 message ID 1", octet(MESSAGE_ID_END, 1), dropped("ike.UNEXPECTED_EXCHANGE")),
                row("§2.21.4 IKE_AUTH first", octet(EXCHANGE, ExchangeType.IKE_AUTH),
                        refused(NotifyType.INVALID_IKE_SPI)),
                row("§2.21.4 INFORMATIONAL under an unknown SPI", octet(EXCHANGE, ExchangeType.INFORMATIONAL),
                        refused(NotifyType.INVALID_IKE_SPI)),
                row("§2.21.4 a response under an unknown SPI", device -> {
                    byte[] message = octet(EXCHANGE, ExchangeType.INFORMATIONAL).apply(device);
                    message[FLAGS] = 0x28;
                    return message;
                }, dropped("ike.UNKNOWN_SPI")),
                row("§2.6 more than a half-open entry may take", payloads(with(0, new VendorIdPayload(new byte[8_000]))),
                        dropped("ike.INIT_TOO_LONG")),
                row("§2.6 as much as it may take", payloads(with(0, new VendorIdPayload(new byte[7_000]))),
                        FirstMessages::accepted),
                row("§2.5 unknown payload", payloads(with(0, new UnknownPayload(UNKNOWN, false, new byte[3]))),
                        FirstMessages::accepted),
                row("§2.5 unknown critical payload", payloads(with(1, new UnknownPayload(UNKNOWN, true, new byte[3]))),
                        refused(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, UNKNOWN)),
                row("§2.5 known payload marked critical", device -> {
                    byte[] message = device.init(device.initPayloads());
                    message[IkeHeader.LENGTH + 1] = (byte) 0x80;
                    return message;
                }, FirstMessages::accepted),
                row("§3.10.1 unknown status notify", payloads(with(-1, NotifyPayload.of(40_000))),
                        FirstMessages::accepted),
                row("§3.10.1 unknown error notify", payloads(with(-1, NotifyPayload.of(8_191))),
                        FirstMessages::accepted),
                row("§3.12 unknown vendor ID", payloads(with(0, new VendorIdPayload(new byte[16]))),
                        FirstMessages::accepted),
                row("§2.23 no NAT detection", payloads(without(NotifyPayload.class)), FirstMessages::accepted),
                row("§1.2 no SA", payloads(without(SaPayload.class)), dropped("ike.MALFORMED")),
                row("§1.2 no KE", payloads(without(KePayload.class)), dropped("ike.MALFORMED")),
                row("§1.2 no Ni", payloads(without(NoncePayload.class)), dropped("ike.MALFORMED")),
                row("§2.10 nonce of 16 octets", payloads(list ->
                        replace(list, NoncePayload.class, new NoncePayload(new byte[16]))), FirstMessages::accepted),
                row("§3.9 nonce of 256 octets", payloads(list ->
                        replace(list, NoncePayload.class, new NoncePayload(new byte[256]))), FirstMessages::accepted),
                row("§3.9 nonce of 15 octets", nonceOf(15), dropped("ike.MALFORMED")),
                row("§3.9 nonce of 257 octets", nonceOf(257), dropped("ike.MALFORMED")),
                row("§3.4 KE one octet short", keyExchange(Offers.ECP_256, new byte[63]), dropped("ike.MALFORMED")),
                row("§3.4 KE with a point format in front", keyExchange(Offers.ECP_256, new byte[65]),
                        dropped("ike.MALFORMED")),
                row("RFC 6989 §2.3 point not on the curve", keyExchange(Offers.ECP_256, offCurve),
                        dropped("ike.MALFORMED")),
                row("RFC 6989 §2.3 point at the origin", keyExchange(Offers.ECP_256, new byte[64]),
                        dropped("ike.MALFORMED")),
                row("RFC 6989 §2.1 MODP value 0", modp(BigInteger.ZERO), dropped("ike.MALFORMED")),
                row("RFC 6989 §2.1 MODP value 1", modp(BigInteger.ONE), dropped("ike.MALFORMED")),
                row("RFC 6989 §2.1 MODP value p-1", modp(P.subtract(BigInteger.ONE)), dropped("ike.MALFORMED")),
                row("RFC 6989 §2.1 MODP value p", modp(P), dropped("ike.MALFORMED")),
                row("RFC 6989 §2.1 MODP value p-2", modp(P.subtract(BigInteger.TWO)), FirstMessages::accepted),
                row("§1.2 KE of a group that is not the one chosen", payloads(list ->
                        replace(list, KePayload.class, new KePayload(Offers.MODP_2048, new byte[256]))),
                        refused(NotifyType.INVALID_KE_PAYLOAD, 0, 19)),
                row("§1.2 KE of an unknown group", payloads(list ->
                        replace(list, KePayload.class, new KePayload(31, new byte[32]))),
                        refused(NotifyType.INVALID_KE_PAYLOAD, 0, 19)),
                row("§2.7 the gateway's preferred group wins over the KE sent", payloads(list -> replace(
                        replace(list, SaPayload.class, new SaPayload(List.of(
                                Offers.with(Offers.with(Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256),
                                        Offers.group(Offers.MODP_2048)), ecp)))),
                        KePayload.class, new KePayload(Offers.MODP_2048, new byte[256]))),
                        refused(NotifyType.INVALID_KE_PAYLOAD, 0, 19)),
                row("§2.7 nothing in common", proposals(Offers.ike(1,
                        Transform.of(TransformType.ENCR, 3), Offers.PRF_SHA_256, Transform.of(TransformType.INTEG, 2),
                        Offers.group(2))), refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.5 key length missing", proposals(Offers.ike(1,
                        Transform.of(TransformType.ENCR, 20), Offers.PRF_SHA_256, ecp)),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.5 another key length", proposals(Offers.ike(1,
                        Transform.withKeyLength(TransformType.ENCR, 20, 128), Offers.PRF_SHA_256, ecp)),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.6 unknown attribute makes the transform unusable", proposals(Offers.ike(1,
                        unknownAttribute, Offers.PRF_SHA_256, ecp)), refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.6 unknown attribute beside a usable transform", proposals(Offers.with(Offers.ike(1,
                        unknownAttribute, Offers.PRF_SHA_256, ecp), Offers.GCM_256)),
                        chosen(1, Offers.GCM_256, Offers.PRF_SHA_256, ecp)),
                row("§3.3.6 unknown transform type makes the proposal unusable",
                        proposals(Offers.with(good, Transform.of(99, 1))), refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.6 unknown transform type in another proposal", proposals(
                        Offers.with(good, Transform.of(99, 1)),
                        Offers.ike(2, Offers.GCM_256, Offers.PRF_SHA_256, ecp)),
                        chosen(2, Offers.GCM_256, Offers.PRF_SHA_256, ecp)),
                row("RFC 9370 §2.2.1 an additional key exchange is unknown here", proposals(
                        Offers.with(good, Transform.of(TransformType.ADDITIONAL_KE_1, 35))),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.3 no PRF", proposals(Offers.ike(1, Offers.GCM_256, ecp)),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.3 no group", proposals(Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256)),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.3 CBC without integrity", proposals(Offers.ike(1, Offers.CBC_256, Offers.PRF_SHA_256, ecp)),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("RFC 5282 §8 GCM with integrity NONE",
                        proposals(Offers.with(good, Transform.of(TransformType.INTEG, 0))),
                        chosen(1, Offers.GCM_256, Offers.PRF_SHA_256, ecp)),
                row("RFC 5282 §8 GCM with an integrity algorithm", proposals(Offers.with(good, Offers.SHA_256_128)),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.1 an ESP proposal", proposals(
                        Offers.esp(1, 0x1000, Offers.GCM_256, Offers.PRF_SHA_256, ecp)),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§3.3.1 an SPI in a first IKE proposal", proposals(
                        new Proposal(1, ProtocolId.IKE, new byte[8], good.transforms())),
                        refused(NotifyType.NO_PROPOSAL_CHOSEN)),
                row("§2.7 the gateway's order of suites decides", proposals(
                        cbc, Offers.ike(2, Offers.GCM_256, Offers.PRF_SHA_256, ecp)),
                        chosen(2, Offers.GCM_256, Offers.PRF_SHA_256, ecp)),
                row("§2.7 one transform of each type is chosen", proposals(Offers.ike(1,
                        Transform.withKeyLength(TransformType.ENCR, 20, 128), Offers.GCM_256,
                        Transform.of(TransformType.PRF, 7), Offers.PRF_SHA_256, Offers.group(20), ecp)),
                        chosen(1, Offers.GCM_256, Offers.PRF_SHA_256, ecp)));
    }

    @TestFactory
    Stream<DynamicTest> eachFirstMessageIsTreatedAsTheRfcSays() {
        return rows().stream().map(row -> dynamicTest(row.name(), () -> {
            var scenario = new Scenario(1);
            var device = new ScriptedInitiator(scenario);
            byte[] request = row.message().apply(device);
            row.expected().accept(new Outcome(scenario, request, device.sendBare(request)));
        }));
    }

    @Test
    void section2_1_theSameRequestGetsTheSameAnswerAndAChangedOneNone() {
        var scenario = new Scenario(2);
        var device = new ScriptedInitiator(scenario);
        byte[] request = device.init(device.initPayloads());
        byte[] answer = device.sendBare(request).get(0);
        assertArrayEquals(answer, device.sendBare(request).get(0));
        byte[] changed = request.clone();
        changed[changed.length - 1] ^= 1;
        assertEquals(List.of(), device.sendBare(changed));
        assertEquals(1, scenario.gateway().drops("ike.CHANGED_REPEAT"));
        assertEquals(1, scenario.gateway().gateway().ikeSaCount());
        device.adopt(request, answer);
        device.only(device.send(Envelope.request(ExchangeType.IKE_AUTH, 1), device.authPayloads()));
        assertEquals(1, scenario.gateway().tunnels().size(), "the handshake goes on");
    }

    @Test
    void section2_21_4_whoForgesAnAddressCannotHaveOneAnswerSentThereForEver() {
        var scenario = new Scenario(5);
        var device = new ScriptedInitiator(scenario);
        byte[] request = device.init(device.initPayloads());
        int answers = 0;
        for (int i = 0; i < 100; i++) {
            answers += device.sendBare(request).size();
        }
        assertEquals(1 + 20, answers);
        assertEquals(100 - answers, scenario.gateway().drops("ike.RATE_LIMITED"));
    }

    @Test
    void section2_1_aRepeatWhileTheKeysAreComputedIsOnlyCounted() {
        var scenario = new Scenario(3);
        var device = new ScriptedInitiator(scenario);
        byte[] request = device.init(device.initPayloads());
        scenario.network().inject(ScriptedInitiator.IKE, Scenario.GATEWAY_IKE, request, World.MILLIS);
        assertEquals(1, device.sendBare(request).size());
        assertEquals(1, scenario.gateway().drops("ike.IN_PROGRESS"));
    }

    @Test
    void section1_2_afterInvalidKePayloadTheRightGroupIsAccepted() {
        var scenario = new Scenario(4);
        var device = new ScriptedInitiator(scenario, CipherSuite.AES_GCM_16_256, KeyExchangeMethod.ECP_256);
        byte[] wrong = payloads(list ->
                replace(list, KePayload.class, new KePayload(Offers.MODP_2048, new byte[256]))).apply(device);
        assertEquals(1, device.sendBare(wrong).size());
        device.initiated();
        assertEquals(1, scenario.gateway().gateway().ikeSaCount(), "under the same SPI");
    }

    @Test
    void section2_6_halfOpenHandshakesAreLimitedAndExpire() {
        var limits = new IkePolicy.Limits(
                IkePolicy.HalfOpen.withoutCookies(3), Duration.ofSeconds(30), new IkePolicy.Decisions(Duration.ofSeconds(20), 256), 200, 200);
        var scenario = new Scenario(5, IkePolicy.defaults().withLimits(limits), "10.8.0.0/24");
        var device = new ScriptedInitiator(scenario);
        for (int i = 0; i < 5; i++) {
            device.spi++;
            device.sendBare(device.init(device.initPayloads()));
        }
        assertEquals(3, scenario.gateway().gateway().ikeSaCount());
        assertEquals(2, scenario.gateway().drops("ike.HALF_OPEN_LIMIT"));
        scenario.world().runFor(31 * World.SECOND);
        assertEquals(0, scenario.gateway().gateway().ikeSaCount());
        assertEquals(3, scenario.gateway().failedHandshakes().size());
        scenario.alice();
    }

    @Test
    void section2_6_invalidKeyExchangeValuesDoNotFillTheLimit() {
        var limits = new IkePolicy.Limits(
                IkePolicy.HalfOpen.withoutCookies(1), Duration.ofSeconds(30), new IkePolicy.Decisions(Duration.ofSeconds(20), 256), 200, 200);
        var scenario = new Scenario(6, IkePolicy.defaults().withLimits(limits), "10.8.0.0/24");
        var device = new ScriptedInitiator(scenario);
        for (int i = 0; i < 3; i++) {
            device.spi++;
            device.sendBare(keyExchange(Offers.ECP_256, new byte[64]).apply(device));
        }
        assertEquals(0, scenario.gateway().drops("ike.HALF_OPEN_LIMIT"));
        device.initiated();
    }

    @Test
    void section2_21_4_unprotectedAnswersAreLimitedInRate() {
        var limits = new IkePolicy.Limits(
                IkePolicy.HalfOpen.withoutCookies(10), Duration.ofSeconds(30), new IkePolicy.Decisions(Duration.ofSeconds(20), 256), 5, 5);
        var scenario = new Scenario(7, IkePolicy.defaults().withLimits(limits), "10.8.0.0/24");
        var device = new ScriptedInitiator(scenario);
        List<Function<ScriptedInitiator, byte[]>> refusals = List.of(
                octet(VERSION, 0x30),
                octet(EXCHANGE, ExchangeType.IKE_AUTH),
                payloads(with(0, new UnknownPayload(UNKNOWN, true, new byte[0]))),
                payloads(list -> replace(list, KePayload.class, new KePayload(31, new byte[32]))),
                proposals(Offers.ike(1, Offers.CBC_256)));
        for (int i = 0; i < 4; i++) {
            for (Function<ScriptedInitiator, byte[]> refusal : refusals) {
                scenario.network().inject(
                        ScriptedInitiator.IKE, Scenario.GATEWAY_IKE, refusal.apply(device), World.MILLIS);
            }
        }
        scenario.world().runFor(World.SECOND / 10);
        assertEquals(5, device.received().size());
        assertEquals(15, scenario.gateway().drops("ike.RATE_LIMITED"));
        scenario.world().runFor(World.SECOND);
        assertEquals(1, device.sendBare(octet(VERSION, 0x30).apply(device)).size());
        device.initiated();
    }

    @Test
    void section2_23_theWholeHandshakeMayUsePort4500() {
        var scenario = new Scenario(8);
        var device = new ScriptedInitiator(scenario);
        byte[] request = device.init(device.initPayloads());
        List<byte[]> answers = device.sendMarked(request);
        assertEquals(1, answers.size());
        assertEquals(1, scenario.gateway().gateway().ikeSaCount());
    }

    @Test
    void rfc3948_keepalivesAndScrapsAtPort4500AreCounted() {
        var scenario = new Scenario(9);
        var device = new ScriptedInitiator(scenario);
        assertEquals(List.of(), device.sendNatT(new byte[] {-1}));
        assertEquals(List.of(), device.sendNatT(new byte[] {1, 2, 3}));
        assertEquals(List.of(), device.sendNatT(new byte[0]));
        assertEquals(List.of(), device.sendNatT(new byte[4]));
        assertEquals(1, scenario.gateway().drops("udp.KEEPALIVE"));
        assertEquals(2, scenario.gateway().drops("udp.TOO_SHORT"));
        assertEquals(1, scenario.gateway().drops("ike.MALFORMED"));
    }
}
