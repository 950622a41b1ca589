package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import jkipsec.crypto.Prf;
import jkipsec.crypto.SignaturePolicy;
import jkipsec.eap.NtHash;
import jkipsec.ike.AuthProof;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.CertificateConfig;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Login;
import jkipsec.ike.Proposals;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;
import jkipsec.ip.IpPrefix;
import jkipsec.pki.Credentials;
import jkipsec.pki.TrustAnchors;
import jkipsec.sim.Offers;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa;
import jkipsec.sim.World;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in by password and by certificate, between whole endpoints. */
class LoginTest {
    private static final InstantSource TIME = InstantSource.fixed(Instant.parse("2030-06-01T12:00:00Z"));
    private static final TrustAnchors ROOT = TrustAnchors.parse(pem("root"));
    private static final CertificateConfig VERIFYING = certificates(Optional.empty(), ROOT);
    private static final Identification ALICE = Identification.of("alice@example.com");

    private final Scenario scenario = new Scenario(11);

    private static String pem(String name) {
        try {
            return Files.readString(Vectors.folder().resolve("pki").resolve(name + ".pem"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Credentials> credentials(String name) {
        return Optional.of(Credentials.parse(pem(name), new Random(1)::nextBytes));
    }

    private static CertificateConfig certificates(Optional<Credentials> own, TrustAnchors trusted) {
        return new CertificateConfig(own, Optional.of(trusted), SignaturePolicy.DEFAULT, TIME);
    }

    /** A gateway with this certificate beside the scenario's own, at the same address. */
    private Peer gateway(String certificate, Function<AuthRequest, AuthVerdict> authenticator) {
        return gateway(certificate, IkePolicy.defaults(), authenticator);
    }

    private Peer gateway(String certificate, IkePolicy policy, Function<AuthRequest, AuthVerdict> authenticator) {
        return gateway(scenario, certificate, policy, authenticator);
    }

    static Peer gateway(
            Scenario scenario, String certificate, IkePolicy policy, Function<AuthRequest, AuthVerdict> authenticator) {
        var responder = new GatewayConfig.Responder(
                Scenario.GATEWAY_ID, IpPrefix.parse("10.8.0.0/24"), List.of(),
                certificates(credentials(certificate), ROOT));
        var gateway = scenario.gateway(responder, policy);
        gateway.authenticator(authenticator);
        return gateway;
    }

    static AuthVerdict wonderland(AuthRequest request) {
        return request.proof() instanceof AuthProof.Password && request.identity().text().equals("alice")
                ? new AuthVerdict.PasswordApproved(NtHash.of("wonderland"))
                : new AuthVerdict.Rejected("unknown user");
    }

    private static InitiatorConfig as(Identification local, Login login) {
        return new InitiatorConfig(
                Scenario.GATEWAY_IKE, Scenario.GATEWAY_NAT_T, local, Optional.of(Scenario.GATEWAY_ID), login,
                IkePolicy.defaults());
    }

    private static Login password(String user, String password) {
        return new Login.Password(user, NtHash.of(password), VERIFYING);
    }

    private Peer connected(InitiatorConfig config) {
        Peer device = scenario.device();
        scenario.connect(device, config);
        assertTrue(scenario.world().runUntil(() -> device.tunnels().size() == 1, 60 * World.SECOND),
                () -> device.drops() + " " + device.gateway());
        return device;
    }

    private String refusal(Peer device, InitiatorConfig config) {
        GatewayTunnel tunnel = scenario.connect(device, config);
        scenario.world().runUntil(() -> device.causeOf(tunnel).isPresent(), 300 * World.SECOND);
        return assertInstanceOf(
                TerminationCause.AuthenticationFailed.class, device.causeOf(tunnel).orElseThrow()).why();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway-p256", "gateway-p384", "gateway-rsa", "gateway-ed25519"})
    void aUserLogsInByPassword(String certificate) {
        Peer gateway = gateway(certificate, LoginTest::wonderland);
        Peer device = connected(as(Identification.of("10.0.0.99"), password("alice", "wonderland")));
        scenario.world().runUntil(() -> gateway.tunnels().size() == 1, World.SECOND);
        assertEquals("alice", gateway.tunnels().get(0).peerIdentity().text());
        assertEquals(Scenario.GATEWAY_ID, device.tunnels().get(0).peerIdentity());
        device.call(() -> device.gateway().tunnels().get(0).ping(32));
        assertTrue(scenario.world().runUntil(() -> device.pingsAnswered() == 1, 5 * World.SECOND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes256gcm16-prfsha384-ecp384", "aes256-sha512-x25519", "chacha20poly1305-prfsha512-ecp256"})
    void passwordsAndCertificatesGoWithEveryPrf(String proposal) {
        IkePolicy policy = IkePolicy.defaults().withIkeProposals(Proposals.ike(proposal));
        Peer gateway = gateway("gateway-p256", policy, request -> request.proof() instanceof AuthProof.Certificate
                ? new AuthVerdict.CertificateApproved()
                : wonderland(request));
        List.of(password("alice", "wonderland"), new Login.Certificate(certificates(credentials("user"), ROOT)))
                .forEach(login -> connected(new InitiatorConfig(
                        Scenario.GATEWAY_IKE, Scenario.GATEWAY_NAT_T, ALICE, Optional.of(Scenario.GATEWAY_ID), login,
                        policy)));
        scenario.world().runUntil(() -> gateway.tunnels().size() == 2, World.SECOND);
        assertEquals(2, gateway.tunnels().size());
    }

    @Test
    void preSharedKeysGoWithPrfSha256Alone() {
        IkePolicy policy = IkePolicy.defaults().withIkeProposals(Proposals.ike("aes256gcm16-prfsha384-x25519"));
        InitiatorConfig config = Scenario.as("alice", "secret", policy);
        String message = assertThrows(
                IllegalArgumentException.class, () -> scenario.connect(scenario.device(), config)).getMessage();
        assertTrue(message.contains("prfsha256") && message.contains("HMAC_SHA2_384"), message);
    }

    @Test
    void aDeviceWithAPreSharedKeyIsRefusedWithAnotherPrf() {
        var other = new Scenario(12, IkePolicy.defaults().withPrfs(List.of(Prf.HMAC_SHA2_384)), "10.8.0.0/24");
        var device = new ScriptedInitiator(other);
        var payloads = new ArrayList<Payload>(device.initPayloads());
        payloads.set(0, new SaPayload(List.of(Offers.ike(1, Offers.GCM_256,
                Transform.of(TransformType.PRF, Prf.HMAC_SHA2_384.transformId()), Offers.group(Offers.ECP_256)))));
        byte[] request = device.init(payloads);
        device.adopt(request, device.sendBare(request).get(0));
        device.send(ScriptedSa.Envelope.request(ExchangeType.IKE_AUTH, 1), device.authPayloads());
        assertTrue(other.gateway().tunnels().isEmpty());
        var cause = assertInstanceOf(
                TerminationCause.AuthenticationFailed.class, other.gateway().failedHandshakes().get(0));
        assertEquals("pre-shared keys are kept for HMAC_SHA2_256, not for HMAC_SHA2_384", cause.why());
    }

    @Test
    void aWrongPasswordAndAnUnknownUserLookAlike() {
        Peer gateway = gateway("gateway-p256", LoginTest::wonderland);
        String wrong = refusal(scenario.device(), as(ALICE, password("alice", "looking-glass")));
        String unknown = refusal(scenario.device(), as(ALICE, password("mallory", "wonderland")));
        assertEquals("the server refused: wrong name or password (691)", wrong);
        assertEquals(wrong, unknown);
        var causes = gateway.failedHandshakes().stream().map(TerminationCause::describe).toList();
        assertEquals(2, causes.size(), causes::toString);
        assertTrue(causes.get(0).contains("alice has another password"), causes::toString);
        assertTrue(causes.get(1).contains("unknown user"), causes::toString);
    }

    @Test
    void aDeviceLogsInByCertificate() {
        Peer gateway = gateway("gateway-p256", request -> {
            var proof = assertInstanceOf(AuthProof.Certificate.class, request.proof());
            assertEquals(ALICE, request.identity());
            assertTrue(proof.toString().contains("CN=Alice"), proof::toString);
            return new AuthVerdict.CertificateApproved();
        });
        connected(as(ALICE, new Login.Certificate(certificates(credentials("user"), ROOT))));
        scenario.world().runUntil(() -> gateway.tunnels().size() == 1, World.SECOND);
        assertEquals(ALICE, gateway.tunnels().get(0).peerIdentity());
    }

    @Test
    void aGatewayWithCertificatesStillTakesPreSharedKeys() {
        gateway("gateway-p256", request -> new AuthVerdict.Approved(Scenario.key("secret")));
        connected(Scenario.as("alice", "secret", IkePolicy.defaults()));
    }

    @Test
    void theApplicationMayRefuseAGoodCertificate() {
        Peer gateway = gateway("gateway-p256", request -> new AuthVerdict.Rejected("not today"));
        refusal(scenario.device(), as(ALICE, new Login.Certificate(certificates(credentials("user"), ROOT))));
        assertTrue(gateway.failedHandshakes().get(0).describe().contains("not today"));
    }

    @Test
    void anApprovalOfAnotherKindLetsNobodyIn() {
        Peer gateway = gateway("gateway-p256", request -> new AuthVerdict.Approved(Scenario.key("secret")));
        refusal(scenario.device(), as(ALICE, new Login.Certificate(certificates(credentials("user"), ROOT))));
        refusal(scenario.device(), as(ALICE, password("alice", "wonderland")));
        assertEquals(2, gateway.failedHandshakes().size());
        assertTrue(gateway.failedHandshakes().stream().allMatch(
                cause -> cause.describe().contains("a proof that it did not give")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stranger", "gateway-p256", "revoked"})
    void aDeviceWithoutTheRightCertificateIsRefused(String name) {
        // Of another authority, made for gateways, and naming somebody else.
        Peer gateway = gateway("gateway-p256", request -> new AuthVerdict.CertificateApproved());
        refusal(scenario.device(), as(ALICE, new Login.Certificate(certificates(credentials(name), ROOT))));
        assertEquals(1, gateway.failedHandshakes().size());
        assertInstanceOf(TerminationCause.AuthenticationFailed.class, gateway.failedHandshakes().get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "stranger", "short", "sha1"})
    void aGatewayWithoutTheRightCertificateLearnsNoName(String name) {
        var names = new ArrayList<String>();
        Peer gateway = gateway(name, request -> {
            names.add(request.identity().text());
            return new AuthVerdict.Rejected("asked");
        });
        Peer device = scenario.device();
        refusal(device, as(Identification.of("10.0.0.99"), password("alice", "wonderland")));
        assertEquals(List.of(), names);
        scenario.world().runUntil(() -> !device.gateway().awaitsAnswers(), World.SECOND);
        assertEquals("authentication failed: ID_IPV4_ADDR 10.0.0.99 gave up with AUTHENTICATION_FAILED",
                gateway.failedHandshakes().get(0).describe());
        assertEquals(0, device.gateway().ikeSaCount());
    }

    @Test
    void aGatewayWithoutCertificateRefusesPasswords() {
        String why = refusal(scenario.device(), as(ALICE, password("alice", "wonderland")));
        assertEquals("the gateway refused the identity or its proof", why);
        assertTrue(scenario.gateway().failedHandshakes().get(0).describe().contains("no certificate"));
    }

    @Test
    void closingInTheMidstLeavesNothingBehind() {
        Peer gateway = gateway("gateway-p256", LoginTest::wonderland);
        for (int steps = 1; steps < 14; steps++) {
            Peer device = scenario.device();
            GatewayTunnel tunnel = scenario.connect(device, as(ALICE, password("alice", "wonderland")));
            int before = device.handled();
            int most = steps;
            scenario.world().runUntil(() -> device.handled() >= before + most, 20 * World.SECOND);
            device.call(() -> device.gateway().close(tunnel, scenario.world().now()));
            scenario.world().runFor(200 * World.SECOND);
            assertEquals(0, device.gateway().ikeSaCount(), "after " + steps + " steps");
            assertEquals(0, gateway.gateway().ikeSaCount(), "after " + steps + " steps");
            assertFalse(device.gateway().awaitsAnswers());
        }
    }
}
