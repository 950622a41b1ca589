package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.esp.OutboundSa;
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
import jkipsec.ip.IpProtocol;
import jkipsec.sim.Offers;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the gateway does with IKE_FOLLOWUP_KE, right and wrong. The script works the keys out from the formulas of RFC
 * 9370 §2.2.4, apart from what is tested.
 */
class HostileFollowUpTest {
    private static final int NEW_SPI = 0x0de1ce77;
    private static final long NEW_IKE_SPI = 0x3333333333333333L;
    private static final int ML_KEM = KeyExchangeMethod.ML_KEM_768.transformId();
    private static final byte[] NONCE = new byte[32];

    private Scenario scenario;
    private ScriptedInitiator device;
    private RandomSource random;
    private KeyExchange first;
    private KeyExchange second;
    private int messageId;

    @BeforeEach
    void connect() {
        scenario = new Scenario(1);
        device = new ScriptedInitiator(scenario).connected();
        random = scenario.world().randomSource();
        messageId = 2;
    }

    private static Transform addke(int number, int method) {
        return Transform.of(TransformType.ADDITIONAL_KE_1 + number - 1, method);
    }

    private List<Payload> ask(int exchangeType, List<Payload> payloads) {
        return device.only(device.send(Envelope.request(exchangeType, messageId++), payloads));
    }

    /** A request to rekey the Child SA with a key exchange and additional ones. */
    private List<Payload> childRequest(Transform... additional) {
        Proposal proposal = Offers.with(Offers.espGcm(NEW_SPI).proposals().get(0), Offers.group(Offers.ECP_256));
        for (Transform transform : additional) {
            proposal = Offers.with(proposal, transform);
        }
        byte[] old = new ByteWriter().i32(ScriptedInitiator.ESP_SPI).toByteArray();
        return request(new SaPayload(List.of(proposal)),
                new NotifyPayload(ProtocolId.ESP, old, NotifyType.REKEY_SA, new byte[0]),
                new TsPayload(true, List.of(TrafficSelector.anyIpv4())),
                new TsPayload(false, List.of(TrafficSelector.anyIpv4())));
    }

    private List<Payload> ikeRequest(Transform... additional) {
        byte[] spi = new ByteWriter().i64(NEW_IKE_SPI).toByteArray();
        Proposal proposal = new Proposal(1, ProtocolId.IKE, spi, List.of(
                Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(Offers.ECP_256)));
        for (Transform transform : additional) {
            proposal = Offers.with(proposal, transform);
        }
        return request(new SaPayload(List.of(proposal)));
    }

    private List<Payload> request(SaPayload offer, Payload... more) {
        first = KeyExchangeMethod.ECP_256.generate(random);
        var payloads = new ArrayList<Payload>(List.of(
                offer, new NoncePayload(NONCE), new KePayload(Offers.ECP_256, first.publicValue())));
        payloads.addAll(List.of(more));
        return payloads;
    }

