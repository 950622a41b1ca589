package jkipsec;

import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import jkipsec.tcp.KeepAliveTimes;
import jkipsec.tcp.TcpConnection;

/**
 * A socket's options, under both of the names that {@code java.net} has for each. Thread-safe.
 *
 * <p>Buffers grow by themselves until their size is set, which fixes it. Ports are not shared, so that there is no {@code
 * SO_REUSEPORT}, and a port of a connection that has ended is free at once, whatever {@code SO_REUSEADDR} says. Urgent
 * data is always read where it stands in the stream.
 */
final class TunnelSocketOptions {
    private static final int LONGEST_LINGER = 0xffff;
    private static final int SMALLEST_BUFFER = 4 * 1024;

    /** Names like the old ones, for options that have none. */
    private static final int KEEP_IDLE = 0x2_0001;

    private static final int KEEP_INTERVAL = 0x2_0002;
    private static final int KEEP_COUNT = 0x2_0003;

    /** What Linux allows, and with it the JDK's sockets. */
    private static final int LONGEST_KEEP_SECONDS = 32_767;

    private static final int MOST_KEEP_COUNT = 127;

    /** The size of a buffer that nobody has set. */
    private static final int UNSET = Integer.MAX_VALUE;

    /** The old names, which have no type, of the options that have a new one. */
    private static final Map<SocketOption<?>, Integer> CLIENT = Map.of(
            StandardSocketOptions.TCP_NODELAY, SocketOptions.TCP_NODELAY,
            StandardSocketOptions.SO_KEEPALIVE, SocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_LINGER, SocketOptions.SO_LINGER,
            StandardSocketOptions.SO_RCVBUF, SocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF, SocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_REUSEADDR, SocketOptions.SO_REUSEADDR,
            StandardSocketOptions.IP_TOS, SocketOptions.IP_TOS,
            ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_IDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_INTERVAL,
            ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_COUNT);
    private static final Map<SocketOption<?>, Integer> SERVER = Map.of(
            StandardSocketOptions.SO_RCVBUF, SocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_REUSEADDR, SocketOptions.SO_REUSEADDR,
            StandardSocketOptions.IP_TOS, SocketOptions.IP_TOS,
            ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_IDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_INTERVAL,
            ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_COUNT);

    /**
     * What holds in a tunnel when a socket says nothing.
     *
     * @param receiveBuffer octets the peer may send unread
     * @param sendBuffer octets that may be unacknowledged
     * @param noDelay whether small segments are sent at once
     * @param keepAlive when a silent peer is probed
     */
    record Defaults(int receiveBuffer, int sendBuffer, boolean noDelay, KeepAliveTimes keepAlive) {}

    /**
     * The options that a connection itself follows.
     *
     * @param noDelay see {@link TcpConnection#noDelay}
     * @param keepAlive see {@link TcpConnection#keepAlive}
     * @param keepAliveTimes see {@link TcpConnection#keepAliveTimes}
     * @param trafficClass see {@link TcpConnection#trafficClass}
     * @param receiveBuffer the size wanted, {@link #UNSET} to let it grow by itself
     * @param sendBuffer the same
     */
    record ForTcp(
            boolean noDelay,
            boolean keepAlive,
            KeepAliveTimes keepAliveTimes,
            int trafficClass,
            int receiveBuffer,
            int sendBuffer) {
        /** Tells the connection. Engine. */
        void apply(TcpConnection connection, long now) {
            connection.noDelay(noDelay);
            connection.keepAliveTimes(keepAliveTimes, now);
            connection.keepAlive(keepAlive, now);
            connection.trafficClass(trafficClass);
            if (receiveBuffer != UNSET) {
                connection.receiveBuffer(receiveBuffer, now);
            }
            if (sendBuffer != UNSET) {
                // A smaller one is the pipe's business: TCP must take what the pipe holds already.
                connection.sendBuffer(Math.max(sendBuffer, connection.sendCapacity()));
            }
        }
    }

    private final boolean server;
    /** Null while nobody said. */
    private volatile Boolean noDelay;
    private volatile boolean keepAlive;
    private volatile boolean reuseAddress;
    /** 0 while nobody said, as with the next two. */
    private volatile int keepIdle;

    private volatile int keepInterval;
    private volatile int keepCount;
    private volatile int trafficClass;
    private volatile int lingerSeconds = -1;
    private volatile int timeoutMillis;
    private volatile int receiveBuffer = UNSET;
    private volatile int sendBuffer = UNSET;

    TunnelSocketOptions(boolean server) {
        this.server = server;
        // As every operating system's that Java runs on but one.
        reuseAddress = server;
    }

    /** -1 when off; 0 means that closing resets the connection, more how many seconds it may wait. */
    int lingerSeconds() {
        return lingerSeconds;
    }

    /** How long a read or an accept may take; 0 for ever. */
    int timeoutMillis() {
        return timeoutMillis;
    }

    /** The most octets that the application wants to be unacknowledged, from 4,096. */
    int sendBuffer() {
        return sendBuffer;
    }

    ForTcp forTcp(Defaults defaults) {
        return new ForTcp(noDelay(defaults), keepAlive, keepAliveTimes(defaults), trafficClass, receiveBuffer,
                sendBuffer);
    }

    private KeepAliveTimes keepAliveTimes(Defaults defaults) {
        KeepAliveTimes times = defaults.keepAlive();
        return new KeepAliveTimes(
                keepIdle == 0 ? times.idle() : Duration.ofSeconds(keepIdle),
                keepInterval == 0 ? times.interval() : Duration.ofSeconds(keepInterval),
                keepCount == 0 ? times.probes() : keepCount);
    }

