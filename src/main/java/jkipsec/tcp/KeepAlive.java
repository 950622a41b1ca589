package jkipsec.tcp;

import jkipsec.tcp.Timers.Timer;

/** Probes a silent peer when the application wants it (RFC 9293 §3.8.4). Confined to the stack's thread. */
final class KeepAlive {
    private final TcpConnection connection;
    private KeepAliveTimes times;
    private boolean on;
    private long lastHeard;
    private int unanswered;

    KeepAlive(TcpConnection connection) {
        this.connection = connection;
    }

    /** Switches the probes on or off. */
    void set(boolean enabled, long now) {
        on = enabled;
        unanswered = 0;
        if (!on) {
            connection.timers.clear(Timer.KEEP_ALIVE);
        } else if (isInForce()) {
            start(now);
        }
    }

    /** Says when to probe, instead of the configuration. */
    void times(KeepAliveTimes wanted, long now) {
        times = wanted;
        if (isInForce()) {
            start(now);
        }
    }

    /** The handshake is over. */
    void established(long now) {
        heard(now);
        if (isInForce()) {
            start(now);
        }
    }

    /** The peer sent something that belongs to the connection. */
    void heard(long now) {
        lastHeard = now;
        unanswered = 0;
    }

    /** The timer ran out, which only says that the peer was silent when it is compared with the last segment's time. */
    void expired(long now) {
        if (!isInForce()) {
            return;
        }
        KeepAliveTimes inForce = times();
        long due = lastHeard + inForce.idle().toNanos();
        if (due > now) {
            connection.timers.set(Timer.KEEP_ALIVE, due);
        } else if (unanswered >= inForce.probes()) {
            connection.reset(TcpEnd.TIMED_OUT, now);
        } else {
            unanswered++;
            connection.timers.set(Timer.KEEP_ALIVE, now + inForce.interval().toNanos());
            connection.transmitter.sendKeepAlive(now);
        }
    }

    private void start(long now) {
        connection.timers.set(Timer.KEEP_ALIVE, now + times().idle().toNanos());
    }

    private KeepAliveTimes times() {
        return times == null ? connection.stack.config().keepAliveTimes() : times;
    }

    /** In other states the retransmission timer finds out whether the peer is there. */
    private boolean isInForce() {
        return on && switch (connection.state) {
            case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_2 -> true;
            default -> false;
        };
    }
}
