package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import jkipsec.eap.NtHash;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} and {@code connect} with passwords and certificates, and what they say when something is missing. */
@Timeout(60)
class LoginCommandsTest {
    private static final Map<String, String> PASSWORD = Map.of("JKIPSEC_PASSWORD", "wonderland");

    @TempDir
    private Path folder;

    @Test
    void aUserComesInByPasswordAlsoWithAWindowsDomain() throws Exception {
        try (var serve = serve("--users", users(), "--certificate", pem("gateway-p256"))) {
            Matcher ports = listens(serve);
            for (String name : List.of("alice", "CORP\\alice")) {
                CommandLine run = connect(PASSWORD, ports, "--user", name, "--trust", pem("root"), "--remote-identity",
                        "vpn.example.com");
                assertEquals(0, run.status(), run.err());
                serve.await("up    " + name.replace("\\", "\\\\") + " 10\\.8\\.0\\.");
            }
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefusedAndNoted() throws Exception {
        try (var serve = serve("--users", users(), "--certificate", pem("gateway-rsa"))) {
            Matcher ports = listens(serve);
            CommandLine wrong = connect(Map.of("JKIPSEC_PASSWORD", "looking-glass"), ports, "--user", "alice",
                    "--trust", pem("root"), "--remote-identity", "vpn.example.com");
            assertEquals(1, wrong.status());
            assertTrue(wrong.err().contains("wrong name or password"), wrong.err());
            assertFalse(wrong.err().contains("looking-glass"), wrong.err());
            serve.await("refused alice at .*: the user's proof was made with another password");
            assertEquals(1, connect(PASSWORD, ports, "--user", "bob", "--trust", pem("root"), "--remote-identity",
                    "vpn.example.com").status());
            serve.await("refused bob at .*: unknown user");
        }
    }

    @Test
    void aDeviceComesInByACertificateOfATrustedAuthorityOnly() throws Exception {
        try (var serve = serve("--trust", pem("root"), "--certificate", pem("gateway-p256"))) {
            Matcher ports = listens(serve);
            String[] login = {"--certificate", pem("user"), "--identity", "alice@example.com", "--remote-identity",
                "vpn.example.com", "--trust"};
            CommandLine run = connect(Map.of(), ports, with(login, pem("root")));
            assertEquals(0, run.status(), run.err());
            serve.await("up    alice@example\\.com 10\\.8\\.0\\.");
            CommandLine distrusting = connect(Map.of(), ports, with(login, pem("other-root")));
            assertEquals(1, distrusting.status(), distrusting.out());
            assertTrue(distrusting.err().startsWith("jkipsec connect: "), distrusting.err());
        }
    }

    @Test
    void keyAndCertificateMayBeInFilesOfTheirOwn() throws Exception {
        String both = Files.readString(Path.of(pem("gateway-p256")));
        int end = both.indexOf("-----BEGIN CERTIFICATE");
        Path key = file("key.pem", both.substring(0, end));
        Path chain = file("chain.pem", both.substring(end));
        try (var serve = serve("--users", users(), "--certificate", chain.toString(), "--certificate",
                key.toString())) {
            listens(serve);
        }
        assertComplaint("--certificate " + chain + ": no -----BEGIN PRIVATE KEY----- in the PEM text",
                "serve", "--users", users(), "--certificate", chain.toString());
        assertComplaint("--certificate " + key + ": no -----BEGIN CERTIFICATE----- in the PEM text",
                "serve", "--users", users(), "--certificate", key.toString());
    }

    @Test
    void aPrivateKeyThatEveryoneCanReadIsWarnedOf() throws Exception {
        Path key = file("gateway.pem", Files.readString(Path.of(pem("gateway-p256"))));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        try (var serve = serve("--users", users(), "--certificate", key.toString())) {
            serve.await("warning: every user of this machine can read the secrets in .*gateway.pem; 'chmod 600 ");
        }
    }

    @Test
    void whatCannotWorkIsNamedWithTheRemedy() throws IOException {
        assertComplaint("--certificate: there is no file '/nowhere/gateway.pem'",
                "serve", "--users", users(), "--certificate", "/nowhere/gateway.pem");
        assertComplaint("does not name the identity \"other.example\"", "serve", "--identity", "other.example",
                "--users", users(), "--certificate", pem("gateway-p256"));
        assertComplaint("--trust " + users() + ": no -----BEGIN CERTIFICATE----- in the PEM text; give a PEM file with"
                + " the authorities' certificates",
                "serve", "--trust", users(), "--certificate", pem("gateway-p256"));
        String[] connect = {"connect", "--server", "127.0.0.1"};
        assertComplaint("--user needs --trust FILE: ", with(connect, "--user", "alice"));
        assertComplaint("--certificate needs --trust FILE: ",
                with(connect, "--identity", "alice", "--certificate", pem("user")));
        assertComplaint("give --user or --certificate, not both",
                with(connect, "--user", "alice", "--certificate", pem("user")));
        assertComplaint("leave --trust out", with(connect, "--identity", "alice", "--trust", pem("root")));
        assertComplaint("--user needs the password in the environment variable JKIPSEC_PASSWORD",
                with(connect, "--user", "alice", "--trust", pem("root")));
        assertComplaint("connect needs --identity NAME",
                with(connect, "--certificate", pem("user"), "--trust", pem("root")));
        assertComplaint("does not name the identity \"alice\"",
                with(connect, "--identity", "alice", "--certificate", pem("user"), "--trust", pem("root")));
    }

    private static void assertComplaint(String message, String... arguments) {
        CommandLine run = CommandLine.run(Map.of(), "", arguments);
        assertEquals(2, run.status(), run.err());
        assertTrue(run.err().startsWith("jkipsec: ") && run.err().contains(message), run.err());
    }

    private static RunningCommand serve(String... options) {
        return new RunningCommand(Map.of(), with(new String[] {"serve", "--bind", "127.0.0.1", "--ike-port", "0",
            "--nat-t-port", "0"}, options));
    }

    private static Matcher listens(RunningCommand serve) throws InterruptedException {
        return serve.await("serving vpn\\.example\\.com on UDP 127\\.0\\.0\\.1:(\\d+) \\(IKE\\) and"
                + " 127\\.0\\.0\\.1:(\\d+) \\(NAT-T\\)");
    }

    private static CommandLine connect(Map<String, String> environment, Matcher ports, String... options) {
        return CommandLine.run(environment, "", with(new String[] {"connect", "--server", "127.0.0.1", "--ike-port",
            ports.group(1), "--nat-t-port", ports.group(2), "--once"}, options));
    }

    private static String[] with(String[] some, String... more) {
        var all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String pem(String name) {
        return Vectors.folder().resolve("pki").resolve(name + ".pem").toString();
    }

    private String users() throws IOException {
        return file("users", "alice " + NtHash.of("wonderland").toHex()).toString();
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
