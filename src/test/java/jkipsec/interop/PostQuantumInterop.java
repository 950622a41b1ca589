package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Additional key exchanges with ML-KEM-768 (RFC 9370), for which charon has to be of strongSwan 6; skipped if it is not. */
class PostQuantumInterop extends LabTest {
    private static final Device ML_KEM = Device.GCM.withIke("aes256gcm16-prfsha256-x25519-ke1_mlkem768")
            .withEsp("aes256gcm16-x25519-ke1_mlkem768");

    @BeforeAll
    static void charonHasMlKem(@TempDir Path first) throws Exception {
        // Before any test: a charon without ML-KEM does not even take the proposals.
        try (var lab = new Lab(first, Wiring.PLAIN, Device.GCM)) {
            requireMlKem(lab);
        }
    }

    private static void requireMlKem(Lab lab) {
        assumeTrue(lab.swanctl("--list-algs").succeeded().output().contains("ML_KEM_768"), "charon has no ML-KEM");
    }

    private void connected(Wiring wiring, Device device, Connected scenario, String... options) throws Exception {
        try (var lab = new Lab(folder, wiring, device)) {
            try (var gateway = JkipsecProcess.serve(lab, folder, options)) {
                lab.explaining(gateway, () -> {
                    lab.connect().succeeded();
                    Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) at \\S+, IKE .*ML_KEM_768");
                    scenario.run(lab, gateway, up.group(1));
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wiring.class)
    void charonConnectsAndRekeys(Wiring wiring) throws Exception {
        connected(wiring, ML_KEM, (lab, gateway, address) -> {
            lab.awaitCharonLog("parsed IKE_INTERMEDIATE response 1 [ KE ]");
            rekeyBoth(lab);
            ping(lab, address);
            assertStillUp(lab, gateway);
        });
    }

    @Test
    void charonFragmentsIntoSmallPieces() throws Exception {
        connected(Wiring.PLAIN, ML_KEM.with("FRAGMENTATION", "force").with("FRAGMENT_SIZE", "300"),
                (lab, gateway, address) -> {
                    rekeyBoth(lab);
                    ping(lab, address);
                    assertStillUp(lab, gateway);
                }, "--fragment-size", "500");
    }

    @Test
    void severalKeyExchangesAreMixed() throws Exception {
        Device device = Device.GCM
                .withIke("aes256gcm16-prfsha256-x25519-ke1_mlkem768-ke2_ecp384")
                .withEsp("aes256gcm16-ecp256-ke1_mlkem768-ke2_x25519");
        connected(Wiring.PLAIN, device, (lab, gateway, address) -> {
            lab.swanctl("--rekey", "--ike", "gateway").succeeded();
            Lab.await("the IKE SA is replaced", () -> isUp(lab, "gateway: #2, ESTABLISHED"));
            assertTrue(lab.status().contains("KE1_ML_KEM_768/KE2_ECP_384"), lab::status);
            ping(lab, address);
            assertStillUp(lab, gateway);
        }, "--ike-proposals", "aes256gcm16-prfsha256-x25519-ke1_mlkem768-ke2_ecp384");
    }

    @Test
    void weRekeyTheIkeSa() throws Exception {
        connected(Wiring.PLAIN, ML_KEM, (lab, gateway, address) -> {
            lab.awaitCharonLog("parsed IKE_FOLLOWUP_KE request \\d+ \\[ KE N\\(ADD_KE\\) \\]", 2);
            Lab.await("the IKE SA is replaced", () -> isUp(lab, "gateway: #([2-9]|\\d\\d+), ESTABLISHED"));
            ping(lab, address);
            assertFalse(gateway.output().contains("down  "), "the tunnel ended");
        }, "--ike-lifetime", "2");
    }

    @Test
    void weConnectAndCharonRekeys() throws Exception {
        try (Lab lab = Lab.withCharonAsGateway(folder, ML_KEM)) {
            try (var client = JkipsecProcess.connect(lab)) {
                lab.explaining(client, () -> {
                    Matcher address = client.await("this device is (10\\.8\\.0\\.\\d+); the gateway answered a ping");
                    lab.awaitCharonLog("parsed IKE_INTERMEDIATE request 1 [ KE ]");
                    rekeyBoth(lab);
                    lab.onDevice("ping", "-c", "1", "-W", "10", "-I", "10.8.0.1", address.group(1)).succeeded();
                    assertStillUp(lab, client);
                });
            }
        }
    }

    private static void rekeyBoth(Lab lab) throws InterruptedException {
        assertTrue(lab.status().contains("KE1_ML_KEM_768"), lab::status);
        lab.swanctl("--rekey", "--child", "tunnel").succeeded();
        Lab.await("the Child SA is replaced", () -> isUp(lab, "tunnel: #2, .*INSTALLED"));
        lab.swanctl("--rekey", "--ike", "gateway").succeeded();
        Lab.await("the IKE SA is replaced", () -> isUp(lab, "gateway: #2, ESTABLISHED"));
        Lab.await("the old ones are gone", () -> !isUp(lab, "#1, "));
        String sas = lab.status();
        assertEquals(2, sas.lines().filter(line -> line.contains("KE1_ML_KEM_768")).count(),
                () -> "the IKE SA and the Child SA: " + sas);
    }

    private static boolean isUp(Lab lab, String pattern) {
        return Pattern.compile(pattern).matcher(lab.status()).find();
    }

    private static void ping(Lab lab, String from) {
        lab.onDevice("ping", "-c", "1", "-W", "10", "-I", from, "10.8.0.1").succeeded();
    }

    private static void assertStillUp(Lab lab, JkipsecProcess ours) {
        assertFalse(ours.output().contains("down  "), "the tunnel ended");
        String sas = lab.status();
        assertEquals(1, sas.lines().filter(line -> line.contains("ESTABLISHED")).count(), sas);
        assertEquals(1, sas.lines().filter(line -> line.contains("INSTALLED")).count(), sas);
    }
}
