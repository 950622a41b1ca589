package jkipsec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReceivePipeTest {
    private static final byte[] HELLO = {1, 2, 3, 4, 5};

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger wakings = new AtomicInteger();
    private final ReceivePipe pipe = new ReceivePipe(1_000, asked::incrementAndGet, wakings::incrementAndGet);
    private final byte[] buffer = new byte[2_000];

    @Test
    void whatIsDeliveredIsRead() throws IOException {
        pipe.deliver(HELLO, 1, 3);
        assertEquals(3, pipe.available());
        assertEquals(3, pipe.read(buffer, 10, 100, 0));
        assertArrayEquals(new byte[] {2, 3, 4}, Arrays.copyOfRange(buffer, 10, 13));
        assertEquals(0, pipe.available());
    }

    @Test
    void aShortReadLeavesTheRest() throws IOException {
        pipe.deliver(HELLO, 0, 5);
        assertEquals(2, pipe.read(buffer, 0, 2, 0));
        assertEquals(3, pipe.read(buffer, 2, 100, 0));
        assertArrayEquals(HELLO, Arrays.copyOf(buffer, 5));
    }

    @Test
    void whatWasBufferedComesBeforeTheEndOfTheStream() throws IOException {
        pipe.deliver(HELLO, 0, 5);
        pipe.endOfStream();
        assertEquals(5, pipe.read(buffer, 0, 100, 0));
        assertEquals(-1, pipe.read(buffer, 0, 100, 0));
        assertEquals(-1, pipe.read(buffer, 0, 100, 0));
    }

    @Test
    void whatWasBufferedComesBeforeAFailureAndTheFailureStays() throws IOException {
        pipe.deliver(HELLO, 0, 5);
        pipe.fail(() -> new SocketException("Connection reset"));
        pipe.fail(() -> new SocketException("later"));
        assertEquals(5, pipe.read(buffer, 0, 100, 0));
        for (int i = 0; i < 2; i++) {
            var e = assertThrows(SocketException.class, () -> pipe.read(buffer, 0, 100, 0));
            assertEquals("Connection reset", e.getMessage());
        }
    }

    @Test
    void anEndThatIsToldAfterAFailureIsNone() throws IOException {
        pipe.deliver(HELLO, 0, 5);
        pipe.fail(() -> new SocketException("the tunnel has ended"));
        pipe.deliver(HELLO, 0, 5);
        pipe.endOfStream();
        assertEquals(5, pipe.read(buffer, 0, 100, 0));
        assertThrows(SocketException.class, () -> pipe.read(buffer, 0, 100, 0), "what came later is missing");
    }

    @Test
    void aReadThatTimesOutSaysSoAndLosesNothing() throws IOException {
        var e = assertThrows(SocketTimeoutException.class, () -> pipe.read(buffer, 0, 100, 1_000));
        assertEquals("Read timed out", e.getMessage());
        pipe.deliver(HELLO, 0, 5);
        assertEquals(5, pipe.read(buffer, 0, 100, 1_000));
    }

    @Test
    void aWaitingReaderIsWokenByData() throws Exception {
        var reader = Waiter.start(() -> pipe.read(buffer, 0, 100, 0));
        reader.awaitWaiting();
        pipe.deliver(HELLO, 0, 5);
        assertEquals(1, wakings.get());
        pipe.wakeReader();
        assertEquals(5, reader.result());
    }

    @Test
    void aReaderIsWokenOnceForSeveralDeliveries() throws Exception {
        pipe.deliver(HELLO, 0, 5);
        assertEquals(0, wakings.get(), "nobody waits");
        assertEquals(5, pipe.read(buffer, 0, 100, 0));
        for (int round = 1; round <= 2; round++) {
            var reader = Waiter.start(() -> pipe.read(buffer, 0, 100, 0));
            reader.awaitWaiting();
            pipe.deliver(HELLO, 0, 5);
            pipe.deliver(HELLO, 0, 3);
            assertEquals(round, wakings.get());
            pipe.wakeReader();
            assertEquals(8, reader.result());
        }
    }

    @Test
    void aWaitingReaderIsWokenByTheEndOfTheStream() throws Exception {
        var reader = Waiter.start(() -> pipe.read(buffer, 0, 100, 0));
        reader.awaitWaiting();
        pipe.endOfStream();
        assertEquals(-1, reader.result());
    }

    @Test
    void aWaitingReaderIsWokenByClosingAndSeesTheSocketClosed() throws Exception {
        var reader = Waiter.start(() -> pipe.read(buffer, 0, 100, 0));
        reader.awaitWaiting();
        pipe.close();
        assertEquals("Socket closed", assertThrows(SocketException.class, reader::result).getMessage());
    }

    @Test
    void aWaitingReaderIsWokenByShutdownAndSeesTheEnd() throws Exception {
        var reader = Waiter.start(() -> pipe.read(buffer, 0, 100, 0));
        reader.awaitWaiting();
        pipe.shutdown();
        assertEquals(-1, reader.result());
    }

    @Test
    void anInterruptedVirtualThreadStopsReading() throws Exception {
        var reader = Waiter.start(() -> {
            try {
                return pipe.read(buffer, 0, 100, 0);
            } finally {
                assertTrue(Thread.currentThread().isInterrupted());
            }
        });
        reader.awaitWaiting();
        reader.thread().interrupt();
        assertThrows(InterruptedIOException.class, reader::result);
    }

    @Test
    void anInterruptedPlatformThreadGoesOnReading() throws Exception {
        var reader = Waiter.startPlatform(() -> {
            int read = pipe.read(buffer, 0, 100, 0);
            assertTrue(Thread.currentThread().isInterrupted());
            return read;
        });
        reader.awaitWaiting();
        reader.thread().interrupt();
        pipe.deliver(HELLO, 0, 5);
        pipe.wakeReader();
        assertEquals(5, reader.result());
    }

    @Test
    void creditIsAskedForOnceUntilItIsCollected() throws IOException {
        byte[] data = new byte[600];
        pipe.deliver(data, 0, 600);
        pipe.read(buffer, 0, 249, 0);
        assertEquals(0, asked.get(), "less than a quarter of the window is not worth an event");
        pipe.read(buffer, 0, 1, 0);
        pipe.read(buffer, 0, 300, 0);
        assertEquals(1, asked.get());
        assertEquals(550, pipe.takeCredit());
        assertEquals(0, pipe.takeCredit());
        pipe.deliver(data, 0, 600);
        pipe.read(buffer, 0, 600, 0);
        assertEquals(2, asked.get());
        assertEquals(600, pipe.takeCredit());
    }

    @Test
    void whatIsShutDownUnreadIsCreditedAndWhatIsClosedUnreadIsNot() {
        pipe.deliver(HELLO, 0, 5);
        pipe.shutdown();
        pipe.deliver(HELLO, 0, 5);
        assertEquals(10, pipe.takeCredit());
        var other = new ReceivePipe(1_000, asked::incrementAndGet, wakings::incrementAndGet);
        other.deliver(HELLO, 0, 5);
        other.close();
        assertEquals(0, other.takeCredit(), "TCP must know that data was left unread");
    }

    @Test
    void moreThanTheWindowIsAFault() {
        pipe.deliver(new byte[1_000], 0, 1_000);
        assertThrows(IllegalStateException.class, () -> pipe.deliver(HELLO, 0, 1));
    }

    @Test
    void theStreamSurvivesAnyMixOfDeliveriesAndReads() throws IOException {
        var random = new Random(1);
        byte[] stream = new byte[100_000];
        random.nextBytes(stream);
        byte[] seen = new byte[stream.length];
        int delivered = 0;
        int read = 0;
        while (read < stream.length) {
            int more = Math.min(random.nextInt(400), Math.min(1_000 - (delivered - read), stream.length - delivered));
            pipe.deliver(stream, delivered, more);
            delivered += more;
            if (delivered > read) {
                read += pipe.read(seen, read, Math.min(1 + random.nextInt(500), seen.length - read), 0);
            }
        }
        assertArrayEquals(stream, seen);
    }

    @Test
    void anArrayThatWasLargeIsLetGoAfterAWhileAndComesBack() throws Exception {
        var large = new ReceivePipe(1 << 20, asked::incrementAndGet, wakings::incrementAndGet);
        byte[] sent = new byte[300_000];
        new Random(1).nextBytes(sent);
        byte[] got = new byte[sent.length];
        for (long nanos : new long[] {1, 1_000_000_000L, 1_000_000_001L, 1}) {
            large.deliver(sent, 0, sent.length);
            assertEquals(sent.length, large.read(got, 0, got.length, 0));
            assertArrayEquals(sent, got);
            assertThrows(SocketTimeoutException.class, () -> large.read(got, 0, 1, nanos));
        }
    }
}
