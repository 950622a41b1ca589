package jkipsec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

/**
 * The inside of a {@link Socket} that reaches through a tunnel. It behaves as the JDK's own: readers are serialised,
 * so are writers, neither waits for the other; closing wakes all; a virtual thread that is interrupted while it waits
 * finds the socket closed.
 */
final class TunnelSocketImpl extends SocketImpl {
    private final TunnelShell tunnel;
    private final Opener opener;
    private final TunnelSocketOptions options = new TunnelSocketOptions(false);
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();

    // Guarded by readLock.
    private boolean endOfStream;

    // Guarded by stateLock; volatile so that what is only looked at needs no lock.
    private final ReentrantLock stateLock = new ReentrantLock();
    private volatile TcpLink link;
    private volatile boolean closed;
    private boolean connecting;
    private InetAddress localAddress;
    /** The port this socket was bound to, at one address or more; empty when it was not. */
    private List<Endpoint> reserved = List.of();

    /** Where a connection comes from when the socket connects. */
    @FunctionalInterface
    interface Opener {
        /** Begins to connect. */
        TcpLink open(int localPort, Endpoint remote) throws IOException;
    }

    TunnelSocketImpl(TunnelShell tunnel) {
        this.tunnel = tunnel;
        this.opener = this::open;
    }

    private TunnelSocketImpl(TunnelShell tunnel, Opener opener) {
        this.tunnel = tunnel;
        this.opener = opener;
    }

    /** Makes a socket that is not connected yet. */
    static Socket unconnected(TunnelShell tunnel) throws SocketException {
        return new Socket(new TunnelSocketImpl(tunnel)) {};
    }

    /** Makes a socket that is connected when the device's connection that an opener accepts is established. */
    static Socket unconnected(TunnelShell tunnel, Opener opener) throws SocketException {
        return new Socket(new TunnelSocketImpl(tunnel, opener)) {};
    }

    private TcpLink open(int localPort, Endpoint remote) throws IOException {
        return tunnel.connections().open(localPort, remote, options.forTcp(tunnel.connections().defaults()));
    }

    /** Takes over an accepted connection; called before anybody else knows this object. */
    void accepted(TcpLink connection, TunnelSocketOptions listening) {
        established(connection);
        if (options.inherit(listening)) {
            applyOptions();
        }
    }

    @Override
    protected void create(boolean stream) {
        // There is no operating system's socket to be made.
    }

    @Override
    protected void connect(String host, int remotePort) throws IOException {
        connect(InetSocketAddress.createUnresolved(host, remotePort), 0);
    }

    @Override
    protected void connect(InetAddress host, int remotePort) throws IOException {
        connect(new InetSocketAddress(host, remotePort), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        if (!(remote instanceof InetSocketAddress wanted)) {
            throw new IllegalArgumentException("Unsupported address type: " + remote);
        }
        readLock.lock();
        try {
            connectTo(new Endpoint(destination(wanted), wanted.getPort()), millis);
        } catch (SocketTimeoutException e) {
            close();
            throw e;
        } catch (InterruptedIOException e) {
            close();
            // Java 21's Socket closes itself for this one only, and throws the other then; later ones do for any.
            throw Runtime.version().feature() < 22 ? e : new SocketException("Closed by interrupt");
        } catch (IOException e) {
            close();
            throw e;
        } finally {
            readLock.unlock();
        }
    }

    private void connectTo(Endpoint remote, int millis) throws IOException {
        if (remote.port() == 0) {
            throw new ConnectException("Connection refused: " + remote);
        }
        int localPort;
        stateLock.lock();
        try {
            ensureOpen();
            if (link != null || connecting) {
                throw new SocketException(link != null ? "Already connected" : "Connection in progress");
            }
            InetAddress bound = localAddress;
            if (bound != null && !bound.isAnyLocalAddress() && !IpAddress.of(bound).sameFamily(remote.address())) {
                throw new ConnectException("cannot connect from " + bound.getHostAddress() + " to " + remote
                        + ": bind an address of the same family, or none");
            }
            connecting = true;
            localPort = localport;
        } finally {
            stateLock.unlock();
        }
        TcpLink opening = opener.open(localPort, remote);
        stateLock.lock();
        try {
            connecting = false;
            if (closed) {
                opening.close(true);
                throw new SocketException("Socket closed");
            }
            // Known before it is open, so that close() reaches it.
            link = opening;
        } finally {
            stateLock.unlock();
        }
        opening.toSend().limit(options.sendBuffer());
        opening.awaitOpen(TimeUnit.MILLISECONDS.toNanos(millis));
        established(opening);
    }

    private void established(TcpLink connection) {
        stateLock.lock();
        try {
            address = connection.remote().address().toInetAddress();
            port = connection.remote().port();
            localAddress = connection.local().address().toInetAddress();
            localport = connection.local().port();
            link = connection;
        } finally {
            stateLock.unlock();
        }
    }

    private IpAddress destination(InetSocketAddress wanted) throws IOException {
        IpAddress destination;
        if (wanted.isUnresolved()) {
            try {
                destination = IpAddress.parse(wanted.getHostString());
            } catch (IllegalArgumentException e) {
                throw new UnknownHostException(wanted.getHostString() + " (names are not looked up inside a tunnel;"
                        + " this one reaches " + tunnel.remoteAddresses() + ")");
            }
        } else {
            destination = IpAddress.of(wanted.getAddress());
        }
        if (!tunnel.isRemote(destination)) {
            throw new NoRouteToHostException("No route to host: " + destination + "; this tunnel reaches only "
                    + tunnel.remoteAddresses());
        }
        return destination;
    }

    @Override
    protected void bind(InetAddress host, int localPort) throws IOException {
        stateLock.lock();
        try {
            ensureOpen();
            if (localport != 0) {
                throw new SocketException("Already bound");
            }
            reserved = tunnel.connections().reserve(SocketErrors.bindable(host, tunnel), localPort);
            localAddress = host;
            localport = reserved.get(0).port();
        } finally {
            stateLock.unlock();
        }
    }

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("this socket connects; Tunnel.listen makes one that accepts");
    }

