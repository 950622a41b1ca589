package jkipsec.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * When which state machine wants to be called next.
 *
 * <p>Entries are corrected lazily: a deadline that moved later is found out when the old one comes up, since TCP and IKE
 * move theirs later with almost every packet. Confined to the gateway's thread.
 */
final class Deadlines {
    /** A state machine with timers. */
    interface Timed {
        long nextDeadline();

        void tick(long now);
    }

    private record Entry(long time, Timed timed) {}

    private final PriorityQueue<Entry> queue = new PriorityQueue<>(Comparator.comparingLong(Entry::time));
    private final Map<Timed, Long> scheduled = new IdentityHashMap<>();

    /** Looks at a machine's deadline after it was called. */
    void update(Timed timed) {
        long wanted = timed.nextDeadline();
        Long known = scheduled.get(timed);
        if (wanted != Long.MAX_VALUE && (known == null || wanted < known)) {
            scheduled.put(timed, wanted);
            queue.add(new Entry(wanted, timed));
        }
    }

    /** A machine will never want to be called again: it is not to be kept until its last deadline. */
    void forget(Timed timed) {
        if (scheduled.remove(timed) != null) {
            queue.removeIf(entry -> entry.timed() == timed);
        }
    }

    /** The earliest time at which something may be due; it may be too early, never too late. */
    long next() {
        Entry first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.time();
    }

    /** Calls every machine whose deadline has come, each once; a fault in one keeps no other waiting. */
    void tick(long now) {
        var due = new ArrayList<Timed>();
        while (!queue.isEmpty() && queue.peek().time() <= now) {
            Entry entry = queue.poll();
            Long known = scheduled.get(entry.timed());
            if (known != null && known == entry.time()) {
                scheduled.remove(entry.timed());
                due.add(entry.timed());
            }
        }
        var faults = new Faults();
        for (Timed timed : due) {
            faults.collect(() -> {
                if (timed.nextDeadline() <= now) {
                    timed.tick(now);
                }
            });
            update(timed);
        }
        faults.rethrow();
    }
}
