package jkipsec.tcp;

import java.time.Duration;

/**
 * How a {@link TcpStack} behaves. Immutable; begin with {@link #defaults()} and change what you need with the
 * {@code with} methods.
 *
 * @param sendBuffer unacknowledged and unsent octets a connection holds at most, 1 to 2<sup>30</sup>; memory is taken
 *     as it fills
 * @param receiveBuffer the receive window: octets delivered but not consumed, or received out of order, that a
 *     connection holds at most, 1 to 2<sup>30</sup>; memory is taken as it fills
 * @param maximumSegmentSize the largest payload sent or asked for, 64 to 65,495, whatever the tunnel's MTU allows
 * @param noDelay whether connections begin without Nagle's algorithm (RFC 9293 §3.7.4), as with {@code TCP_NODELAY}
 * @param initialRto the retransmission time-out before the first round trip was measured (RFC 6298 §2.1)
 * @param minimumRto how long the time-out is at least above the smoothed round-trip time: the G of RFC 6298 §2.3
 * @param maximumRto the longest time-out, also between probes of a zero window (RFC 6298 §2.5)
 * @param synRetries how often a SYN is sent again before giving up, from 0
 * @param dataRetries how often data, a FIN or a window probe is sent again without any answer before giving up, from 0
 *     (the R2 of RFC 9293 §3.8.3)
 * @param delayedAck how long an acknowledgment may be held back (RFC 9293 §3.8.6.3), at most 500 ms
 * @param timeWait how long TIME-WAIT lasts: twice the time a segment can live in the network (RFC 9293 §3.6.1). The
 *     anti-replay window of a tunnel ends old duplicates, so this may be short
 * @param closeTimeout how long a connection that the application has closed waits without any progress, for instance
 *     for the peer's FIN, before it is dropped
 * @param keepAliveIdle how long a connection with keep-alive on is silent before the first probe (RFC 9293 §3.8.4)
 * @param keepAliveInterval the time between probes
 * @param keepAliveProbes how many unanswered probes end the connection, from 1
 * @param maximumConnections how many connections, those in TIME-WAIT included, the stack holds at most, from 1
 */
