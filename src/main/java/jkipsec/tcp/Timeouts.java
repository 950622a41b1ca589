package jkipsec.tcp;

import jkipsec.tcp.Timers.Timer;

/** What happens when a connection's timers run out (RFC 9293 §3.10.8). */
final class Timeouts {
    /** A passive open is given up sooner: it holds a place of its listener. */
    private static final int SYN_ACK_RETRIES = 5;

    private Timeouts() {}

    /** Acts on every timer that is due; afterwards each of them is off or set for later than now. */
    static void process(TcpConnection connection, long now) {
        for (Timer timer : Timers.ALL) {
            if (connection.timers.isDue(timer, now)) {
                connection.timers.clear(timer);
                expired(connection, timer, now);
            }
        }
    }

    private static void expired(TcpConnection connection, Timer timer, long now) {
        switch (timer) {
            case REORDER -> connection.sender.reorderingTimedOut(now);
            case PROBE -> connection.sender.probeForLoss(now);
            case RETRANSMIT -> retransmit(connection, now);
            case PACE -> connection.transmitter.output(now);
            case PERSIST -> persist(connection, now);
            case DELAYED_ACK -> {
                connection.transmitter.acknowledgeNow();
                connection.transmitter.output(now);
            }
            case TIME_WAIT -> connection.end(TcpEnd.NORMAL);
            case LINGER -> connection.reset(TcpEnd.TIMED_OUT, now);
            case KEEP_ALIVE -> connection.keepAlive.expired(now);
        }
    }

    private static void retransmit(TcpConnection connection, long now) {
        RetransmissionTimer retransmission = connection.retransmission;
        if (isTimeToGiveUp(connection, mostRetries(connection), now)) {
            connection.end(TcpEnd.TIMED_OUT);
            return;
        }
        boolean again = retransmission.retries() > 0;
        retransmission.expired();
        if (connection.recovery == null) {
            connection.transmitter.sendSyn(now);
            return;
        }
        connection.suspectPath(now);
        connection.recovery.timedOut(again, now, retransmission.estimate().smoothed());
        connection.sender.sendFirstAgain(now);
        connection.transmitter.output(now);
        observeUserTimeout(connection, Timer.RETRANSMIT, now);
    }

    private static boolean isTimeToGiveUp(TcpConnection connection, int mostRetries, long now) {
        RetransmissionTimer retransmission = connection.retransmission;
        if (retransmission.retries() == 0) {
            connection.unansweredSince = now - retransmission.timeout();
        }
        return connection.userTimeoutNanos > 0 && connection.recovery != null
                ? now - connection.unansweredSince >= connection.userTimeoutNanos
                : retransmission.retries() >= mostRetries;
    }

    /** The timer must not run beyond the user time-out, nor come back at once when that was set late. */
    private static void observeUserTimeout(TcpConnection connection, Timer timer, long now) {
        if (connection.userTimeoutNanos > 0) {
            connection.timers.setAtMost(
                    timer, Math.max(now + 1, connection.unansweredSince + connection.userTimeoutNanos));
        }
    }

    private static int mostRetries(TcpConnection connection) {
        TcpConfig config = connection.stack.config();
        return switch (connection.state) {
            case SYN_SENT -> config.synRetries();
            case SYN_RECEIVED -> Math.min(config.synRetries(), SYN_ACK_RETRIES);
            default -> config.dataRetries();
        };
    }

    private static void persist(TcpConnection connection, long now) {
        RetransmissionTimer retransmission = connection.retransmission;
        if (isTimeToGiveUp(connection, connection.stack.config().dataRetries(), now)) {
            connection.end(TcpEnd.TIMED_OUT);
            return;
        }
        retransmission.probed();
        connection.sender.probeWindow(now);
        observeUserTimeout(connection, Timer.PERSIST, now);
        observeUserTimeout(connection, Timer.RETRANSMIT, now);
    }
}
