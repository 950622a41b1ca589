package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.Test;

/** IPv6 outside and inside, and gateways that send devices on to others. */
class DualStackInterop extends LabTest {
    private static final int ECHO_PORT = 7;
    private static final int TRANSFER = 16 << 20;

    @Test
    void aDeviceConnectsOverIpv6() throws Exception {
        connected(Device.GCM.with("GATEWAY", "fd77::1"), (lab, gateway, address) -> {
            assertTrue(gateway.output().contains(" at [fd77::2]:4500, "), gateway.output());
            echo(lab, "10.8.0.1");
            lab.swanctl("--rekey", "--ike", "gateway").succeeded();
            lab.awaitCharonLog("IKE_SA deleted");
            lab.onDevice("ping", "-c", "1", "-W", "10", "-I", address, "10.8.0.1").succeeded();
        }, "--bind", "::");
    }

    @Test
    void weConnectToStrongSwanOverIpv6() throws Exception {
        try (Lab lab = Lab.withCharonAsGateway(folder, Device.GCM);
                var client = JkipsecProcess.connect(lab, Map.of("JKIPSEC_PSK", "secret of alice"), "--server",
                        "fd77::2", "--identity", "alice")) {
            lab.explaining(client, () -> {
                client.await("up    vpn\\.example\\.com 10\\.8\\.0\\.1 at \\[fd77::2\\]:4500");
                client.await("this device is 10\\.8\\.0\\.\\d+; the gateway answered a ping");
            });
        }
    }

    @Test
    void aDeviceHasAnIpv6AddressBesideItsIpv4AddressInOneChildSa() throws Exception {
        Device both = Device.GCM.with("VIPS", "0.0.0.0, ::").with("REMOTE_TS", "10.8.0.1/32, fd12::1/128");
        connected(both, (lab, gateway, address) -> {
            String sas = lab.status();
            Matcher inside = Pattern.compile("local  10\\.8\\.0\\.\\d+/32 (fd12::\\w+)/128").matcher(sas);
            assertTrue(inside.find(), sas);
            assertTrue(sas.contains("remote 10.8.0.1/32 fd12::1/128"), sas);
            lab.onDevice("ping", "-c", "3", "-i", "0.2", "-W", "10", "10.8.0.1").succeeded();
            lab.onDevice("ping", "-6", "-c", "3", "-i", "0.2", "-W", "10", "-I", inside.group(1), "fd12::1").succeeded();
            echo(lab, "10.8.0.1");
            echo(lab, "fd12::1");
        }, "--pool6", "fd12::/64");
    }

    @Test
    void largePingsAndDatagramsGoInFragmentsBothWays() throws Exception {
        Device both = Device.GCM.with("VIPS", "0.0.0.0, ::").with("REMOTE_TS", "10.8.0.1/32, fd12::1/128");
        connected(both, (lab, gateway, address) -> {
            for (String host : List.of("10.8.0.1", "fd12::1")) {
                lab.onDevice("ping", "-c", "3", "-i", "0.2", "-W", "10", "-s", "3000", host).succeeded();
                lab.onDevice("ping", "-c", "1", "-W", "10", "-s", "60000", host).succeeded();
                String udp = host.contains(":") ? "UDP6:[" + host + "]:" : "UDP4:" + host + ":";
                Lab.Result echoed = lab.onDevice("sh", "-c",
                        "head -c 3000 /dev/zero | tr '\\0' x | socat -t 5 - " + udp + ECHO_PORT + " | wc -c");
                assertEquals("3000", echoed.succeeded().output().strip());
                Lab.Result refused = lab.onDevice("sh", "-c", "echo x | socat -t 5 - " + udp + "9");
                assertTrue(refused.output().contains("Connection refused"), refused.output());
            }
        }, "--pool6", "fd12::/64");
    }

    @Test
    void aDeviceMayHaveNothingButAnIpv6Address() throws Exception {
        Device only = Device.GCM.with("VIPS", "::").with("REMOTE_TS", "fd12::1/128");
        connected(only, (lab, gateway, address) -> {
            lab.onDevice("ping", "-6", "-c", "3", "-i", "0.2", "-W", "10", "fd12::1").succeeded();
            echo(lab, "fd12::1");
        }, "--pool6", "fd12::/64");
    }

