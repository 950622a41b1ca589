package jkipsec.gateway;

import static jkipsec.gateway.AuthMessages.AUTH;
import static jkipsec.gateway.AuthMessages.dropped;
import static jkipsec.gateway.AuthMessages.established;
import static jkipsec.gateway.AuthMessages.fatal;
import static jkipsec.gateway.AuthMessages.first;
import static jkipsec.gateway.AuthMessages.payloads;
import static jkipsec.gateway.AuthMessages.replaced;
import static jkipsec.gateway.AuthMessages.row;
import static jkipsec.gateway.AuthMessages.with;
import static jkipsec.gateway.AuthMessages.without;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Hex;
import jkipsec.bytes.Octets;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.gateway.AuthMessages.Row;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.Identification;
import jkipsec.ike.message.AuthMethod;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.EncryptedFragmentPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.IdType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.PayloadType;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.ike.message.VendorIdPayload;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the gateway does with SK payloads and with proofs of identity; RFC 7296 unless a row says otherwise. */
class HostileAuthTest {
    private static final int UNKNOWN = 200;

    /** Behind SPIs, version, exchange type and flags: changes of those are the rows of other tests. */
    private static final int DIRECTION_END = 20;

    /** A rightly sealed message with any inner payloads. */
    private static Function<ScriptedInitiator, byte[]> inner(int first, String hex) {
        return device -> device.sa().seal(AUTH, first, Hex.parse(hex));
    }

    /** Otherwise good, with this plaintext behind the good payloads. */
    private static Function<ScriptedInitiator, byte[]> padded(byte[] padding) {
        return device -> {
            byte[] payloads = PayloadChain.write(device.authPayloads());
            byte[] plaintext = new ByteWriter().bytes(payloads).bytes(padding).toByteArray();
            return device.sa().sealPlaintext(AUTH, new byte[0], PayloadType.IDI, plaintext);
        };
    }

    /** Otherwise good, with a payload in the clear before SK. */
    private static Function<ScriptedInitiator, byte[]> behind(int type, boolean critical) {
        return device -> {
            byte[] payloads = PayloadChain.write(device.authPayloads());
            byte[] plaintext = new ByteWriter().bytes(payloads).u8(0).toByteArray();
            byte[] clear = {(byte) type, PayloadType.SK, (byte) (critical ? 0x80 : 0), 0, 6, 1, 2};
            return device.sa().sealPlaintext(AUTH, clear, PayloadType.IDI, plaintext);
        };
    }

    /** The same octets behind a header with another length, and SK too. */
    private static byte[] resized(byte[] message, int length) {
        byte[] other = Arrays.copyOf(message, length);
        Octets.put32(other, 24, length);
        Octets.put16(other, IkeHeader.LENGTH + 2, length - IkeHeader.LENGTH);
        return other;
    }

    private static Function<ScriptedInitiator, byte[]> proof(Function<AuthPayload, AuthPayload> change) {
        return payloads(list -> {
            list.replaceAll(payload -> payload instanceof AuthPayload auth ? change.apply(auth) : payload);
            return list;
        });
    }

    private static Function<ScriptedInitiator, byte[]> as(String name, String psk) {
        return device -> {
            IdPayload idi = ScriptedInitiator.id(true, name);
            return device.sa().seal(AUTH, AuthMessages.replace(
                    AuthMessages.mutable(device.authPayloads()), idi, device.auth(idi, psk)));
        };
    }

