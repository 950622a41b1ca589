package jkipsec.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import jkipsec.bytes.RandomSource;

/**
 * Virtual time: a clock that jumps from event to event, and one seeded source of chance for all that happens. Two worlds
 * with the same seed and the same doings run alike, octet for octet.
 */
public final class World {
    /** A millisecond in the world's nanoseconds. */
    public static final long MILLIS = 1_000_000L;

    /** A second in the world's nanoseconds. */
    public static final long SECOND = 1_000_000_000L;

    private record Event(long time, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::order));
    private final Random chance;
    private long now;
    private long order;

    public World(long seed) {
        chance = new Random(seed);
    }

    public long now() {
        return now;
    }

    public Random chance() {
        return chance;
    }

    /** A source of randomness for one peer, different for each call, the same for the same seed. */
    public RandomSource randomSource() {
        var own = new Random(chance.nextLong());
        return own::nextBytes;
    }

    public void at(long time, Runnable action) {
        events.add(new Event(Math.max(time, now), order++, action));
    }

    public void in(long delay, Runnable action) {
        at(now + delay, action);
    }

    /** Runs until a condition holds; returns whether it came to hold before the time limit and the last event. */
    public boolean runUntil(BooleanSupplier condition, long limit) {
        long end = now + limit;
        while (!condition.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.time() > end) {
                now = next == null ? now : end;
                return condition.getAsBoolean();
            }
            events.remove();
            now = next.time();
            next.action().run();
        }
        return true;
    }

    /** Runs for a time, whatever happens. */
    public void runFor(long duration) {
        long end = now + duration;
        runUntil(() -> false, duration);
        now = end;
    }

    /** Whether nothing is left to happen. */
    public boolean quiet() {
        return events.isEmpty();
    }
}
