package jkipsec;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Tells one listener of one tunnel's events, one after the other, on a virtual thread that lives while there is
 * something to tell. Whoever reports an event never waits for the listener, and what waits for a slow one is bounded.
 * Thread-safe.
 */
final class EventDelivery {
    /** Events that wait for a listener; further ones are only counted. */
    static final int MOST_WAITING = 64;

    private static final System.Logger LOG = System.getLogger("jkipsec");

    private final Consumer<? super TunnelEvent> listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<TunnelEvent> waiting = new ArrayDeque<>();
    private long missed;
    private boolean running;

    EventDelivery(Consumer<? super TunnelEvent> listener) {
        this.listener = listener;
    }

    /** Has an event told; the last one, {@link TunnelEvent.Closed}, always is. */
    void tell(TunnelEvent event) {
        lock.lock();
        try {
            if (waiting.size() >= MOST_WAITING && !(event instanceof TunnelEvent.Closed)) {
                missed++;
                return;
            }
            if (missed > 0) {
                waiting.add(new TunnelEvent.Missed(missed));
                missed = 0;
            }
            waiting.add(event);
            if (!running) {
                running = true;
                Thread.ofVirtual().name("jkipsec-events").start(this::deliver);
            }
        } finally {
            lock.unlock();
        }
    }

    private void deliver() {
        for (TunnelEvent event = next(); event != null; event = next()) {
            try {
                listener.accept(event);
            } catch (Throwable fault) {
                // Only the class: the application's message may hold what should not be in a log.
                LOG.log(Level.WARNING, "a listener failed with " + fault.getClass().getName() + " at " + event);
            }
        }
    }

    private TunnelEvent next() {
        lock.lock();
        try {
            TunnelEvent event = waiting.poll();
            if (event == null && missed > 0) {
                event = new TunnelEvent.Missed(missed);
                missed = 0;
            }
            running = event != null;
            return event;
        } finally {
            lock.unlock();
        }
    }
}
