package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A file on its way to an echo service and back, whose SHA-256 is compared at the end. */
final class Transfer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Path back;
    private final int octets;
    private final String digest;
    private final Process process;

    /**
     * Begins it.
     *
     * @param folder for the files
     * @param octets how long the file is, a multiple of 65,536
     * @param from makes the command that sends it run where it should
     * @param host where the echo service is
     * @param port its port
     */
    Transfer(Path folder, int octets, Function<List<String>, ProcessBuilder> from, String host, int port)
            throws IOException {
        this.octets = octets;
        Path sent = folder.resolve("sent");
        back = folder.resolve("back");
        digest = writeRandom(sent, octets);
        Files.deleteIfExists(back);
        Files.createFile(back);
        process = from.apply(List.of("sh", "-c", "exec timeout " + PATIENCE_SECONDS + " nc -N " + host + " " + port
                + " < " + sent + " > " + back)).redirectErrorStream(true).start();
        process.getOutputStream().close();
    }

    /** How much has come back so far. */
    long received() {
        return back.toFile().length();
    }

    /** Waits until so many octets have come back. */
    void await(long least) throws InterruptedException {
        Lab.await(least + " octets came back", () -> received() >= least);
    }

    /** Fails when all has come back already: what was to happen meanwhile happened too late. */
    void assertUnderWay() {
        assertTrue(received() < octets, "the transfer had already ended");
    }

    /** Waits for the end, and compares. */
    void finish() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS + 5L, TimeUnit.SECONDS)) {
            throw new AssertionError("the transfer did not end; " + received() + " of " + octets + " came back");
        }
        assertEquals(0, process.exitValue(), () -> "exit status of nc, after " + received() + " of " + octets
                + " octets");
        assertEquals(digest, sha256(back), "SHA-256 of what came back");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String writeRandom(Path file, int octets) throws IOException {
        var random = new SplittableRandom(octets);
        byte[] chunk = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int written = 0; written < octets; written += chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk);
            }
        }
        return sha256(file);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException(every);
        }
    }
}
