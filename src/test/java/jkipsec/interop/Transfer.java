package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Octets on their way to an echo service and back, compared as they come back. They go on until the test has seen enough:
 * on a fast machine no file is large enough for what is to happen meanwhile.
 */
final class Transfer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;
    private static final int CHUNK = 1 << 16;
    /** How much still goes when the test has seen enough. */
    private static final int LAST = 64 * CHUNK;

    private final Process process;
    private final FutureTask<Void> writing;
    private final FutureTask<Void> reading;
    private final FutureTask<String> complaints;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    /** How many octets to send. */
    private final AtomicLong end = new AtomicLong(Long.MAX_VALUE);

    /**
     * Begins it.
     *
     * @param from makes the command that sends it run where it should
     * @param host where the echo service is
     * @param port its port
     */
    Transfer(Function<List<String>, ProcessBuilder> from, String host, int port) throws IOException {
        process = from.apply(List.of("nc", "-N", host, String.valueOf(port))).redirectErrorStream(false).start();
        writing = start(this::write);
        reading = start(this::read);
        complaints = start(() -> new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static <T> FutureTask<T> start(Callable<T> task) {
        var started = new FutureTask<>(task);
        Thread.ofPlatform().daemon().name("transfer").start(started);
        return started;
    }

    private Void write() throws IOException {
        var random = new SplittableRandom(1);
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = process.getOutputStream()) {
            while (sent.get() < end.get()) {
                random.nextBytes(chunk);
                out.write(chunk);
                sent.addAndGet(CHUNK);
            }
        }
        return null;
    }

    private Void read() throws IOException {
        var random = new SplittableRandom(1);
        byte[] expected = new byte[CHUNK];
        byte[] chunk = new byte[CHUNK];
        InputStream in = process.getInputStream();
        for (int count = in.readNBytes(chunk, 0, CHUNK); count > 0; count = in.readNBytes(chunk, 0, CHUNK)) {
            random.nextBytes(expected);
            int differs = Arrays.mismatch(chunk, 0, count, expected, 0, count);
            if (differs >= 0) {
                throw new IOException("octet " + (received.get() + differs) + " came back as another");
            }
            received.addAndGet(count);
        }
        return null;
    }

    /** Waits until so many octets have come back. */
    void await(long least) throws InterruptedException {
        Lab.await(least + " octets came back", () -> received.get() >= least);
    }

    /**
     * Sends some more, waits until all have come back, and sees that they are the same.
     *
     * @param least how many to send at least, from the beginning
     */
    void finish(long least) throws InterruptedException, ExecutionException {
        end.set(Math.max(least, sent.get() + LAST));
        try {
            reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String said = complaints.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertEquals(0, process.waitFor(), () -> "exit status of nc, which said '" + said + "' when "
                    + progress());
            writing.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertEquals(sent.get(), received.get(), "how many octets came back");
        } catch (TimeoutException late) {
            throw new AssertionError("the transfer did not end within " + PATIENCE_SECONDS + " s: " + progress(), late);
        }
    }

    private String progress() {
        return sent + " octets were sent, of " + end + ", and " + received + " came back";
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
