package jkipsec.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.InvalidPublicValue;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;
import jkipsec.esp.EspResult;
import jkipsec.esp.InboundSa;
import jkipsec.esp.OutboundSa;
import jkipsec.esp.SequenceExhausted;
import jkipsec.ike.Identification;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.ConfigAttribute;
import jkipsec.ike.message.ConfigAttributeType;
import jkipsec.ike.message.ConfigPayload;
import jkipsec.ike.message.ConfigType;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;
import jkipsec.ike.message.TsPayload;
import jkipsec.ip.Endpoint;
import jkipsec.sim.ScriptedSa.Envelope;

/**
 * A device driven by hand: it sends a scenario's gateway exactly the octets that a test wants, right or wrong, and
 * opens what comes back. Each sending runs the world for a while and returns the answers of that while.
 */
public final class ScriptedInitiator {
    public static final Endpoint IKE = Endpoint.parse("203.0.113.9:500");
    public static final Endpoint NAT_T = Endpoint.parse("203.0.113.9:4500");

    /** The SPI under which the device receives ESP. */
    public static final int ESP_SPI = 0x0de1ce00;

    private static final long PATIENCE = World.SECOND / 10;

    /** The SPI of every request; a test may choose another. */
    public long spi = 0x1111111111111111L;

    private final Scenario scenario;
    private final RandomSource random;
    private final CipherSuite suite;
    private final KeyExchangeMethod method;
    private final byte[] nonce;
    private final List<byte[]> received = new ArrayList<>();
    private KeyExchange keyExchange;
    private byte[] initRequest;
    private byte[] initResponse;
    private ScriptedSa sa;
    private int intermediates;
    private byte[] intAuthI = new byte[0];
    private byte[] intAuthR = new byte[0];
    private OutboundSa outbound;
    private InboundSa inbound;

    public ScriptedInitiator(Scenario scenario) {
        this(scenario, CipherSuite.AES_GCM_16_256, KeyExchangeMethod.ECP_256);
    }

    public ScriptedInitiator(Scenario scenario, CipherSuite suite, KeyExchangeMethod method) {
        this.scenario = scenario;
        this.suite = suite;
        this.method = method;
        this.random = scenario.world().randomSource();
        this.nonce = random.bytes(32);
        this.keyExchange = method.generate(random);
        scenario.network().bind(IKE, (from, octets) -> received.add(octets));
        scenario.network().bind(NAT_T, (from, octets) -> received.add(octets));
    }

    private List<byte[]> send(Endpoint from, Endpoint to, byte[] datagram) {
        received.clear();
        scenario.network().send(from, to, datagram);
        scenario.world().runFor(PATIENCE);
        return List.copyOf(received);
    }

    /** What came back since the last sending, markers included. */
    public List<byte[]> received() {
        return List.copyOf(received);
    }

    /** Sends a bare IKE message to port 500. */
    public List<byte[]> sendBare(byte[] message) {
        return send(IKE, Scenario.GATEWAY_IKE, message);
    }

    /** Sends a datagram to port 4500 as it is. */
    public List<byte[]> sendNatT(byte[] datagram) {
        return send(NAT_T, Scenario.GATEWAY_NAT_T, datagram);
    }

    /** Sends an IKE message to port 4500 behind a non-ESP marker; the answers come without theirs. */
    public List<byte[]> sendMarked(byte[] message) {
        return sendNatT(mark(message)).stream().map(ScriptedInitiator::unmark).toList();
    }

    public static byte[] mark(byte[] message) {
        byte[] datagram = new byte[message.length + 4];
        System.arraycopy(message, 0, datagram, 4, message.length);
        return datagram;
    }

    public static byte[] unmark(byte[] datagram) {
        if (datagram.length < 4 || !Arrays.equals(new byte[4], Arrays.copyOf(datagram, 4))) {
            throw new AssertionError("no non-ESP marker in front");
        }
        return Arrays.copyOfRange(datagram, 4, datagram.length);
    }

