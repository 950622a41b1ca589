package jkipsec;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.Endpoint;

/**
 * The state-machine thread: it alone touches the protocol core. It takes events from its inbox one after the other,
 * and calls the core when the core's next deadline has come. It waits nowhere else, and nothing ends it but {@link
 * #stopWhen}: an exception that nobody expected is logged and counted, and the next event is handled.
 *
 * <p>It is a platform thread, so that it gets its share of the processors whatever the virtual threads do, and a
 * daemon: an open tunnel does not keep a program from ending. A server's program waits in {@link VpnServer#accept()}.
 */
final class Engine {
    /** The protocol core as the engine sees it. */
    interface Core {
        /** Handles a datagram. */
        void datagram(int socket, Endpoint peer, PacketBuffer datagram, long now);

        /** Several datagrams may come at once, and {@link #settle} after them. */
        default void hold() {}

        /** No more datagrams are at hand. */
        default void settle(long now) {}

        /** Does what is due. */
        void tick(long now);

        /** When {@link #tick} is to be called next; {@code Long.MAX_VALUE} for not at all. */
        long nextDeadline();
    }

    /** Something to be done on the engine's thread. */
    @FunctionalInterface
    interface Task {
        /** Does it, at a time in nanoseconds. */
        void run(long now);
    }

    /** Something to be done on the engine's thread for somebody who waits for the outcome. */
    @FunctionalInterface
    interface Question<T> {
        /** Does it, at a time in nanoseconds. */
        T answer(long now) throws IOException;
    }

    /** What the inbox holds. */
    private sealed interface Event permits Datagram, Call {}

    private record Datagram(int socket, Endpoint peer, PacketBuffer contents) implements Event {}

    /**
     * A task with a name for the log.
     *
     * @param what a few words
     * @param task what to do
     * @param unanswered what to do instead when the engine has stopped
     */
    record Call(String what, Task task, Runnable unanswered) implements Event {
        Call(String what, Task task) {
            this(what, task, () -> {});
        }
    }

    private static final System.Logger LOG = System.getLogger("jkipsec");
    private static final long WAITING_OCTETS = 16L * 1024 * 1024;
    private static final int BATCH = 64;
    private static final long PAUSE_AFTER_FAILURE = 100_000_000L;

    private final long start = System.nanoTime();
    private final Mailbox<Event> inbox = new Mailbox<>(WAITING_OCTETS);
    private final LongAdder droppedDatagrams = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Thread thread;

    // Confined to the engine's thread.
    private Core core;
    private BooleanSupplier stopWhen = () -> false;
    private long stopAt = Long.MAX_VALUE;
    private final List<Runnable> afterBatch = new ArrayList<>();

    /** Makes an engine that does nothing yet. */
    Engine(String name) {
        thread = Thread.ofPlatform().daemon().name("jkipsec-engine-" + name).unstarted(this::run);
    }

    /** Begins. */
    void start(Core driven) {
        core = driven;
        thread.start();
    }

    /** The time of the core: nanoseconds since the engine was made. */
    long now() {
        return System.nanoTime() - start;
    }

    /** Queues a datagram; drops and counts it when too many wait. Any thread. */
    void datagram(int socket, Endpoint peer, PacketBuffer contents) {
        if (!inbox.offer(new Datagram(socket, peer, contents), contents.length())) {
            droppedDatagrams.increment();
        }
    }

    /**
     * Queues a task. Any thread.
     *
     * @return false when the engine has stopped
     */
    boolean post(Call call) {
        return inbox.put(call);
    }

    /** Queues a task. Any thread. */
    boolean post(String what, Task task) {
        return post(new Call(what, task));
    }

