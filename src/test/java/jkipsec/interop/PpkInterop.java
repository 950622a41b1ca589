package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.Test;

/** Post-quantum pre-shared keys (RFC 8784) with charon in either role. */
class PpkInterop extends LabTest {
    private static final String PPK = "a post-quantum key of alice";
    private static final Device OPTIONAL = Device.GCM.with("PPK_ID", "alice-ppk").with("PPK", PPK);
    private static final Device REQUIRED = OPTIONAL.with("PPK_REQUIRED", "yes");
    private static final String USED = "using PPK for PPK_ID 'alice-ppk'";

    private void in(Device device, String ppk, Listening scenario, String... options) throws Exception {
        try (var lab = new Lab(folder, Wiring.PLAIN, device);
                var gateway = JkipsecProcess.serveWithPpk(lab, folder, ppk, options)) {
            lab.explaining(gateway, () -> scenario.run(lab, gateway));
        }
    }

    private static void connects(Lab lab, JkipsecProcess gateway) throws Exception {
        lab.connect().succeeded();
        Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) at ");
        lab.onDevice("ping", "-c", "1", "-W", "10", "-I", up.group(1), "10.8.0.1").succeeded();
    }

    @Test
    void bothDemandItAndRekey() throws Exception {
        in(REQUIRED, PPK, (lab, gateway) -> {
            connects(lab, gateway);
            lab.awaitCharonLog(USED);
            lab.swanctl("--rekey", "--child", "tunnel").succeeded();
            lab.swanctl("--rekey", "--ike", "gateway").succeeded();
            Lab.await("both are replaced", () -> lab.status().contains("gateway: #2, ESTABLISHED")
                    && lab.status().contains("tunnel: #2, "));
            lab.onDevice("ping", "-c", "1", "-W", "10", "10.8.0.1").succeeded();
            assertFalse(gateway.output().contains("down  "), "the tunnel ended");
        }, "--ppk", "alice-ppk", "--ppk-required");
    }

    @Test
    void bothHaveItAndNeitherDemandsIt() throws Exception {
        in(OPTIONAL, PPK, (lab, gateway) -> {
            connects(lab, gateway);
            lab.awaitCharonLog(USED);
        }, "--ppk", "alice-ppk");
    }

    @Test
    void aGatewayWithoutGetsOnWithADeviceThatDoesNotDemandIt() throws Exception {
        in(OPTIONAL, PPK, (lab, gateway) -> {
            connects(lab, gateway);
            assertFalse(lab.charonLog().contains(USED));
        });
        in(OPTIONAL, PPK, (lab, gateway) -> {
            connects(lab, gateway);
            lab.awaitCharonLog("N(NO_PPK)");
        }, "--ppk", "another-ppk");
    }

    @Test
    void whoDemandsItRefusesWhoHasItNot() throws Exception {
        in(REQUIRED, PPK, (lab, gateway) -> lab.connect().failed());
        in(Device.GCM, PPK, (lab, gateway) -> {
            lab.connect().failed();
            gateway.await("alice.*no PPK");
        }, "--ppk", "alice-ppk", "--ppk-required");
    }

    @Test
    void anotherKeyOfTheSameNameIsFoundOut() throws Exception {
        in(OPTIONAL, "not that key", (lab, gateway) -> {
            lab.connect().failed();
            lab.awaitCharonLog("received AUTHENTICATION_FAILED notify error");
        }, "--ppk", "alice-ppk");
    }

    @Test
    void weConnectToCharonWithIt() throws Exception {
        for (Device device : List.of(REQUIRED, OPTIONAL)) {
            try (Lab lab = Lab.withCharonAsGateway(folder, device);
                    var client = connect(lab, "--ppk", "alice-ppk", "--ppk-required")) {
                lab.explaining(client, () -> {
                    client.await("this device is (10\\.8\\.0\\.\\d+); the gateway answered a ping");
                    lab.awaitCharonLog(USED);
                });
            }
        }
    }

    @Test
    void weConnectToACharonWithoutUnlessItIsDemanded() throws Exception {
        try (Lab lab = Lab.withCharonAsGateway(folder, Device.GCM.with("PPK_ID", "other-ppk").with("PPK", "other"))) {
            try (var client = connect(lab, "--ppk", "alice-ppk")) {
                lab.explaining(client, () ->
                        client.await("this device is (10\\.8\\.0\\.\\d+); the gateway answered a ping"));
            }
            try (var client = connect(lab, "--ppk", "alice-ppk", "--ppk-required")) {
                lab.explaining(client, () -> {
                    client.awaitExit();
                    assertTrue(!client.output().contains("this device is"), client::output);
                });
            }
        }
    }

    private static JkipsecProcess connect(Lab lab, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--server", "10.77.0.2", "--identity", "alice"));
        arguments.addAll(Arrays.asList(options));
        return JkipsecProcess.connect(lab, Map.of("JKIPSEC_PSK", "secret of alice", "JKIPSEC_PPK", PPK),
                arguments.toArray(String[]::new));
    }
}