    private List<Payload> followUp(byte[] link) {
        second = KeyExchangeMethod.ML_KEM_768.generate(random);
        return List.of(new KePayload(ML_KEM, second.publicValue()),
                NotifyPayload.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, link));
    }

    private static byte[] link(List<Payload> answer) {
        return answer.stream()
                .filter(NotifyPayload.class::isInstance)
                .map(NotifyPayload.class::cast)
                .filter(notify -> notify.type() == NotifyType.ADDITIONAL_KEY_EXCHANGE)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link in " + answer))
                .data();
    }

    private static <P extends Payload> P find(List<Payload> payloads, Class<P> kind) {
        return AuthMessages.first(payloads, kind).orElseThrow(() -> new AssertionError(kind + " in " + payloads));
    }

    /** SK(0) | Ni | Nr | SK(1), of an exchange whose answers these are. */
    private byte[] seed(List<Payload> answer, List<Payload> followed) throws Exception {
        try (Secret one = first.agree(find(answer, KePayload.class).data());
                Secret two = second.agree(find(followed, KePayload.class).data())) {
            return new ByteWriter()
                    .bytes(one.expose())
                    .bytes(NONCE)
                    .bytes(find(answer, NoncePayload.class).nonce())
                    .bytes(two.expose())
                    .toByteArray();
        }
    }

    @Test
    void section2_2_4_theKeysOfAChildSaAreThoseOfTheFormula() throws Exception {
        List<Payload> answer = ask(ExchangeType.CREATE_CHILD_SA, childRequest(addke(1, ML_KEM)));
        Proposal chosen = find(answer, SaPayload.class).proposals().get(0);
        assertTrue(chosen.transforms().contains(addke(1, ML_KEM)), answer::toString);
        int before = scenario.gateway().tunnels().get(0).ike().usableChildren();
        List<Payload> followed = ask(ExchangeType.IKE_FOLLOWUP_KE, followUp(link(answer)));
        assertEquals(1, before, "none is there before all key exchanges are done");
        assertEquals(2, scenario.gateway().tunnels().get(0).ike().usableChildren());
        assertEquals(1, followed.size(), "KE alone: " + followed);
        var outbound = new OutboundSa(
                Octets.i32(chosen.spi(), 0), device.sa().childCipher(true, seed(answer, followed)));
        byte[] packet = outbound.seal(PacketBuffer.copyOf(new byte[40]), IpProtocol.IPV4).toByteArray();
        device.sendNatT(packet);
        assertEquals(0, scenario.gateway().drops("esp.BAD_ICV"));
        assertTrue(scenario.gateway().drops().keySet().stream().anyMatch(reason -> reason.startsWith("ip.")),
                () -> "it was opened, and is no IP packet: " + scenario.gateway().drops());
    }

    @Test
    void section2_2_4_theKeysOfAnIkeSaAreThoseOfTheFormula() throws Exception {
        List<Payload> answer = ask(ExchangeType.CREATE_CHILD_SA, ikeRequest(addke(1, ML_KEM)));
        List<Payload> followed = ask(ExchangeType.IKE_FOLLOWUP_KE, followUp(link(answer)));
        long theirs = Octets.i64(find(answer, SaPayload.class).proposals().get(0).spi(), 0);
        ScriptedSa next = device.sa().rekeyed(
                new ScriptedSa.Inputs(NEW_IKE_SPI, theirs, NONCE, find(answer, NoncePayload.class).nonce(),
                        Secret.owning(new byte[0])),
                seed(answer, followed));
        byte[] probe = next.seal(Envelope.request(ExchangeType.INFORMATIONAL, 0), List.of());
        List<byte[]> answers = device.sendMarked(probe);
        assertEquals(List.of(), next.open(answers.get(0)).orElseThrow());
        assertTrue(scenario.gateway().tunnels().get(0).ikeSuite().endsWith("ECP_256 and ML_KEM_768"));
    }

    private record Row(String name, Function<byte[], List<Payload>> request, int expected, boolean fatal) {}

    private static Row row(String name, Function<byte[], List<Payload>> request, int expected, boolean fatal) {
        return new Row(name, request, expected, fatal);
    }

    private static NotifyPayload linked(byte[] link) {
        return NotifyPayload.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, link);
    }

    @TestFactory
    Stream<DynamicTest> requests() {
        byte[] tooLarge = new byte[1_184];
        Arrays.fill(tooLarge, (byte) 0xff);
        int notFound = NotifyType.STATE_NOT_FOUND;
        int syntax = NotifyType.INVALID_SYNTAX;
        return Stream.of(
                row("§2.2.4 a link that was never given", link -> followUp(new byte[16]), notFound, false),
                row("§2.2.4 an empty link", link -> followUp(new byte[0]), notFound, false),
                row("§2.2.4 half a link", link -> followUp(Arrays.copyOf(link, 8)), notFound, false),
                row("§2.2.4 a link of 1,000 octets", link -> followUp(Arrays.copyOf(link, 1_000)), notFound, false),
                row("§2.2.4 no link", link -> followUp(link).subList(0, 1), notFound, false),
                row("§2.2.4 nothing at all", link -> List.of(), notFound, false),
                row("§2.2.4 no KE", link -> List.of(linked(link)), syntax, true),
                row("§2.2.4 KE of another method", link -> List.of(
                        new KePayload(Offers.ECP_256, new byte[64]), linked(link)), syntax, true),
                row("RFC 7296 §3.4 KE one octet short", link -> List.of(
                        new KePayload(ML_KEM, new byte[1_183]), linked(link)), syntax, true),
                row("FIPS 203 §7.2 coefficients that are not below q", link -> List.of(
                        new KePayload(ML_KEM, tooLarge), linked(link)), syntax, true))
                .map(row -> dynamicTest(row.name(), () -> {
                    connect();
                    List<Payload> answer = ask(ExchangeType.CREATE_CHILD_SA, childRequest(addke(1, ML_KEM)));
                    List<Payload> refusal = ask(ExchangeType.IKE_FOLLOWUP_KE, row.request().apply(link(answer)));
                    assertEquals(List.of(NotifyPayload.of(row.expected())), refusal);
                    assertEquals(row.fatal() ? 0 : 1, scenario.gateway().tunnels().size());
                    if (!row.fatal()) {
                        List<Payload> followed = ask(ExchangeType.IKE_FOLLOWUP_KE, followUp(link(answer)));
                        assertEquals(KePayload.class, followed.get(0).getClass(), "what is under way goes on");
                    }
                }));
    }

    @Test
    void section2_2_4_whoComesTooLateIsToldSo() {
        List<Payload> answer = ask(ExchangeType.CREATE_CHILD_SA, childRequest(addke(1, ML_KEM)));
        scenario.world().runFor(31 * World.SECOND);
        assertEquals(
                List.of(NotifyPayload.of(NotifyType.STATE_NOT_FOUND)),
                ask(ExchangeType.IKE_FOLLOWUP_KE, followUp(link(answer))));
        assertEquals(1, scenario.gateway().tunnels().get(0).ike().usableChildren());
        List<Payload> again = ask(ExchangeType.CREATE_CHILD_SA, childRequest(addke(1, ML_KEM)));
        ask(ExchangeType.IKE_FOLLOWUP_KE, followUp(link(again)));
        assertEquals(2, scenario.gateway().tunnels().get(0).ike().usableChildren());
    }

    @Test
    void section2_2_4_aLinkIsOfUseOnce() {
        List<Payload> answer = ask(ExchangeType.CREATE_CHILD_SA, childRequest(addke(1, ML_KEM)));
        ask(ExchangeType.IKE_FOLLOWUP_KE, followUp(link(answer)));
        assertEquals(
                List.of(NotifyPayload.of(NotifyType.STATE_NOT_FOUND)),
                ask(ExchangeType.IKE_FOLLOWUP_KE, followUp(link(answer))));
    }

    @Test
    void whoBeginsAgainAndAgainHoldsNoMoreThanAFew() {
        var links = new ArrayList<byte[]>();
        for (int i = 0; i < 20; i++) {
            links.add(link(ask(ExchangeType.CREATE_CHILD_SA, childRequest(addke(1, ML_KEM)))));
        }
        long alive = links.stream()
                .filter(link -> ask(ExchangeType.IKE_FOLLOWUP_KE, followUp(link)).get(0) instanceof KePayload)
                .count();
        assertTrue(alive >= 1 && alive <= 4, "alive: " + alive);
        scenario.world().runFor(60 * World.SECOND);
        assertEquals(1, scenario.gateway().tunnels().size());
    }

    @Test
    void section2_2_1_theSameMethodTwiceIsNotChosen() {
        assertEquals(
                List.of(NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)),
                ask(ExchangeType.CREATE_CHILD_SA, childRequest(addke(1, ML_KEM), addke(2, ML_KEM))));
        assertEquals(
                List.of(NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN)),
                ask(ExchangeType.CREATE_CHILD_SA, ikeRequest(addke(1, ML_KEM), addke(2, ML_KEM))));
    }

    @Test
    void section2_2_1_noneIsChosenWhereItIsOffered() {
        List<Payload> answer = ask(ExchangeType.CREATE_CHILD_SA, childRequest(addke(2, 35), addke(2, 0)));
        assertTrue(find(answer, SaPayload.class).proposals().get(0).transforms().contains(addke(2, 0)));
        assertEquals(2, scenario.gateway().tunnels().get(0).ike().usableChildren());
    }
}
