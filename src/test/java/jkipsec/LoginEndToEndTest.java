package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Logging in by password and by certificate, as an application has it, over the loopback interface. */
@Timeout(60)
class LoginEndToEndTest {
    private static final String ALICE = "alice@example.com";

    private final List<AuthDecision> decisions = new CopyOnWriteArrayList<>();
    private final List<AuthChallenge> challenges = new CopyOnWriteArrayList<>();

    private static String pem(String name) throws IOException {
        return Files.readString(Vectors.folder().resolve("pki").resolve(name + ".pem"));
    }

    /** Takes each method from the one who has it, and writes down what was asked and decided. */
    private AuthDecision decide(AuthChallenge challenge) {
        AuthDecision decision = switch (challenge.method()) {
            case SHARED_KEY -> challenge.approveWith(Loopback.ALICE);
            case PASSWORD -> challenge.identity().equals("alice")
                    ? challenge.approveWithPassword("wonderland")
                    : AuthDecision.reject("unknown user");
            case CERTIFICATE -> challenge.identity().equals(ALICE) ? challenge.approve() : AuthDecision.reject();
        };
        challenges.add(challenge);
        decisions.add(decision);
        return decision;
    }

    private VpnServer server(Authenticator authenticator) throws IOException {
        return VpnServer.start(Loopback.config()
                .certificate(pem("gateway-p256"))
                .trust(pem("root"))
                .authenticator(authenticator)
                .build());
    }

    private static ClientConfig.Builder clientOf(VpnServer server) throws IOException {
        return ClientConfig.builder()
                .server("127.0.0.1", server.ikeAddress().getPort(), server.natTAddress().getPort())
                .remoteIdentity(Loopback.SERVER_IDENTITY)
                .connectTimeout(Duration.ofSeconds(20));
    }

    private static ClientConfig.Builder byPassword(VpnServer server, String user, String password) throws IOException {
        return clientOf(server).trust(pem("root")).password(user, password.toCharArray());
    }

    private static ClientConfig.Builder byCertificate(VpnServer server, String name) throws IOException {
        return clientOf(server).trust(pem("root")).identity(ALICE).certificate(pem(name));
    }

    private static void works(VpnServer server, ClientConfig config, String identity) throws Exception {
        try (Tunnel tunnel = VpnClient.connect(config); Tunnel accepted = server.accept()) {
            assertEquals(identity, accepted.identity());
            assertEquals(Loopback.SERVER_IDENTITY, tunnel.identity());
            tunnel.ping(Duration.ofSeconds(10));
        }
    }

    private static String refusal(ClientConfig config) {
        return assertThrows(AuthenticationException.class, () -> VpnClient.connect(config).close()).getMessage();
    }

    private static String illegal(Executable building) {
        return assertThrows(RuntimeException.class, building).getMessage();
    }

