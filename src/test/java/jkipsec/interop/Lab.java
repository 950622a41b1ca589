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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The laboratory: two or three network namespaces with charon in one of them, made by the script {@code lab}. One at a
 * time on a machine; closing it removes everything, also when the tests are interrupted.
 */
final class Lab implements AutoCloseable {
    /** How the device is joined to the gateway. */
    enum Wiring { PLAIN, NAT }

    /** What charon is told: its proposals, who it says it is, and the secret. */
    record Device(String ike, String esp, String identity, String psk) {
        static final Device GCM = new Device("aes256gcm16-prfsha256-ecp256", "aes256gcm16", "alice", "secret of alice");
        static final Device CBC = new Device("aes256-sha256-prfsha256-ecp256", "aes256-sha256", "alice",
                "secret of alice");

        Device withIke(String proposals) {
            return new Device(proposals, esp, identity, psk);
        }

        Device withIdentity(String other) {
            return new Device(ike, esp, other, psk);
        }

        Device withPsk(String other) {
            return new Device(ike, esp, identity, other);
        }
    }

    /** What a command printed, and how it ended. */
    record Result(int status, String output) {
        Result succeeded() {
            if (status != 0) {
                throw new AssertionError("exit status " + status + ":\n" + output);
            }
            return this;
        }

        Result failed() {
            if (status == 0) {
                throw new AssertionError("succeeded, and should not have:\n" + output);
            }
            return this;
        }
    }

    private static final Path SCRIPT = Path.of(System.getProperty("jkipsec.interop", "src/test/interop"), "lab");
    private static final int LIMIT_SECONDS = 90;

    private final Path folder;
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

    private Lab(Path folder, Wiring wiring, Device device, String load) throws IOException {
        this.folder = folder;
        lock = FileChannel.open(Path.of(System.getProperty("java.io.tmpdir"), "jkipsec-interop.lock"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE).lock();
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            lab("up", folder.toString(), wiring == Wiring.NAT ? "nat" : "plain").succeeded();
            load(load, device);
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

    private void load(String load, Device device) {
        run(Map.of("IKE", device.ike(), "ESP", device.esp(), "IDENTITY", device.identity(), "REMOTE_IDENTITY",
                "vpn.example.com", "PSK", device.psk()), command(load, folder.toString())).succeeded();
    }

    Result connect() {
        return lab("connect", folder.toString());
    }

    Result disconnect() {
        return lab("disconnect", folder.toString());
    }

    /** What charon says about its SAs. */
    String status() {
        return lab("status", folder.toString()).succeeded().output();
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
        await("'" + text + "' is in charon's log", () -> charonLog().contains(text));
    }

    /** Waits for something that another process does in its own time. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(10)) {
                throw new AssertionError("waited in vain until " + what);
            }
            Thread.sleep(20);
        }
    }

    /** Runs a command where the gateway is. */
    Result onGateway(String... command) {
        return run(Map.of(), command("gw", command));
    }

    /** Runs a command where the device is. */
    Result onDevice(String... command) {
        return run(Map.of(), command("dev", command));
    }

    /** Starts a command where the gateway is; killing the process kills the command. */
    ProcessBuilder forGateway(List<String> command) {
        return new ProcessBuilder(command("gw", command.toArray(String[]::new))).redirectErrorStream(true);
    }

    /** Starts a command where the device is; killing the process kills the command. */
    ProcessBuilder forDevice(String... command) {
        return new ProcessBuilder(command("dev", command)).redirectErrorStream(true);
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
                    process.destroyForcibly();
                    throw new AssertionError(command + " did not end within " + LIMIT_SECONDS + " seconds");
                }
                return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during " + command, stopped);
        }
    }
}