    /**
     * Has something done and waits for the outcome. Any thread but the engine's.
     *
     * @throws IOException what the question threw, or that the engine has stopped
     * @throws IllegalStateException when the application has called from within what the engine called
     */
    <T> T ask(String what, Question<T> question) throws IOException {
        requireOtherThread(what);
        var answer = new CompletableFuture<T>();
        Runnable gone = () -> answer.completeExceptionally(new SocketException("the VPN endpoint is closed"));
        Task task = now -> {
            try {
                answer.complete(question.answer(now));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            } catch (Throwable e) {
                // Who asked must not wait for ever, and the fault is to be counted.
                answer.completeExceptionally(e);
                throw e;
            }
        };
        if (!post(new Call(what, task, gone))) {
            gone.run();
        }
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException refused) {
                // Made on the engine's thread; the stack that tells the caller something is the caller's.
                refused.setStackTrace(Thread.currentThread().getStackTrace());
                throw refused;
            }
            throw e.getCause() instanceof RuntimeException fault ? fault : e;
        }
    }

    /** The same for what changes nothing: the engine's own thread, too, is answered. */
    <T> T look(String what, Question<T> question) throws IOException {
        return Thread.currentThread() == thread ? question.answer(now()) : ask(what, question);
    }

    /** Refuses what would wait for the engine on its own thread, where a redirector is called: it would be for ever. */
    void requireOtherThread(String what) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException(
                    "this thread runs all tunnels and cannot wait for them (" + what + "); do it on another thread");
        }
    }

    /**
     * Ends the thread as soon as something holds. Engine.
     *
     * @param done whether there is nothing left to do
     * @param deadline when to end at the latest, in nanoseconds
     */
    void stopWhen(BooleanSupplier done, long deadline) {
        stopWhen = done;
        stopAt = deadline;
    }

    /**
     * Has something done when the events at hand have been handled: what would otherwise be done for each of them.
     * Engine.
     *
     * @param action what to do; when it is another such action that asks, it is done after it
     */
    void afterBatch(Runnable action) {
        afterBatch.add(action);
    }

    /** The engine's thread. */
    Thread thread() {
        return thread;
    }

    /** Datagrams dropped because too many waited. */
    long droppedDatagrams() {
        return droppedDatagrams.sum();
    }

    /** Exceptions that nobody expected. */
    long failures() {
        return failures.sum();
    }

    private void run() {
        try {
            loop();
        } finally {
            inbox.close(leftover -> {
                if (leftover instanceof Call call) {
                    guarded(call.what, call.unanswered);
                }
            });
        }
    }

    private void loop() {
        while (!stopWhen.getAsBoolean() && now() < stopAt) {
            inbox.await(pause());
            core.hold();
            for (int i = 0; i < BATCH; i++) {
                Event event = inbox.poll();
                if (event == null) {
                    break;
                }
                handle(event);
            }
            guarded("end of a batch", () -> core.settle(now()));
            tick();
            finishBatch();
        }
    }

    private void handle(Event event) {
        switch (event) {
            case Datagram datagram -> guarded("datagram",
                    () -> core.datagram(datagram.socket, datagram.peer, datagram.contents, now()));
            case Call call -> guarded(call.what, () -> call.task.run(now()));
        }
    }

    private void finishBatch() {
        // By number: one of them may have another done.
        for (int i = 0; i < afterBatch.size(); i++) {
            guarded("what follows a batch", afterBatch.get(i));
        }
        afterBatch.clear();
    }

    private void tick() {
        long now = now();
        if (core.nextDeadline() <= now && !guarded("tick", () -> core.tick(now)) && core.nextDeadline() <= now) {
            // What failed is still due; trying at once, for ever, would be worse than being late.
            inbox.await(PAUSE_AFTER_FAILURE);
        }
    }

    private long pause() {
        long deadline = Math.min(core.nextDeadline(), stopAt);
        return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - now();
    }

    private boolean guarded(String what, Runnable action) {
        try {
            action.run();
            return true;
        } catch (Throwable fault) {
            fault(what, fault);
            return false;
        }
    }

    /** Counts and logs an exception that nobody expected. Engine. */
    void fault(String what, Throwable fault) {
        failures.increment();
        long count = failures.sum();
        // The first few in full; then ever more seldom, since whoever causes them may do so a thousand times a second.
        if (count <= 8 || Long.bitCount(count) == 1) {
            try {
                LOG.log(Level.ERROR, "a fault in jkipsec while handling: " + what + " (number " + count + ")", fault);
            } catch (RuntimeException | Error unlogged) {
                // What writes the log is the application's; the fault is counted, and all tunnels depend on this thread.
            }
        }
    }
}
