package jkipsec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SendPipeTest {
    private final AtomicInteger told = new AtomicInteger();
    private final SendPipe pipe = new SendPipe(1_000, told::incrementAndGet);
    private final ByteArrayOutputStream drained = new ByteArrayOutputStream();

    private void drain() {
        pipe.drain((array, offset, length) -> {
            drained.write(array, offset, length);
            return length;
        });
    }

    @Test
    void writesAreDrainedInOrderAndTheEngineIsToldOnce() throws Exception {
        pipe.write(new byte[] {1, 2, 3}, 0, 3);
        pipe.write(new byte[] {9, 4, 5, 9}, 1, 2);
        assertEquals(1, told.get());
        drain();
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, drained.toByteArray());
        pipe.write(new byte[] {6}, 0, 1);
        assertEquals(2, told.get());
        drain();
        assertEquals(6, drained.size());
    }

    @Test
    void roomIsTakenBackOnlyWhenNothingIsWrittenAndUnacknowledged() throws Exception {
        pipe.write(new byte[] {1}, 0, 1);
        assertFalse(pipe.shrink(100));
        drain();
        assertFalse(pipe.shrink(100));
        pipe.release(1, 1_000);
        assertTrue(pipe.shrink(100));
        assertEquals(100, pipe.capacity());
        var writer = Waiter.start(() -> {
            pipe.write(new byte[150], 0, 150);
            return null;
        });
        writer.awaitWaiting();
        drain();
        assertEquals(101, drained.size());
        // Acknowledged, and grown again.
        pipe.release(100 + 900, 1_000);
        writer.result();
        drain();
        assertEquals(151, drained.size());
    }

    @Test
    void aSmallerLimitHoldsAtOnceAndALargerOneWakesTheWriter() throws Exception {
        pipe.write(new byte[600], 0, 600);
        pipe.limit(500);
        var writer = Waiter.start(() -> {
            pipe.write(new byte[450], 0, 450);
            return null;
        });
        writer.awaitWaiting();
        drain();
        pipe.release(100, 1_000);
        writer.awaitWaiting();
        pipe.release(50, 1_000);
        writer.awaitWaiting();
        pipe.limit(5_000);
        writer.result();
        drain();
        assertEquals(1_050, drained.size());
        assertEquals(1_000, pipe.capacity(), "more than the capacity counts as that");
    }

    @Test
    void aWriterThatWaitsForMoreThanASmallerLimitLeavesGoesOn() throws Exception {
        pipe.write(new byte[1_000], 0, 1_000);
        var writer = Waiter.start(() -> {
            pipe.write(new byte[900], 0, 900);
            return null;
        });
        writer.awaitWaiting(); // for a quarter of the pipe, 250 octets
        pipe.limit(100);
        drain();
        pipe.release(1_000, 1_000);
        for (int acknowledged = 0; acknowledged < 800; acknowledged += 100) {
            writer.awaitWaiting();
            drain();
            pipe.release(100, 1_000);
        }
        writer.result();
        drain();
        assertEquals(1_900, drained.size());
    }

    @Test
    void aFullPipeMakesTheWriterWaitForAcknowledgements() throws Exception {
        byte[] data = new byte[1_500];
        Arrays.fill(data, (byte) 7);
        var writer = Waiter.start(() -> {
            pipe.write(data, 0, data.length);
            return null;
        });
        writer.awaitWaiting();
        drain();
        assertEquals(1_000, drained.size(), "draining alone gives no room: nothing is acknowledged yet");
        writer.awaitWaiting();
        pipe.release(400, 1_000);
        writer.awaitWaiting();
        drain();
        assertEquals(1_400, drained.size());
        pipe.release(1_000, 1_000);
        writer.result();
        drain();
        assertArrayEquals(data, drained.toByteArray());
    }

    @Test
    void theWriterSleepsThroughSmallAcknowledgements() throws Exception {
        pipe.write(new byte[1_000], 0, 1_000);
        var writer = Waiter.start(() -> {
            pipe.write(new byte[900], 0, 900);
            return null;
        });
        writer.awaitWaiting();
        drain();
        pipe.release(249, 1_000);
        drain();
        assertEquals(1_000, drained.size());
        pipe.release(1, 1_000);
        writer.awaitWaiting();
        drain();
        assertEquals(1_250, drained.size());
        pipe.release(1_000, 1_000);
        writer.result();
    }

    @Test
    void aWaitingWriterIsWokenByAFailure() throws Exception {
        var writer = full();
        pipe.fail(() -> new SocketException("Connection reset"));
        assertEquals("Connection reset", assertThrows(SocketException.class, writer::result).getMessage());
    }

    @Test
    void aWaitingWriterIsWokenByClosing() throws Exception {
        var writer = full();
        pipe.close();
        assertEquals("Socket closed", assertThrows(SocketException.class, writer::result).getMessage());
    }

    @Test
    void aWaitingWriterIsWokenByShutdown() throws Exception {
        var writer = full();
        pipe.shutdown();
        assertEquals("Broken pipe", assertThrows(SocketException.class, writer::result).getMessage());
    }

    @Test
    void whatWasWrittenBeforeClosingIsStillDrained() throws Exception {
        pipe.write(new byte[10], 0, 10);
        pipe.close();
        drain();
        assertEquals(10, drained.size());
    }

    @Test
    void anInterruptedVirtualThreadStopsWriting() throws Exception {
        var writer = full();
        writer.thread().interrupt();
        assertThrows(InterruptedIOException.class, writer::result);
    }

    @Test
    void anInterruptedPlatformThreadGoesOnWriting() throws Exception {
        pipe.write(new byte[1_000], 0, 1_000);
        var writer = Waiter.startPlatform(() -> {
            pipe.write(new byte[1], 0, 1);
            return Thread.currentThread().isInterrupted();
        });
        writer.awaitWaiting();
        writer.thread().interrupt();
        pipe.release(1_000, 1_000);
        assertTrue(writer.result());
    }

    @Test
    void theStreamSurvivesAnyMixOfWritesDrainsAndAcknowledgements() throws Exception {
        var random = new Random(2);
        byte[] stream = new byte[200_000];
        random.nextBytes(stream);
        var writer = Waiter.start(() -> {
            var sizes = new Random(3);
            for (int at = 0; at < stream.length; ) {
                int length = Math.min(1 + sizes.nextInt(3_000), stream.length - at);
                pipe.write(stream, at, length);
                at += length;
            }
            return null;
        });
        int acknowledged = 0;
        while (acknowledged < stream.length) {
            drain();
            int more = random.nextInt(drained.size() - acknowledged + 1);
            pipe.release(more, 1_000);
            acknowledged += more;
        }
        writer.result();
        assertArrayEquals(stream, drained.toByteArray());
    }

    private Waiter<Void> full() throws Exception {
        pipe.write(new byte[1_000], 0, 1_000);
        Waiter<Void> writer = Waiter.start(() -> {
            pipe.write(new byte[1], 0, 1);
            return null;
        });
        writer.awaitWaiting();
        return writer;
    }

    @Test
    void aLargerBufferOfTcpIsMoreRoomUpToWhatTheApplicationWants() throws Exception {
        pipe.write(new byte[1_000], 0, 1_000);
        pipe.drain((array, offset, length) -> length);
        pipe.release(300 + 1_000, 2_000); // 300 acknowledged, and twice the size
        pipe.write(new byte[1_300], 0, 1_300);
        assertEquals(2_000, pipe.capacity());
        pipe.drain((array, offset, length) -> length);
        pipe.limit(1_500);
        pipe.release(2_000 + 2_000, 4_000);
        pipe.write(new byte[1_500], 0, 1_500);
        pipe.limit(4_000);
        pipe.write(new byte[2_500], 0, 2_500); // none of these waits
    }
}
