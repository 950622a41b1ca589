package jkipsec.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jkipsec.AuthKey;

/**
 * A command of ours, or a program that uses us, in a process of its own, in the namespace {@code jkit-gw}, and the lines
 * that it prints.
 */
final class JkipsecProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 180;

    private final Process process;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private boolean ended;
    /** The line up to which {@link #await} has looked. */
    private int seen;

    private JkipsecProcess(Lab lab, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = lab.forGateway(command);
        builder.environment().putAll(environment);
        process = builder.start();
        Thread.ofVirtual().start(this::read);
    }

    /** Starts a command of ours, which has nothing to read. */
    private static JkipsecProcess command(Lab lab, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(Lab.java(), "-p",
                System.getProperty("jkipsec.modules", "target/modules"), "-m", "jkipsec"));
        command.addAll(arguments);
        var started = new JkipsecProcess(lab, environment, command);
        started.process.getOutputStream().close();
        return started;
    }

    /**
     * Starts a program that uses us, and waits until it says that it serves.
     *
     * @param lab where
     * @param main the program, one of the tests' classes
     */
    static JkipsecProcess program(Lab lab, Class<?> main) throws IOException {
        return new JkipsecProcess(lab, Map.of(), Lab.java(main)).serving("serving");
    }

    /** Waits until it serves; when that fails, nobody else can show what it said instead. */
    private JkipsecProcess serving(String pattern) {
        try {
            await(pattern);
            return this;
        } catch (AssertionError failed) {
            close();
            throw new AssertionError(failed.getMessage() + ":\n" + output(), failed);
        }
    }

    /**
     * Starts {@code serve} on ports 500 and 4500, with a key file that knows alice only, and waits until it listens.
     * Its identity is vpn.example.com unless an option says otherwise.
     *
     * @param lab where
     * @param folder for the key file
     * @param options more options
     */
    static JkipsecProcess serve(Lab lab, Path folder, String... options) throws IOException {
        return serve(lab, folder, List.of("alice"), options);
    }

    /**
     * Starts {@code serve} with a post-quantum pre-shared key beside alice's key.
     *
     * @param lab where
     * @param folder for the key file
     * @param ppk the key
     * @param options its name, and more
     */
    static JkipsecProcess serveWithPpk(Lab lab, Path folder, String ppk, String... options) throws IOException {
        return serve(lab, folder, Map.of("JKIPSEC_PPK", ppk), List.of("alice"), options);
    }

    /**
     * Starts {@code serve} with a key file that knows some identities, all with alice's key.
     *
     * @param lab where
     * @param folder for the key file
     * @param identities who may come in
     * @param options more options
     */
    static JkipsecProcess serve(Lab lab, Path folder, List<String> identities, String... options) throws IOException {
        return serve(lab, folder, Map.of(), identities, options);
    }

    private static JkipsecProcess serve(Lab lab, Path folder, Map<String, String> environment, List<String> identities,
            String... options) throws IOException {
        Path keys = folder.resolve("keys");
        Files.deleteIfExists(keys);
        Files.createFile(keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String key = AuthKey.derive("secret of alice").toHex();
        Files.write(keys, identities.stream().map(identity -> identity + " " + key).toList());
        List<String> arguments = new ArrayList<>(List.of("serve", "--keys", keys.toString(), "--dns",
                "10.8.0.1"));
        arguments.addAll(List.of(options));
        return command(lab, environment, arguments).serving("serving \\S+ on UDP \\S*:500 ");
    }

    /**
     * Starts {@code connect} as alice, to charon as the gateway.
     *
     * @param lab where
     * @param options more options
     */
    static JkipsecProcess connect(Lab lab, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--server", "10.77.0.2", "--identity", "alice"));
        arguments.addAll(List.of(options));
        return connect(lab, Map.of("JKIPSEC_PSK", "secret of alice"), arguments.toArray(String[]::new));
    }

    /**
     * Starts {@code connect}, to charon as the gateway vpn.example.com.
     *
     * @param lab where
     * @param environment with the secret
     * @param options where it is, as whom, and more
     */
    static JkipsecProcess connect(Lab lab, Map<String, String> environment, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("connect", "--remote-identity", "vpn.example.com"));
        arguments.addAll(List.of(options));
        return command(lab, environment, arguments);
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            String line;
            while ((line = reader.readLine()) != null) {
                add(line);
            }
        } catch (IOException closed) {
            add("(reading its output failed: " + closed + ")");
        }
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a line, from the one after the last that was waited for.
     *
     * @param pattern what is to be in it
     * @return the match
     */
    Matcher await(String pattern) {
        var compiled = Pattern.compile(pattern);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        lock.lock();
        try {
            while (true) {
                while (seen < lines.size()) {
                    Matcher matcher = compiled.matcher(lines.get(seen++));
                    if (matcher.find()) {
                        return matcher;
                    }
                }
                long left = deadline - System.nanoTime();
                if (ended || left <= 0) {
                    throw new AssertionError("jkipsec " + (ended ? "ended" : "ran for " + PATIENCE_SECONDS + " more s")
                            + " and printed no line with '" + pattern + "'");
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        } finally {
            lock.unlock();
        }
    }

    /** All that it printed. */
    String output() {
        lock.lock();
        try {
            return String.join("\n", lines);
        } finally {
            lock.unlock();
        }
    }

    /** Gives a program a line to read. */
    void tell(String line) throws IOException {
        var out = process.outputWriter();
        out.write(line);
        out.newLine();
        out.flush();
    }

    /** Sends SIGTERM. Its last words can still be read, which {@link Process#destroy} would prevent. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Waits for the end of the process. */
    void awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("jkipsec did not exit within " + PATIENCE_SECONDS + " s");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
