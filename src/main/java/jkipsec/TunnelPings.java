package jkipsec;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import jkipsec.gateway.GatewayTunnel;

/** The pings of one tunnel. Methods say whether they are for the engine's thread or for the application's. */
final class TunnelPings {
    private static final int MOST_OCTETS = 65_507;

    private final TunnelShell shell;

    // Confined to the engine's thread.
    private final GatewayTunnel tunnel;
    private final Map<Long, PingSeries> waiting = new HashMap<>();

    TunnelPings(TunnelShell shell, GatewayTunnel tunnel) {
        this.shell = shell;
        this.tunnel = tunnel;
    }

    /** A ping was answered. Engine. */
    void answered(long ticket) {
        PingSeries series = waiting.get(ticket);
        if (series != null) {
            series.answered(ticket, shell.engine().now());
        }
    }

    /** There is no tunnel any more. Engine. */
    void down() {
        waiting.values().forEach(series -> series.failed(shell::closedException));
        waiting.clear();
    }

    /** Sends one and waits for its answer. Application. */
    Duration ping(int octets, Duration timeout) throws IOException, InterruptedException {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the time-out of a ping is " + timeout + "; give more than zero");
        }
        var series = new PingSeries();
        try {
            send(octets, series);
            series.awaitAnswers(nanos(timeout));
        } finally {
            forget(series);
        }
        PingStatistics outcome = series.statistics();
        if (outcome.received() == 0) {
            throw new SocketTimeoutException("no echo reply from " + shell.remoteAddress() + " in " + timeout);
        }
        return outcome.minimum();
    }

    /** Sends a number of them and waits for their answers. Application. */
    PingStatistics ping(int count, Duration interval, int octets) throws IOException, InterruptedException {
        if (count < 1) {
            throw new IllegalArgumentException("a number of pings is at least 1, not " + count);
        }
        if (interval.isNegative()) {
            throw new IllegalArgumentException("the time between pings is negative: " + interval);
        }
        if (octets < 0 || octets > MOST_OCTETS) {
            throw new IllegalArgumentException("a ping carries 0 to " + MOST_OCTETS + " octets, not " + octets);
        }
        var series = new PingSeries();
        try {
            send(octets, series);
            for (int i = 1; i < count; i++) {
                series.pause(nanos(interval));
                send(octets, series);
            }
            series.awaitAnswers(series.patience());
        } finally {
            forget(series);
        }
        return series.statistics();
    }

    private void send(int octets, PingSeries series) throws IOException {
        shell.engine().ask("ping", now -> {
            shell.ensureOpen();
            long ticket = tunnel.ping(octets);
            waiting.put(ticket, series);
            series.sent(ticket, now);
            shell.touched(); // it may be the packet that makes a rekeying due
            return null;
        });
    }

    private void forget(PingSeries series) {
        shell.engine().post("end of a ping", now -> waiting.values().removeIf(other -> other == series));
    }

    /** A time that is too long for a number is as good as for ever. */
    private static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofDays(365)) > 0 ? Duration.ofDays(365).toNanos() : duration.toNanos();
    }
}