public record TcpConfig(
        int sendBuffer,
        int receiveBuffer,
        int maximumSegmentSize,
        boolean noDelay,
        Duration initialRto,
        Duration minimumRto,
        Duration maximumRto,
        int synRetries,
        int dataRetries,
        Duration delayedAck,
        Duration timeWait,
        Duration closeTimeout,
        Duration keepAliveIdle,
        Duration keepAliveInterval,
        int keepAliveProbes,
        int maximumConnections) {
    private static final int LARGEST_BUFFER = 1 << 30;
    private static final TcpConfig DEFAULTS = new TcpConfig(1 << 20, 1 << 20, 65_495, false, Duration.ofSeconds(1),
            Duration.ofMillis(200), Duration.ofSeconds(60), 7, 15, Duration.ofMillis(40), Duration.ofSeconds(10),
            Duration.ofSeconds(120), Duration.ofHours(2), Duration.ofSeconds(75), 9, 8192);

    /** Checks the ranges. */
    public TcpConfig {
        inRange("sendBuffer", sendBuffer, 1, LARGEST_BUFFER);
        inRange("receiveBuffer", receiveBuffer, 1, LARGEST_BUFFER);
        inRange("maximumSegmentSize", maximumSegmentSize, 64, 65_495);
        inRange("synRetries", synRetries, 0, 100);
        inRange("dataRetries", dataRetries, 0, 100);
        inRange("keepAliveProbes", keepAliveProbes, 1, 1000);
        inRange("maximumConnections", maximumConnections, 1, Integer.MAX_VALUE);
        positive("initialRto", initialRto);
        positive("minimumRto", minimumRto);
        positive("maximumRto", maximumRto);
        positive("delayedAck", delayedAck);
        positive("timeWait", timeWait);
        positive("closeTimeout", closeTimeout);
        positive("keepAliveIdle", keepAliveIdle);
        positive("keepAliveInterval", keepAliveInterval);
        if (maximumRto.compareTo(minimumRto) < 0) {
            throw new IllegalArgumentException("maximumRto " + maximumRto + " is less than minimumRto " + minimumRto);
        }
        if (delayedAck.toMillis() > 500) {
            throw new IllegalArgumentException("delayedAck is at most 500 ms, not " + delayedAck);
        }
    }

    /**
     * What suits connections with devices through a tunnel: buffers of 1 MiB, time-outs from 200 ms to 60 s.
     *
     * @return the defaults
     */
    public static TcpConfig defaults() {
        return DEFAULTS;
    }

    /**
     * The same with other buffers.
     *
     * @param send see {@link #sendBuffer()}
     * @param receive see {@link #receiveBuffer()}
     * @return the changed configuration
     */
    public TcpConfig withBuffers(int send, int receive) {
        return new TcpConfig(send, receive, maximumSegmentSize, noDelay, initialRto, minimumRto, maximumRto, synRetries,
                dataRetries, delayedAck, timeWait, closeTimeout, keepAliveIdle, keepAliveInterval, keepAliveProbes,
                maximumConnections);
    }

    /**
     * The same with another ceiling for segments.
     *
     * @param octets see {@link #maximumSegmentSize()}
     * @return the changed configuration
     */
    public TcpConfig withMaximumSegmentSize(int octets) {
        return new TcpConfig(sendBuffer, receiveBuffer, octets, noDelay, initialRto, minimumRto, maximumRto, synRetries,
                dataRetries, delayedAck, timeWait, closeTimeout, keepAliveIdle, keepAliveInterval, keepAliveProbes,
                maximumConnections);
    }

    /**
     * The same with or without Nagle's algorithm.
     *
     * @param on see {@link #noDelay()}
     * @return the changed configuration
     */
    public TcpConfig withNoDelay(boolean on) {
        return new TcpConfig(sendBuffer, receiveBuffer, maximumSegmentSize, on, initialRto, minimumRto, maximumRto,
                synRetries, dataRetries, delayedAck, timeWait, closeTimeout, keepAliveIdle, keepAliveInterval,
                keepAliveProbes, maximumConnections);
    }

    /**
     * The same with other retransmission time-outs.
     *
     * @param initial see {@link #initialRto()}
     * @param minimum see {@link #minimumRto()}
     * @param maximum see {@link #maximumRto()}
     * @return the changed configuration
     */
    public TcpConfig withRto(Duration initial, Duration minimum, Duration maximum) {
        return new TcpConfig(sendBuffer, receiveBuffer, maximumSegmentSize, noDelay, initial, minimum, maximum,
                synRetries, dataRetries, delayedAck, timeWait, closeTimeout, keepAliveIdle, keepAliveInterval,
                keepAliveProbes, maximumConnections);
    }

    /**
     * The same with other limits on sending again.
     *
     * @param syn see {@link #synRetries()}
     * @param data see {@link #dataRetries()}
     * @return the changed configuration
     */
    public TcpConfig withRetries(int syn, int data) {
        return new TcpConfig(sendBuffer, receiveBuffer, maximumSegmentSize, noDelay, initialRto, minimumRto, maximumRto,
                syn, data, delayedAck, timeWait, closeTimeout, keepAliveIdle, keepAliveInterval, keepAliveProbes,
                maximumConnections);
    }

    /**
     * The same with acknowledgments held back for another time.
     *
     * @param time see {@link #delayedAck()}
     * @return the changed configuration
     */
    public TcpConfig withDelayedAck(Duration time) {
        return new TcpConfig(sendBuffer, receiveBuffer, maximumSegmentSize, noDelay, initialRto, minimumRto, maximumRto,
                synRetries, dataRetries, time, timeWait, closeTimeout, keepAliveIdle, keepAliveInterval,
                keepAliveProbes, maximumConnections);
    }

    /**
     * The same with other times at the end of a connection.
     *
     * @param wait see {@link #timeWait()}
     * @param close see {@link #closeTimeout()}
     * @return the changed configuration
     */
    public TcpConfig withTimeWait(Duration wait, Duration close) {
        return new TcpConfig(sendBuffer, receiveBuffer, maximumSegmentSize, noDelay, initialRto, minimumRto, maximumRto,
                synRetries, dataRetries, delayedAck, wait, close, keepAliveIdle, keepAliveInterval, keepAliveProbes,
                maximumConnections);
    }

    /**
     * The same with another keep-alive.
     *
     * @param idle see {@link #keepAliveIdle()}
     * @param interval see {@link #keepAliveInterval()}
     * @param probes see {@link #keepAliveProbes()}
     * @return the changed configuration
     */
    public TcpConfig withKeepAlive(Duration idle, Duration interval, int probes) {
        return new TcpConfig(sendBuffer, receiveBuffer, maximumSegmentSize, noDelay, initialRto, minimumRto, maximumRto,
                synRetries, dataRetries, delayedAck, timeWait, closeTimeout, idle, interval, probes,
                maximumConnections);
    }

    /**
     * The same with another number of connections.
     *
     * @param connections see {@link #maximumConnections()}
     * @return the changed configuration
     */
    public TcpConfig withMaximumConnections(int connections) {
        return new TcpConfig(sendBuffer, receiveBuffer, maximumSegmentSize, noDelay, initialRto, minimumRto, maximumRto,
                synRetries, dataRetries, delayedAck, timeWait, closeTimeout, keepAliveIdle, keepAliveInterval,
                keepAliveProbes, connections);
    }

    private static void inRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + least + " to " + most + ", not " + value);
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(Duration.ofDays(1000)) > 0) {
            throw new IllegalArgumentException(name + " must be more than zero and at most 1000 days, not " + value);
        }
    }
}
