package jkipsec.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes sure that something ends. */
final class Watchdog {
    private Watchdog() {}

    /**
     * Runs work on the calling thread, and something else on another thread when the work takes too long.
     *
     * @param <T> what the work makes
     * @param limit how long it may take
     * @param expired runs once when it takes longer; should end the process, since nothing else may
     * @param work what to do
     * @return what the work made
     * @throws Exception what the work threw
     */
    static <T> T guard(Duration limit, Runnable expired, Callable<T> work) throws Exception {
        var done = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("watchdog").start(() -> {
            try {
                if (!done.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                    expired.run();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            return work.call();
        } finally {
            done.countDown();
        }
    }
}
