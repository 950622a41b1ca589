package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jkipsec.AuthKey;
import jkipsec.ClientConfig;
import jkipsec.Suite;
import jkipsec.ike.ChildPolicy;
import jkipsec.ike.RedirectTarget;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
    private static final Map<String, String> SECRET = Map.of("JKIPSEC_PSK", "secret");

    private static final Tuning.Sizes SIZES =
            new Tuning.Sizes(Optional.of(576), Optional.of(1_460), Optional.of(1_300));

    @Test
    void serveHasTheUsualDefaults() throws UsageError {
        var options = serve(SECRET).server();
        assertEquals(new Binds("0.0.0.0", 500, 4500), options.binds());
        assertEquals("vpn.example.com", options.identity());
        assertEquals("10.8.0.0/24", options.pool());
        assertEquals(Optional.of(AuthKey.derive("secret")), options.admittance().sharedKey());
    }

    @Test
    void serveTakesEverythingThatItsHelpNames() throws UsageError {
        var options = serve(SECRET, "--bind", "127.0.0.1", "--ike-port", "0", "--nat-t-port", "4501", "--echo", "7",
                "--echo", "9", "--forward", "8022:22", "--dns", "1.1.1.1", "--pool", "10.9.0.0/16", "--identity", "me",
                "--public-address", "203.0.113.1", "--suites", "aes-256-gcm", "--ike-lifetime", "60",
                "--child-lifetime", "30", "--cookie-threshold", "0", "--fragment-size", "576", "--probe-after", "20",
                "--outer-mtu", "1460", "--inner-mtu", "1300",
                "--transmissions", "4", "--idle-limit", "600", "--pfs", "wanted",
                "--ike-proposals", "aes256gcm16-x25519,aes256gcm16-ecp384", "--esp-proposals", "aes128gcm16",
                "--pool6", "fd12::/64", "--offer", "0.0.0.0/0", "--offer", "::/0", "--dns-domain", "corp.example");
        assertEquals(new InnerWords(Optional.of("fd12::/64"), List.of("0.0.0.0/0", "::/0"), List.of("corp.example")),
                options.server().inner());
        assertEquals(new Binds("127.0.0.1", 0, 4501), options.server().binds());
        assertEquals(List.of(7, 9), options.echoPorts());
        assertEquals(List.of(new Forward(8022, 22)), options.forwards());
        assertEquals(List.of("1.1.1.1"), options.server().dns());
        assertEquals(Optional.of("203.0.113.1"), options.server().publicAddress());
        assertEquals(new Tuning(Optional.of(Duration.ofMinutes(1)), Optional.of(Duration.ofSeconds(30)),
                Optional.of(0), SIZES, new Tuning.Liveness(Optional.of(Duration.ofSeconds(20)),
                Optional.of(4), Optional.of(Duration.ofMinutes(10))), Optional.of(ChildPolicy.Pfs.WANTED), new ProposalWords(List.of("aes256gcm16-x25519", "aes256gcm16-ecp384"),
                List.of("aes128gcm16"))), options.server().tuning());
    }

    @Test
    void whatServeIsToldReachesTheServer() throws UsageError {
        var nowhere = new Journal(new PrintStream(OutputStream.nullOutputStream()));
        String told = serve(SECRET, "--ike-lifetime", "60", "--child-lifetime", "30", "--cookie-threshold", "3",
                "--fragment-size", "576", "--outer-mtu", "1460", "--inner-mtu", "1300", "--probe-after", "20",
                "--transmissions", "4", "--idle-limit", "600", "--pfs", "wanted").server().config(nowhere).toString();
        for (String part : List.of("cookies from 3", "lifetimes PT1M and PT30S", "fragments of 576", "probes after PT20S",
                "4 transmissions", "idle limit PT10M", "pfs=WANTED", "MTU 1460 outside and at most 1300 inside")) {
            assertTrue(told.contains(part), part + " is not in " + told);
        }
    }

    @Test
    void aProposalThatIsNotUnderstoodIsAUsageErrorThatNamesTheWord() {
        for (String[] command : new String[][] {
            {"serve", "--ike-port", "0", "--nat-t-port", "0"}, {"connect", "--server", "127.0.0.1", "--identity", "me"}}) {
            var words = new ArrayList<>(List.of(command));
            words.addAll(List.of("--ike-proposals", "aes256gcm16-x25519,aes256gcm16-modp1024"));
            var run = CommandLine.run(SECRET, "", words.toArray(String[]::new));
            assertEquals(2, run.status(), run.err());
            assertTrue(run.err().contains("\"modp1024\" is not known; there are modp2048"), run.err());
        }
    }

    @Test
    void aLifetimeIsAtLeastASecond() {
        assertEquals("--child-lifetime: '0' is not a number that fits (1 to 31536000)",
                assertThrows(UsageError.class, () -> serve(SECRET, "--child-lifetime", "0")).getMessage());
    }

    @Test
    void forwardSecrecyIsAWord() {
        assertEquals("--pfs: 'yes' is none of accepted, wanted and required",
                assertThrows(UsageError.class, () -> serve(SECRET, "--pfs", "yes")).getMessage());
    }

    @Test
    void withoutAnyKeyNobodyCouldComeIn() {
        assertEquals("nobody could come in: give --keys FILE, --users FILE or --trust FILE, or set JKIPSEC_PSK to the"
                        + " pre-shared key of every device",
                assertThrows(UsageError.class, () -> serve(Map.of())).getMessage());
        assertEquals("nobody could come in: set JKIPSEC_PSK to the pre-shared key of every device",
                assertThrows(UsageError.class, () -> probe(Map.of())).getMessage());
    }

    @Test
    void usersAndAuthoritiesNeedTheGatewaysCertificate() {
        assertEquals("--users needs --certificate FILE: the gateway proves by certificate who it is before a user logs"
                + " in", assertThrows(UsageError.class, () -> serve(Map.of(), "--users", "users")).getMessage());
        assertEquals("--trust needs --certificate FILE: the gateway proves by certificate who it is before a device"
                + " with a certificate comes in",
                assertThrows(UsageError.class, () -> serve(Map.of(), "--trust", "root.pem")).getMessage());
    }

    @Test
    void redirectsNameAnIdentityAndAHost() throws UsageError {
        var redirects = serve(SECRET, "--redirect", "192.0.2.9", "--redirect-identity", "CN=a, O=b=vpn2.example.com")
                .server().admittance().redirects();
        assertEquals(Optional.of(RedirectTarget.of("192.0.2.9")), redirects.all());
        assertEquals(Map.of("CN=a, O=b", RedirectTarget.of("vpn2.example.com")), redirects.some());
        assertEquals("--redirect-identity: 'alice' is not NAME=HOST; write for example alice=vpn2.example.com",
                assertThrows(UsageError.class, () -> serve(SECRET, "--redirect-identity", "alice")).getMessage());
        assertTrue(assertThrows(UsageError.class, () -> serve(SECRET, "--redirect", "vpn 2")).getMessage()
                .startsWith("--redirect: \"vpn 2\" is not a domain name; "));
    }

    @Test
    void anEmptyVariableCountsAsAbsent() {
        assertThrows(UsageError.class, () -> serve(Map.of("JKIPSEC_PSK", "")));
    }

    @Test
    void probeHeedsItsVariablesAndOptionsGoBeforeThem() throws UsageError {
        var variables = Map.of("JKIPSEC_PSK", "secret", "JKIPSEC_PUBLIC_IP", "203.0.113.1", "JKIPSEC_PROBE_PORTS",
                "22,80", "JKIPSEC_BINDS", "10.0.0.1:500/ike500,10.0.0.1:4500/ike4500");
        var options = probe(variables);
        assertEquals(List.of(22, 80), options.ports());
        assertEquals(Optional.of("203.0.113.1"), options.server().publicAddress());
        assertEquals(new Binds("10.0.0.1", 500, 4500), options.server().binds());
        assertEquals(List.of(443), probe(variables, "--ports", "443").ports());
    }

    @Test
    void aBadVariableIsNamed() {
        assertEquals("JKIPSEC_PROBE_PORTS: 'x' is not a port number (1 to 65535)",
                assertThrows(UsageError.class, () -> probe(Map.of("JKIPSEC_PSK", "s", "JKIPSEC_PROBE_PORTS", "x")))
                        .getMessage());
        assertTrue(assertThrows(UsageError.class, () -> serve(Map.of("JKIPSEC_PSK", "s", "JKIPSEC_PUBLIC_IP", "x")))
                .getMessage().startsWith("JKIPSEC_PUBLIC_IP: 'x' is not an IP address"));
    }

    @Test
    void whatTheServerRefusesIsAUsageErrorToo() {
        var run = CommandLine.run(SECRET, "", "serve", "--pool", "10.8.0.0/31", "--ike-port", "0", "--nat-t-port", "0");
        assertEquals(2, run.status(), run.err());
        assertTrue(run.err().contains("10.8.0.0/31"), run.err());
    }

    @Test
    void connectNeedsAServerAnIdentityAndTheSecret() {
        assertEquals("jkipsec: connect needs --server HOST\n", CommandLine.run(SECRET, "", "connect").err());
        assertEquals("jkipsec: connect needs --identity NAME\n",
                CommandLine.run(SECRET, "", "connect", "--server", "127.0.0.1").err());
        assertEquals("jkipsec: connect needs the pre-shared key in the environment variable JKIPSEC_PSK, or --user NAME"
                        + " or --certificate FILE to log in by\n",
                CommandLine.run("connect", "--server", "127.0.0.1", "--identity", "alice").err());
    }

    @Test
    void connectHasTheDefaultsOfTheLibrary() throws UsageError {
        var usual = ClientConfig.builder().server("192.0.2.1").identity("me").authKey(AuthKey.derive("secret"))
                .connectTimeout(Duration.ofSeconds(20)).build();
        assertEquals(usual.toString(), connect().config().toString());
        assertEquals(Optional.empty(), connect().watchEvery());
    }

    @Test
    void connectTakesEverythingThatItsHelpNames() throws UsageError {
        var options = connect("--ike-port", "501", "--nat-t-port", "4501", "--remote-identity", "gateway", "--suites",
                "aes-256-gcm", "--ike-lifetime", "60", "--child-lifetime", "30", "--fragment-size", "576",
                "--outer-mtu", "1460", "--inner-mtu", "1300", "--probe-after", "20", "--transmissions", "4", "--idle-limit", "600", "--pfs", "required",
                "--watch-address", "2.5", "--timeout", "7", "--ipv6", "--echo", "7", "--forward", "8022:22", "--once");
        assertEquals(new Tuning(Optional.of(Duration.ofMinutes(1)), Optional.of(Duration.ofSeconds(30)),
                Optional.empty(), SIZES, new Tuning.Liveness(Optional.of(Duration.ofSeconds(20)),
                Optional.of(4), Optional.of(Duration.ofMinutes(10))), Optional.of(ChildPolicy.Pfs.REQUIRED),
                new ProposalWords(List.of(), List.of())), options.tuning());
        assertEquals(Optional.of(Duration.ofMillis(2_500)), options.watchEvery());
        assertEquals(ClientConfig.builder().server("192.0.2.1", 501, 4501).identity("me").remoteIdentity("gateway")
                .authKey(AuthKey.derive("secret")).suites(Suite.AES_256_GCM).ikeLifetime(Duration.ofMinutes(1))
                .childLifetime(Duration.ofSeconds(30)).fragmentSize(576).outerMtu(1_460).innerMtu(1_300)
                .probeAfter(Duration.ofSeconds(20))
                .transmissions(4).idleLimit(Duration.ofMinutes(10)).pfs(ChildPolicy.Pfs.REQUIRED)
                .connectTimeout(Duration.ofSeconds(7)).ipv6(true).build().toString(), options.config().toString());
        assertEquals(List.of(7), options.echoPorts());
        assertEquals(List.of(new Forward(8022, 22)), options.forwards());
    }

    @Test
    void aClientAsksForNoCookies() {
        assertThrows(UsageError.class, () -> connect("--cookie-threshold", "0"));
    }

    @Test
    void whatAClientCannotUseIsNamed() {
        assertEquals("--transmissions: '0' is not a number that fits (1 to 100)",
                assertThrows(UsageError.class, () -> connect("--transmissions", "0")).getMessage());
        assertEquals("--watch-address: '0' is not a number of seconds (0.001 to 86400)",
                assertThrows(UsageError.class, () -> connect("--watch-address", "0")).getMessage());
    }

    private static ConnectCommand.ConnectOptions connect(String... more) throws UsageError {
        var arguments = new ArrayList<>(List.of("--server", "192.0.2.1", "--identity", "me"));
        arguments.addAll(List.of(more));
        return ConnectCommand.ConnectOptions.of(
                parse(new ConnectCommand(), arguments.toArray(String[]::new)), terminal(SECRET));
    }

    private static ServeCommand.ServeOptions serve(Map<String, String> environment, String... arguments)
            throws UsageError {
        return ServeCommand.ServeOptions.of(parse(new ServeCommand(), arguments), terminal(environment));
    }

    private static ProbeCommand.ProbeOptions probe(Map<String, String> environment, String... arguments)
            throws UsageError {
        return ProbeCommand.ProbeOptions.of(parse(new ProbeCommand(), arguments), terminal(environment));
    }

    private static Arguments parse(Command command, String... arguments) throws UsageError {
        return Arguments.parse(command.name(), command.options(), List.of(arguments));
    }

    private static Terminal terminal(Map<String, String> environment) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Terminal(InputStream.nullInputStream(), nowhere, nowhere, environment);
    }
}
