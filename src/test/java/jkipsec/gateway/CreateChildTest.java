package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;
import jkipsec.ike.message.TsPayload;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.ip.IpPrefix;
import jkipsec.sim.Offers;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the gateway answers to CREATE_CHILD_SA of a device that is connected; RFC 7296, section by section. */
class CreateChildTest {
    private static final int NEW_SPI = 0x0de1ce77;
    private static final byte[] IKE_SPI = {1, 2, 3, 4, 5, 6, 7, 8};

    private record Row(String name, Function<ScriptedInitiator, List<Payload>> request, int expected) {}

    private static Row row(String name, Function<ScriptedInitiator, List<Payload>> request, int expected) {
        return new Row(name, request, expected);
    }

    private static NotifyPayload rekeySa(int spi) {
        byte[] octets = new ByteWriter().i32(spi).toByteArray();
        return new NotifyPayload(ProtocolId.ESP, octets, NotifyType.REKEY_SA, new byte[0]);
    }

    /** A good request to rekey the Child SA, with some payload replaced by others. */
    private static List<Payload> child(Class<? extends Payload> replaced, Payload... others) {
        List<Payload> all = List.of(
                rekeySa(ScriptedInitiator.ESP_SPI),
                Offers.espGcm(NEW_SPI),
                new NoncePayload(new byte[32]),
                new TsPayload(true, List.of(TrafficSelector.anyIpv4())),
                new TsPayload(false, List.of(TrafficSelector.anyIpv4())));
        var payloads = new ArrayList<Payload>();
        all.stream().filter(payload -> !replaced.isInstance(payload)).forEach(payloads::add);
        payloads.addAll(List.of(others));
        return payloads;
    }

    private static SaPayload espWithGroup(int group) {
        Proposal plain = Offers.espGcm(NEW_SPI).proposals().get(0);
        return new SaPayload(List.of(Offers.with(plain, Offers.group(group))));
    }

