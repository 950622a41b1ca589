package jkipsec.tcp;

import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link TcpStack} behaves. Immutable; begin with {@link #defaults()} and change what you need with the
 * {@code with} methods.
 *
 * @param sendBuffer unacknowledged and unsent octets a connection holds at most, 1 to 2<sup>30</sup>; it begins with
 *     less and is given more as its congestion window grows
 * @param receiveBuffer the largest receive window: octets delivered but not consumed, or received out of order, that a
 *     connection holds at most, 1 to 2<sup>30</sup>; it begins with less and is given more as the application consumes
 * @param initialBuffer the size of either buffer at the beginning of a connection, at most, from 1
 * @param memoryBudget octets all connections of a stack hold together at most, from 65,536: send buffers, data delivered
 *     and not consumed, data out of order. Each connection takes 4 KiB of it for itself, half for each direction, so that
 *     a stack has at most one connection for each 4 KiB
 * @param maximumSegmentSize the largest payload sent or asked for, 64 to 65,495, whatever the tunnel's MTU allows
 * @param noDelay whether connections begin without Nagle's algorithm (RFC 9293 §3.7.4), as with {@code TCP_NODELAY}
 * @param initialRto the retransmission time-out before the first round trip was measured (RFC 6298 §2.1)
 * @param minimumRto how long the time-out is at least above the smoothed round-trip time: the G of RFC 6298 §2.3
 * @param maximumRto the longest time-out, also between probes of a zero window (RFC 6298 §2.5)
 * @param synRetries how often a SYN is sent again before giving up, from 0
 * @param dataRetries how often data, a FIN or a window probe is sent again without any answer before giving up, from 0
 *     (the R2 of RFC 9293 §3.8.3)
 * @param delayedAck how long an acknowledgment may be held back (RFC 9293 §3.8.6.3), at most 500 ms
 * @param quickAcknowledgments how many segments are acknowledged at once at the beginning of a connection, after a pause
 *     or disorder, before acknowledgments are held back again; 0 to 1000
 * @param timeWait how long TIME-WAIT lasts: twice the time a segment can live in the network (RFC 9293 §3.6.1). The
 *     anti-replay window of a tunnel ends old duplicates, so this may be short
 * @param closeTimeout how long a connection that the application has closed waits without any progress, for instance
 *     for the peer's FIN, before it is dropped
 * @param keepAliveIdle how long a connection with keep-alive on is silent before the first probe (RFC 9293 §3.8.4)
 * @param keepAliveInterval the time between probes
 * @param keepAliveProbes how many unanswered probes end the connection, from 1
 * @param maximumConnections how many connections, those in TIME-WAIT included, the stack holds at most, from 1
 * @param selectiveAcknowledgment whether to offer and use selective acknowledgments (RFC 2018)
 * @param congestionControl how the congestion window grows and shrinks
 * @param ecn what to do about explicit congestion notification (RFC 3168)
 * @param timestamps whether to offer and use timestamps (RFC 7323 §3), which take 12 octets of every segment
 */
public record TcpConfig(
        int sendBuffer,
        int receiveBuffer,
        int initialBuffer,
        int memoryBudget,
        int maximumSegmentSize,
        boolean noDelay,
        Duration initialRto,
        Duration minimumRto,
        Duration maximumRto,
        int synRetries,
        int dataRetries,
        Duration delayedAck,
        int quickAcknowledgments,
        Duration timeWait,
        Duration closeTimeout,
        Duration keepAliveIdle,
        Duration keepAliveInterval,
        int keepAliveProbes,
        int maximumConnections,
        boolean selectiveAcknowledgment,
        CongestionControl.Algorithm congestionControl,
        EcnPolicy ecn,
        boolean timestamps) {
    private static final int LARGEST_BUFFER = 1 << 30;
    private static final TcpConfig DEFAULTS = new Draft().toConfig();

    /** Checks the ranges. */
    public TcpConfig {
        inRange("sendBuffer", sendBuffer, 1, LARGEST_BUFFER);
        inRange("receiveBuffer", receiveBuffer, 1, LARGEST_BUFFER);
        inRange("initialBuffer", initialBuffer, 1, LARGEST_BUFFER);
        inRange("memoryBudget", memoryBudget, 1 << 16, Integer.MAX_VALUE);
        inRange("maximumSegmentSize", maximumSegmentSize, 64, 65_495);
        inRange("synRetries", synRetries, 0, 100);
        inRange("dataRetries", dataRetries, 0, 100);
        inRange("keepAliveProbes", keepAliveProbes, 1, 1000);
        inRange("quickAcknowledgments", quickAcknowledgments, 0, 1000);
        inRange("maximumConnections", maximumConnections, 1, Integer.MAX_VALUE);
        Objects.requireNonNull(congestionControl, "congestionControl");
        Objects.requireNonNull(ecn, "ecn");
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
     * What suits connections with devices through a tunnel: buffers from 64 KiB to 4 MiB
     * a connection and 16 MiB a tunnel, time-outs from 200 ms to 60 s.
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
        Draft draft = new Draft(this);
        draft.sendBuffer = send;
        draft.receiveBuffer = receive;
        return draft.toConfig();
    }

    /**
     * The same with another ceiling for segments.
     *
     * @param octets see {@link #maximumSegmentSize()}
     * @return the changed configuration
     */
    public TcpConfig withMaximumSegmentSize(int octets) {
        Draft draft = new Draft(this);
        draft.maximumSegmentSize = octets;
        return draft.toConfig();
    }

    /**
     * The same with or without Nagle's algorithm.
     *
     * @param on see {@link #noDelay()}
     * @return the changed configuration
     */
    public TcpConfig withNoDelay(boolean on) {
        Draft draft = new Draft(this);
        draft.noDelay = on;
        return draft.toConfig();
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
        Draft draft = new Draft(this);
        draft.initialRto = initial;
        draft.minimumRto = minimum;
        draft.maximumRto = maximum;
        return draft.toConfig();
    }

    /**
     * The same with other limits on sending again.
     *
     * @param syn see {@link #synRetries()}
     * @param data see {@link #dataRetries()}
     * @return the changed configuration
     */
    public TcpConfig withRetries(int syn, int data) {
        Draft draft = new Draft(this);
        draft.synRetries = syn;
        draft.dataRetries = data;
        return draft.toConfig();
    }

    /**
     * The same with acknowledgments held back for another time.
     *
     * @param time see {@link #delayedAck()}
     * @return the changed configuration
     */
    public TcpConfig withDelayedAck(Duration time) {
        Draft draft = new Draft(this);
        draft.delayedAck = time;
        return draft.toConfig();
    }

    /**
     * The same with other times at the end of a connection.
     *
     * @param wait see {@link #timeWait()}
     * @param close see {@link #closeTimeout()}
     * @return the changed configuration
     */
    public TcpConfig withTimeWait(Duration wait, Duration close) {
        Draft draft = new Draft(this);
        draft.timeWait = wait;
        draft.closeTimeout = close;
        return draft.toConfig();
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
        Draft draft = new Draft(this);
        draft.keepAliveIdle = idle;
        draft.keepAliveInterval = interval;
        draft.keepAliveProbes = probes;
        return draft.toConfig();
    }

    /**
     * The same with another number of connections.
     *
     * @param connections see {@link #maximumConnections()}
     * @return the changed configuration
     */
    public TcpConfig withMaximumConnections(int connections) {
        Draft draft = new Draft(this);
        draft.maximumConnections = connections;
        return draft.toConfig();
    }

    /**
     * The same with or without selective acknowledgments.
     *
     * @param on see {@link #selectiveAcknowledgment()}
     * @return the changed configuration
     */
    public TcpConfig withSelectiveAcknowledgment(boolean on) {
        Draft draft = new Draft(this);
        draft.selectiveAcknowledgment = on;
        return draft.toConfig();
    }

    /**
     * The same with or without timestamps.
     *
     * @param on see {@link #timestamps()}
     * @return the changed configuration
     */
    public TcpConfig withTimestamps(boolean on) {
        Draft draft = new Draft(this);
        draft.timestamps = on;
        return draft.toConfig();
    }

    /**
     * The same with another congestion control.
     *
     * @param algorithm see {@link #congestionControl()}
     * @return the changed configuration
     */
    public TcpConfig withCongestionControl(CongestionControl.Algorithm algorithm) {
        Draft draft = new Draft(this);
        draft.congestionControl = algorithm;
        return draft.toConfig();
    }

    /**
     * The same with another policy for explicit congestion notification.
     *
     * @param policy see {@link #ecn()}
     * @return the changed configuration
     */
    public TcpConfig withEcn(EcnPolicy policy) {
        Draft draft = new Draft(this);
        draft.ecn = policy;
        return draft.toConfig();
    }

    /**
     * When a silent peer is probed.
     *
     * @return {@link #keepAliveIdle()}, {@link #keepAliveInterval()} and {@link #keepAliveProbes()}
     */
    public KeepAliveTimes keepAliveTimes() {
        return new KeepAliveTimes(keepAliveIdle, keepAliveInterval, keepAliveProbes);
    }

    /**
     * The same with another number of quick acknowledgments.
     *
     * @param segments see {@link #quickAcknowledgments()}
     * @return the changed configuration
     */
    public TcpConfig withQuickAcknowledgments(int segments) {
        Draft draft = new Draft(this);
        draft.quickAcknowledgments = segments;
        return draft.toConfig();
    }

    /**
     * The same with other memory for buffers that grow by themselves.
     *
     * @param initial see {@link #initialBuffer()}
     * @param budget see {@link #memoryBudget()}
     * @return the changed configuration
     */
    public TcpConfig withMemory(int initial, int budget) {
        Draft draft = new Draft(this);
        draft.initialBuffer = initial;
        draft.memoryBudget = budget;
        return draft.toConfig();
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

    /** The components while one of them is being changed; new, it holds the defaults. */
    private static final class Draft {
        private int sendBuffer = 1 << 22;
        private int receiveBuffer = 1 << 22;
        private int initialBuffer = 1 << 16;
        private int memoryBudget = 1 << 24;
        private int maximumSegmentSize = 65_495;
        private boolean noDelay;
        private Duration initialRto = Duration.ofSeconds(1);
        private Duration minimumRto = Duration.ofMillis(200);
        private Duration maximumRto = Duration.ofSeconds(60);
        private int synRetries = 7;
        private int dataRetries = 15;
        private Duration delayedAck = Duration.ofMillis(40);
        private int quickAcknowledgments = 16;
        private Duration timeWait = Duration.ofSeconds(10);
        private Duration closeTimeout = Duration.ofSeconds(120);
        private Duration keepAliveIdle = Duration.ofHours(2);
        private Duration keepAliveInterval = Duration.ofSeconds(75);
        private int keepAliveProbes = 9;
        private int maximumConnections = 8192;
        private boolean selectiveAcknowledgment = true;
        private CongestionControl.Algorithm congestionControl = CongestionControl.Algorithm.CUBIC;
        private EcnPolicy ecn = EcnPolicy.ACCEPT;
        private boolean timestamps = true;

        Draft() {}

        Draft(TcpConfig from) {
            sendBuffer = from.sendBuffer;
            receiveBuffer = from.receiveBuffer;
            initialBuffer = from.initialBuffer;
            memoryBudget = from.memoryBudget;
            maximumSegmentSize = from.maximumSegmentSize;
            noDelay = from.noDelay;
            initialRto = from.initialRto;
            minimumRto = from.minimumRto;
            maximumRto = from.maximumRto;
            synRetries = from.synRetries;
            dataRetries = from.dataRetries;
            delayedAck = from.delayedAck;
            quickAcknowledgments = from.quickAcknowledgments;
            timeWait = from.timeWait;
            closeTimeout = from.closeTimeout;
            keepAliveIdle = from.keepAliveIdle;
            keepAliveInterval = from.keepAliveInterval;
            keepAliveProbes = from.keepAliveProbes;
            maximumConnections = from.maximumConnections;
            selectiveAcknowledgment = from.selectiveAcknowledgment;
            congestionControl = from.congestionControl;
            ecn = from.ecn;
            timestamps = from.timestamps;
        }

        TcpConfig toConfig() {
            return new TcpConfig(
                    sendBuffer,
                    receiveBuffer,
                    initialBuffer,
                    memoryBudget,
                    maximumSegmentSize,
                    noDelay,
                    initialRto,
                    minimumRto,
                    maximumRto,
                    synRetries,
                    dataRetries,
                    delayedAck,
                    quickAcknowledgments,
                    timeWait,
                    closeTimeout,
                    keepAliveIdle,
                    keepAliveInterval,
                    keepAliveProbes,
                    maximumConnections,
                    selectiveAcknowledgment,
                    congestionControl,
                    ecn,
                    timestamps);
        }
    }
}
