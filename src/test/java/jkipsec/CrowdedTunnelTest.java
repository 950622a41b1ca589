package jkipsec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hundreds of connections at once in one tunnel, which together could take more than its memory. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdedTunnelTest {
    private static final int CONNECTIONS = 500;

    private Loopback pair;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void connect() throws Exception {
        pair = Loopback.start(Suite.AES_256_GCM);
    }

    @AfterEach
    void close() {
        pair.close();
        threads.shutdownNow();
    }

    @Test
    void readersThatWaitForMoreHoldNoMemory() throws Exception {
        // A little less than a reader reports by itself, so that all wait having read and not reported.
        int first = 15 * 1024;
        byte[] data = new byte[20 * 1024];
        new Random(1).nextBytes(data);
        var allRead = new CountDownLatch(CONNECTIONS);
        var readers = new ConcurrentLinkedQueue<Future<byte[]>>();
        var writers = new ArrayList<Future<Void>>();
        try (ServerSocket listener = pair.accepted().listen(7)) {
            threads.submit(() -> {
                while (true) {
                    Socket socket = listener.accept();
                    readers.add(threads.submit(() -> readWhole(socket, first, allRead)));
                }
            });
            for (int i = 0; i < CONNECTIONS; i++) {
                writers.add(threads.submit(() -> {
                    try (Socket socket = pair.client().connect(7)) {
                        socket.getOutputStream().write(data, 0, first);
                        allRead.await();
                        socket.getOutputStream().write(data, first, data.length - first);
                        socket.shutdownOutput();
                        socket.getInputStream().read();
                    }
                    return null;
                }));
            }
            for (Future<Void> writer : writers) {
                writer.get(50, TimeUnit.SECONDS);
            }
        }
        for (Future<byte[]> reader : readers) {
            assertArrayEquals(data, reader.get(50, TimeUnit.SECONDS));
        }
    }

    @Test
    void theBacklogSaysHowManyMayWaitToBeAccepted() throws Exception {
        var open = new ArrayList<Socket>();
        try (ServerSocket narrow = pair.accepted().listen(8, 2); ServerSocket wide = pair.accepted().listen(9)) {
            open.add(pair.client().connect(8));
            open.add(pair.client().connect(8));
            assertThrows(SocketTimeoutException.class, () -> pair.client().connect(8, Duration.ofMillis(300)));
            narrow.accept().close();
            open.add(pair.client().connect(8));
            for (int i = 0; i < CONNECTIONS; i++) {
                open.add(pair.client().connect(wide.getLocalPort()));
            }
            var wrong = assertThrows(IllegalArgumentException.class, () -> pair.accepted().listen(10, 0));
            assertEquals("a backlog is at least 1, not 0", wrong.getMessage());
        }
        for (Socket each : open) {
            each.close();
        }
    }

    private static byte[] readWhole(Socket socket, int first, CountDownLatch read) throws Exception {
        try (socket) {
            InputStream in = socket.getInputStream();
            byte[] start = in.readNBytes(first);
            read.countDown();
            byte[] rest = in.readAllBytes();
            byte[] whole = new byte[start.length + rest.length];
            System.arraycopy(start, 0, whole, 0, start.length);
            System.arraycopy(rest, 0, whole, start.length, rest.length);
            return whole;
        }
    }
}
