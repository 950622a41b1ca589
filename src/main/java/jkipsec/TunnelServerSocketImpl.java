package jkipsec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import jkipsec.ip.IpAddress;

/**
 * The inside of a {@link TunnelServerSocket}. Bound to the wildcard address it listens at every address of this end.
 * Any number of threads may accept at once.
 */
final class TunnelServerSocketImpl extends SocketImpl {
    private final TunnelShell tunnel;
    private final TunnelSocketOptions options = new TunnelSocketOptions(true);
    private final ReentrantLock stateLock = new ReentrantLock();
    private volatile AcceptQueue queue;
    /** Empty for every address of this end. */
    private Optional<IpAddress> bound = Optional.empty();
    private volatile boolean closed;

    TunnelServerSocketImpl(TunnelShell tunnel) {
        this.tunnel = tunnel;
    }

    @Override
    protected void create(boolean stream) {
        // There is no operating system's socket to be made.
    }

    @Override
    protected void bind(InetAddress host, int localPort) throws IOException {
        bound = SocketErrors.bindable(host, tunnel);
        address = host;
        localport = localPort;
    }

    @Override
    protected void listen(int backlog) throws IOException {
        stateLock.lock();
        try {
            ensureOpen();
            queue = tunnel.connections().listen(bound, localport, backlog);
            localport = queue.port();
        } finally {
            stateLock.unlock();
        }
    }

    @Override
    protected void accept(SocketImpl socket) throws IOException {
        ensureOpen();
        TcpLink link = queue.take(TimeUnit.MILLISECONDS.toNanos(options.timeoutMillis()));
        ((TunnelSocketImpl) socket).accepted(link, options);
    }

    @Override
    protected void close() {
        AcceptQueue listening;
        stateLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            listening = queue;
        } finally {
            stateLock.unlock();
        }
        if (listening != null) {
            listening.close();
        }
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return options.supported();
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        ensureOpen();
        options.set(name, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        ensureOpen();
        return options.get(name, tunnel.connections().defaults());
    }

    @Override
    public void setOption(int id, Object value) throws SocketException {
        ensureOpen();
        options.set(id, value);
    }

    @Override
    public Object getOption(int id) throws SocketException {
        ensureOpen();
        return options.get(id, tunnel.connections().defaults());
    }

    @Override
    protected void connect(String host, int remotePort) throws IOException {
        throw accepts();
    }

    @Override
    protected void connect(InetAddress host, int remotePort) throws IOException {
        throw accepts();
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        throw accepts();
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        throw accepts();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        throw accepts();
    }

    @Override
    protected int available() throws IOException {
        throw accepts();
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw accepts();
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    private static SocketException accepts() {
        return new SocketException("this socket accepts connections; it has none of its own");
    }
}