    @Override
    protected void accept(SocketImpl socket) throws IOException {
        throw new SocketException("this socket connects; Tunnel.listen makes one that accepts");
    }

    @Override
    protected InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) > 0 ? one[0] & 0xff : -1;
            }

            @Override
            public int read(byte[] array, int offset, int length) throws IOException {
                return TunnelSocketImpl.this.read(array, offset, length);
            }

            @Override
            public int available() throws IOException {
                return TunnelSocketImpl.this.available();
            }

            @Override
            public void close() {
                TunnelSocketImpl.this.close();
            }
        };
    }

    @Override
    protected OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] array, int offset, int length) throws IOException {
                TunnelSocketImpl.this.write(array, offset, length);
            }

            @Override
            public void close() {
                TunnelSocketImpl.this.close();
            }
        };
    }

    private int read(byte[] array, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, array.length);
        if (length == 0) {
            return 0;
        }
        int timeout = options.timeoutMillis();
        long remaining = SocketLocks.lock(readLock, TimeUnit.MILLISECONDS.toNanos(timeout), "Read timed out");
        try {
            // The end of the stream stays, even when the socket is closed: so does the JDK's.
            if (!endOfStream) {
                int count = connected().received().read(array, offset, length, remaining);
                endOfStream = count < 0;
                return count;
            }
            return -1;
        } finally {
            readLock.unlock();
        }
    }

    private void write(byte[] array, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, array.length);
        if (length == 0) {
            return;
        }
        writeLock.lock();
        try {
            connected().toSend().write(array, offset, length);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    protected int available() throws IOException {
        return connected().received().available();
    }

    @Override
    protected void close() {
        TcpLink open;
        List<Endpoint> kept;
        stateLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            open = link;
            kept = reserved;
        } finally {
            stateLock.unlock();
        }
        int linger = options.lingerSeconds();
        if (open != null) {
            open.close(linger == 0);
        }
        if (!kept.isEmpty()) {
            tunnel.connections().release(kept);
        }
        if (open != null && linger > 0) {
            open.awaitDrained(TimeUnit.SECONDS.toNanos(linger));
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        connected().shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        connected().shutdownOutput();
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw new SocketException("Urgent data not supported");
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return options.supported();
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        ensureOpen();
        options.set(name, value);
        applyOptions();
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
        applyOptions();
    }

    @Override
    public Object getOption(int id) throws SocketException {
        ensureOpen();
        if (id == SO_BINDADDR) {
            return localAddress != null ? localAddress : tunnel.localAddress().toInetAddress();
        }
        return options.get(id, tunnel.connections().defaults());
    }

    private void applyOptions() {
        TcpLink open = link;
        if (open != null) {
            open.toSend().limit(options.sendBuffer());
            open.apply(options.forTcp(tunnel.connections().defaults()));
        }
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    private TcpLink connected() throws SocketException {
        ensureOpen();
        TcpLink open = link;
        if (open == null) {
            throw new SocketException("Not connected");
        }
        return open;
    }
}
