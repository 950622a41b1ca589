package jkipsec.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that runs until SIGINT or SIGTERM end cleanly: on the signal it runs an action, and then holds the
 * process until this is closed, or five seconds have passed. Make it the outermost resource, so that it is closed last.
 * Safe for use by any thread.
 */
final class Stopper implements AutoCloseable {
    private static final long GRACE_SECONDS = 5;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stopper");
    private volatile Runnable action = () -> {};

    /** Registers with the process. */
    Stopper() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Says what makes the command return.
     *
     * @param stop runs when the process is told to end; it must not wait for the command
     */
    void onStop(Runnable stop) {
        action = stop;
    }

    private void stop() {
        action.run();
        try {
            // Not for the command's thread: that one waits in System.exit, which waits for this hook.
            finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the process end, or withdraws when it is not about to. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook is what brought us here.
        }
    }
}
