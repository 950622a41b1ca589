package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.ChildPolicy;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.Lifetime;
import jkipsec.ike.Liveness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ServerConfigTest {
    private static ServerConfig.Builder complete() {
        return ServerConfig.builder().identity("vpn.example.com").authenticator(c -> AuthDecision.reject());
    }

    private static void refused(Class<? extends RuntimeException> type, String says, Executable setting) {
        String message = assertThrows(type, setting).getMessage();
        assertTrue(message.contains(says), message);
    }

    private static void invalid(String says, Executable setting) {
        refused(IllegalArgumentException.class, says, setting);
    }

    @Test
    void hasSensibleDefaults() {
        ServerConfig config = complete().build();
        assertEquals(500, config.ikePort());
        assertEquals(4500, config.natTPort());
        assertEquals("0.0.0.0", config.bindAddress().toString());
        assertEquals("10.8.0.0/24", config.inner().pool().toString());
        assertEquals(List.of(Suite.AES_256_GCM, Suite.AES_256_CBC_SHA256), config.algorithms().suites());
        assertEquals(IkePolicy.defaults(), config.policy());
    }

    @Test
    void settingsBecomePolicy() {
        IkePolicy policy = complete().ikeLifetime(Duration.ofHours(5)).childLifetime(Duration.ofHours(2))
                .pfs(ChildPolicy.Pfs.REQUIRED).sequenceNumbers(ChildPolicy.SequenceNumbers.SHORT)
                .cookieThreshold(7).fragmentSize(600).probeAfter(Duration.ofSeconds(9)).transmissions(3)
                .idleLimit(Duration.ofDays(1)).secondLogin(Liveness.SecondLogin.KEEP).build().policy();
        assertEquals(Duration.ofHours(5), policy.lifetimes().ike().soft());
        assertEquals(Duration.ofHours(2), policy.lifetimes().child().soft());
        assertEquals(new ChildPolicy(ChildPolicy.Pfs.REQUIRED, ChildPolicy.SequenceNumbers.SHORT), policy.children());
        assertEquals(7, policy.limits().halfOpen().cookieThreshold());
        assertEquals(600, policy.fragmentation().datagram());
        assertEquals(Duration.ofSeconds(9), policy.liveness().probeAfter());
        assertEquals(3, policy.retransmission().transmissions());
        assertEquals(new IkePolicy.Decisions(Duration.ofSeconds(3), 17), complete().decisionsAtOnce(17)
                .decisionTimeout(Duration.ofSeconds(3)).build().policy().limits().decisions());
        assertEquals(Optional.of(Duration.ofDays(1)), policy.liveness().idleLimit());
        assertEquals(Liveness.SecondLogin.KEEP, policy.liveness().secondLogin());
    }

    @Test
    void aClientTunesWhatAServerDoes() {
        var volume = new Lifetime.Volume(1_000, 1 << 20);
        Lifetime child = Lifetime.of(Duration.ofHours(2)).withVolume(volume, Lifetime.Volume.UNLIMITED);
        IkePolicy server = complete().ikeLifetime(Duration.ofHours(5)).childLifetime(child).fragmentSize(600)
                .probeAfter(Duration.ofSeconds(9)).transmissions(3).idleLimit(Duration.ofDays(1)).build().policy();
        IkePolicy client = client().ikeLifetime(Duration.ofHours(5)).childLifetime(child).fragmentSize(600)
                .probeAfter(Duration.ofSeconds(9)).transmissions(3).idleLimit(Duration.ofDays(1)).build().policy();
        assertEquals(server, client);
        assertEquals(child, client.lifetimes().child());
        assertEquals(Duration.ofHours(5), client.lifetimes().ike().soft());
        assertEquals(Duration.ofMinutes(3),
                client().childLifetime(Duration.ofMinutes(3)).build().policy().lifetimes().child().soft());
        invalid("PT0.5S", () -> client().ikeLifetime(Duration.ofMillis(500)));
        invalid("365 days", () -> client().childLifetime(Lifetime.of(Duration.ofDays(365))));
        invalid("1280", () -> client().fragmentSize(255));
        invalid("PT0S", () -> client().probeAfter(Duration.ZERO));
        invalid("PT0S", () -> client().idleLimit(Duration.ZERO));
        invalid("6 are usual", () -> client().transmissions(101));
    }

    private static ClientConfig.Builder client() {
        return ClientConfig.builder().server("192.0.2.1").identity("alice").authKey(AuthKey.derive("secret"));
    }

    @Test
    void namesTheValueItRefusesAndWhatToWriteInstead() {
        invalid("\"myhost\"", () -> complete().bind("myhost"));
        invalid("192.0.2.1", () -> complete().publicAddress("vpn.example.com"));
        invalid("70000", () -> complete().ikePort(70_000));
        invalid("-1", () -> complete().natTPort(-1));
        invalid("10.8.0.0/24", () -> complete().addressPool("10.8.0.1/24"));
        invalid("10.8.0.0/31", () -> complete().addressPool("10.8.0.0/31"));
        invalid("fd00::/64", () -> complete().addressPool("fd00::/64"));
        invalid("\"dns.example\"", () -> complete().dns("1.1.1.1", "dns.example"));
        invalid("10.8.0.0/24", () -> complete().addressPool6("10.8.0.0/24"));
        invalid("fd12:3456:789a::/64", () -> complete().addressPool6("fd00::/127"));
        invalid("10.0.0.0/8", () -> complete().offer("0.0.0.0/0", "10.1.0.0/8"));
        invalid("\"-corp\"", () -> complete().dnsDomains("-corp"));
        invalid("corp.example", () -> complete().dnsDomains("."));
        invalid("empty", () -> complete().identity(" "));
        invalid("no suite", () -> complete().suites());
        invalid("twice", () -> complete().suites(Suite.AES_256_GCM, Suite.AES_256_GCM));
        invalid("PT0.5S", () -> complete().ikeLifetime(Duration.ofMillis(500)));
        invalid("365 days", () -> complete().ikeLifetime(Duration.ofDays(366)));
        invalid("PT0S", () -> complete().childLifetime(Duration.ZERO));
        invalid("-1", () -> complete().cookieThreshold(-1));
        invalid("1280", () -> complete().fragmentSize(255));
        invalid("PT0S", () -> complete().probeAfter(Duration.ZERO));
        invalid("6 are usual", () -> complete().transmissions(0));
        invalid("575", () -> complete().outerMtu(575));
        invalid("65536", () -> complete().innerMtu(65_536));
        invalid("256 are usual", () -> complete().decisionsAtOnce(0));
        invalid("20 seconds", () -> complete().decisionTimeout(Duration.ofHours(2)));
    }

    @Test
    void proposalsTakeThePlaceOfWhatSuitesSay() {
        IkePolicy policy = complete().suites(Suite.AES_256_CBC_SHA256)
                .ikeProposals("aes128gcm16-x25519", "chacha20poly1305-ecp384").espProposals("aes256-sha512")
                .build().policy();
        assertEquals(List.of(CipherSuite.AES_GCM_16_128, CipherSuite.CHACHA20_POLY1305), policy.ikeSuites());
        assertEquals(List.of(KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_384), policy.groups());
        assertEquals(List.of(CipherSuite.AES_CBC_256_HMAC_SHA2_512_256), policy.espSuites());
        IkePolicy espAlone = complete().espProposals("chacha20poly1305").build().policy();
        assertEquals(IkePolicy.defaults().ikeProposals(), espAlone.ikeProposals());
        assertEquals(List.of(CipherSuite.CHACHA20_POLY1305), espAlone.espSuites());
    }

    @Test
    void proposalsThatCannotBeAreRefusedWithWhatToWrite() {
        invalid("\"modp1024\" is not known; there are modp2048", () -> complete().ikeProposals("aes256gcm16-modp1024"));
        invalid("leave it out", () -> complete().espProposals("aes256gcm16-x25519"));
        invalid("no ESP proposal", () -> ClientConfig.builder().espProposals());
        invalid("\"aes256gcm\"", () -> ClientConfig.builder().ikeProposals("aes256gcm-x25519"));
        refused(IllegalStateException.class, "name prfsha256",
                () -> complete().ikeProposals("aes256gcm16-prfsha384-ecp384").build());
        refused(IllegalStateException.class, "name prfsha256", () -> ClientConfig.builder().server("192.0.2.1")
                .identity("alice").authKey(AuthKey.derive("secret")).ikeProposals("aes256-sha384-ecp384").build());
    }

    @Test
    void takesNetworksServersAndDomainsOfBothFamilies() {
        ServerConfig config = complete().addressPool6("fd00:8::/64").dnsDomains("Corp.Example.", "bücher.example")
                .dns("192.0.2.53", "2001:db8::53").offer("0.0.0.0/0", "::/0").build();
        assertEquals(List.of("corp.example", "xn--bcher-kva.example"),
                config.inner().domains().stream().map(String::toLowerCase).toList());
        String text = config.toString();
        for (String part : List.of("10.8.0.0/24 and fd00:8::/64", "[192.0.2.53, 2001:db8::53]", "[0.0.0.0/0, ::/0]")) {
            assertTrue(text.contains(part), text);
        }
    }

    @Test
    void missesWhatHasNoDefault() {
        refused(IllegalStateException.class, "identity(", () -> ServerConfig.builder()
                .authenticator(c -> AuthDecision.reject()).build());
        refused(IllegalStateException.class, "authenticator(", () -> ServerConfig.builder()
                .identity("vpn.example.com").build());
        refused(IllegalStateException.class, "500", () -> complete().natTPort(500).build());
    }

    @Test
    void twoFreePortsMayBothBeZero() {
        complete().ikePort(0).natTPort(0).build();
    }

    @Test
    void ofAClientSaysTheSame() {
        refused(IllegalStateException.class, "server(", () -> ClientConfig.builder().build());
        refused(IllegalStateException.class, "identity(", () -> ClientConfig.builder().server("192.0.2.1").build());
        refused(IllegalStateException.class, "authKey(",
                () -> ClientConfig.builder().server("192.0.2.1").identity("alice").build());
        invalid("empty", () -> ClientConfig.builder().server(""));
        invalid("0 is not 1 to 65535", () -> ClientConfig.builder().server("192.0.2.1", 0, 4500));
        invalid("PT0S", () -> ClientConfig.builder().connectTimeout(Duration.ZERO));
    }

    @Test
    void ofAClientDoesNotPrintTheKey() {
        AuthKey key = AuthKey.derive("secret");
        String text = ClientConfig.builder().server("192.0.2.1").identity("alice").authKey(key).build().toString();
        assertTrue(text.contains("alice") && !text.contains(key.toHex()), text);
    }

    @Test
    void ofAClientShowsWhatItWasTold() {
        String text = ClientConfig.builder().server("192.0.2.1").identity("alice").authKey(AuthKey.derive("secret"))
                .ikeLifetime(Duration.ofMinutes(9)).childLifetime(Duration.ofMinutes(8)).fragmentSize(577)
                .probeAfter(Duration.ofSeconds(7)).transmissions(4).idleLimit(Duration.ofMinutes(5)).outerMtu(1_480)
                .innerMtu(1_300).build().toString();
        assertTrue(text.contains("lifetimes PT9M and PT8M, fragments of 577, probes after PT7S, 4 transmissions,"
                + " idle limit PT5M, "), text);
        assertTrue(text.contains("MTU 1480 outside and at most 1300 inside"), text);
    }
}
