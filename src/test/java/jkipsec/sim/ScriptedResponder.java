package jkipsec.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.InvalidPublicValue;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.IkePolicy;
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
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.TsPayload;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.sim.ScriptedSa.Envelope;

/**
 * A gateway driven by hand: it takes the place of a scenario's gateway and answers devices as an honest one would, but
 * for what a test changes in its answers. It speaks AES-GCM and group 19.
 */
public final class ScriptedResponder {
    public static final long SPI = 0x2222222222222222L;

    /** The SPI under which it receives ESP. */
    public static final int ESP_SPI = 0x6a7e0000;

    /** The inner address that it assigns. */
    public static final IpAddress DEVICE = IpAddress.parse("10.8.0.2");

    /** What a device must offer to get on with it at once: group 19, and group 14 to be sent to. */
    public static final IkePolicy OFFERED =
            IkePolicy.defaults().withGroups(List.of(KeyExchangeMethod.ECP_256, KeyExchangeMethod.MODP_2048));

    private static final IpAddress GATEWAY = IpAddress.parse("10.8.0.1");

    private final Scenario scenario;
    private final RandomSource random;
    private final List<IkeMessage> inits = new ArrayList<>();
    private final List<byte[]> protectedRequests = new ArrayList<>();
    private final List<List<Payload>> informational = new ArrayList<>();
    private Function<IkeMessage, List<byte[]>> onInit = request -> List.of(initAnswer(request, list -> list));
    private UnaryOperator<List<Payload>> authEdit = list -> list;
    private Function<byte[], List<byte[]>> onAuth = request -> List.of(authAnswer());
    private Function<byte[], List<byte[]>> onIntermediate = request -> List.of(
            intermediateAnswer(request, list -> list));
    private Function<byte[], List<byte[]>> onRekey = request -> List.of();
    private int intermediates;
    private byte[] intAuthI = new byte[0];
    private byte[] intAuthR = new byte[0];
    private byte[] initResponse;
    private ScriptedSa sa;

    public ScriptedResponder(Scenario scenario) {
        this.scenario = scenario;
        this.random = scenario.world().randomSource();
        scenario.network().bind(Scenario.GATEWAY_IKE, (from, octets) -> bare(from, octets));
        scenario.network().bind(Scenario.GATEWAY_NAT_T, (from, octets) -> marked(from, octets));
    }

    /** What answers IKE_SA_INIT requests: any number of datagrams. */
    public void onInit(Function<IkeMessage, List<byte[]>> other) {
        onInit = other;
    }

    /** What answers IKE_INTERMEDIATE requests: any number of messages. */
    public void onIntermediate(Function<byte[], List<byte[]>> other) {
        onIntermediate = other;
    }

    /** What answers CREATE_CHILD_SA and IKE_FOLLOWUP_KE requests: any number of messages; none unless set. */
    public void onRekey(Function<byte[], List<byte[]>> other) {
        onRekey = other;
    }

    /** An answer to IKE_INTERMEDIATE, honest before it is edited; leaves the keys of an honest one (RFC 9370 §2.2.2). */
    public byte[] intermediateAnswer(byte[] request, UnaryOperator<List<Payload>> edit) {
        List<Payload> asked = open(request);
        KePayload theirs = (KePayload) asked.get(0);
        KeyExchangeMethod method = KeyExchangeMethod.of(theirs.group()).orElseThrow();
        try {
            KeyExchange.Response ours = method.respond(theirs.data(), random);
            List<Payload> payloads = edit.apply(new ArrayList<>(List.of(
                    new KePayload(theirs.group(), ours.publicValue()))));
            byte[] answer = answer(request, payloads);
            int id = ++intermediates;
            intAuthI = sa.intAuth(true, intAuthI, id, asked);
            intAuthR = sa.intAuth(false, intAuthR, id, payloads);
            sa = sa.after(ours.sharedSecret());
            return answer;
        } catch (InvalidPublicValue e) {
            throw new AssertionError("a device sent an invalid public value", e);
        }
    }

    private byte[] intAuth() {
        return intermediates == 0
                ? new byte[0]
                : new ByteWriter().bytes(intAuthI).bytes(intAuthR).i32(intermediates + 1).toByteArray();
    }

    /** What answers IKE_AUTH requests: any number of messages. */
    public void onAuth(Function<byte[], List<byte[]>> other) {
        onAuth = other;
    }

    /** Changes the payloads of the answer to IKE_AUTH. */
    public void editAuth(UnaryOperator<List<Payload>> edit) {
        authEdit = edit;
    }

    /** The IKE_SA_INIT requests that came. */
    public List<IkeMessage> inits() {
        return List.copyOf(inits);
    }

    /** The payloads of the INFORMATIONAL requests that came. */
    public List<List<Payload>> informational() {
        return List.copyOf(informational);
    }

    public ScriptedSa sa() {
        return sa;
    }

    private void bare(Endpoint from, byte[] octets) {
        IkeMessage request = parse(octets);
        inits.add(request);
        onInit.apply(request).forEach(answer -> scenario.network().send(Scenario.GATEWAY_IKE, from, answer));
    }

