package jkipsec;

import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;

/** What the constructor of {@link java.net.DatagramSocket} must be given so that it opens no socket of the system's. */
final class NoDatagramSocketImpl extends DatagramSocketImpl {
    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("TunnelDatagramSocket does all by itself");
    }

    @Override
    protected void create() {
        throw unused();
    }

    @Override
    protected void bind(int port, InetAddress address) {
        throw unused();
    }

    @Override
    protected void send(DatagramPacket packet) {
        throw unused();
    }

    @Override
    protected int peek(InetAddress address) {
        throw unused();
    }

    @Override
    protected int peekData(DatagramPacket packet) {
        throw unused();
    }

    @Override
    protected void receive(DatagramPacket packet) {
        throw unused();
    }

    @Override
    @Deprecated
    protected void setTTL(byte ttl) {
        throw unused();
    }

    @Override
    @Deprecated
    protected byte getTTL() {
        throw unused();
    }

    @Override
    protected void setTimeToLive(int hops) {
        throw unused();
    }

    @Override
    protected int getTimeToLive() {
        throw unused();
    }

    @Override
    protected void join(InetAddress group) {
        throw unused();
    }

    @Override
    protected void leave(InetAddress group) {
        throw unused();
    }

    @Override
    protected void joinGroup(SocketAddress group, NetworkInterface network) {
        throw unused();
    }

    @Override
    protected void leaveGroup(SocketAddress group, NetworkInterface network) {
        throw unused();
    }

    @Override
    protected void close() {
        throw unused();
    }

    @Override
    public void setOption(int id, Object value) {
        throw unused();
    }

    @Override
    public Object getOption(int id) {
        throw unused();
    }
}
