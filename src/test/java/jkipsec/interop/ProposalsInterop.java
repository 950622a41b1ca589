package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every algorithm with charon, in either role: the same words on both sides, then pings through the tunnel. */
class ProposalsInterop extends LabTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
        aes256gcm16-prfsha256-x25519,            aes256gcm16,      PRF_HMAC_SHA2_256/CURVE_25519
        aes128gcm16-prfsha256-ecp384,            aes128gcm16,      AES_GCM_16-128/PRF_HMAC_SHA2_256/ECP_384
        chacha20poly1305-prfsha256-ecp256,       chacha20poly1305, CHACHA20_POLY1305/PRF_HMAC_SHA2_256/ECP_256
        aes256-sha384-prfsha256-modp2048,        aes256-sha384,    AES_CBC-256/HMAC_SHA2_384_192/PRF_HMAC_SHA2_256
        aes128-sha512-prfsha256-x25519,          aes256-sha512,    AES_CBC-128/HMAC_SHA2_512_256/PRF_HMAC_SHA2_256
        """)
    void charonAndWeUnderstandTheSameWordsAlike(String ike, String esp, String negotiated) throws Exception {
        var device = new Device(ike, esp, "alice", "secret of alice");
        try (var lab = new Lab(folder, Wiring.PLAIN, device);
                var gateway = JkipsecProcess.serve(lab, folder, "--ike-proposals", ike, "--esp-proposals", esp)) {
            lab.explaining(gateway, () -> {
                lab.connect().succeeded();
                Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) at ");
                assertTrue(lab.status().contains(negotiated), lab::status);
                lab.onDevice("ping", "-c", "1", "-W", "10", "-I", up.group(1), "10.8.0.1").succeeded();
            });
        }
        try (var lab = Lab.withCharonAsGateway(folder, device);
                var client = JkipsecProcess.connect(lab, "--ike-proposals", ike, "--esp-proposals", esp)) {
            lab.explaining(client, () -> {
                client.await("this device is (10\\.8\\.0\\.\\d+); the gateway answered a ping");
                assertTrue(lab.status().contains(negotiated), lab::status);
            });
        }
    }
}
