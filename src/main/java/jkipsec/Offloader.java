package jkipsec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import jkipsec.ike.Work;

/**
 * Runs what would hold up the engine: computations on few virtual threads at a time, the application's authenticator on
 * one virtual thread for each call.
 *
 * <p>A virtual thread that computes keeps its carrier from readers and senders, so computations get at most half of the
 * processors. How many wait is bounded by the gateway's limit on half-open handshakes. Thread-safe.
 */
final class Offloader {
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final ExecutorService computations;
    private final ThreadFactory askers = Thread.ofVirtual().name("jkipsec-authenticator-", 0).factory();

    Offloader() {
        ThreadFactory virtual = Thread.ofVirtual().name("jkipsec-work-", 0).factory();
        int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        computations = Executors.newFixedThreadPool(atOnce, task -> remember(virtual.newThread(task)));
    }

    /** Runs a computation, then tells. Ignored once closed. */
    void compute(Work work, Runnable done) {
        if (!computations.isShutdown()) {
            computations.execute(() -> {
                try {
                    work.run();
                } finally {
                    // After an Error too: what then goes on is the work's own way of failing.
                    done.run();
                }
            });
        }
    }

    /** Runs something that may block for long; it is not waited for when closing. */
    Thread ask(Runnable question) {
        Thread asker = askers.newThread(question);
        asker.start();
        return asker;
    }

    /** Takes nothing more and forgets what has not begun. */
    void close() {
        computations.shutdownNow();
    }

    /** The threads that {@link #close()} ends. */
    List<Thread> threads() {
        lock.lock();
        try {
            return List.copyOf(workers);
        } finally {
            lock.unlock();
        }
    }

    private Thread remember(Thread worker) {
        lock.lock();
        try {
            workers.add(worker);
        } finally {
            lock.unlock();
        }
        return worker;
    }
}