    private static IdPayload idr(int type, String text) {
        return new IdPayload(false, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Row> protectionRows() {
        byte[] longest = new byte[256];
        Arrays.fill(longest, (byte) 0xff);
        return List.of(
                row("§1.2 a good request", payloads(list -> list), AuthMessages::established),
                row("§3.14 255 octets of any padding", padded(longest), AuthMessages::established),
                row("§3.14 no padding", padded(new byte[1]), AuthMessages::established),
                row("§3.14 pad length beyond the plaintext", device ->
                        device.sa().sealPlaintext(AUTH, new byte[0], 0, new byte[] {0, 0, 3}),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("§3.14 no plaintext at all", device ->
                        device.sa().sealPlaintext(AUTH, new byte[0], 0, new byte[0]),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("§3.14 an SK payload too short for IV and ICV",
                        device -> resized(payloads(list -> list).apply(device), 60), dropped("ike.BAD_ICV")),
                row("§3.14 an empty SK payload",
                        device -> resized(payloads(list -> list).apply(device), 32), dropped("ike.BAD_ICV")),
                row("§3.14 octets behind SK", device -> {
                    byte[] message = payloads(list -> list).apply(device);
                    byte[] longer = Arrays.copyOf(message, message.length + 4);
                    Octets.put32(longer, 24, longer.length);
                    return longer;
                }, dropped("ike.MALFORMED")),
                row("§3.14 nothing protected", device -> new IkeMessage(
                        new IkeHeader(device.spi, 0, ExchangeType.IKE_AUTH, true, false, 1), device.authPayloads())
                        .write(), outcome -> {
                            assertEquals(1, outcome.answers().size());
                            assertEquals(1, outcome.scenario().gateway().drops("ike.UNKNOWN_SPI"));
                        }),
                row("§3.14 nothing protected, under the right SPIs", device -> {
                    byte[] message = new IkeMessage(
                            new IkeHeader(device.spi, Octets.i64(device.initResponse(), 8), ExchangeType.IKE_AUTH, true,
                                    false, 1), device.authPayloads()).write();
                    return message;
                }, dropped("ike.MALFORMED")),
                row("RFC 7383 §2.3 a fragment that was not negotiated", device -> new IkeMessage(
                        new IkeHeader(device.spi, Octets.i64(device.initResponse(), 8), ExchangeType.IKE_AUTH, true,
                                false, 1),
                        List.of(new EncryptedFragmentPayload(PayloadType.IDI, 1, 2, new byte[60]))).write(),
                        dropped("ike.FRAGMENT_UNEXPECTED")),
                row("§3.2 inner payload of length 3", inner(PayloadType.IDI, "00000003"),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("§3.2 inner payload that ends too late", inner(PayloadType.IDI, "0000000901000000"),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("§3.2 a type announced, and nothing there", inner(PayloadType.IDI, ""),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("§3.2 octets behind the last inner payload", inner(PayloadType.NONE, "00000008"),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("§3.14 SK inside SK", inner(PayloadType.SK, "0000000800000000"), fatal(NotifyType.INVALID_SYNTAX)),
                row("§3.10 a notify whose SPI is longer than it", inner(PayloadType.NOTIFY, "0000000801ff4000"),
                        fatal(NotifyType.INVALID_SYNTAX)),
                row("§2.5 unknown payload inside", with(3, new UnknownPayload(UNKNOWN, false, new byte[9])),
                        AuthMessages::established),
                row("§2.5 unknown critical payload inside", with(3, new UnknownPayload(UNKNOWN, true, new byte[9])),
                        fatal(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, UNKNOWN)),
                row("§2.5 unknown payload in the clear before SK", behind(UNKNOWN, false), AuthMessages::established),
                row("§2.5 unknown critical payload in the clear before SK", behind(UNKNOWN, true),
                        fatal(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, UNKNOWN)),
                row("§2.2 message ID 0", device -> device.sa().seal(
                        Envelope.request(ExchangeType.IKE_AUTH, 0), device.authPayloads()),
                        dropped("ike.OUT_OF_WINDOW")),
                row("§2.2 message ID 2", device -> device.sa().seal(
                        Envelope.request(ExchangeType.IKE_AUTH, 2), device.authPayloads()),
                        dropped("ike.OUT_OF_WINDOW")),
                row("§2.2 message ID 2^32-1", device -> device.sa().seal(
                        Envelope.request(ExchangeType.IKE_AUTH, -1), device.authPayloads()),
                        dropped("ike.OUT_OF_WINDOW")),
                row("§3.1 a response that nobody asked for", device ->
                        device.sa().seal(AUTH.flags(0x28), device.authPayloads()), dropped("ike.UNEXPECTED_RESPONSE")),
                row("§2.5 minor version 1", device ->
                        device.sa().seal(AUTH.version(0x21), device.authPayloads()), AuthMessages::established),
                row("§1.4 INFORMATIONAL before IKE_AUTH", device ->
                        device.sa().seal(Envelope.request(ExchangeType.INFORMATIONAL, 1), List.of()),
                        dropped("ike.UNEXPECTED_EXCHANGE")),
                row("§1.3 CREATE_CHILD_SA before IKE_AUTH", device ->
                        device.sa().seal(Envelope.request(ExchangeType.CREATE_CHILD_SA, 1), device.authPayloads()),
                        dropped("ike.UNEXPECTED_EXCHANGE")),
                row("§1.2 IKE_SA_INIT in place of IKE_AUTH", device ->
                        device.sa().seal(Envelope.request(ExchangeType.IKE_SA_INIT, 1), device.authPayloads()),
                        dropped("ike.UNEXPECTED_EXCHANGE")),
                row("§3.1 an unknown exchange type in place of IKE_AUTH", device ->
                        device.sa().seal(Envelope.request(240, 1), device.authPayloads()),
                        dropped("ike.UNEXPECTED_EXCHANGE")));
    }

    private static List<Row> proofRows() {
        return List.of(
                row("§1.2 no IDi", without(PayloadType.IDI), fatal(NotifyType.INVALID_SYNTAX)),
                row("§2.16 no AUTH asks for EAP", without(PayloadType.AUTH), fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.15 another PSK", as("alice", "wrong"), fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.15 another's PSK", as("alice", "other secret"), fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.15 an unknown identity", as("mallory", "secret"), fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.15 a proof for another identity", replaced(ScriptedInitiator.id(true, "bob")),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§3.8 AUTH by signature", proof(auth ->
                        new AuthPayload(AuthMethod.RSA_SIGNATURE, auth.data())),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§3.8 AUTH by an unknown method", proof(auth -> new AuthPayload(250, auth.data())),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.15 AUTH cut short", proof(auth ->
                        new AuthPayload(auth.method(), Arrays.copyOf(auth.data(), 31))),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.15 AUTH with an octet behind", proof(auth ->
                        new AuthPayload(auth.method(), Arrays.copyOf(auth.data(), 33))),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§2.15 AUTH empty", proof(auth -> new AuthPayload(auth.method(), new byte[0])),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§3.5 no IDr: the gateway says who it is", without(PayloadType.IDR), established(answer ->
                        assertEquals(idr(IdType.ID_FQDN, "vpn.example.com"), first(answer, IdPayload.class).get()))),
                row("§3.5 another IDr", replaced(idr(IdType.ID_FQDN, "other.example.com")),
                        fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§3.5 an empty IDr", replaced(idr(IdType.ID_FQDN, "")), fatal(NotifyType.AUTHENTICATION_FAILED)),
                row("§3.5 IDr as KEY_ID with the same text", replaced(idr(IdType.ID_KEY_ID, "vpn.example.com")),
                        established(answer -> assertEquals(
                                idr(IdType.ID_KEY_ID, "vpn.example.com"), first(answer, IdPayload.class).get()))),
                row("§3.5 IDr as RFC822 with the same text", replaced(idr(IdType.ID_RFC822_ADDR, "vpn.example.com")),
                        AuthMessages::established),
                row("§2.4 notify between IDi and IDr, as Apple's devices send", with(1,
                        NotifyPayload.of(NotifyType.INITIAL_CONTACT), NotifyPayload.of(NotifyType.MOBIKE_SUPPORTED)),
                        AuthMessages::established),
                row("§2.5 the payloads in reverse order", payloads(list -> {
                    Collections.reverse(list);
                    return list;
                }), AuthMessages::established),
                row("§3.10.1 unknown notifies and vendor IDs", with(0,
                        NotifyPayload.of(8_191), NotifyPayload.of(40_000, new byte[30]),
                        new VendorIdPayload(new byte[16])), AuthMessages::established));
    }

    @TestFactory
    Stream<DynamicTest> protection() {
        return AuthMessages.tests(protectionRows());
    }

    @TestFactory
    Stream<DynamicTest> proofOfIdentity() {
        return AuthMessages.tests(proofRows());
    }

    @TestFactory
    Stream<DynamicTest> section3_5_theAuthenticatorSeesEachTypeOfIdentity() {
        record Shown(int type, String hex, String text) {}
        return Stream.of(
                new Shown(IdType.ID_IPV4_ADDR, "c0000207", "192.0.2.7"),
                new Shown(IdType.ID_IPV4_ADDR, "c00002", "hex:c00002"),
                new Shown(IdType.ID_FQDN, "616c696365", "alice"),
                new Shown(IdType.ID_RFC822_ADDR, "61406578", "a@ex"),
                new Shown(IdType.ID_IPV6_ADDR, "20010db8000000000000000000000001", "2001:db8::1"),
                new Shown(IdType.ID_DER_ASN1_DN, "3000", "hex:3000"),
                new Shown(IdType.ID_KEY_ID, "00ff", "hex:00ff"),
                new Shown(IdType.ID_KEY_ID, "6b6579", "key"),
                new Shown(IdType.ID_NULL, "", "hex:"),
                new Shown(201, "c3a4", "\u00e4")).map(shown -> dynamicTest(shown.toString(), () -> {
                    var scenario = new Scenario(2);
                    var seen = new ArrayList<Identification>();
                    scenario.gateway().authenticator(request -> {
                        seen.add(request.identity());
                        return new AuthVerdict.Approved(Scenario.key("secret"));
                    });
                    ScriptedInitiator device = new ScriptedInitiator(scenario).initiated();
                    var idi = new IdPayload(true, shown.type(), Hex.parse(shown.hex()));
                    device.send(AUTH, device.authPayloads(list ->
                            AuthMessages.replace(list, idi, device.auth(idi, "secret"))));
                    assertEquals(shown.text(), seen.get(0).text());
                    assertEquals(shown.type(), seen.get(0).type());
                    assertArrayEquals(Hex.parse(shown.hex()), seen.get(0).data());
                    assertEquals(seen.get(0), scenario.gateway().tunnels().get(0).peerIdentity());
                }));
    }

    @Test
    void section3_14_noFlippedBitNoCutAndNoExtensionIsEverAccepted() {
        for (CipherSuite suite : List.of(CipherSuite.AES_GCM_16_256, CipherSuite.AES_CBC_256_HMAC_SHA2_256_128)) {
            var scenario = new Scenario(3);
            ScriptedInitiator device =
                    new ScriptedInitiator(scenario, suite, KeyExchangeMethod.ECP_256).initiated();
            byte[] good = device.sa().seal(AUTH, device.authPayloads());
            var changed = new ArrayList<byte[]>();
            for (int bit = DIRECTION_END * 8; bit < good.length * 8; bit += bit < 64 * 8 ? 1 : 5) {
                byte[] flipped = good.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                changed.add(flipped);
            }
            for (int length = 0; length < good.length + 40; length++) {
                if (length != good.length) {
                    changed.add(Arrays.copyOf(good, length));
                    changed.add(resized(good, Math.max(length, IkeHeader.LENGTH + 4)));
                }
            }
            for (byte[] message : changed) {
                scenario.network().inject(ScriptedInitiator.NAT_T, Scenario.GATEWAY_NAT_T,
                        ScriptedInitiator.mark(message), World.MILLIS);
            }
            scenario.world().runFor(World.SECOND);
            assertEquals(1, device.received().size(), "only that to IKE_SA_INIT");
            assertEquals(1, scenario.gateway().gateway().ikeSaCount());
            assertEquals(0, scenario.gateway().failedHandshakes().size());
            assertEquals(1, device.sendMarked(good).size());
            assertEquals(1, scenario.gateway().tunnels().size());
        }
    }
}
