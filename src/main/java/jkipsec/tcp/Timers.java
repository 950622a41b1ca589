package jkipsec.tcp;

import java.util.Arrays;

/** When a connection's timers run out. Confined to the stack's thread. */
final class Timers {
    /** What can run out. */
    enum Timer {
        /** Segments sent before others that arrived have had time enough to arrive too (RFC 8985 §6.2). */
        REORDER,
        /** A flight's last acknowledgments are late: probe for a loss (RFC 8985 §7). It comes before the next. */
        PROBE,
        /** An acknowledgment is overdue (RFC 6298). */
        RETRANSMIT,
        /** The next burst may go. */
        PACE,
        /** Nothing may be sent: probe the peer's window (RFC 9293 §3.8.6.1), or send although it is silly. */
        PERSIST,
        /** An acknowledgment was held back long enough (RFC 9293 §3.8.6.3). */
        DELAYED_ACK,
        /** TIME-WAIT is over (RFC 9293 §3.6.1). */
        TIME_WAIT,
        /** The application has closed and nothing moves any more. */
        LINGER,
        /** The connection has been silent (RFC 9293 §3.8.4). */
        KEEP_ALIVE
    }

    static final Timer[] ALL = Timer.values();

    private final long[] deadlines = new long[ALL.length];

    Timers() {
        clearAll();
    }

    void set(Timer timer, long deadline) {
        deadlines[timer.ordinal()] = deadline;
    }

    /** Brings a timer forward, if it is set for later. */
    void setAtMost(Timer timer, long deadline) {
        if (isSet(timer)) {
            set(timer, Math.min(deadline, deadlines[timer.ordinal()]));
        }
    }

    void clear(Timer timer) {
        deadlines[timer.ordinal()] = Long.MAX_VALUE;
    }

    void clearAll() {
        Arrays.fill(deadlines, Long.MAX_VALUE);
    }

    boolean isSet(Timer timer) {
        return deadlines[timer.ordinal()] != Long.MAX_VALUE;
    }

    /** When a timer runs out, {@link Long#MAX_VALUE} when it is not set. */
    long deadline(Timer timer) {
        return deadlines[timer.ordinal()];
    }

    boolean isDue(Timer timer, long now) {
        return deadlines[timer.ordinal()] <= now;
    }

    /** The first deadline, {@link Long#MAX_VALUE} when no timer is set. */
    long earliest() {
        long earliest = Long.MAX_VALUE;
        for (long deadline : deadlines) {
            earliest = Math.min(earliest, deadline);
        }
        return earliest;
    }
}
