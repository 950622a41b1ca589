package jkipsec;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/** Something running on a thread of its own, of which a test can wait until it waits. */
final class Waiter<T> {
    private static final Set<String> SYSTEM_CALLS = Set.of("poll", "read0", "write0", "accept", "connect0", "preClose0", "close0");

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

    /** Returns once the thread waits, for a lock or inside the system; gives up with the test's own time-out. */
    void awaitBlocked() {
        if (!awaitBlockedOrDone()) {
            throw new AssertionError("it ended instead of waiting");
        }
    }

    /** The same, or once the thread has ended; says whether it waits. */
    boolean awaitBlockedOrDone() {
        while (!result.isDone()) {
            Thread.State state = thread.getState();
            if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
                return true;
            }
            StackTraceElement[] stack = thread.getStackTrace();
            // A platform thread that waits in a system call runs, as Java sees it.
            if (stack.length > 0 && stack[0].isNativeMethod() && stack[0].getClassName().startsWith("sun.nio.ch.")
                    && SYSTEM_CALLS.contains(stack[0].getMethodName())) {
                return true;
            }
            LockSupport.parkNanos(200_000);
        }
        return false;
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
