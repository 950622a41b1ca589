package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import jkipsec.crypto.SignaturePolicy;
import jkipsec.eap.NtHash;
import jkipsec.ike.AuthProof;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.CertificateConfig;
import jkipsec.ike.Identification;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Login;
import jkipsec.ike.Ppk;
import jkipsec.ike.PpkId;
import jkipsec.ike.PpkPolicy;
import jkipsec.ike.PpkSource;
import jkipsec.ike.PpkUse;
import jkipsec.ike.TerminationCause;
import jkipsec.ip.IpPrefix;
import jkipsec.pki.Credentials;
import jkipsec.pki.TrustAnchors;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.World;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Post-quantum pre-shared keys (RFC 8784), between two of our own. */
class PpkTest {
    private static final InstantSource TIME = InstantSource.fixed(Instant.parse("2030-06-01T12:00:00Z"));
    private static final String KEY = "a key that a quantum computer does not guess";
    private static final Ppk RIGHT = Ppk.of("ppk-alice", KEY);
    private static final Ppk OTHER = Ppk.of("ppk-bob", "another");
    private static final Ppk FORGED = Ppk.of("ppk-alice", "not that");

    private final Scenario scenario = new Scenario(1);
    private final List<Optional<PpkId>> asked = new ArrayList<>();
    private Peer gateway;

