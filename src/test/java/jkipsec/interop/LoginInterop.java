package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import jkipsec.eap.NtHash;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords and certificates, in either role: who comes in, who does not, and whom charon and we refuse to believe. */
class LoginInterop extends LabTest {
    private static final Map<String, String> PASSWORD = Map.of("JKIPSEC_PASSWORD", "wonderland");

    @ParameterizedTest
    @CsvSource({"ec, ECDSA_WITH_SHA256_DER|ECDSA-256", "rsa, RSA_EMSA_(PSS|PKCS1_SHA2_)"})
    void aUserComesInByPasswordAndTheGatewayIsKnownByItsCertificate(String kind, String scheme) throws Exception {
        Path pki = pki(kind);
        withUsers(Device.GCM.byPassword("alice", "wonderland", pki), pki, (lab, gateway) -> {
            lab.connect().succeeded();
            lab.awaitCharonLog("authentication of 'vpn.example.com' with (" + scheme + ").* successful", 1);
            lab.awaitCharonLog("EAP method EAP_MSCHAPV2 succeeded, MSK established");
            worksAndRekeys(lab, gateway, "alice");
        });
    }

    @Test
    void aUserWithAWrongPasswordIsRefused() throws Exception {
        Path pki = pki("ec");
        withUsers(Device.GCM.byPassword("alice", "looking-glass", pki), pki, (lab, gateway) -> {
            lab.connect().failed();
            gateway.await("refused alice at 10\\.77\\.0\\.2:4500: the user's proof was made with another password");
            lab.awaitCharonLog("EAP-MS-CHAPv2 failed with error ERROR_AUTHENTICATION_FAILURE");
            assertNothingCameUp(lab, gateway);
        });
    }

    @Test
    void anUnknownUserIsRefused() throws Exception {
        Path pki = pki("ec");
        withUsers(Device.GCM.byPassword("mallory", "wonderland", pki), pki, (lab, gateway) -> {
            lab.connect().failed();
            gateway.await("refused mallory at 10\\.77\\.0\\.2:4500: unknown user");
            assertNothingCameUp(lab, gateway);
        });
    }

