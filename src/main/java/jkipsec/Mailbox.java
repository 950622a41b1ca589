package jkipsec;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The queue in front of one thread: packets, which may be refused when too many wait, and control, which may not, in
 * one order.
 *
 * <p>Any thread puts in; one thread, the owner, takes out. The owner is woken only when it sleeps, so under load
 * neither side makes a system call.
 *
 * @param <E> what is queued
 */
final class Mailbox<E> {
    /** What an entry takes besides the packet's octets, roughly. */
    private static final int OVERHEAD = 128;

    /** Not a record: {@link #put} has to take back its own entry and no equal one. */
    private static final class Entry<E> {
        private final E event;
        private final int weight;

        Entry(E event, int weight) {
            this.event = event;
            this.weight = weight;
        }
    }

    private final ConcurrentLinkedQueue<Entry<E>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final long limit;
    private volatile Thread sleeper;
    private volatile boolean closed;

    /**
     * Makes an empty mailbox.
     *
     * @param limit how many octets of memory waiting packets may take, roughly
     */
    Mailbox(long limit) {
        this.limit = limit;
    }

    /**
     * Queues a packet, unless too many wait already.
     *
     * @param packet the packet
     * @param octets its size
     * @return false when it was refused; the caller counts it
     */
    boolean offer(E packet, int octets) {
        int weight = OVERHEAD + octets;
        if (closed || waiting.get() + weight > limit) {
            return false;
        }
        waiting.addAndGet(weight);
        queue.add(new Entry<>(packet, weight));
        wake();
        return true;
    }

    /**
     * Queues control.
     *
     * @return false when the owner has gone and nobody will ever take it
     */
    boolean put(E control) {
        var entry = new Entry<>(control, 0);
        queue.add(entry);
        // Closing sets the flag and then empties the queue: whoever removes the entry is the one to answer for it.
        if (closed && queue.remove(entry)) {
            return false;
        }
        wake();
        return true;
    }

    /**
     * Takes the next one. Owner.
     *
     * @return null when there is none
     */
    E poll() {
        Entry<E> entry = queue.poll();
        if (entry == null) {
            return null;
        }
        if (entry.weight > 0) {
            waiting.addAndGet(-entry.weight);
        }
        return entry.event;
    }

    /**
     * Sleeps until something is there; may also return early. Owner.
     *
     * @param nanos how long at most; {@code Long.MAX_VALUE} for ever, 0 or less not at all
     */
    void await(long nanos) {
        if (nanos <= 0 || !queue.isEmpty()) {
            return;
        }
        sleeper = Thread.currentThread();
        try {
            // Looked at again after saying that it sleeps: whoever adds from here on sees the sleeper.
            if (queue.isEmpty()) {
                if (nanos == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, nanos);
                }
            }
        } finally {
            sleeper = null;
            // Nobody stops an owner by interrupting it, and a set status would turn every later sleep into a spin.
            Thread.interrupted();
        }
    }

    /**
     * Accepts nothing more, and gives what still waits to a consumer. Owner.
     *
     * @param leftover gets each
     */
    void close(Consumer<? super E> leftover) {
        closed = true;
        for (E event = poll(); event != null; event = poll()) {
            leftover.accept(event);
        }
    }

    private void wake() {
        Thread thread = sleeper;
        if (thread != null) {
            // One wake-up is enough; when the owner has gone to sleep again meanwhile, it only wakes for nothing.
            sleeper = null;
            LockSupport.unpark(thread);
        }
    }
}
