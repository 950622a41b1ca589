package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.Prf;
import jkipsec.esp.EspResult;
import jkipsec.esp.InboundSa;
import jkipsec.esp.ReplayWindow;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.ConfigAttributeType;
import jkipsec.ike.message.ConfigPayload;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.EncryptedPayload;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A whole connection of a real strongSwan client, replayed step by step: what it offered, the keys that it logged, its
 * proof and ours, its ESP packets and ours, and its DELETE.
 */
class StrongSwanCaptureTest {
    enum Capture {
        GCM("strongswan-gcm.txt", CipherSuite.AES_GCM_16_256),
        CBC("strongswan-cbc.txt", CipherSuite.AES_CBC_256_HMAC_SHA2_256_128);

        private final List<Vectors.Vector> blocks;
        private final CipherSuite suite;

        Capture(String file, CipherSuite suite) {
            this.blocks = Vectors.load(file);
            this.suite = suite;
        }

        byte[] key(String name) {
            return blocks.get(0).has(name) ? blocks.get(0).hex(name) : new byte[0];
        }

        byte[] datagram(String note) {
            return blocks.stream().filter(b -> b.text("note").equals(note)).findFirst().orElseThrow().hex("datagram");
        }

        /** An IKE message of port 4500, without its non-ESP marker. */
        byte[] marked(String note) {
            byte[] datagram = datagram(note);
            assertArrayEquals(new byte[4], Arrays.copyOf(datagram, 4));
            return Arrays.copyOfRange(datagram, 4, datagram.length);
        }

        byte[] initRequest() {
            return datagram("ike-sa-init-request");
        }

        byte[] initResponse() {
            return datagram("ike-sa-init-response");
        }

        IkeKeys keys() throws Exception {
            IkeMessage response = IkeMessage.parse(initResponse());
            var seed = new IkeKeys.Seed(
                    response.header().initiatorSpi(), response.header().responderSpi(),
                    nonce(initRequest()), nonce(initResponse()));
            return IkeKeys.derive(Prf.HMAC_SHA2_256, suite, Secret.copyOf(key("shared-secret")), seed);
        }
    }

    private static byte[] nonce(byte[] message) throws Exception {
        return IkeMessage.parse(message).first(NoncePayload.class).orElseThrow().nonce();
    }

    @ParameterizedTest
    @EnumSource(Capture.class)
    void itsOfferIsAnsweredAsItWasThen(Capture capture) throws Exception {
        SaPayload offer = IkeMessage.parse(capture.initRequest()).first(SaPayload.class).orElseThrow();
        SaPayload answer = IkeMessage.parse(capture.initResponse()).first(SaPayload.class).orElseThrow();
        assertEquals(answer, Negotiation.chooseIke(offer, IkePolicy.defaults()).orElseThrow().answer());
    }

    @ParameterizedTest
    @EnumSource(Capture.class)
    void theKeysAreThoseThatItLogged(Capture capture) throws Exception {
        IkeKeys keys = capture.keys();
        assertTrue(keys.d().matches(capture.key("sk-d")));
        assertTrue(keys.ai().matches(capture.key("sk-ai")));
        assertTrue(keys.ar().matches(capture.key("sk-ar")));
        assertTrue(keys.ei().matches(capture.key("sk-ei")));
        assertTrue(keys.er().matches(capture.key("sk-er")));
        assertTrue(keys.pi().matches(capture.key("sk-pi")));
        assertTrue(keys.pr().matches(capture.key("sk-pr")));
        ChildKeys child = ChildKeys.derive(
                keys, capture.suite, nonce(capture.initRequest()), nonce(capture.initResponse()));
        assertTrue(child.encryptionI().matches(capture.key("child-ei")));
        assertTrue(child.integrityI().matches(capture.key("child-ai")));
        assertTrue(child.encryptionR().matches(capture.key("child-er")));
        assertTrue(child.integrityR().matches(capture.key("child-ar")));
    }