    @Test
    void charonDoesNotShowItsUserToAGatewayOfAnotherAuthority() throws Exception {
        Path pki = pki("ec");
        Path other = Lab.certificates(folder.resolve("other"), "ec");
        withUsers(Device.GCM.byPassword("alice", "wonderland", other), pki, (lab, gateway) -> {
            lab.connect().failed();
            lab.awaitCharonLog("no trusted ECDSA public key found for 'vpn.example.com'");
            assertNothingCameUp(lab, gateway);
            assertFalse(gateway.output().contains("refused"), "it got as far as a password");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec", "rsa"})
    void aDeviceComesInByCertificate(String kind) throws Exception {
        Path pki = pki(kind);
        withTrust(Device.GCM.byCertificate(pki), pki, pki, (lab, gateway) -> {
            lab.connect().succeeded();
            lab.awaitCharonLog("authentication of 'alice@example.com' (myself) with ");
            worksAndRekeys(lab, gateway, "alice@example.com");
        });
    }

    @Test
    void aDeviceWithACertificateOfAnotherAuthorityIsRefused() throws Exception {
        Path pki = pki("ec");
        Path other = Lab.certificates(folder.resolve("other"), "ec");
        withTrust(Device.GCM.byCertificate(other).trusting(pki), pki, pki, (lab, gateway) -> {
            lab.connect().failed();
            lab.awaitCharonLog("received AUTHENTICATION_FAILED notify error");
            assertNothingCameUp(lab, gateway);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec", "rsa"})
    void weLogInToStrongSwanByPassword(String kind) throws Exception {
        Path pki = pki(kind);
        try (Lab lab = Lab.withCharonAsGateway(folder, Device.GCM.byPassword("alice", "wonderland", pki));
                var client = JkipsecProcess.connect(lab, PASSWORD, "--server", "10.77.0.2", "--user", "alice",
                        "--trust", pki + "/ca.crt")) {
            lab.explaining(client, () -> {
                client.await("up    vpn\\.example\\.com 10\\.8\\.0\\.1 at 10\\.77\\.0\\.2:4500");
                client.await("this device is 10\\.8\\.0\\.\\d+; the gateway answered a ping");
                lab.awaitCharonLog("EAP method EAP_MSCHAPV2 succeeded, MSK established");
            });
        }
    }

    @Test
    void strongSwanRefusesAWrongPasswordOfOurs() throws Exception {
        Path pki = pki("ec");
        try (Lab lab = Lab.withCharonAsGateway(folder, Device.GCM.byPassword("alice", "wonderland", pki));
                var client = JkipsecProcess.connect(lab, Map.of("JKIPSEC_PASSWORD", "looking-glass"), "--server",
                        "10.77.0.2", "--user", "alice", "--trust", pki + "/ca.crt")) {
            lab.explaining(client, () -> {
                // strongSwan 6.1 leaves out the message with the reason.
                client.await("jkipsec connect: .*(wrong name or password|the server refused without a reason)");
                client.awaitExit();
                lab.awaitNoSa();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec", "rsa"})
    void weComeInToStrongSwanByCertificate(String kind) throws Exception {
        Path pki = pki(kind);
        try (Lab lab = Lab.withCharonAsGateway(folder, Device.GCM.byCertificate(pki));
                var client = byCertificate(lab, pki, pki)) {
            lab.explaining(client, () -> {
                client.await("up    vpn\\.example\\.com 10\\.8\\.0\\.1 at 10\\.77\\.0\\.2:4500");
                client.await("this device is 10\\.8\\.0\\.\\d+; the gateway answered a ping");
                lab.awaitCharonLog("authentication of 'alice@example.com' with .* successful", 1);
            });
        }
    }

    @Test
    void weRefuseAStrongSwanOfAnotherAuthorityAndItRefusesUs() throws Exception {
        Path pki = pki("ec");
        Path other = Lab.certificates(folder.resolve("other"), "ec");
        try (Lab lab = Lab.withCharonAsGateway(folder, Device.GCM.byCertificate(pki))) {
            try (var client = byCertificate(lab, pki, other)) {
                lab.explaining(client, () -> {
                    client.await("jkipsec connect: .*certificate");
                    client.awaitExit();
                });
            }
            try (var client = byCertificate(lab, other, pki)) {
                lab.explaining(client, () -> {
                    client.await("jkipsec connect: .*refused the identity or its proof");
                    client.awaitExit();
                    lab.awaitCharonLog("no issuer certificate found for \"O=jkipsec tests, CN=Alice\"");
                });
            }
        }
    }

    private static JkipsecProcess byCertificate(Lab lab, Path own, Path trusted) throws IOException {
        return JkipsecProcess.connect(lab, Map.of(), "--server", "10.77.0.2", "--identity", "alice@example.com",
                "--certificate", own + "/device.pem", "--trust", trusted + "/ca.crt");
    }

    private Path pki(String kind) {
        return Lab.certificates(folder.resolve("pki"), kind);
    }

    private void withUsers(Device device, Path pki, Listening scenario) throws Exception {
        Path users = folder.resolve("users");
        Files.writeString(users, "alice " + NtHash.of("wonderland").toHex());
        in(device, scenario, "--users", users.toString(), "--certificate", pki + "/gateway.pem");
    }

    private void withTrust(Device device, Path pki, Path trusted, Listening scenario) throws Exception {
        in(device, scenario, "--trust", trusted + "/ca.crt", "--certificate", pki + "/gateway.pem");
    }

    private void in(Device device, Listening scenario, String... options) throws Exception {
        try (var lab = new Lab(folder, Wiring.PLAIN, device);
                var gateway = JkipsecProcess.serve(lab, folder, options)) {
            lab.explaining(gateway, () -> scenario.run(lab, gateway));
        }
    }

    private static void worksAndRekeys(Lab lab, JkipsecProcess gateway, String identity) throws InterruptedException {
        Matcher up = gateway.await("up    " + identity + " (10\\.8\\.0\\.\\d+) at ");
        lab.onDevice("ping", "-c", "1", "-W", "10", "-I", up.group(1), "10.8.0.1").succeeded();
        lab.swanctl("--rekey", "--ike", "gateway").succeeded();
        lab.awaitCharonLog("IKE_SA deleted");
        lab.onDevice("ping", "-c", "1", "-W", "10", "-I", up.group(1), "10.8.0.1").succeeded();
        assertFalse(gateway.output().contains("down  "), "the tunnel ended");
    }

    private static void assertNothingCameUp(Lab lab, JkipsecProcess gateway) throws InterruptedException {
        assertFalse(gateway.output().contains("up    "), "a tunnel came up");
        lab.awaitNoSa();
    }
}
