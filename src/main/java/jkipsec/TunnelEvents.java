package jkipsec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The listeners of one tunnel, until it has ended. Thread-safe; nothing here waits for a listener. */
final class TunnelEvents {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<EventDelivery> listeners = new ArrayList<>();
    private TunnelEvent last;

    /** Adds a listener; one that comes after the tunnel's end is told of that alone. */
    void add(Consumer<? super TunnelEvent> listener) {
        add(new EventDelivery(listener));
    }

    /** Adds a listener that was there before the tunnel came up. */
    void addFirst(Consumer<? super TunnelEvent> listener) {
        var delivery = new EventDelivery(listener);
        delivery.tell(new TunnelEvent.Up());
        add(delivery);
    }

    private void add(EventDelivery delivery) {
        lock.lock();
        try {
            if (last != null) {
                delivery.tell(last);
            } else {
                listeners.add(delivery);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells every listener. */
    void tell(TunnelEvent event) {
        lock.lock();
        try {
            listeners.forEach(delivery -> delivery.tell(event));
            if (event instanceof TunnelEvent.Closed) {
                last = event;
                listeners.clear();
            }
        } finally {
            lock.unlock();
        }
    }
}
