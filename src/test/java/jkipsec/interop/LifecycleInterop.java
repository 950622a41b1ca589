package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.Test;

/** What happens to a tunnel after it came up, and to gateways with more than one device. */
class LifecycleInterop extends LabTest {
    private static final int ECHO_PORT = 7;
    private static final int TRANSFER = 16 << 20;
    private static final Device X25519 = Device.GCM.withIke("aes256gcm16-prfsha256-x25519")
            .withEsp("aes256gcm16-x25519");
    private static final Device PFS = Device.GCM.withEsp("aes256gcm16-ecp256");

    @Test
    void charonRekeysTheChildSaDuringATransfer() throws Exception {
        connected(Device.GCM, (lab, gateway, address) -> {
            duringATransfer(lab, () -> rekeyChild(lab, 1));
            lab.awaitCharonLog("generating CREATE_CHILD_SA request \\d+ \\[ N\\(REKEY_SA\\) SA No TSi TSr \\]", 1);
            assertStillUp(lab, gateway, address);
        });
    }

    @Test
    void charonRekeysTheChildSaWithAKeyExchangeDuringATransfer() throws Exception {
        connected(PFS, (lab, gateway, address) -> {
            duringATransfer(lab, () -> rekeyChild(lab, 1));
            lab.awaitCharonLog("generating CREATE_CHILD_SA request \\d+ \\[ N\\(REKEY_SA\\) SA No KE TSi TSr \\]", 1);
            String sas = lab.status();
            assertTrue(sas.contains("ESP:AES_GCM_16-256/ECP_256"), sas);
            assertStillUp(lab, gateway, address);
        });
    }

    @Test
    void charonRekeysTheIkeSaDuringATransfer() throws Exception {
        connected(Device.GCM, (lab, gateway, address) -> {
            duringATransfer(lab, () -> rekeyIke(lab, 1));
            assertStillUp(lab, gateway, address);
        });
    }

    @Test
    void charonRekeysWithX25519() throws Exception {
        connected(X25519, (lab, gateway, address) -> {
            rekeyChild(lab, 1);
            rekeyIke(lab, 1);
            String sas = lab.status();
            assertTrue(sas.contains("PRF_HMAC_SHA2_256/CURVE_25519"), sas);
            assertTrue(sas.contains("ESP:AES_GCM_16-256/CURVE_25519"), sas);
            assertStillUp(lab, gateway, address);
        });
    }

    @Test
    void fiftyRekeysInARowLeaveTheTunnelUp() throws Exception {
        connected(PFS, (lab, gateway, address) -> {
            for (int i = 1; i <= 25; i++) {
                rekeyChild(lab, i);
                rekeyIke(lab, i);
            }
            ping(lab, address);
            assertStillUp(lab, gateway, address);
        });
    }

