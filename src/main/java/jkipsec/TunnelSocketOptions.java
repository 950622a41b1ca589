package jkipsec;

import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Set;

/**
 * A socket's options, under both of the names that {@code java.net} has for each. Buffer sizes are those of the
 * tunnel's TCP; setting one is the hint that the JDK says it is, and is ignored. Thread-safe.
 */
final class TunnelSocketOptions {
    private static final Set<SocketOption<?>> CLIENT = Set.of(StandardSocketOptions.TCP_NODELAY,
            StandardSocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_LINGER, StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF, StandardSocketOptions.SO_REUSEADDR);
    private static final Set<SocketOption<?>> SERVER =
            Set.of(StandardSocketOptions.SO_RCVBUF, StandardSocketOptions.SO_REUSEADDR);

    /**
     * How large a connection's buffers are.
     *
     * @param receive octets the peer may send unread
     * @param send octets that may be unacknowledged
     */
    record BufferSizes(int receive, int send) {}

    private final boolean server;
    private volatile boolean noDelay;
    private volatile boolean keepAlive;
    private volatile boolean reuseAddress;
    private volatile int lingerSeconds = -1;
    private volatile int timeoutMillis;

    TunnelSocketOptions(boolean server) {
        this.server = server;
    }

    boolean noDelay() {
        return noDelay;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    /** -1 when off; 0 means that closing resets the connection. Closing never waits, whatever the value. */
    int lingerSeconds() {
        return lingerSeconds;
    }

    /** How long a read or an accept may take; 0 for ever. */
    int timeoutMillis() {
        return timeoutMillis;
    }

    Set<SocketOption<?>> supported() {
        return server ? SERVER : CLIENT;
    }

    <T> void set(SocketOption<T> name, T value) throws SocketException {
        checkSupported(name);
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "' for " + name);
        }
        set(idOf(name), value);
    }

    @SuppressWarnings("unchecked")
    <T> T get(SocketOption<T> name, BufferSizes sizes) throws SocketException {
        checkSupported(name);
        Object value = get(idOf(name), sizes);
        // The old interface says "off" as false, the new one as -1.
        return (T) (name == StandardSocketOptions.SO_LINGER && value instanceof Boolean ? Integer.valueOf(-1) : value);
    }

    void set(int id, Object value) throws SocketException {
        switch (id) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis = number(id, value, 0);
            case SocketOptions.TCP_NODELAY -> noDelay = truth(id, value);
            case SocketOptions.SO_KEEPALIVE -> keepAlive = truth(id, value);
            case SocketOptions.SO_REUSEADDR -> reuseAddress = truth(id, value);
            case SocketOptions.SO_LINGER -> lingerSeconds =
                    Boolean.FALSE.equals(value) ? -1 : number(id, value, -1);
            case SocketOptions.SO_RCVBUF, SocketOptions.SO_SNDBUF -> number(id, value, 1);
            default -> throw new SocketException("Unknown option " + id);
        }
    }

    Object get(int id, BufferSizes sizes) throws SocketException {
        return switch (id) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis;
            case SocketOptions.TCP_NODELAY -> noDelay;
            case SocketOptions.SO_KEEPALIVE -> keepAlive;
            case SocketOptions.SO_REUSEADDR -> reuseAddress;
            case SocketOptions.SO_OOBINLINE -> false;
            case SocketOptions.SO_LINGER -> lingerSeconds < 0 ? (Object) Boolean.FALSE : (Object) lingerSeconds;
            case SocketOptions.SO_RCVBUF -> sizes.receive();
            case SocketOptions.SO_SNDBUF -> sizes.send();
            default -> throw new SocketException("Unknown option " + id);
        };
    }

    private void checkSupported(SocketOption<?> name) {
        if (!supported().contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    private static int idOf(SocketOption<?> name) {
        if (name == StandardSocketOptions.TCP_NODELAY) {
            return SocketOptions.TCP_NODELAY;
        } else if (name == StandardSocketOptions.SO_KEEPALIVE) {
            return SocketOptions.SO_KEEPALIVE;
        } else if (name == StandardSocketOptions.SO_LINGER) {
            return SocketOptions.SO_LINGER;
        } else if (name == StandardSocketOptions.SO_RCVBUF) {
            return SocketOptions.SO_RCVBUF;
        } else if (name == StandardSocketOptions.SO_SNDBUF) {
            return SocketOptions.SO_SNDBUF;
        }
        return SocketOptions.SO_REUSEADDR;
    }

    private static boolean truth(int id, Object value) throws SocketException {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw new SocketException("Bad value for option " + id + ": " + value);
    }

    private static int number(int id, Object value, int least) throws SocketException {
        if (value instanceof Integer number && number >= least) {
            return number;
        }
        throw new SocketException("Bad value for option " + id + ": " + value);
    }
}
