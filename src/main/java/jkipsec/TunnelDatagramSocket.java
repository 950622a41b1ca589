package jkipsec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.Ipv4Address;
import jkipsec.udp.UdpStack;

/**
 * A {@link DatagramSocket} inside a tunnel. It behaves as the JDK's own: closing wakes who receives, a virtual thread
 * that is interrupted while it waits finds the socket closed, a connected socket hears when its peer's port is closed.
 *
 * <p>Every method is overridden, so that nothing of what it inherits is used: with an implementation of
 * {@code DatagramSocketImpl} given, the JDK's own methods wait inside {@code synchronized}, which would pin virtual threads.
 */
final class TunnelDatagramSocket extends DatagramSocket {
    private static final Set<SocketOption<?>> OPTIONS = Set.of(StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF, StandardSocketOptions.SO_REUSEADDR);
    private static final InetAddress ANY = new InetSocketAddress(0).getAddress();

    private final TunnelShell tunnel;
    private final PacketCapacity capacities = new PacketCapacity();
    private volatile int timeoutMillis;
    private volatile boolean reuseAddress;

    // Guarded by stateLock; volatile so that what is only looked at needs no lock.
    private final ReentrantLock stateLock = new ReentrantLock();
    private volatile UdpLink link;
    private volatile InetSocketAddress remote;
    private volatile boolean closed;

    /** Makes a socket that is not bound yet. */
    TunnelDatagramSocket(TunnelShell tunnel) {
        super(new NoDatagramSocketImpl());
        this.tunnel = tunnel;
    }

    /** Makes one that plays another host's part in a flow of datagrams with the device. */
    TunnelDatagramSocket(TunnelShell tunnel, UdpLink flow, InetSocketAddress device) {
        this(tunnel);
        link = flow;
        remote = device;
    }

    @Override
    public void bind(SocketAddress address) throws SocketException {
        InetSocketAddress local = address == null ? new InetSocketAddress(0) : internet(address);
        if (local.isUnresolved()) {
            throw new SocketException("Unresolved address: " + local);
        }
        stateLock.lock();
        try {
            ensureOpen();
            if (link != null) {
                throw new SocketException("already bound");
            }
            InetAddress host = local.getAddress();
            if (!host.isAnyLocalAddress() && !tunnel.isLocal(IpAddress.of(host))) {
                throw new BindException("Cannot assign requested address: " + host.getHostAddress()
                        + "; this end of the tunnel has " + tunnel.localAddresses());
            }
            link = tunnel.datagrams().bind(Endpoint.of(local));
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw new SocketException(e.getMessage(), e);
        } finally {
            stateLock.unlock();
        }
    }

