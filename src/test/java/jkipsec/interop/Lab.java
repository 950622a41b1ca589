package jkipsec.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The laboratory: two or three network namespaces with charon in one of them, made by the script {@code lab}. One at a
 * time on a machine; closing it removes everything, also when the tests are interrupted.
 */
final class Lab implements AutoCloseable {
    /** How the device is joined to the gateway. */
    enum Wiring { PLAIN, NAT }

    /** What charon is told, as the script's variables: its proposals, who it says it is, the secret, and more. */
    record Device(Map<String, String> settings) {
        static final Device GCM = new Device("aes256gcm16-prfsha256-ecp256", "aes256gcm16", "alice", "secret of alice");
        static final Device CBC = new Device("aes256-sha256-prfsha256-ecp256", "aes256-sha256", "alice",
                "secret of alice");

        Device(String ike, String esp, String identity, String psk) {
            this(Map.of("IKE", ike, "ESP", esp, "IDENTITY", identity, "REMOTE_IDENTITY", "vpn.example.com",
                    "PSK", psk));
        }

        Device with(String setting, String value) {
            var changed = new HashMap<>(settings);
            changed.put(setting, value);
            return new Device(Map.copyOf(changed));
        }

        Device withIke(String proposals) {
            return with("IKE", proposals);
        }

        Device withEsp(String proposals) {
            return with("ESP", proposals);
        }

        Device withIdentity(String other) {
            return with("IDENTITY", other);
        }

        Device withPsk(String other) {
            return with("PSK", other);
        }

        /** Logs in by name and password; charon has, or believes, the certificates of a folder. */
        Device byPassword(String user, String password, Path pki) {
            return with("AUTH", "eap").with("EAP_USER", user).with("PASSWORD", password).with("PKI", pki.toString());
        }

        /** Logs in by certificate, of the folder of which charon has, or believes, the certificates. */
        Device byCertificate(Path pki) {
            return with("AUTH", "pubkey").with("PKI", pki.toString()).withIdentity("alice@example.com");
        }

        /** Believes the authority of another folder. */
        Device trusting(Path pki) {
            return with("CA", pki.toString());
        }
    }

    /**
     * Makes an authority, and certificates for vpn.example.com and alice@example.com.
     *
     * @param folder where they go: ca, gateway and device, each with .key, .crt and, with both, .pem
     * @param kind ec or rsa
     * @return the folder
     */
    static Path certificates(Path folder, String kind) {
        lab("certificates", folder.toString(), kind).succeeded();
        return folder;
    }

    /** A command, what it printed, and how it ended. */
    record Result(List<String> command, int status, String output) {
        Result succeeded() {
            if (status != 0) {
                throw new AssertionError(shown(command) + ": exit status " + status + ":\n" + output);
            }
            return this;
        }

        Result failed() {
            if (status == 0) {
                throw new AssertionError(shown(command) + " succeeded, and should not have:\n" + output);
            }
            return this;
        }
    }

    private static final Path SCRIPT = Path.of(System.getProperty("jkipsec.interop", "src/test/interop"), "lab");
    private static final int LIMIT_SECONDS = 180;
    private static final int PATIENCE_SECONDS = 30;
    private static final int LINES_OF_CHARON = 60;
    private static final int WORD_SHOWN = 100;

    private final Path folder;
    private final Device device;
    private final FileLock lock;
    private final Thread hook = new Thread(() -> lab("down"), "lab down");

    /**
     * Builds it.
     *
     * @param folder for charon's files
     * @param wiring how the device is joined to the gateway
     * @param device what charon is told
     */
    Lab(Path folder, Wiring wiring, Device device) throws IOException {
        this(folder, wiring, device, "load");
    }

    /** Builds one in which charon is the gateway, at 10.77.0.2 outside and 10.8.0.1 inside. */
    static Lab withCharonAsGateway(Path folder, Device device) throws IOException {
        return new Lab(folder, Wiring.PLAIN, device, "load-gateway");
    }

    /**
     * Builds one in which charon is many devices: device1, device2 and so on.
     *
     * @param folder for charon's files
     * @param count how many
     * @param device what they are told
     */
    static Lab withFleet(Path folder, int count, Device device) throws IOException {
        return new Lab(folder, Wiring.PLAIN, device.with("COUNT", String.valueOf(count)), "load-fleet");
    }

    private Lab(Path folder, Wiring wiring, Device device, String load) throws IOException {
        this.folder = folder;
        this.device = device;
        lock = FileChannel.open(Path.of(System.getProperty("java.io.tmpdir"), "jkipsec-interop.lock"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE).lock();
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            run(device.settings(), command("up", folder.toString(), wiring == Wiring.NAT ? "nat" : "plain"))
                    .succeeded();
            run(device.settings(), command(load, folder.toString())).succeeded();
        } catch (AssertionError failed) {
            close();
            throw failed;
        }
    }

    /** Fails with a list of what is missing unless the tests can run here. */
    static void check() {
        if (!Files.isExecutable(SCRIPT)) {
            throw new AssertionError("the script " + SCRIPT.toAbsolutePath() + " is not there or not executable");
        }
        Result result = lab("check");
        if (result.status() != 0) {
            throw new AssertionError(result.output() + "(.ci/run installs Debian's packages)");
        }
    }

    Result connect() {
        return lab("connect", folder.toString());
    }

    /** Connects all devices of a fleet at once. */
    Result connectFleet() {
        return run(device.settings(), command("connect-fleet", folder.toString()));
    }