    @Test
    void charonAuthenticatesAgain() throws Exception {
        connected(Device.GCM, (lab, gateway, address) -> {
            lab.swanctl("--rekey", "--ike", "gateway", "--reauth").succeeded();
            Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) at ");
            lab.awaitCharonLog("CHILD_SA tunnel{2} established");
            ping(lab, up.group(1));
        });
    }

    @Test
    void charonAddsAChildSaAndDeletesIt() throws Exception {
        connected(Device.GCM, (lab, gateway, address) -> {
            lab.swanctl("--initiate", "--child", "further", "--timeout", "10").succeeded();
            lab.awaitCharonLog("CHILD_SA further{2} established");
            ping(lab, address);
            lab.swanctl("--terminate", "--child", "further", "--timeout", "10").succeeded();
            lab.awaitCharonLog("received DELETE for ESP CHILD_SA");
            Lab.await("the further Child SA is gone", () -> !lab.status().contains("further"));
            ping(lab, address);
            assertStillUp(lab, gateway, address);
        });
    }

    @Test
    void weRekeyTheChildSaDuringATransfer() throws Exception {
        weRekeyDuringATransfer(Device.GCM,
                "parsed CREATE_CHILD_SA request \\d+ \\[ N\\(REKEY_SA\\) SA No TSi TSr \\]", "--child-lifetime", "1");
    }

    @Test
    void weRekeyTheIkeSaDuringATransfer() throws Exception {
        weRekeyDuringATransfer(Device.GCM, "parsed CREATE_CHILD_SA request \\d+ \\[ SA No KE \\]", "--ike-lifetime", "1");
    }

    @Test
    void weRekeyTheChildSaWithAKeyExchangeDuringATransfer() throws Exception {
        weRekeyDuringATransfer(PFS, "parsed CREATE_CHILD_SA request \\d+ \\[ N\\(REKEY_SA\\) SA No KE TSi TSr \\]",
                "--child-lifetime", "1", "--pfs", "required");
    }

    private void weRekeyDuringATransfer(Device device, String request, String... options) throws Exception {
        connected(device, (lab, gateway, address) -> {
            duringATransfer(lab, () -> lab.awaitCharonLog(request, lab.countInCharonLog(request) + 1));
            ping(lab, address);
            assertFalse(gateway.output().contains("down  "), "the tunnel ended");
        }, options);
    }

    @Test
    void charonFragmentsWhateverItCan() throws Exception {
        Device device = PFS.with("FRAGMENTATION", "force").with("FRAGMENT_SIZE", "200");
        connected(device, (lab, gateway, address) -> {
            lab.awaitCharonLog("generating IKE_AUTH request 1 \\[ EF\\((\\d)/\\1\\) \\]", 1);
            rekeyChild(lab, 1);
            rekeyIke(lab, 1);
            rekeyChild(lab, 2);
            lab.awaitCharonLog("generating CREATE_CHILD_SA request \\d+ \\[ EF\\(2/2\\) \\]", 1);
            ping(lab, address);
            assertStillUp(lab, gateway, address);
        });
    }

    @Test
    void largeMessagesAreFragmentedBothWays() throws Exception {
        // Of longer names charon takes only the beginning.
        String suffix = ("x".repeat(31) + ".").repeat(15);
        String device = suffix + "device.example";
        String gatewayName = suffix + "vpn.example";
        Device told = Device.GCM.withIdentity(device).with("REMOTE_IDENTITY", gatewayName).with("FRAGMENT_SIZE", "500");
        try (var lab = new Lab(folder, Wiring.PLAIN, told);
                var gateway = JkipsecProcess.serve(lab, folder, List.of(device), "--identity", gatewayName,
                        "--fragment-size", "500")) {
            lab.explaining(gateway, () -> {
                lab.connect().succeeded();
                Matcher up = gateway.await("up    \\S+device\\.example (10\\.8\\.0\\.\\d+) at ");
                lab.awaitCharonLog("generating IKE_AUTH request 1 [ EF(3/3) ]");
                lab.awaitCharonLog("parsed IKE_AUTH response 1 [ EF(2/2)");
                ping(lab, up.group(1));
            });
        }
    }

    @Test
    void everyDeviceIsAskedForACookie() throws Exception {
        connected(Device.GCM, (lab, gateway, address) -> {
            lab.awaitCharonLog("parsed IKE_SA_INIT response 0 [ N(COOKIE) ]");
            lab.awaitCharonLog("generating IKE_SA_INIT request 0 [ N(COOKIE) SA KE No");
            ping(lab, address);
        }, "--cookie-threshold", "0");
    }

    @Test
    void twentyDevicesAtOnceHaveTwentyAddresses() throws Exception {
        int count = 20;
        List<String> identities = IntStream.rangeClosed(1, count).mapToObj(i -> "device" + i).toList();
        try (Lab lab = Lab.withFleet(folder, count, Device.GCM);
                var gateway = JkipsecProcess.serve(lab, folder, identities, "--echo", String.valueOf(ECHO_PORT))) {
            lab.explaining(gateway, () -> {
                lab.connectFleet().succeeded();
                Set<String> names = new TreeSet<>();
                Set<String> addresses = new TreeSet<>();
                for (int i = 0; i < count; i++) {
                    Matcher up = gateway.await("up    (device\\d+) (10\\.8\\.0\\.\\d+) at ");
                    names.add(up.group(1));
                    addresses.add(up.group(2));
                }
                assertEquals(Set.copyOf(identities), names);
                assertEquals(count, addresses.size(), addresses::toString);
                for (String address : addresses) {
                    ping(lab, address);
                }
                assertFalse(gateway.output().contains("down  "), "a tunnel ended");
            });
        }
    }

    @Test
    void aDeviceThatFallsSilentLosesItsTunnel() throws Exception {
        connected(Device.GCM, (lab, gateway, address) -> {
            ping(lab, address);
            lab.killDevice();
            gateway.await("down  alice " + Pattern.quote(address)
                    + ": no answer to a liveness check after 3 transmissions");
        }, "--probe-after", "1", "--transmissions", "3");
    }

    @Test
    void aDeviceThatMovesTakesItsTransferAlong() throws Exception {
        connected(Device.GCM, (lab, gateway, address) -> {
            duringATransfer(lab, () -> {
                lab.onDevice("ip", "addr", "add", "10.77.0.9/24", "dev", "outer").succeeded();
                lab.onDevice("ip", "addr", "del", "10.77.0.2/24", "dev", "outer").succeeded();
                lab.awaitCharonLog("INFORMATIONAL request \\d+ \\[ N\\(UPD_SA_ADDR\\)", 1);
            });
            assertTrue(lab.status().contains("10.77.0.9["), "charon is where it was");
            assertStillUp(lab, gateway, address);
        });
    }

    @Test
    void aNatThatForgetsItsMappingsInterruptsNoTransfer() throws Exception {
        connected(Wiring.NAT, Device.GCM.with("MOBIKE", "no"), (lab, gateway, address) -> {
            lab.onGateway("nft", "add table ip seen;"
                    + " add set ip seen ports { type inet_service; flags dynamic; size 9; };"
                    + " add chain ip seen in { type filter hook input priority 0; };"
                    + " add rule ip seen in udp dport 4500 update @ports { udp sport }").succeeded();
            duringATransfer(lab, lab::rebind);
            assertStillUp(lab, gateway, address);
            String ports = lab.onGateway("nft", "list", "set", "ip", "seen", "ports").succeeded().output();
            assertTrue(Pattern.compile("elements = \\{ \\d+, \\d+ ").matcher(ports).find(), ports);
        });
    }

    private void connected(Device device, Connected scenario, String... options) throws Exception {
        connected(Wiring.PLAIN, device, scenario, options);
    }

    private void connected(Wiring wiring, Device device, Connected scenario, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--echo", String.valueOf(ECHO_PORT)));
        all.addAll(List.of(options));
        try (var lab = new Lab(folder, wiring, device);
                var gateway = JkipsecProcess.serve(lab, folder, all.toArray(String[]::new))) {
            lab.explaining(gateway, () -> {
                lab.connect().succeeded();
                Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) at ");
                scenario.run(lab, gateway, up.group(1));
            });
        }
    }

    /** Does something while octets go to the gateway and back. */
    private void duringATransfer(Lab lab, Lab.Steps steps) throws Exception {
        try (var transfer = new Transfer(lab::forDevice, "10.8.0.1", ECHO_PORT)) {
            transfer.await(1 << 20);
            steps.run();
            transfer.finish(TRANSFER);
        }
    }

    private static void rekeyChild(Lab lab, int times) throws InterruptedException {
        lab.swanctl("--rekey", "--child", "tunnel").succeeded();
        // The end of the old one's outbound half, which every strongSwan logs in these words.
        lab.awaitCharonLog("received DELETE for ESP CHILD_SA", times);
    }

    private static void rekeyIke(Lab lab, int times) throws InterruptedException {
        lab.swanctl("--rekey", "--ike", "gateway").succeeded();
        lab.awaitCharonLog("IKE_SA deleted", times);
    }

    private static void ping(Lab lab, String from) {
        lab.onDevice("ping", "-c", "1", "-W", "10", "-I", from, "10.8.0.1").succeeded();
    }

    private static void assertStillUp(Lab lab, JkipsecProcess gateway, String address) {
        ping(lab, address);
        assertFalse(gateway.output().contains("down  "), "the tunnel ended");
        String sas = lab.status();
        assertEquals(1, sas.lines().filter(line -> line.contains("ESTABLISHED")).count(), sas);
        assertEquals(1, sas.lines().filter(line -> line.contains("INSTALLED")).count(), sas);
    }
}
