package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.CertificateConfig;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Ppk;
import jkipsec.ike.PpkPolicy;
import jkipsec.ike.PpkSource;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.IpPrefix;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What the gateway makes of PPK notifications, right and wrong; RFC 8784. The script mixes the key in by the formula of
 * §3, apart from what is tested.
 */
class HostilePpkTest {
    private static final byte[] SECRET = "a key of sufficient length".getBytes(StandardCharsets.US_ASCII);
    private static final AuthPayload WRONG = new AuthPayload(2, new byte[32]);

    private enum Outcome { USED, PLAIN, REFUSED }

    /** A device that has agreed on a PPK, its proof with the key, and its proof without. */
    private record Device(ScriptedInitiator script, AuthPayload mixed, AuthPayload plain) {}

    private record Row(String name, boolean agreed, Function<Device, List<Payload>> request, Outcome expected) {}

    private static Row row(String name, Function<Device, List<Payload>> request, Outcome expected) {
        return new Row(name, true, request, expected);
    }

    private static NotifyPayload identity(int type, String name) {
        byte[] octets = name.getBytes(StandardCharsets.US_ASCII);
        return NotifyPayload.of(
                NotifyType.PPK_IDENTITY, new ByteWriter().u8(type).bytes(octets).toByteArray());
    }

    private static NotifyPayload plain(AuthPayload auth) {
        return NotifyPayload.of(NotifyType.NO_PPK_AUTH, auth.data());
    }

    private static List<Row> rows() {
        NotifyPayload good = identity(2, "alice-ppk");
        return List.of(
                row("§3 AUTH with the key", device -> List.of(device.mixed, good), Outcome.USED),
                row("§3 AUTH with the key, and another without", device -> List.of(device.mixed, good,
                        plain(device.plain)), Outcome.USED),
                row("§3 the proof without does not count when the key is known",
                        device -> List.of(WRONG, good, plain(device.plain)), Outcome.REFUSED),
                row("§3 AUTH without the key, although it is named", device -> List.of(device.plain, good),
                        Outcome.REFUSED),
                row("§3 agreed on, and not named", device -> List.of(device.plain), Outcome.REFUSED),
                row("§3 a name that is not known, and a proof without", device -> List.of(device.mixed,
                        identity(2, "mallory-ppk"), plain(device.plain)), Outcome.PLAIN),
                row("§3 a name that is not known, and no other proof", device -> List.of(device.plain,
                        identity(2, "mallory-ppk")), Outcome.REFUSED),
                row("§3 a name that is not known, and a wrong proof without", device -> List.of(device.mixed,
                        identity(2, "mallory-ppk"), plain(WRONG)), Outcome.REFUSED),
                row("§3 a proof without that is empty", device -> List.of(device.mixed,
                        identity(2, "mallory-ppk"), NotifyPayload.of(NotifyType.NO_PPK_AUTH)), Outcome.REFUSED),
                row("§5.1 the name under another type", device -> List.of(device.mixed, identity(1, "alice-ppk"),
                        plain(device.plain)), Outcome.PLAIN),
                row("§5.1 an unknown type", device -> List.of(device.mixed, identity(99, "alice-ppk"),
                        plain(device.plain)), Outcome.PLAIN),
                row("§5.1 no name behind the type", device -> List.of(device.mixed, identity(2, ""),
                        plain(device.plain)), Outcome.PLAIN),
                row("§5.1 not even a type", device -> List.of(device.mixed,
                        NotifyPayload.of(NotifyType.PPK_IDENTITY), plain(device.plain)), Outcome.PLAIN),
                row("§5.1 a name of 30,000 octets", device -> List.of(device.mixed,
                        identity(2, "a".repeat(30_000)), plain(device.plain)), Outcome.PLAIN),
                row("§3 two names, of which the first counts", device -> List.of(device.mixed, good,
                        identity(2, "mallory-ppk")), Outcome.USED),
                new Row("§3 named without having agreed", false, device -> List.of(device.plain, good), Outcome.PLAIN),
                new Row("§3 used without having agreed", false, device -> List.of(device.mixed, good),
                        Outcome.REFUSED));
    }

    @TestFactory
    Stream<DynamicTest> requests() {
        return rows().stream().map(row -> dynamicTest(row.name(), () -> {
            var scenario = new Scenario(1);
            Peer gateway = gateway(scenario);
            var script = new ScriptedInitiator(scenario);
            var init = new ArrayList<>(script.initPayloads());
            if (row.agreed()) {
                init.add(NotifyPayload.of(NotifyType.USE_PPK));
            }
            byte[] request = script.init(init);
            byte[] answer = script.sendBare(request).get(0);
            script.adopt(request, answer);
            assertEquals(row.agreed(), FirstMessages.parse(answer).notify(NotifyType.USE_PPK).isPresent());
            var idi = ScriptedInitiator.id(true, "alice");
            AuthPayload plain = script.auth(idi, "secret");
            var unmixed = script.sa();
            script.mix(SECRET);
            AuthPayload mixed = script.auth(idi, "secret");
            List<Payload> all = AuthMessages.mutable(script.authPayloads());
            all.removeIf(AuthPayload.class::isInstance);
            all.addAll(row.request().apply(new Device(script, mixed, plain)));
            List<Payload> proof = script.only(script.send(Envelope.request(ExchangeType.IKE_AUTH, 1), all));
            assertEquals(row.expected() == Outcome.REFUSED ? 0 : 1, gateway.tunnels().size(), proof::toString);
            if (row.expected() == Outcome.REFUSED) {
                assertEquals(List.of(NotifyPayload.of(NotifyType.AUTHENTICATION_FAILED)), proof);
                return;
            }
            boolean used = row.expected() == Outcome.USED;
            assertEquals(used, proof.contains(NotifyPayload.of(NotifyType.PPK_IDENTITY)), proof::toString);
            var idr = ScriptedInitiator.id(false, "vpn.example.com");
            var keys = used ? script.sa() : unmixed;
            assertTrue(proof.contains(keys.auth("secret", script.initResponse(), idr)), proof::toString);
            scenario.world().runFor(World.SECOND);
        }));
    }

    private static Peer gateway(Scenario scenario) {
        Ppk key = Ppk.of("alice-ppk", SECRET);
        var responder = new GatewayConfig.Responder(
                Scenario.GATEWAY_ID, InnerNetwork.of(IpPrefix.parse("10.8.0.0/24"), List.of()),
                CertificateConfig.none(), new PpkPolicy(Optional.of(PpkSource.of(key)), false));
        var gateway = scenario.gateway(responder, IkePolicy.defaults());
        gateway.authenticator(request -> new AuthVerdict.Approved(Scenario.key("secret")));
        return gateway;
    }
}
