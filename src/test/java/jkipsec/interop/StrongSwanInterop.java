package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StrongSwanInterop extends LabTest {
    private static final int ECHO_PORT = 7;
    private static final int DEVICE_PORT = 9000;
    private static final int TRANSFER = 16 << 20;

    @ParameterizedTest
    @EnumSource(Wiring.class)
    void aesGcmCarriesPingsAndTransfersBothWays(Wiring wiring) throws Exception {
        in(wiring, Device.GCM, (lab, gateway) -> {
            lab.connect().succeeded();
            Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) at (\\S+):(\\d+), IKE (.*), ESP (.*)$");
            assertPeer(wiring, up);
            String sas = lab.status();
            assertTrue(sas.contains("AES_GCM_16-256/PRF_HMAC_SHA2_256/ECP_256"), sas);
            assertTrue(sas.contains("ESP:AES_GCM_16-256"), sas);
            pingsAndTransfersWork(lab, gateway, up.group(1));
        });
    }

    @ParameterizedTest
    @EnumSource(Wiring.class)
    void aesCbcWithHmacCarriesPingsAndTransfersBothWays(Wiring wiring) throws Exception {
        in(wiring, Device.CBC, (lab, gateway) -> {
            lab.connect().succeeded();
            Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) at (\\S+):(\\d+), IKE (.*), ESP (.*)$");
            assertPeer(wiring, up);
            String sas = lab.status();
            assertTrue(sas.contains("AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256"), sas);
            assertTrue(sas.contains("ESP:AES_CBC-256/HMAC_SHA2_256_128"), sas);
            pingsAndTransfersWork(lab, gateway, up.group(1));
        });
    }

    @Test
    void theDeviceDisconnectsAndTheGatewaySeesIt() throws Exception {
        in(Wiring.PLAIN, Device.GCM, (lab, gateway) -> {
            lab.connect().succeeded();
            gateway.await("up    alice ");
            lab.disconnect().succeeded();
            gateway.await("down  alice 10\\.8\\.0\\.\\d+: deleted by the peer");
            lab.awaitNoSa();
        });
    }

    @Test
    void theGatewayStopsAndTheDeviceSeesIt() throws Exception {
        in(Wiring.PLAIN, Device.GCM, (lab, gateway) -> {
            lab.connect().succeeded();
            gateway.await("up    alice ");
            gateway.terminate();
            gateway.await("stopped");
            gateway.awaitExit();
            lab.awaitCharonLog("received DELETE for IKE_SA gateway");
            lab.awaitCharonLog("DELETING => DESTROYING");
            lab.awaitNoSa();
        });
    }

    @Test
    void theDeviceComesBackAfterDisconnecting() throws Exception {
        in(Wiring.NAT, Device.GCM, (lab, gateway) -> {
            for (int i = 0; i < 3; i++) {
                lab.connect().succeeded();
                Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) ");
                lab.onDevice("ping", "-c", "1", "-W", "10", "-I", up.group(1), "10.8.0.1").succeeded();
                lab.disconnect().succeeded();
                gateway.await("down  alice ");
            }
        });
    }

    @Test
    void aWrongPskIsRefused() throws Exception {
        in(Wiring.PLAIN, Device.GCM.withPsk("something else"), (lab, gateway) -> {
            lab.connect().failed();
            gateway.await("refused alice at 10\\.77\\.0\\.2:4500: the device's proof was made with another key");
            lab.awaitCharonLog("received AUTHENTICATION_FAILED notify error");
            assertFalse(gateway.output().contains("up    "), "a tunnel came up");
        });
    }

    @Test
    void anUnknownIdentityIsRefused() throws Exception {
        in(Wiring.PLAIN, Device.GCM.withIdentity("mallory"), (lab, gateway) -> {
            lab.connect().failed();
            gateway.await("refused mallory at 10\\.77\\.0\\.2:4500: unknown identity");
            lab.awaitCharonLog("received AUTHENTICATION_FAILED notify error");
            assertFalse(gateway.output().contains("up    "), "a tunnel came up");
        });
    }

    @Test
    void aDeviceThatOnlyKnowsGroup14Connects() throws Exception {
        in(Wiring.PLAIN, Device.GCM.withIke("aes256gcm16-prfsha256-modp2048"), (lab, gateway) -> {
            lab.connect().succeeded();
            gateway.await("up    alice ");
            String sas = lab.status();
            assertTrue(sas.contains("MODP_2048"), sas);
        });
    }

    @Test
    void aDeviceThatGuessesAnotherGroupIsToldWhichToUse() throws Exception {
        in(Wiring.PLAIN, Device.GCM.withIke("aes256gcm16-prfsha256-modp2048-ecp256"), (lab, gateway) -> {
            lab.connect().succeeded();
            gateway.await("up    alice ");
            lab.awaitCharonLog("N(INVAL_KE)");
            assertTrue(lab.status().contains("ECP_256"), "another group was used");
        });
    }

    @Test
    void aDeviceWithNothingInCommonIsTold() throws Exception {
        in(Wiring.PLAIN, Device.GCM.withIke("aes128-sha1-modp1024"), (lab, gateway) -> {
            lab.connect().failed();
            lab.awaitCharonLog("received NO_PROPOSAL_CHOSEN");
        });
    }

    @Test
    void weConnectToStrongSwanWithAesGcm() throws Exception {
        connectToStrongSwan(Device.GCM, "ESP:AES_GCM_16-256");
    }

    @Test
    void weConnectToStrongSwanWithAesCbcAndHmac() throws Exception {
        connectToStrongSwan(Device.CBC, "ESP:AES_CBC-256/HMAC_SHA2_256_128");
    }

    /** The roles exchanged: our initiator, charon's responder. */
    private void connectToStrongSwan(Device device, String esp) throws Exception {
        try (Lab lab = Lab.withCharonAsGateway(folder, device);
                var client = JkipsecProcess.connect(lab, "--forward", "0:" + ECHO_PORT, "--echo",
                        String.valueOf(ECHO_PORT))) {
            lab.explaining(client, () -> {
                client.await("up    vpn\\.example\\.com 10\\.8\\.0\\.1 at 10\\.77\\.0\\.2:4500");
                Matcher address = client.await("this device is (10\\.8\\.0\\.\\d+); the gateway answered a ping");
                String sas = lab.status();
                assertTrue(sas.contains(esp), sas);
                Matcher forward = forward(client, ECHO_PORT);
                try (var service = new EchoService(lab, "10.8.0.1", ECHO_PORT)) {
                    service.await();
                    echo(lab::forGateway, "127.0.0.1", Integer.parseInt(forward.group(1)));
                }
                echo(lab::forDevice, address.group(1), ECHO_PORT);
                client.terminate();
                client.awaitExit();
                lab.awaitCharonLog("received DELETE for IKE_SA gateway");
            });
        }
    }

    private void in(Wiring wiring, Device device, Listening scenario) throws Exception {
        try (var lab = new Lab(folder, wiring, device);
                var gateway = JkipsecProcess.serve(lab, folder, "--echo", String.valueOf(ECHO_PORT), "--forward",
                        "0:" + DEVICE_PORT)) {
            lab.explaining(gateway, () -> scenario.run(lab, gateway));
        }
    }

    private static void assertPeer(Wiring wiring, Matcher up) {
        if (wiring == Wiring.PLAIN) {
            assertEquals("10.77.0.2:4500", up.group(2) + ":" + up.group(3));
        } else {
            assertEquals("10.77.0.3", up.group(2));
        }
    }

    private void pingsAndTransfersWork(Lab lab, JkipsecProcess gateway, String deviceAddress) throws Exception {
        lab.onDevice("ping", "-c", "3", "-i", "0.2", "-W", "10", "10.8.0.1").succeeded();

        echo(lab::forDevice, "10.8.0.1", ECHO_PORT);

        // The other way round: a service on the device, reached through the gateway's forward.
        Matcher forward = forward(gateway, DEVICE_PORT);
        try (var service = new EchoService(lab, deviceAddress, DEVICE_PORT)) {
            service.await();
            echo(lab::forGateway, "127.0.0.1", Integer.parseInt(forward.group(1)));
        }
    }

    /** An echo service in charon's namespace. */
    private record EchoService(Lab lab, int port, Process process) implements AutoCloseable {
        EchoService(Lab lab, String address, int port) throws IOException {
            this(lab, port, lab.forDevice(List.of("socat", "-b", "65536",
                    "TCP-LISTEN:" + port + ",bind=" + address + ",fork,reuseaddr", "EXEC:cat")).start());
        }

        void await() throws InterruptedException {
            Lab.await("the service listens", () -> lab.onDevice("ss", "-Hltn", "sport = :" + port).output()
                    .contains(":" + port));
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** Sends much to an echo service and compares what comes back. */
    private void echo(Function<List<String>, ProcessBuilder> from, String host, int port) throws Exception {
        try (var transfer = new Transfer(from, host, port)) {
            transfer.finish(TRANSFER);
        }
    }

    private static Matcher forward(JkipsecProcess ours, int port) {
        Matcher matcher = Pattern.compile("forward 127\\.0\\.0\\.1:(\\d+) to port " + port).matcher(ours.output());
        assertTrue(matcher.find(), "it did not say where it listens");
        return matcher;
    }
}