    @Test
    void aUserComesInWithTheRightPassword() throws Exception {
        try (VpnServer server = server(this::decide)) {
            works(server, byPassword(server, "alice", "wonderland").build(), "alice");
            AuthChallenge challenge = challenges.get(0);
            assertEquals(AuthChallenge.Method.PASSWORD, challenge.method());
            assertTrue(challenge.certificate().isEmpty());
            assertTrue(decisions.get(0).isApproved());
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefusedAlike() throws Exception {
        try (VpnServer server = server(this::decide)) {
            String wrong = refusal(byPassword(server, "alice", "looking-glass").build());
            String unknown = refusal(byPassword(server, "mallory", "wonderland").build());
            assertTrue(wrong.contains("wrong name or password"), wrong);
            assertEquals(wrong, unknown);
            assertEquals(AuthDecision.reject("the user's proof was made with another password"), decisions.get(0));
            assertEquals(0, server.tunnels().size());
        }
    }

    @Test
    void aDeviceComesInWithItsCertificate() throws Exception {
        try (VpnServer server = server(this::decide)) {
            works(server, byCertificate(server, "user").build(), ALICE);
            AuthChallenge challenge = challenges.get(0);
            assertEquals(AuthChallenge.Method.CERTIFICATE, challenge.method());
            String subject = challenge.certificate().orElseThrow().getSubjectX500Principal().getName();
            assertTrue(subject.contains("Alice"), subject);
        }
    }

    @Test
    void aDeviceWithACertificateOfAnotherAuthorityIsNotEvenAskedAbout() throws Exception {
        try (VpnServer server = VpnServer.start(Loopback.config()
                .certificate(pem("gateway-p256"))
                .trust(pem("other-root"))
                .authenticator(this::decide)
                .build())) {
            refusal(byCertificate(server, "user").build());
            assertEquals(List.of(), challenges);
        }
    }

    @Test
    void aServerOfAnotherAuthorityOrNameIsRefusedAndLearnsNoUser() throws Exception {
        try (VpnServer server = server(this::decide)) {
            refusal(clientOf(server).trust(pem("other-root")).password("alice", "wonderland".toCharArray()).build());
            refusal(byPassword(server, "alice", "wonderland").remoteIdentity("other.example.com").build());
            // Nobody said who it must be: then it must be what was connected to, not just anybody with a certificate.
            refusal(ClientConfig.builder()
                    .server("127.0.0.1", server.ikeAddress().getPort(), server.natTAddress().getPort())
                    .trust(pem("root"))
                    .password("alice", "wonderland".toCharArray())
                    .build());
            assertEquals(List.of(), challenges);
        }
    }

    @Test
    void preSharedKeysGoOnBesideCertificates() throws Exception {
        try (VpnServer server = server(this::decide)) {
            works(server, Loopback.clientOf(server).build(), "alice");
            assertEquals(AuthChallenge.Method.SHARED_KEY, challenges.get(0).method());
        }
    }

    @Test
    void aServerWithPreSharedKeysAloneRefusesTheOthers() throws Exception {
        try (VpnServer server = VpnServer.start(Loopback.config().authenticator(this::decide).build())) {
            refusal(byPassword(server, "alice", "wonderland").build());
            refusal(byCertificate(server, "user").build());
            assertEquals(List.of(), challenges);
            works(server, Loopback.clientOf(server).build(), "alice");
        }
    }

    @Test
    void theApprovalOfAnotherMethodIsARejectionThatNamesTheRightOne() throws Exception {
        try (VpnServer server = server(challenge -> {
            var wrong = new ArrayList<AuthDecision>();
            switch (challenge.method()) {
                case SHARED_KEY -> wrong.addAll(List.of(challenge.approveWithPassword("x"), challenge.approve()));
                case PASSWORD -> wrong.addAll(List.of(challenge.approve(), challenge.approveWith(Loopback.ALICE)));
                case CERTIFICATE -> wrong.addAll(
                        List.of(challenge.approveWith(Loopback.ALICE), challenge.approveWithPassword("x")));
            }
            decisions.addAll(wrong);
            return wrong.get(0);
        })) {
            refusal(Loopback.clientOf(server).build());
            refusal(byPassword(server, "alice", "wonderland").build());
            refusal(byCertificate(server, "user").build());
            assertEquals(6, decisions.size());
            List<String> right = List.of("use approveWith(key)", "use approveWithPassword(password)", "use approve()");
            for (int i = 0; i < decisions.size(); i++) {
                assertFalse(decisions.get(i).isApproved());
                assertTrue(decisions.get(i).toString().contains(right.get(i / 2)), decisions.get(i).toString());
            }
        }
    }

    @Test
    void configurationsThatCannotWorkSayWhatToWrite() throws IOException {
        String gateway = pem("gateway-p256");
        String user = pem("user");
        String root = pem("root");
        ServerConfig.Builder otherName = Loopback.config().identity("other.example.com").certificate(gateway);
        assertTrue(illegal(otherName::build).contains("vpn.example.com"));
        assertTrue(illegal(() -> Loopback.config().trust(root).build()).contains("add certificate(pem)"));
        assertTrue(illegal(() -> Loopback.config().certificate("/etc/key.pem")).contains("Files.readString"));
        assertTrue(illegal(() -> Loopback.config().certificate(root)).contains("certificate: no -----BEGIN PRIVATE"));
        assertTrue(illegal(() -> Loopback.config().trust("")).contains("trust: no -----BEGIN CERTIFICATE"));

        assertTrue(illegal(() -> client().build()).contains("password(userName, password)"));
        char[] password = "wonderland".toCharArray();
        assertTrue(illegal(() -> client().password("alice", password).build()).contains("add trust(pem)"));
        assertTrue(illegal(() -> client().password("", password)).contains("user name of 0 octets"));
        assertTrue(illegal(() -> client().password("alice", new char[257])).contains("256"));
        assertTrue(illegal(() -> client().certificate(user).trust(root).build()).contains(ALICE));
        assertTrue(illegal(() -> client().identity(ALICE).certificate(user).password("alice", password).trust(root)
                .build()).contains("all but one"));
        assertTrue(illegal(() -> client().authKey(Loopback.ALICE).trust(root).build()).contains("leave trust out"));
    }

    private static ClientConfig.Builder client() {
        return ClientConfig.builder().server("vpn.example.com").identity("alice");
    }

    @Test
    void configurationsShowNoSecret() throws IOException {
        String server = Loopback.config().certificate(pem("gateway-p256")).trust(pem("root")).build().toString();
        assertTrue(server.contains("certificate of CN="), server);
        assertTrue(server.contains("trusts 1 authorities"), server);
        String client = client().trust(pem("root")).password("alice", "wonderland".toCharArray()).build().toString();
        assertTrue(client.contains("user alice"), client);
        assertFalse(client.contains("wonderland"), client);
    }
}