    /** Starts a second charon where the gateway is, as that gateway: 10.8.0.1 inside. */
    Result startCharonAsGateway(Path itsFolder) {
        return run(device.settings(), command("gateway-up", itsFolder.toString()));
    }

    /** Tells charon something. */
    Result swanctl(String... arguments) {
        List<String> command = command("swanctl", folder.toString());
        command.addAll(List.of(arguments));
        return run(Map.of(), command);
    }

    /** Kills charon without a word to the gateway. */
    void killDevice() {
        lab("kill").succeeded();
    }

    /** Lets the NAT forget its mappings. */
    void rebind() {
        lab("rebind").succeeded();
    }

    Result disconnect() {
        return lab("disconnect", folder.toString());
    }

    /** What charon says about its SAs. */
    String status() {
        return lab("status", folder.toString()).succeeded().output();
    }

    /** Waits until charon has no SA any more: it says that one is gone before it is. */
    void awaitNoSa() throws InterruptedException {
        await("charon has no SA", () -> status().isEmpty());
    }

    String charonLog() {
        try {
            return Files.readString(folder.resolve("charon.log"));
        } catch (IOException absent) {
            return "no log: " + absent;
        }
    }

    /** Waits until charon has logged something. */
    void awaitCharonLog(String text) throws InterruptedException {
        awaitCharonLog(Pattern.quote(text), 1);
    }

    /** Waits until so many of the lines that charon logged have a match of a pattern. */
    void awaitCharonLog(String pattern, int times) throws InterruptedException {
        await("'" + pattern + "' is in " + times + " lines of charon's log", () -> countInCharonLog(pattern) >= times);
    }

    /** How many of the lines that charon logged have a match of a pattern. */
    int countInCharonLog(String pattern) {
        var compiled = Pattern.compile(pattern);
        return (int) charonLog().lines().filter(line -> compiled.matcher(line).find()).count();
    }

    /** Waits for something that another process does in its own time. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new AssertionError("waited " + PATIENCE_SECONDS + " s in vain until " + what);
            }
            Thread.sleep(20);
        }
    }

    /** Runs a command where the gateway is. */
    Result onGateway(String... command) {
        return run(Map.of(), command("gw", command));
    }

    /** Runs a command on the host behind the gateway. */
    Result onWeb(String... command) {
        return run(Map.of(), command("web", command));
    }

    /** Runs a command where the device is. */
    Result onDevice(String... command) {
        return run(Map.of(), command("dev", command));
    }

    /** The Java that runs the tests. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The command that runs one of the tests' classes as a program. */
    static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java(), "-cp", System.getProperty("java.class.path") + ":"
                + System.getProperty("jdk.module.path", ""), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts a command where the gateway is; killing the process kills the command. */
    ProcessBuilder forGateway(List<String> command) {
        return new ProcessBuilder(command("gw", command.toArray(String[]::new))).redirectErrorStream(true);
    }

    /** Starts a command on the host behind the gateway, 10.78.0.2 and fd78::2; killing the process kills the command. */
    ProcessBuilder forWeb(List<String> command) {
        return new ProcessBuilder(command("web", command.toArray(String[]::new))).redirectErrorStream(true);
    }

    /** Starts a command where the device is; killing the process kills the command. */
    ProcessBuilder forDevice(List<String> command) {
        return new ProcessBuilder(command("dev", command.toArray(String[]::new))).redirectErrorStream(true);
    }

    /** Starts a command where the NAT is; killing the process kills the command. */
    ProcessBuilder forNat(List<String> command) {
        return new ProcessBuilder(command("nat", command.toArray(String[]::new))).redirectErrorStream(true);
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Steps {
        void run() throws Exception;
    }

    /** Does something; when it fails, shows what both sides had to say. */
    void explaining(JkipsecProcess ours, Steps steps) {
        try {
            steps.run();
        } catch (Exception | AssertionError failed) {
            var log = charonLog().lines().toList();
            throw new AssertionError(failed.getMessage() + "\n--- jkipsec:\n" + ours.output() + "\n--- charon:\n"
                    + String.join("\n", log.subList(Math.max(0, log.size() - LINES_OF_CHARON), log.size())), failed);
        }
    }

    @Override
    public void close() {
        lab("down");
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            lock.channel().close();
        } catch (IllegalStateException ending) {
            // The hook runs anyway; once more does no harm.
        } catch (IOException unlocked) {
            throw new UncheckedIOException(unlocked);
        }
    }

    private static Result lab(String... arguments) {
        return run(Map.of(), command(arguments[0], List.of(arguments).subList(1, arguments.length)
                .toArray(String[]::new)));
    }

    private static List<String> command(String verb, String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), verb));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Result run(Map<String, String> environment, List<String> command) {
        try {
            // Not a pipe: what the command leaves running in the background would keep it open.
            Path output = Files.createTempFile("jkipsec-lab", ".out");
            try {
                var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError(shown(command) + " did not end within " + LIMIT_SECONDS
                            + " seconds; until then it had printed:\n" + printed(output));
                }
                return new Result(command, process.exitValue(), printed(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during " + shown(command), stopped);
        }
    }

    /** A command as one types it, without the whole of Maven's class path. */
    private static String shown(List<String> command) {
        return command.stream().map(word -> word.length() > WORD_SHOWN ? word.substring(0, WORD_SHOWN) + "…" : word)
                .collect(Collectors.joining(" "));
    }

    /** What a command printed, of which not every octet has to be a letter. */
    private static String printed(Path output) throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    }
}