    private static String pem(String name) {
        try {
            return Files.readString(Vectors.folder().resolve("pki").resolve(name + ".pem"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CertificateConfig certificates(String own) {
        Credentials credentials = Credentials.parse(pem(own), new Random(1)::nextBytes);
        return new CertificateConfig(Optional.of(credentials), Optional.of(TrustAnchors.parse(pem("root"))),
                SignaturePolicy.DEFAULT, TIME);
    }

    private void gateway(Optional<PpkSource> source, boolean mandatory) {
        var responder = new GatewayConfig.Responder(
                Scenario.GATEWAY_ID, InnerNetwork.of(IpPrefix.parse("10.8.0.0/24"), List.of()),
                certificates("gateway-p256"), new PpkPolicy(source, mandatory));
        gateway = scenario.gateway(responder, IkePolicy.defaults());
        gateway.authenticator(request -> {
            asked.add(request.ppk());
            return switch (request.proof()) {
                case AuthProof.SharedKey shared -> new AuthVerdict.Approved(Scenario.key("secret"));
                case AuthProof.Password password -> new AuthVerdict.PasswordApproved(NtHash.of("wonderland"));
                case AuthProof.Certificate certificate -> new AuthVerdict.CertificateApproved();
            };
        });
    }

    private static InitiatorConfig as(Login login) {
        return new InitiatorConfig(Scenario.GATEWAY_IKE, Scenario.GATEWAY_NAT_T,
                Identification.of("alice@example.com"), Optional.of(Scenario.GATEWAY_ID), login, IkePolicy.defaults());
    }

    /** Whether a device gets in, and then that packets pass. */
    private boolean connects(InitiatorConfig config) {
        Peer device = scenario.device();
        GatewayTunnel tunnel = scenario.connect(device, config);
        scenario.world().runUntil(
                () -> device.tunnels().size() == 1 || device.causeOf(tunnel).isPresent(), 60 * World.SECOND);
        scenario.world().runFor(World.SECOND);
        assertEquals(device.tunnels().size(), gateway.tunnels().size(), "both sides agree");
        if (device.tunnels().isEmpty()) {
            assertTrue(device.causeOf(tunnel).orElseThrow() instanceof TerminationCause.AuthenticationFailed
                    || device.causeOf(tunnel).orElseThrow() instanceof TerminationCause.NegotiationFailed);
            return false;
        }
        device.call(() -> device.tunnels().get(0).ping(8));
        assertTrue(scenario.world().runUntil(() -> device.pingsAnswered() == 1, World.SECOND));
        return true;
    }

    private static Ppk key(String name) {
        return switch (name) {
            case "right" -> RIGHT;
            case "other" -> OTHER;
            case "forged" -> FORGED;
            default -> null;
        };
    }

    /** RFC 8784 §3, table 1, and what the initiator makes of each. */
    @ParameterizedTest
    @CsvSource({
        // the gateway's, mandatory; the device's, mandatory; whether it gets in, and with the key
        "none,  false, none,   false, true,  false",
        "none,  false, right,  false, true,  false",
        "none,  false, right,  true,  false, false",
        "right, false, none,   false, true,  false",
        "right, true,  none,   false, false, false",
        "right, false, right,  false, true,  true",
        "right, false, right,  true,  true,  true",
        "right, true,  right,  false, true,  true",
        "right, true,  right,  true,  true,  true",
        "right, false, other,  false, true,  false",
        "right, false, other,  true,  false, false",
        "right, true,  other,  false, false, false",
        "right, true,  other,  true,  false, false",
        "right, false, forged, false, false, true",
        "right, false, forged, true,  false, true",
    })
    void whoHasWhichKeySaysWhetherItIsUsed(
            String ofGateway, boolean gatewayDemands, String ofDevice, boolean deviceDemands, boolean in, boolean used) {
        gateway(Optional.ofNullable(key(ofGateway)).map(PpkSource::of), gatewayDemands);
        InitiatorConfig config = as(new Login.SharedKey(Scenario.key("secret")));
        Ppk key = key(ofDevice);
        assertEquals(in, connects(key == null ? config : config.withPpk(new PpkUse(key, deviceDemands))));
        if (!asked.isEmpty()) {
            assertEquals(used ? Optional.of(PpkId.of("ppk-alice")) : Optional.empty(), asked.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "certificate"})
    void itGoesWithEveryLogin(String kind) {
        for (boolean mandatory : new boolean[] {true, false}) {
            for (Ppk key : new Ppk[] {RIGHT, OTHER}) {
                gateway(Optional.of(PpkSource.of(RIGHT)), false);
                Login login = kind.equals("password")
                        ? new Login.Password("alice", NtHash.of("wonderland"), certificates("user"))
                        : new Login.Certificate(certificates("user"));
                assertEquals(key == RIGHT || !mandatory, connects(as(login).withPpk(new PpkUse(key, mandatory))));
                scenario.world().runFor(World.SECOND);
            }
        }
    }

    @Test
    void rekeyingGoesOnFromTheMixedKeysWithoutMixingAgain() {
        gateway(Optional.of(PpkSource.of(RIGHT)), true);
        Peer device = scenario.device();
        scenario.connect(device, as(new Login.SharedKey(Scenario.key("secret"))).withPpk(new PpkUse(RIGHT, true)));
        assertTrue(scenario.world().runUntil(() -> device.tunnels().size() == 1, 5 * World.SECOND));
        for (Peer peer : List.of(device, gateway)) {
            peer.call(() -> peer.tunnels().get(0).ike().rekeyChild(scenario.world().now()));
            scenario.world().runFor(5 * World.SECOND);
            peer.call(() -> peer.tunnels().get(0).ike().rekey(scenario.world().now()));
            scenario.world().runFor(5 * World.SECOND);
            int before = peer.pingsAnswered();
            peer.call(() -> peer.tunnels().get(0).ping(8));
            scenario.world().runFor(World.SECOND);
            assertEquals(before + 1, peer.pingsAnswered());
        }
    }

    @Test
    void aKeyDoesNotPrintAndSaysItsName() {
        assertEquals("Ppk[ppk-alice]", RIGHT.toString());
        assertFalse(new PpkUse(RIGHT, true).toString().contains(KEY));
        assertEquals("hex:0161", PpkId.of(PpkId.OPAQUE, new byte[] {'a'}).text());
        assertEquals("hex:020a", PpkId.of("\n").text());
        assertEquals(PpkId.of("a"), PpkId.of(PpkId.FIXED, new byte[] {'a'}));
        assertThrows(IllegalArgumentException.class, () -> Ppk.of("a", ""));
        assertThrows(IllegalArgumentException.class, () -> PpkId.of(""));
        assertThrows(IllegalArgumentException.class, () -> PpkId.of(256, new byte[1]));
        assertThrows(IllegalArgumentException.class, () -> new PpkPolicy(Optional.empty(), true));
    }
}