    @ParameterizedTest
    @EnumSource(Capture.class)
    void bothProofsAreVerifiedAndAWrongKeyIsNot(Capture capture) throws Exception {
        IkeKeys keys = capture.keys();
        Secret authKey = Secret.owning(Prf.HMAC_SHA2_256.apply(
                capture.key("psk"), "Key Pad for IKEv2".getBytes(StandardCharsets.US_ASCII)));
        List<Payload> request = open(capture, keys, "ike-auth-request", false);
        IdPayload idi = Payloads.id(request, true).orElseThrow();
        assertEquals("alice", new Identification(idi.idType(), idi.data()).text());
        byte[] signed = PskAuth.signedOctets(
                keys.prf(), capture.initRequest(), nonce(capture.initResponse()), keys.pi(), idi);
        AuthPayload proof = Payloads.first(request, AuthPayload.class).orElseThrow();
        assertTrue(PskAuth.verify(keys.prf(), authKey, signed, proof));
        assertFalse(PskAuth.verify(keys.prf(), Secret.copyOf(new byte[32]), signed, proof));

        List<Payload> response = open(capture, keys, "ike-auth-response", true);
        IdPayload idr = Payloads.id(response, false).orElseThrow();
        assertEquals("vpn.example.com", new Identification(idr.idType(), idr.data()).text());
        byte[] ours = PskAuth.signedOctets(
                keys.prf(), capture.initResponse(), nonce(capture.initRequest()), keys.pr(), idr);
        assertEquals(
                PskAuth.sign(keys.prf(), authKey, ours),
                Payloads.first(response, AuthPayload.class).orElseThrow(),
                "the answer that strongSwan accepted is the one made today");
        var address = Payloads.first(response, ConfigPayload.class).orElseThrow().attributes().stream()
                .filter(a -> a.type() == ConfigAttributeType.INTERNAL_IP4_ADDRESS)
                .findFirst()
                .orElseThrow();
        assertEquals(4, address.value().length);
        assertEquals(
                List.of(IpAddress.of(address.value())),
                Payloads.selectors(response, true).stream().map(ts -> ts.start()).toList());
    }

    @ParameterizedTest
    @EnumSource(Capture.class)
    void itsPingsAndOurAnswersComeOutOfEsp(Capture capture) throws Exception {
        ChildKeys keys = ChildKeys.derive(
                capture.keys(), capture.suite, nonce(capture.initRequest()), nonce(capture.initResponse()));
        for (String note : List.of("esp-1", "esp-2", "esp-3", "esp-4")) {
            byte[] datagram = capture.datagram(note);
            boolean fromDevice = note.equals("esp-1") || note.equals("esp-3");
            int spi = Octets.i32(datagram, 0);
            var cipher = fromDevice ? keys.fromInitiator(octets -> {}) : keys.fromResponder(octets -> {});
            var inbound = new InboundSa(spi, cipher, ReplayWindow.DEFAULT_SIZE);
            var opened = assertInstanceOf(EspResult.Opened.class, inbound.open(PacketBuffer.wrap(datagram.clone())));
            IpPacket packet = IpPacket.parse(opened.inner());
            IpAddress gateway = fromDevice ? packet.destination() : packet.source();
            assertEquals("10.8.0.1", gateway.toString());
            Class<? extends IcmpMessage> kind =
                    fromDevice ? IcmpMessage.EchoRequest.class : IcmpMessage.EchoReply.class;
            assertInstanceOf(kind, IcmpMessage.parse(packet));
            assertInstanceOf(EspResult.Dropped.class, inbound.open(PacketBuffer.wrap(datagram.clone())), "a replay");
        }
    }

    @ParameterizedTest
    @EnumSource(Capture.class)
    void itsDeleteNamesTheIkeSaAndTheAnswerIsEmpty(Capture capture) throws Exception {
        List<Payload> request = open(capture, capture.keys(), "informational-request", false);
        assertEquals(ProtocolId.IKE, Payloads.first(request, DeletePayload.class).orElseThrow().protocolId());
        assertEquals(List.of(), open(capture, capture.keys(), "informational-response", true));
    }

    private static List<Payload> open(Capture capture, IkeKeys keys, String note, boolean asInitiator) throws Exception {
        byte[] octets = capture.marked(note);
        IkeMessage message = IkeMessage.parse(octets);
        EncryptedPayload sk = message.first(EncryptedPayload.class).orElseThrow();
        var inner = SkProtection.of(keys, asInitiator, none -> {}).open(octets, sk.bodyLength()).orElseThrow();
        return PayloadChain.parse(sk.firstInner(), inner);
    }
}