    @Test
    void offeredNetworksReachTheDevice() throws Exception {
        Device wide = Device.GCM.with("REMOTE_TS", "0.0.0.0/0");
        connected(wide, (lab, gateway, address) -> {
            String sas = lab.status();
            assertTrue(sas.contains("remote 10.8.0.1/32 192.168.7.0/24"), sas);
            lab.onDevice("ping", "-c", "1", "-W", "10", "10.8.0.1").succeeded();
        }, "--offer", "192.168.7.0/24");
    }

    @Test
    void aDeviceFollowsARedirectWhenItKnocks() throws Exception {
        redirected((lab, other) -> {
            lab.connect().succeeded();
            lab.awaitCharonLog("parsed IKE_SA_INIT response 0 [ N(REDIR) ]");
            Matcher up = other.await("up    alice (10\\.8\\.0\\.\\d+) at 10\\.77\\.0\\.2:4500");
            lab.onDevice("ping", "-c", "1", "-W", "10", "-I", up.group(1), "10.8.0.1").succeeded();
            assertTrue(lab.status().contains("10.77.0.5["), lab.status());
        }, "--redirect", "10.77.0.5");
    }

    /** With charon 5.9.8 no further than its first step to the other gateway: it then frees some memory twice, and aborts. */
    @Test
    void aDeviceFollowsARedirectOnceItIsKnown() throws Exception {
        redirected((lab, other) -> {
            lab.connect();
            lab.awaitCharonLog("parsed IKE_AUTH response 1 [ IDr AUTH N(REDIR) ]");
            lab.awaitCharonLog("authentication of 'vpn.example.com' with pre-shared key successful");
            lab.awaitCharonLog("redirected to 10.77.0.5");
            lab.awaitCharonLog("initiating IKE_SA gateway\\[\\d\\] to 10\\.77\\.0\\.5", 1);
            if (!lab.charonLog().contains("(strongSwan 5.")) {
                Matcher up = other.await("up    alice (10\\.8\\.0\\.\\d+) at 10\\.77\\.0\\.2:4500");
                lab.onDevice("ping", "-c", "1", "-W", "10", "-I", up.group(1), "10.8.0.1").succeeded();
            }
        }, "--redirect-identity", "alice=10.77.0.5");
    }

    /** What a test does with a charon that has not connected yet, and the gateway to which the other one sends it. */
    @FunctionalInterface
    private interface Redirection {
        void run(Lab lab, JkipsecProcess other) throws Exception;
    }

    private void redirected(Redirection steps, String... options) throws Exception {
        try (var lab = new Lab(folder, Wiring.PLAIN, Device.GCM)) {
            lab.onGateway("ip", "addr", "add", "10.77.0.5/24", "dev", "outer").succeeded();
            List<String> first = new ArrayList<>(List.of("--bind", "10.77.0.1"));
            first.addAll(List.of(options));
            try (var other = JkipsecProcess.serve(lab, folder, "--bind", "10.77.0.5");
                    var gateway = JkipsecProcess.serve(lab, folder, first.toArray(String[]::new))) {
                lab.explaining(gateway, () -> lab.explaining(other, () -> {
                    steps.run(lab, other);
                    assertFalse(gateway.output().contains("up    "), "a tunnel came up where it should not");
                }));
            }
        }
    }

    private void connected(Device device, Connected scenario, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--echo", String.valueOf(ECHO_PORT)));
        all.addAll(List.of(options));
        try (var lab = new Lab(folder, Wiring.PLAIN, device);
                var gateway = JkipsecProcess.serve(lab, folder, all.toArray(String[]::new))) {
            lab.explaining(gateway, () -> {
                lab.connect().succeeded();
                Matcher up = gateway.await("up    alice (\\S+) at ");
                scenario.run(lab, gateway, up.group(1));
            });
        }
    }

    private void echo(Lab lab, String host) throws Exception {
        try (var transfer = new Transfer(lab::forDevice, host, ECHO_PORT)) {
            transfer.finish(TRANSFER);
        }
    }
}