    private void marked(Endpoint from, byte[] datagram) {
        if (datagram.length == 1) {
            // A NAT keepalive: what this gateway says of the device's address never fits.
            return;
        }
        byte[] message = ScriptedInitiator.unmark(datagram);
        protectedRequests.add(message);
        List<byte[]> answers = List.of();
        if (message[18] == ExchangeType.IKE_INTERMEDIATE) {
            answers = onIntermediate.apply(message);
        } else if (message[18] == ExchangeType.CREATE_CHILD_SA || message[18] == ExchangeType.IKE_FOLLOWUP_KE) {
            answers = onRekey.apply(message);
        } else if (message[18] == ExchangeType.IKE_AUTH) {
            answers = onAuth.apply(message);
        } else if ((message[19] & ScriptedSa.RESPONSE) == 0) {
            informational.add(open(message));
            answers = List.of(answer(message, List.of()));
        }
        answers.forEach(answer ->
                scenario.network().send(Scenario.GATEWAY_NAT_T, from, ScriptedInitiator.mark(answer)));
    }

    private static IkeMessage parse(byte[] octets) {
        try {
            return IkeMessage.parse(octets);
        } catch (MalformedMessage e) {
            throw new AssertionError("a device sent a malformed message", e);
        }
    }

    /** Whether our keys open a message. */
    public boolean opens(byte[] message) {
        try {
            return sa.open(message).isPresent();
        } catch (MalformedMessage e) {
            return false;
        }
    }

    public List<Payload> open(byte[] message) {
        try {
            return sa.open(message).orElseThrow(() -> new AssertionError("a message that our keys do not open"));
        } catch (MalformedMessage e) {
            throw new AssertionError("a device sent a malformed message", e);
        }
    }

    /** An unprotected answer to IKE_SA_INIT with any payloads. */
    public static byte[] unprotected(IkeMessage request, long spi, Payload... payloads) {
        var header = new IkeHeader(
                request.header().initiatorSpi(), spi, ExchangeType.IKE_SA_INIT, false, true, 0);
        return new IkeMessage(header, List.of(payloads)).write();
    }

    /** An answer to IKE_SA_INIT that derives keys, honest before it is edited. */
    public byte[] initAnswer(IkeMessage request, UnaryOperator<List<Payload>> edit) {
        KeyExchange ours = KeyExchangeMethod.ECP_256.generate(random);
        byte[] nonce = random.bytes(32);
        List<Payload> payloads = new ArrayList<>(List.of(
                Offers.gcm(Offers.ECP_256),
                new KePayload(Offers.ECP_256, ours.publicValue()),
                new NoncePayload(nonce),
                NotifyPayload.of(NotifyType.NAT_DETECTION_SOURCE_IP, random.bytes(20)),
                NotifyPayload.of(NotifyType.NAT_DETECTION_DESTINATION_IP, random.bytes(20))));
        initResponse = unprotected(request, SPI, edit.apply(payloads).toArray(Payload[]::new));
        KePayload theirs = request.first(KePayload.class).orElseThrow();
        if (theirs.group() == Offers.ECP_256) {
            try {
                Secret shared = ours.agree(theirs.data());
                sa = new ScriptedSa(CipherSuite.AES_GCM_16_256, false, new ScriptedSa.Inputs(
                        request.header().initiatorSpi(), SPI,
                        request.first(NoncePayload.class).orElseThrow().nonce(), nonce, shared), random);
            } catch (InvalidPublicValue e) {
                throw new AssertionError("a device sent an invalid public value", e);
            }
        }
        return initResponse;
    }

    /** What an honest gateway answers to IKE_AUTH. */
    public List<Payload> authPayloads() {
        return proof(ScriptedInitiator.id(false, "vpn.example.com"), "secret", List.of(
                new ConfigPayload(ConfigType.CFG_REPLY, List.of(
                        ConfigAttribute.of(ConfigAttributeType.INTERNAL_IP4_ADDRESS, DEVICE))),
                Offers.espGcm(ESP_SPI),
                new TsPayload(true, List.of(TrafficSelector.of(DEVICE))),
                new TsPayload(false, List.of(TrafficSelector.of(GATEWAY)))));
    }

    /** IDr, its proof, and more. */
    public List<Payload> proof(IdPayload idr, String psk, List<Payload> more) {
        var payloads = new ArrayList<Payload>();
        payloads.add(idr);
        payloads.add(sa.auth(psk, initResponse, idr, intAuth()));
        payloads.addAll(more);
        return payloads;
    }

    private byte[] authAnswer() {
        byte[] request = protectedRequests.get(protectedRequests.size() - 1);
        return answer(request, authEdit.apply(new ArrayList<>(authPayloads())));
    }

    /** A sealed answer to a request. */
    public byte[] answer(byte[] request, List<Payload> payloads) {
        return sa.seal(
                new Envelope(request[18] & 0xff, Octets.i32(request, 20), ScriptedSa.RESPONSE, 0x20), payloads);
    }
}
