package jkipsec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EngineTest {
    private static final Endpoint PEER = Endpoint.parse("192.0.2.1:500");

    /** A core that records, and fails when told to. */
    private static final class FakeCore implements Engine.Core {
        private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        private volatile long deadline = Long.MAX_VALUE;
        private volatile boolean failing;

        @Override
        public void datagram(int socket, Endpoint peer, PacketBuffer datagram, long now) {
            if (failing) {
                throw new IllegalStateException("told to fail");
            }
            calls.add("datagram " + datagram.length() + " at " + socket + " from " + peer);
        }

        @Override
        public void tick(long now) {
            assertTrue(now >= deadline);
            deadline = Long.MAX_VALUE;
            calls.add("tick");
        }

        @Override
        public long nextDeadline() {
            return deadline;
        }
    }

    private final FakeCore core = new FakeCore();
    private final Engine engine = new Engine("test");
    // Kept, so that the level set here is not forgotten.
    private final Logger log = Logger.getLogger("jkipsec");

    @BeforeEach
    void start() {
        log.setLevel(Level.OFF);
        engine.start(core);
    }

    @AfterEach
    void stop() throws InterruptedException {
        engine.post("stop", now -> engine.stopWhen(() -> true, now));
        engine.thread().join();
        log.setLevel(null);
    }

    private void datagram(int length) {
        engine.datagram(1, PEER, PacketBuffer.wrap(new byte[length]));
    }

    @Test
    void handsOverDatagramsAndAnswersQuestionsOnItsOwnThread() throws Exception {
        datagram(7);
        assertEquals("datagram 7 at 1 from 192.0.2.1:500", core.calls.take());
        assertSame(engine.thread(), engine.<Thread>ask("question", now -> Thread.currentThread()));
    }

    @Test
    void ticksWhenTheDeadlineComesAndNotBefore() throws Exception {
        engine.post("set", now -> core.deadline = now + 1_000_000);
        assertEquals("tick", core.calls.take());
    }

    @Test
    void goesOnAfterAFaultAndCountsIt() throws Exception {
        core.failing = true;
        datagram(1);
        engine.post("fault", now -> {
            throw new IllegalArgumentException();
        });
        engine.post("error", now -> {
            throw new StackOverflowError();
        });
        engine.ask("wait", now -> core.failing = false);
        datagram(2);
        assertEquals("datagram 2 at 1 from 192.0.2.1:500", core.calls.take());
        assertEquals(3, engine.failures());
    }

    @Test
    void goesOnWhenEvenTheLogFails() throws Exception {
        var broken = new Handler() {
            @Override
            public void publish(LogRecord message) {
                throw new IllegalStateException("the disk is full");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(broken);
        log.setUseParentHandlers(false);
        log.setLevel(Level.ALL);
        try {
            engine.post("fault", now -> {
                throw new IllegalArgumentException();
            });
            assertEquals(1, engine.<Integer>ask("next", now -> 1));
            assertEquals(1, engine.failures());
        } finally {
            log.removeHandler(broken);
            log.setUseParentHandlers(true);
        }
    }

    @Test
    void whoAsksOnItsOwnThreadIsToldSoInsteadOfWaitingForItselfForEver() throws Exception {
        var asked = new CompletableFuture<Throwable>();
        engine.post("callback of the application", now -> asked.complete(
                assertThrows(IllegalStateException.class, () -> engine.ask("the time", later -> later))));
        String message = asked.get().getMessage();
        assertTrue(message.contains("the time") && message.contains("another thread"), message);
    }

    @Test
    void answersItsOwnThreadWhatIsOnlyLookedAt() throws Exception {
        var looked = new CompletableFuture<Long>();
        engine.post("callback of the application", now -> {
            try {
                looked.complete(engine.look("a counter", later -> 7L));
            } catch (IOException e) {
                looked.completeExceptionally(e);
            }
        });
        assertEquals(7L, looked.get());
        assertEquals(8, engine.<Integer>look("a counter", now -> 8));
    }

    @Test
    void whatFollowsABatchMayHaveMoreFollow() throws Exception {
        var done = new CountDownLatch(2);
        engine.post("batch", now -> engine.afterBatch(() -> {
            engine.afterBatch(done::countDown);
            done.countDown();
        }));
        done.await();
        assertEquals(1, engine.<Integer>ask("next", now -> 1));
        assertEquals(0, engine.failures());
    }

    @Test
    void givesTheExceptionOfAQuestionToWhoAsked() {
        assertThrows(IOException.class, () -> engine.ask("question", now -> {
            throw new IOException();
        }));
        assertThrows(IllegalStateException.class, () -> engine.ask("question", now -> {
            throw new IllegalStateException();
        }));
        assertEquals(0, engine.failures());
    }

    @Test
    void anErrorInAQuestionLeavesNobodyWaitingAndIsCounted() {
        var fault = assertThrows(CompletionException.class, () -> engine.ask("question", now -> {
            throw new StackOverflowError();
        }));
        assertInstanceOf(StackOverflowError.class, fault.getCause());
        assertDoesNotThrow(() -> engine.ask("next", now -> 1));
        assertEquals(1, engine.failures());
    }

    @Test
    void dropsDatagramsWhenTooManyWaitButNeverCalls() throws Exception {
        var busy = new CountDownLatch(1);
        engine.post("busy", now -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        var order = new ArrayBlockingQueue<Integer>(1_000);
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            datagram(60_000);
            engine.post("call", now -> order.add(number));
        }
        assertTrue(engine.droppedDatagrams() > 500);
        busy.countDown();
        for (int i = 0; i < 1_000; i++) {
            assertEquals(i, order.take());
        }
    }

    @Test
    void refusesQuestionsOnceStoppedAndAnswersThoseThatWaited() throws Exception {
        var busy = new CountDownLatch(1);
        engine.post("busy", now -> {
            engine.stopWhen(() -> true, now);
            busy.countDown();
        });
        busy.await();
        engine.thread().join();
        assertThrows(SocketException.class, () -> engine.ask("late", now -> 1));
        assertFalse(engine.post("late", now -> {}));
    }
}