    /** SA, KE, Nonce and NAT detection. */
    public List<Payload> initPayloads() {
        SaPayload offer = new SaPayload(List.of(suite.encryption().isAead()
                ? Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(method.transformId()))
                : Offers.ike(1, Offers.CBC_256, Offers.SHA_256_128, Offers.PRF_SHA_256,
                        Offers.group(method.transformId()))));
        return List.of(
                offer,
                new KePayload(method.transformId(), keyExchange.publicValue()),
                new NoncePayload(nonce),
                NotifyPayload.of(NotifyType.NAT_DETECTION_SOURCE_IP, random.bytes(20)),
                NotifyPayload.of(NotifyType.NAT_DETECTION_DESTINATION_IP, random.bytes(20)));
    }

    public byte[] init(List<Payload> payloads) {
        return new IkeMessage(new IkeHeader(spi, 0, ExchangeType.IKE_SA_INIT, true, false, 0), payloads).write();
    }

    /** Takes an exchange of IKE_SA_INIT messages as the one that counts, and derives the keys. */
    public void adopt(byte[] request, byte[] response) {
        try {
            IkeMessage answer = IkeMessage.parse(response);
            Secret shared = keyExchange.agree(answer.first(KePayload.class).orElseThrow().data());
            initRequest = request;
            initResponse = response;
            byte[] theirs = answer.first(NoncePayload.class).orElseThrow().nonce();
            byte[] ours = IkeMessage.parse(request).first(NoncePayload.class).orElseThrow().nonce();
            Prf prf = answer.first(SaPayload.class).orElseThrow().proposals().get(0).transforms().stream()
                    .filter(transform -> transform.type() == TransformType.PRF)
                    .flatMap(transform -> Prf.of(transform.id()).stream())
                    .findFirst()
                    .orElseThrow();
            sa = new ScriptedSa(suite, prf, true,
                    new ScriptedSa.Inputs(spi, answer.header().responderSpi(), ours, theirs, shared), random);
        } catch (MalformedMessage | InvalidPublicValue e) {
            throw new AssertionError("the gateway's IKE_SA_INIT answer is unusable", e);
        }
    }

    /** Does the whole IKE_SA_INIT exchange. */
    public ScriptedInitiator initiated() {
        byte[] request = init(initPayloads());
        List<byte[]> answers = sendBare(request);
        if (answers.size() != 1) {
            throw new AssertionError(answers.size() + " answers to IKE_SA_INIT; " + scenario.gateway().drops());
        }
        adopt(request, answers.get(0));
        return this;
    }

    public byte[] initResponse() {
        return initResponse.clone();
    }

    public ScriptedSa sa() {
        return sa;
    }

    /** From now on proofs and Child SAs are made with a PPK mixed in (RFC 8784 §3). */
    public void mix(byte[] ppk) {
        sa = sa.mixedWith(ppk);
    }

    public static IdPayload id(boolean initiator, String name) {
        Identification id = Identification.of(name);
        return new IdPayload(initiator, id.type(), id.data());
    }

    public AuthPayload auth(IdPayload idi, String psk) {
        return sa.auth(psk, initRequest, idi, intAuth());
    }

    /** SA, KE, Nonce and NAT detection with additional key exchanges offered, ADDKE1 first (RFC 9370 §2.2.1). */
    public List<Payload> initPayloads(Transform... additional) {
        Proposal proposal = Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(method.transformId()));
        for (Transform transform : additional) {
            proposal = Offers.with(proposal, transform);
        }
        var payloads = new ArrayList<>(initPayloads());
        payloads.set(0, new SaPayload(List.of(proposal)));
        payloads.add(NotifyPayload.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
        return payloads;
    }

    /** Does the IKE_SA_INIT exchange with additional key exchanges offered. */
    public ScriptedInitiator initiated(Transform... additional) {
        byte[] request = init(initPayloads(additional));
        List<byte[]> answers = sendBare(request);
        if (answers.size() != 1) {
            throw new AssertionError(answers.size() + " answers to IKE_SA_INIT; " + scenario.gateway().drops());
        }
        adopt(request, answers.get(0));
        return this;
    }

    /** A good request of IKE_INTERMEDIATE; {@link #adoptIntermediate} takes its answer. */
    public List<Payload> intermediatePayloads(KeyExchangeMethod additional) {
        keyExchange = additional.generate(random);
        return List.of(new KePayload(additional.transformId(), keyExchange.publicValue()));
    }

    /** Takes an exchange of IKE_INTERMEDIATE, and the keys that it leaves. */
    public void adoptIntermediate(List<Payload> request, List<Payload> answer) {
        adoptIntermediate(new byte[0], request, answer);
    }

    /** The same when there was something before the request's SK payload. */
    public void adoptIntermediate(byte[] clear, List<Payload> request, List<Payload> answer) {
        try {
            Secret shared = keyExchange.agree(((KePayload) answer.get(0)).data());
            int id = ++intermediates;
            intAuthI = sa.intAuth(true, intAuthI, id, clear, request);
            intAuthR = sa.intAuth(false, intAuthR, id, answer);
            sa = sa.after(shared);
        } catch (InvalidPublicValue e) {
            throw new AssertionError("the gateway's IKE_INTERMEDIATE answer is unusable", e);
        }
    }

    /** Does an exchange of IKE_INTERMEDIATE. */
    public ScriptedInitiator intermediate(KeyExchangeMethod additional) {
        List<Payload> request = intermediatePayloads(additional);
        var envelope = Envelope.request(ExchangeType.IKE_INTERMEDIATE, intermediates + 1);
        adoptIntermediate(request, only(send(envelope, request)));
        return this;
    }

    /** What IKE_AUTH proves of IKE_INTERMEDIATE. */
    public byte[] intAuth() {
        return intermediates == 0
                ? new byte[0]
                : new ByteWriter().bytes(intAuthI).bytes(intAuthR).i32(intermediates + 1).toByteArray();
    }

    /** An envelope for the next IKE_AUTH request. */
    public Envelope authEnvelope() {
        return Envelope.request(ExchangeType.IKE_AUTH, intermediates + 1);
    }

    public static ConfigPayload configRequest(int... types) {
        return new ConfigPayload(
                ConfigType.CFG_REQUEST, Arrays.stream(types).mapToObj(ConfigAttribute::of).toList());
    }

    /** What a device of alice's sends in IKE_AUTH. */
    public List<Payload> authPayloads() {
        IdPayload idi = id(true, "alice");
        List<TrafficSelector> all = List.of(TrafficSelector.anyIpv4());
        return List.of(
                idi,
                id(false, "vpn.example.com"),
                auth(idi, "secret"),
                configRequest(ConfigAttributeType.INTERNAL_IP4_ADDRESS, ConfigAttributeType.INTERNAL_IP4_DNS),
                suite.encryption().isAead() ? Offers.espGcm(ESP_SPI) : Offers.espCbc(ESP_SPI),
                new TsPayload(true, all),
                new TsPayload(false, all));
    }

    /** The payloads of IKE_AUTH with some replaced, removed or added. */
    public List<Payload> authPayloads(UnaryOperator<List<Payload>> edit) {
        return edit.apply(new ArrayList<>(authPayloads()));
    }

    /** A protected request to port 4500. */
    public List<byte[]> send(Envelope envelope, List<Payload> payloads) {
        return sendMarked(sa.seal(envelope, payloads));
    }

    /** The one answer among those that came, opened. */
    public List<Payload> only(List<byte[]> answers) {
        if (answers.size() != 1) {
            throw new AssertionError(answers.size() + " answers; " + scenario.gateway().drops());
        }
        return open(answers.get(0));
    }

    public List<Payload> open(byte[] answer) {
        try {
            Optional<List<Payload>> opened = sa.open(answer);
            return opened.orElseThrow(() -> new AssertionError("an answer that our keys do not open"));
        } catch (MalformedMessage e) {
            throw new AssertionError("a malformed answer", e);
        }
    }

    /** Does both exchanges as alice; afterwards ESP can flow. */
    public ScriptedInitiator connected() {
        initiated();
        List<Payload> answer = only(send(Envelope.request(ExchangeType.IKE_AUTH, 1), authPayloads()));
        SaPayload chosen = answer.stream()
                .filter(SaPayload.class::isInstance)
                .map(SaPayload.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Child SA: " + answer));
        int spiOut = Octets.i32(chosen.proposals().get(0).spi(), 0);
        outbound = new OutboundSa(spiOut, sa.childCipher(true));
        inbound = new InboundSa(ESP_SPI, sa.childCipher(false), 1_024);
        return this;
    }

    /** The SPI under which the gateway receives. */
    public int gatewayEspSpi() {
        return outbound.spi();
    }

    /** Seals any octets in ESP. */
    public byte[] esp(byte[] inner, int nextHeader) {
        try {
            return outbound.seal(PacketBuffer.copyOf(inner), nextHeader).toByteArray();
        } catch (SequenceExhausted e) {
            throw new IllegalStateException(e);
        }
    }

    /** The inner packet of an ESP packet of the gateway's. */
    public byte[] openEsp(byte[] datagram) {
        EspResult result = inbound.open(PacketBuffer.wrap(datagram.clone()));
        if (result instanceof EspResult.Opened opened) {
            return opened.inner().toByteArray();
        }
        throw new AssertionError("not ESP of the gateway's: " + result);
    }
}