    /** Takes over what an accepted socket has from the one that listened; says whether that is anything. */
    boolean inherit(TunnelSocketOptions listening) {
        trafficClass = listening.trafficClass;
        keepIdle = listening.keepIdle;
        keepInterval = listening.keepInterval;
        keepCount = listening.keepCount;
        receiveBuffer = listening.receiveBuffer;
        return (trafficClass | keepIdle | keepInterval | keepCount) != 0 || receiveBuffer != UNSET;
    }

    private boolean noDelay(Defaults defaults) {
        Boolean wanted = noDelay;
        return wanted == null ? defaults.noDelay() : wanted;
    }

    Set<SocketOption<?>> supported() {
        return ids().keySet();
    }

    <T> void set(SocketOption<T> name, T value) throws SocketException {
        int id = idOf(name);
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
        switch (id) {
            case SocketOptions.SO_LINGER -> set(id, Math.max(-1, (Integer) value));
            case SocketOptions.SO_RCVBUF, SocketOptions.SO_SNDBUF -> {
                if ((Integer) value < 0) {
                    throw new IllegalArgumentException("Invalid send/receive buffer size");
                }
                // A size of 0 asks for the smallest there is.
                set(id, Math.max(1, (Integer) value));
            }
            case SocketOptions.IP_TOS -> {
                if ((Integer) value < 0 || (Integer) value > 0xff) {
                    throw new IllegalArgumentException("Invalid IP_TOS value");
                }
                set(id, value);
            }
            default -> set(id, value);
        }
    }

    @SuppressWarnings("unchecked")
    <T> T get(SocketOption<T> name, Defaults defaults) throws SocketException {
        Object value = get(idOf(name), defaults);
        // The old interface says "off" as false, the new one as -1.
        return (T) (name == StandardSocketOptions.SO_LINGER && value instanceof Boolean ? Integer.valueOf(-1) : value);
    }

    void set(int id, Object value) throws SocketException {
        switch (id) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis = number("SO_TIMEOUT", value, 0);
            case SocketOptions.TCP_NODELAY -> noDelay = truth("TCP_NODELAY", value);
            case SocketOptions.SO_KEEPALIVE -> keepAlive = truth("SO_KEEPALIVE", value);
            case SocketOptions.SO_REUSEADDR -> reuseAddress = truth("SO_REUSEADDR", value);
            case SocketOptions.IP_TOS -> trafficClass = number("IP_TOS", value, 0);
            case KEEP_IDLE -> keepIdle = upTo(LONGEST_KEEP_SECONDS, value);
            case KEEP_INTERVAL -> keepInterval = upTo(LONGEST_KEEP_SECONDS, value);
            case KEEP_COUNT -> keepCount = upTo(MOST_KEEP_COUNT, value);
            case SocketOptions.SO_LINGER -> lingerSeconds = Boolean.FALSE.equals(value)
                    ? -1
                    : Math.min(LONGEST_LINGER, number("SO_LINGER", value, -1));
            case SocketOptions.SO_SNDBUF -> sendBuffer =
                    Math.max(SMALLEST_BUFFER, number("SO_SNDBUF", value, 1));
            case SocketOptions.SO_RCVBUF -> receiveBuffer =
                    Math.max(SMALLEST_BUFFER, number("SO_RCVBUF", value, 1));
            case SocketOptions.SO_OOBINLINE -> {
                if (!truth("SO_OOBINLINE", value)) {
                    throw new SocketException("SO_OOBINLINE cannot be switched off");
                }
            }
            case SocketOptions.SO_REUSEPORT -> throw new UnsupportedOperationException("SO_REUSEPORT not supported");
            default -> throw new SocketException("Unknown option " + id);
        }
    }

    Object get(int id, Defaults defaults) throws SocketException {
        return switch (id) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis;
            case SocketOptions.TCP_NODELAY -> noDelay(defaults);
            case SocketOptions.SO_KEEPALIVE -> keepAlive;
            case SocketOptions.SO_REUSEADDR -> reuseAddress;
            case SocketOptions.IP_TOS -> trafficClass;
            case KEEP_IDLE -> (int) keepAliveTimes(defaults).idle().toSeconds();
            case KEEP_INTERVAL -> (int) keepAliveTimes(defaults).interval().toSeconds();
            case KEEP_COUNT -> keepAliveTimes(defaults).probes();
            case SocketOptions.SO_OOBINLINE -> true;
            case SocketOptions.SO_LINGER -> lingerSeconds < 0 ? (Object) Boolean.FALSE : (Object) lingerSeconds;
            case SocketOptions.SO_RCVBUF -> Math.min(receiveBuffer, defaults.receiveBuffer());
            case SocketOptions.SO_SNDBUF -> Math.min(sendBuffer, defaults.sendBuffer());
            case SocketOptions.SO_REUSEPORT -> throw new UnsupportedOperationException("SO_REUSEPORT not supported");
            default -> throw new SocketException("Unknown option " + id);
        };
    }

    private Map<SocketOption<?>, Integer> ids() {
        return server ? SERVER : CLIENT;
    }

    private int idOf(SocketOption<?> name) {
        Integer id = ids().get(name);
        if (id == null) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
        return id;
    }

    private static int upTo(int most, Object value) throws SocketException {
        if (value instanceof Integer number && number >= 1 && number <= most) {
            return number;
        }
        throw new SocketException("Invalid argument");
    }

    private static boolean truth(String name, Object value) throws SocketException {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw new SocketException("Bad value for " + name);
    }

    private static int number(String name, Object value, int least) throws SocketException {
        if (value instanceof Integer number && number >= least) {
            return number;
        }
        throw new SocketException("Bad value for " + name);
    }
}
