package jkipsec;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Something running on a thread of its own, of which a test can wait until it waits. */
final class Waiter<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Waiter(Thread.Builder builder, Callable<T> task) {
        thread = builder.start(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
    }

    static <T> Waiter<T> start(Callable<T> task) {
        return new Waiter<>(Thread.ofVirtual(), task);
    }

    static <T> Waiter<T> startPlatform(Callable<T> task) {
        return new Waiter<>(Thread.ofPlatform().daemon(), task);
    }

    Thread thread() {
        return thread;
    }

    /** Returns once the thread is parked; gives up with the test's own time-out. */
    void awaitWaiting() {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            if (result.isDone()) {
                throw new AssertionError("it ended instead of waiting");
            }
            Thread.onSpinWait();
        }
    }

    /** What the task returned, or what it threw. */
    T result() throws Exception {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        }
    }
}