    private static SaPayload ike(byte[] spi) {
        Proposal plain = Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(Offers.ECP_256));
        return new SaPayload(List.of(new Proposal(1, ProtocolId.IKE, spi, plain.transforms())));
    }

    private static Payload ke(ScriptedInitiator device) {
        return device.initPayloads().stream().filter(KePayload.class::isInstance).findFirst().orElseThrow();
    }

    private static List<Payload> ikeRekey(ScriptedInitiator device, SaPayload offer) {
        return List.of(offer, new NoncePayload(new byte[32]), ke(device));
    }

    private static final int SUCCESS = 0;

    private static final List<Row> ROWS = List.of(
            row("§1.3.3 a good request", device -> child(TsPayload.class, new TsPayload(true, all()),
                    new TsPayload(false, all())), SUCCESS),
            row("§1.3.1 one more Child SA", device -> child(NotifyPayload.class), SUCCESS),
            row("§1.3.3 with a key exchange", device -> child(SaPayload.class, espWithGroup(Offers.ECP_256), ke(device)),
                    SUCCESS),
            row("§1.3 KE that the choice does not need", device -> child(KePayload.class, ke(device)), SUCCESS),
            row("§2.25 a Child SA that does not exist",
                    device -> child(NotifyPayload.class, rekeySa(0x12345678)), NotifyType.CHILD_SA_NOT_FOUND),
            row("§1.3 no suite in common",
                    device -> child(SaPayload.class, new SaPayload(List.of(Offers.esp(
                            1, NEW_SPI, Transform.of(TransformType.ENCR, 3), Offers.NO_ESN)))),
                    NotifyType.NO_PROPOSAL_CHOSEN),
            row("§1.3 a group that policy has not",
                    device -> child(SaPayload.class, espWithGroup(2)), NotifyType.NO_PROPOSAL_CHOSEN),
            row("§1.3 a group without KE", device -> child(SaPayload.class, espWithGroup(Offers.ECP_256)),
                    NotifyType.INVALID_KE_PAYLOAD),
            row("§1.3 KE of another group",
                    device -> child(SaPayload.class, espWithGroup(Offers.MODP_2048), ke(device)),
                    NotifyType.INVALID_KE_PAYLOAD),
            row("§2.9 selectors of nobody here",
                    device -> child(TsPayload.class, new TsPayload(true, all()), new TsPayload(false, elsewhere())),
                    NotifyType.TS_UNACCEPTABLE),
            row("§1.3 without SA", device -> child(SaPayload.class), NotifyType.INVALID_SYNTAX),
            row("§1.3 without nonce", device -> child(NoncePayload.class), NotifyType.INVALID_SYNTAX),
            row("§1.3 without selectors", device -> child(TsPayload.class), NotifyType.INVALID_SYNTAX),
            row("§2.5 a critical payload that nobody knows",
                    device -> child(UnknownPayload.class, new UnknownPayload(200, true, new byte[0])),
                    NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD),
            row("§1.3.2 a new IKE SA", device -> ikeRekey(device, ike(IKE_SPI)), SUCCESS),
            row("§1.3.2 a new IKE SA under SPI 0", device -> ikeRekey(device, ike(new byte[8])),
                    NotifyType.NO_PROPOSAL_CHOSEN),
            row("§3.3.1 a new IKE SA without SPI", device -> ikeRekey(device, ike(new byte[0])),
                    NotifyType.NO_PROPOSAL_CHOSEN),
            row("§2.18 a new IKE SA without KE",
                    device -> List.of(ike(IKE_SPI), new NoncePayload(new byte[32])), NotifyType.INVALID_KE_PAYLOAD));

    private static List<TrafficSelector> all() {
        return List.of(TrafficSelector.anyIpv4());
    }

    private static List<TrafficSelector> elsewhere() {
        return List.of(TrafficSelector.of(IpPrefix.parse("172.16.0.0/12")));
    }

    @TestFactory
    Stream<DynamicTest> rows() {
        return ROWS.stream().map(row -> dynamicTest(row.name(), () -> {
            var scenario = new Scenario(1);
            ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
            byte[] request = device.sa().seal(
                    Envelope.request(ExchangeType.CREATE_CHILD_SA, 2), row.request().apply(device));
            List<byte[]> answers = device.sendMarked(request);
            assertEquals(1, answers.size(), () -> "" + scenario.gateway().drops());
            assertEquals(row.expected(), error(device.open(answers.get(0))));
            boolean fatal = row.expected() == NotifyType.INVALID_SYNTAX;
            assertEquals(fatal ? 0 : 1, scenario.gateway().tunnels().size());
            List<byte[]> again = device.sendMarked(request);
            assertEquals(1, again.size());
            assertArrayEquals(answers.get(0), again.get(0), "octet for octet");
        }));
    }

    private static int error(List<Payload> answer) {
        Optional<NotifyPayload> error = answer.stream()
                .filter(NotifyPayload.class::isInstance)
                .map(NotifyPayload.class::cast)
                .filter(NotifyPayload::isError)
                .findFirst();
        return error.map(NotifyPayload::type).orElse(SUCCESS);
    }

    @Test
    void section2_25_1_whileAChildSaIsBeingClosedItIsNotRekeyed() {
        var scenario = new Scenario(2);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        GatewayTunnel tunnel = scenario.gateway().tunnels().get(0);
        // The gateway rekeys, and is not answered: its request is outstanding.
        scenario.gateway().call(() -> {
            tunnel.ike().rekeyChild(scenario.world().now());
            scenario.gateway().gateway().touched(tunnel);
        });
        scenario.world().runFor(World.MILLIS);
        List<Payload> ikeRekey = device.only(device.send(
                Envelope.request(ExchangeType.CREATE_CHILD_SA, 2), ikeRekey(device, ike(IKE_SPI))));
        assertEquals(NotifyType.TEMPORARY_FAILURE, error(ikeRekey), "a Child SA is being rekeyed");
    }

    @Test
    void section2_25_2_aChildSaIsNotMadeWhileTheIkeSaIsReplaced() {
        var scenario = new Scenario(3);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        device.send(Envelope.request(ExchangeType.CREATE_CHILD_SA, 2), ikeRekey(device, ike(IKE_SPI)));
        List<Payload> answer = device.only(device.send(
                Envelope.request(ExchangeType.CREATE_CHILD_SA, 3), child(UnknownPayload.class)));
        assertEquals(NotifyType.TEMPORARY_FAILURE, error(answer), "the old IKE SA governs nothing any more");
        assertEquals(1, scenario.gateway().tunnels().size());
        assertEquals(2, scenario.gateway().gateway().ikeSaCount());
        device.send(Envelope.request(ExchangeType.INFORMATIONAL, 4), List.of(DeletePayload.ikeSa()));
        scenario.world().runFor(30 * World.SECOND);
        assertEquals(1, scenario.gateway().gateway().ikeSaCount());
        assertEquals(1, scenario.gateway().tunnels().size(), "the tunnel lives under the new one");
    }

    @Test
    void furtherChildSasAreMadeUpToABoundAndClosedOneByOne() {
        var scenario = new Scenario(4);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        GatewayTunnel tunnel = scenario.gateway().tunnels().get(0);
        int made = 0;
        int id = 2;
        while (made < 20) {
            List<Payload> answer = device.only(device.send(
                    Envelope.request(ExchangeType.CREATE_CHILD_SA, id++),
                    child(NotifyPayload.class).stream()
                            .map(spiOf(0x0de1d000 + made))
                            .toList()));
            if (error(answer) != SUCCESS) {
                assertEquals(NotifyType.NO_ADDITIONAL_SAS, error(answer));
                break;
            }
            made++;
        }
        assertTrue(made > 1 && made < 20, "made " + made);
        assertEquals(made + 1, tunnel.ike().usableChildren());
        for (int i = 0; i < made; i++) {
            device.only(device.send(
                    Envelope.request(ExchangeType.INFORMATIONAL, id++), List.of(DeletePayload.esp(0x0de1d000 + i))));
        }
        assertEquals(1, tunnel.ike().usableChildren());
        assertTrue(tunnel.isUp());
        device.send(Envelope.request(ExchangeType.INFORMATIONAL, id),
                List.of(DeletePayload.esp(ScriptedInitiator.ESP_SPI)));
        assertEquals(new TerminationCause.DeletedByPeer(), scenario.gateway().causeOf(tunnel).orElseThrow());
    }

    private static Function<Payload, Payload> spiOf(int spi) {
        return payload -> payload instanceof SaPayload ? Offers.espGcm(spi) : payload;
    }

    @Test
    void section1_3_2_aNewIkeSaMayHaveAnotherGroup() {
        var scenario = new Scenario(2);
        ScriptedInitiator device = new ScriptedInitiator(scenario).connected();
        KeyExchange x25519 = KeyExchangeMethod.CURVE25519.generate(scenario.world().randomSource());
        Proposal proposal = Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(31));
        device.send(Envelope.request(ExchangeType.CREATE_CHILD_SA, 2), List.of(
                new SaPayload(List.of(new Proposal(1, ProtocolId.IKE, IKE_SPI, proposal.transforms()))),
                new NoncePayload(new byte[32]),
                new KePayload(31, x25519.publicValue())));
        String suite = scenario.gateway().tunnels().get(0).ikeSuite();
        assertTrue(suite.contains("CURVE25519"), suite);
    }
}
