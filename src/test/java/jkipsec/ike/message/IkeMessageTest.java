package jkipsec.ike.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IkeMessageTest {
    private static final List<Vectors.Vector> VECTORS = Vectors.load("ikev2-messages.txt");
    private static final IkeHeader HEADER = new IkeHeader(1, 2, ExchangeType.INFORMATIONAL, true, false, 3);

    static Stream<Vectors.Vector> good() {
        return VECTORS.stream().filter(vector -> vector.text("expect").equals("ok"));
    }

    static Stream<Vectors.Vector> bad() {
        return VECTORS.stream().filter(vector -> vector.text("expect").equals("reject"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodVectorsAreReadAndWrittenTheSame(Vectors.Vector vector) throws MalformedMessage {
        byte[] written = vector.has("message")
                ? IkeMessage.parse(vector.hex("message")).write()
                : PayloadChain.write(chain(vector));
        assertEquals(Hex.of(vector.hex(vector.has("message") ? "message" : "chain")), Hex.of(written));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badVectorsAreRefused(Vectors.Vector vector) {
        assertThrows(MalformedMessage.class, () -> {
            if (vector.has("message")) {
                IkeMessage.parse(vector.hex("message"));
            } else {
                chain(vector);
            }
        });
    }

    @Test
    void theFirstMessageOfAnIphonePrintsReadably() throws MalformedMessage {
        assertEquals("""
                IKE_SA_INIT request 0, SPIs c0ffee0102030405 0000000000000000, from the original initiator
                  SA
                    1 IKE: ENCR_AES_GCM_16_256 PRF_HMAC_SHA2_256 ECP_256
                    2 IKE: ENCR_AES_GCM_16_256 PRF_HMAC_SHA2_256 MODP_2048
                    3 IKE: ENCR_AES_CBC_256 AUTH_HMAC_SHA2_256_128 PRF_HMAC_SHA2_256 ECP_256
                    4 IKE: ENCR_AES_CBC_256 AUTH_HMAC_SHA2_256_128 PRF_HMAC_SHA2_256 MODP_2048
                  KE ECP_256, 64 octets
                  Nonce, 16 octets
                  N(REDIRECT_SUPPORTED)
                  N(NAT_DETECTION_SOURCE_IP) b31639534dd7674897e173dbfb17a7bd58e5ea40
                  N(NAT_DETECTION_DESTINATION_IP) 0c7df9f4db6a6d952564740ec22a1bc70a570a8e
                  N(IKEV2_FRAGMENTATION_SUPPORTED)""", IkeMessage.parse(iphoneInit()).describe());
    }

    @Test
    void theSecondMessageOfAnIphoneHasItsPayloadsInItsOwnOrder() throws MalformedMessage {
        List<Payload> payloads = chain(VECTORS.get(1));
        var message = new IkeMessage(HEADER, payloads);
        assertEquals("[IDi, N, IDr, AUTH, CP, N, N, SA, TSi, TSr, N]",
                payloads.stream().map(p -> PayloadType.nameOf(p.payloadType())).toList().toString());
        assertEquals("IDi ID_FQDN \"phone\"", message.identification(true).orElseThrow().toString());
        assertEquals("IDr ID_FQDN \"vpn.example.com\"", message.identification(false).orElseThrow().toString());
        assertEquals("AUTH SHARED_KEY_MIC, 32 octets", message.first(AuthPayload.class).orElseThrow().toString());
        assertEquals("CP(CFG_REQUEST) INTERNAL_IP4_ADDRESS INTERNAL_IP4_NETMASK INTERNAL_IP4_DHCP INTERNAL_IP4_DNS "
                        + "INTERNAL_IP6_ADDRESS INTERNAL_IP6_DHCP INTERNAL_IP6_DNS INTERNAL_DNS_DOMAIN",
                message.first(ConfigPayload.class).orElseThrow().toString());
        assertEquals("SA 1 ESP SPI 0badcafe: ENCR_AES_GCM_16_256 NO_ESN"
                        + " | 2 ESP SPI 0badcafe: ENCR_AES_CBC_256 AUTH_HMAC_SHA2_256_128 NO_ESN",
                message.first(SaPayload.class).orElseThrow().toString());
        assertEquals("TSi 0.0.0.0/0 ::/0", message.trafficSelectors(true).orElseThrow().toString());
        assertEquals("TSr 0.0.0.0/0 ::/0", message.trafficSelectors(false).orElseThrow().toString());
        assertTrue(message.notify(NotifyType.MOBIKE_SUPPORTED).isPresent());
        assertTrue(message.notify(NotifyType.COOKIE).isEmpty());
        assertEquals(4, message.all(NotifyPayload.class).size());
    }

    @Test
    void theIphonesOfferIsWhatThisLibraryWouldWrite() throws MalformedMessage {
        var gcm = Transform.withKeyLength(TransformType.ENCR, TransformId.ENCR_AES_GCM_16, 256);
        var cbc = Transform.withKeyLength(TransformType.ENCR, TransformId.ENCR_AES_CBC, 256);
        var hmac = Transform.of(TransformType.INTEG, TransformId.AUTH_HMAC_SHA2_256_128);
        var prf = Transform.of(TransformType.PRF, TransformId.PRF_HMAC_SHA2_256);
        var p256 = Transform.of(TransformType.KE, TransformId.ECP_256);
        var modp = Transform.of(TransformType.KE, TransformId.MODP_2048);
        var offer = new SaPayload(List.of(
                new Proposal(1, ProtocolId.IKE, new byte[0], List.of(gcm, prf, p256)),
                new Proposal(2, ProtocolId.IKE, new byte[0], List.of(gcm, prf, modp)),
                new Proposal(3, ProtocolId.IKE, new byte[0], List.of(cbc, hmac, prf, p256)),
                new Proposal(4, ProtocolId.IKE, new byte[0], List.of(cbc, hmac, prf, modp))));
        var message = IkeMessage.parse(iphoneInit());
        assertEquals(offer, message.first(SaPayload.class).orElseThrow());
        assertEquals(64, message.first(KePayload.class).orElseThrow().data().length);
        assertEquals(new IkeHeader(0xc0ffee0102030405L, 0, ExchangeType.IKE_SA_INIT, true, false, 0), message.header());
    }

    @Test
    void anyMinorVersionAndReservedFlagsAreIgnored() throws MalformedMessage {
        byte[] octets = iphoneInit();
        IkeMessage plain = IkeMessage.parse(octets);
        octets[17] = 0x2f;
        octets[19] |= (byte) 0xd7; // all flags but initiator and response
        assertEquals(plain, IkeMessage.parse(octets));
        assertEquals(15, IkeHeader.peek(octets, 0, octets.length).minorVersion());
    }

    @Test
    void aHigherMajorVersionCanBeToldApartAndAnswered() throws MalformedMessage {
        byte[] octets = iphoneInit();
        octets[17] = 0x30;
        assertThrows(MalformedMessage.class, () -> IkeMessage.parse(octets));
        IkeHeader.Received received = IkeHeader.peek(octets, 0, octets.length);
        assertEquals(3, received.majorVersion());
        assertEquals(0xc0ffee0102030405L, received.header().initiatorSpi());
        assertEquals(octets.length, received.length());
        assertEquals(PayloadType.SA, received.firstPayload());
        assertThrows(MalformedMessage.class, () -> IkeHeader.peek(octets, 0, IkeHeader.LENGTH - 1));
    }

    @Test
    void theFlagsAreWhereTheRfcPutsThem() {
        assertEquals(0x08, new IkeMessage(HEADER, List.of()).write()[19]);
        assertEquals(0x20, new IkeMessage(new IkeHeader(1, 2, 37, false, true, 3), List.of()).write()[19]);
    }

    @Test
    void anEncryptedPayloadEndsTheChainAndNamesTheFirstInside() throws MalformedMessage {
        var sk = new EncryptedPayload(PayloadType.IDI, new byte[40]);
        var notify = NotifyPayload.of(NotifyType.COOKIE, new byte[8]);
        byte[] octets = new IkeMessage(HEADER, List.of(notify, sk)).write();
        assertEquals(PayloadType.NOTIFY, octets[16]);
        assertEquals(PayloadType.SK, octets[28]);
        assertEquals(PayloadType.IDI, octets[28 + 16]);
        assertEquals(List.of(notify, sk), IkeMessage.parse(octets).payloads());
    }

    @Test
    void anUnknownPayloadIsKeptWithItsCriticalBit() throws MalformedMessage {
        Payload payload = chain(vector("unknown type with the critical bit")).get(0);
        var unknown = assertInstanceOf(UnknownPayload.class, payload);
        assertTrue(unknown.critical());
        assertEquals(200, unknown.type());
        assertArrayEquals(new byte[] {1, 2, 3}, unknown.body());
        assertEquals("payload 200 (critical), 3 octets", unknown.toString());
    }

    @Test
    void theCriticalBitOfAKnownPayloadIsIgnored() throws MalformedMessage {
        byte[] octets = iphoneInit();
        IkeMessage plain = IkeMessage.parse(octets);
        octets[29] = (byte) 0x80;
        assertEquals(plain, IkeMessage.parse(octets));
    }

    @Test
    void whatCannotBeParsedBackCannotBeMade() {
        var nonce = new NoncePayload(new byte[16]);
        var sk = new EncryptedPayload(0, new byte[0]);
        assertThrows(IllegalArgumentException.class, () -> new IkeMessage(HEADER, List.of(sk, nonce)));
        assertThrows(IllegalArgumentException.class, () -> PayloadChain.write(List.of(sk, nonce)));
        assertThrows(IllegalArgumentException.class, () -> PayloadChain.write(Collections.nCopies(101, nonce)));
        assertEquals(100 * 20, PayloadChain.write(Collections.nCopies(100, nonce)).length);
    }

    @Test
    void aFloodOfTinyPayloadsIsCutShort() {
        byte[] octets = new byte[IkeHeader.LENGTH + 4 * 15_000];
        octets[16] = PayloadType.VENDOR_ID;
        octets[17] = 0x20;
        Octets.put32(octets, 24, octets.length);
        for (int at = IkeHeader.LENGTH; at < octets.length; at += 4) {
            Octets.put32(octets, at, PayloadType.VENDOR_ID << 24 | 4);
        }
        var refused = assertThrows(MalformedMessage.class, () -> IkeMessage.parse(octets));
        assertEquals(IkeHeader.LENGTH + 4 * PayloadChain.MAX_PAYLOADS, refused.offset());
    }

    @Test
    void aRefusalNamesPlaceAndSection() {
        byte[] octets = iphoneInit();
        Octets.put16(octets, 30, 3);
        var refused = assertThrows(MalformedMessage.class, () -> IkeMessage.parse(octets));
        assertEquals("RFC 7296 §3.2", refused.section());
        assertEquals(32, refused.offset());
        byte[] newer = iphoneInit();
        newer[17] = 0x40;
        refused = assertThrows(MalformedMessage.class, () -> IkeMessage.parse(newer));
        assertEquals("major version 4 at offset 17 (RFC 7296 §3.1)", refused.getMessage());
    }

    static byte[] iphoneInit() {
        return VECTORS.get(0).hex("message");
    }

    private static Vectors.Vector vector(String note) {
        return VECTORS.stream().filter(v -> v.text("note").contains(note)).findFirst().orElseThrow();
    }

    private static List<Payload> chain(Vectors.Vector vector) throws MalformedMessage {
        return PayloadChain.parse(vector.integer("first"), new ByteReader(vector.hex("chain"), "RFC 7296 §3.14"));
    }
}