    @Override
    public void connect(InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            connect(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(SocketAddress address) throws SocketException {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        InetSocketAddress peer = internet(address);
        if (peer.isUnresolved()) {
            throw new SocketException("Unresolved address: " + peer);
        }
        if (peer.getPort() == 0) {
            throw new SocketException("Can't connect to port 0");
        }
        stateLock.lock();
        try {
            if (closed) {
                return; // as the JDK's does; using it will say so
            }
            UdpLink bound = bound();
            requireRoute(bound, peer);
            bound.connect(Endpoint.of(peer));
            remote = peer;
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw new SocketException(e.getMessage(), e);
        } finally {
            stateLock.unlock();
        }
    }

    @Override
    public void disconnect() {
        stateLock.lock();
        try {
            if (remote != null && !closed) {
                remote = null;
                link.disconnect();
            }
        } finally {
            stateLock.unlock();
        }
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        UdpLink bound = boundForUse();
        InetSocketAddress peer = destination(packet);
        bound.received().throwError();
        requireRoute(bound, peer);
        Endpoint to = Endpoint.of(peer);
        if (packet.getLength() > UdpStack.mostOctets(to.address())) {
            throw new IOException("Message too long");
        }
        byte[] payload = Arrays.copyOfRange(
                packet.getData(), packet.getOffset(), packet.getOffset() + packet.getLength());
        try {
            bound.send(sourceFor(bound, to.address()), to, payload);
        } catch (InterruptedIOException e) {
            throw closedByInterrupt();
        }
    }

    private InetSocketAddress destination(DatagramPacket packet) throws SocketException {
        InetSocketAddress connected = remote;
        InetAddress host = packet.getAddress();
        if (host == null) {
            if (connected == null) {
                throw new IllegalArgumentException("Address not set");
            }
            // The JDK fills it in, so that who keeps the packet sees where it went.
            packet.setSocketAddress(connected);
            return connected;
        }
        if (packet.getPort() <= 0) {
            throw new SocketException("Can't send to port 0");
        }
        var wanted = new InetSocketAddress(host, packet.getPort());
        if (connected != null && !connected.equals(wanted)) {
            throw new IllegalArgumentException("Connected and packet address differ");
        }
        return wanted;
    }

    private void requireRoute(UdpLink bound, InetSocketAddress peer) throws SocketException {
        IpAddress destination = IpAddress.of(peer.getAddress());
        IpAddress from = bound.local().address();
        if (!tunnel.isRemote(destination) || !from.isUnspecified() && !from.sameFamily(destination)) {
            throw new NoRouteToHostException("No route to host: " + destination + "; this socket reaches only "
                    + tunnel.remoteAddresses());
        }
    }

    private IpAddress sourceFor(UdpLink bound, IpAddress destination) {
        IpAddress from = bound.local().address();
        return from.isUnspecified() ? tunnel.localAddressFor(destination) : from;
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        UdpLink bound = boundForUse();
        DatagramQueue.Datagram datagram;
        try {
            datagram = bound.received().take(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (InterruptedIOException e) {
            throw closedByInterrupt();
        }
        int capacity = capacities.of(packet);
        int length = Math.min(capacity, datagram.payload().length);
        System.arraycopy(datagram.payload(), 0, packet.getData(), packet.getOffset(), length);
        capacities.set(packet, length, capacity);
        packet.setSocketAddress(datagram.source().toInetSocketAddress());
    }

    private SocketException closedByInterrupt() {
        close();
        return new SocketException("Closed by interrupt");
    }

    /** The port, bound to any when it was not; a closed socket says so. */
    private UdpLink boundForUse() throws SocketException {
        UdpLink known = link;
        if (known != null && !closed) {
            return known;
        }
        stateLock.lock();
        try {
            return bound();
        } finally {
            stateLock.unlock();
        }
    }

    /** The same with the lock held. */
    private UdpLink bound() throws SocketException {
        ensureOpen();
        if (link == null) {
            bind(null);
        }
        return link;
    }

    @Override
    public void close() {
        UdpLink open;
        stateLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            open = link;
        } finally {
            stateLock.unlock();
        }
        if (open != null) {
            open.close();
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isBound() {
        return link != null;
    }

    @Override
    public boolean isConnected() {
        return remote != null;
    }

    @Override
    public InetAddress getInetAddress() {
        InetSocketAddress peer = remote;
        return peer == null ? null : peer.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress peer = remote;
        return peer == null ? -1 : peer.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return closed || link == null ? null : new InetSocketAddress(getLocalAddress(), getLocalPort());
    }

    @Override
    public InetAddress getLocalAddress() {
        if (closed) {
            return null;
        }
        UdpLink bound = link;
        if (bound == null) {
            return ANY;
        }
        InetSocketAddress peer = remote;
        if (peer != null) {
            return sourceFor(bound, IpAddress.of(peer.getAddress())).toInetAddress();
        }
        return bound.local().address().isUnspecified() ? ANY : bound.local().address().toInetAddress();
    }

    @Override
    public int getLocalPort() {
        UdpLink bound = link;
        return closed ? -1 : bound == null ? 0 : bound.local().port();
    }

    /** There is none: only the JDK's own channels have a socket. */
    @Override
    public DatagramChannel getChannel() {
        return null;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        ensureOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        ensureOpen();
        return timeoutMillis;
    }

    /** How many octets may wait to be sent, those around each datagram included; sending waits then. */
    @Override
    public void setSendBufferSize(int octets) throws SocketException {
        if (octets <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        boundForUse().sendLimit(octets);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        ensureOpen();
        UdpLink bound = link;
        return bound == null ? UdpLink.DEFAULT_BUFFER : bound.sendLimit();
    }

    /** How many octets may wait to be received, those around each datagram included; what comes then is lost. */
    @Override
    public void setReceiveBufferSize(int octets) throws SocketException {
        if (octets <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        boundForUse().received().limit(octets);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        ensureOpen();
        UdpLink bound = link;
        return bound == null ? UdpLink.DEFAULT_BUFFER : bound.received().limit();
    }

    /** Is remembered and changes nothing: a port is free as soon as its socket is closed. */
    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        ensureOpen();
        reuseAddress = on;
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        ensureOpen();
        return reuseAddress;
    }

    /** A tunnel has two ends, and nobody else to send to. */
    @Override
    public void setBroadcast(boolean on) {
        throw unsupported(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public boolean getBroadcast() {
        throw unsupported(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int octet) {
        throw unsupported(StandardSocketOptions.IP_TOS);
    }

    @Override
    public int getTrafficClass() {
        throw unsupported(StandardSocketOptions.IP_TOS);
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
        requireSupported(name);
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "' for " + name);
        }
        if (value instanceof Boolean on) {
            setReuseAddress(on);
        } else if (name == StandardSocketOptions.SO_RCVBUF) {
            setReceiveBufferSize((Integer) value);
        } else {
            setSendBufferSize((Integer) value);
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        requireSupported(name);
        Object value = name == StandardSocketOptions.SO_RCVBUF ? (Object) getReceiveBufferSize()
                : name == StandardSocketOptions.SO_SNDBUF ? (Object) getSendBufferSize() : (Object) getReuseAddress();
        return name.type().cast(value);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return OPTIONS;
    }

    @Override
    public void joinGroup(SocketAddress group, NetworkInterface network) {
        throw new UnsupportedOperationException("there is no multicast inside a tunnel");
    }

    @Override
    public void leaveGroup(SocketAddress group, NetworkInterface network) {
        throw new UnsupportedOperationException("there is no multicast inside a tunnel");
    }

    private static void requireSupported(SocketOption<?> name) {
        if (!OPTIONS.contains(name)) {
            throw unsupported(name);
        }
    }

    private static UnsupportedOperationException unsupported(SocketOption<?> name) {
        return new UnsupportedOperationException("'" + name + "' not supported");
    }

    private static InetSocketAddress internet(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            return internet;
        }
        throw new IllegalArgumentException("Unsupported address type: " + address);
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }
}
