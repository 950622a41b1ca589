package jkipsec.udp;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpPacket;
import jkipsec.ip.Refusal;
import jkipsec.ip.UdpHeader;

/**
 * Datagrams that the peer sends to somebody who is not us, see {@link UdpStack#forward}: a flow between two endpoints.
 * Until it is accepted or refused a few of them wait. It ends when no datagram has passed for long enough, or when others
 * need its place.
 *
 * <p>Confined to the thread of its {@link UdpStack}.
 */
public final class UdpOffer {
    private static final int MOST_WAITING = 16;

    /** One of any size may wait, more of them only within this. */
    private static final int MOST_WAITING_OCTETS = 32 * 1024;

    private static final int MOST_KEPT_OCTETS = 2 * 1024;

    private final UdpForwarder forwarder;
    private final Endpoint local;
    private final Endpoint remote;
    private final Queue<IpPacket> waiting = new ArrayDeque<>();
    private int waitingOctets;
    private UdpEndpoint endpoint;

    /** What an ICMP error would be about; null when that is too large to be kept for as long as the flow goes on. */
    private IpPacket latest;
    private boolean sent;
    private long active;

    UdpOffer(UdpForwarder forwarder, Endpoint local, Endpoint remote) {
        this.forwarder = forwarder;
        this.local = local;
        this.remote = remote;
    }

    /**
     * Whom the peer sends to.
     *
     * @return an address that is not ours, and a port
     */
    public Endpoint local() {
        return local;
    }

    /**
     * The peer's end.
     *
     * @return address and port
     */
    public Endpoint remote() {
        return remote;
    }

    /**
     * Whether the flow goes on, accepted or not.
     *
     * @return false once it was refused, closed, idle for too long, or had to give way
     */
    public boolean isOpen() {
        return forwarder.holds(this);
    }

    /**
     * Answers in the other's place from now on.
     *
     * @param ready is given the endpoint, before what waits is handed out as {@link UdpAction.Received}
     * @throws IllegalStateException when it is not open, or was accepted before
     */
    public void accept(Consumer<? super UdpEndpoint> ready) {
        if (!isOpen() || endpoint != null) {
            throw new IllegalStateException("the flow from " + this + " was accepted, refused or ended before");
        }
        endpoint = forwarder.endpoint(this);
        keep(latest);
        ready.accept(endpoint);
        for (IpPacket packet = waiting.poll(); packet != null; packet = waiting.poll()) {
            forwarder.deliver(endpoint, packet);
        }
    }

    /**
     * Ends the flow, and tells the peer about its latest datagram, unless that was accepted and is larger than 2 KiB: then
     * the peer learns it from the answer to its next one. When the flow is not open, this changes nothing.
     *
     * @param how what the peer is told
     */
    public void refuse(Refusal how) {
        forwarder.refuse(this, how);
    }

    /** Says who sends to whom. */
    @Override
    public String toString() {
        return remote + " to " + local;
    }

    /** A datagram came; says whether there was room for it. */
    boolean arrived(IpPacket packet) {
        latest = packet;
        if (endpoint != null) {
            keep(packet);
            forwarder.deliver(endpoint, packet);
            return true;
        }
        boolean fits = waiting.isEmpty()
                || waiting.size() < MOST_WAITING && waitingOctets + packet.payloadLength() <= MOST_WAITING_OCTETS;
        if (fits) {
            waiting.add(packet);
            waitingOctets += packet.payloadLength();
        }
        return fits;
    }

    private void keep(IpPacket packet) {
        latest = packet.payloadLength() <= MOST_KEPT_OCTETS ? packet : null;
    }

    /** A datagram went to the peer. */
    void sent() {
        sent = true;
    }

    /** Whether one went to the peer since this was asked last. */
    boolean takeSent() {
        boolean was = sent;
        sent = false;
        return was;
    }

    UdpEndpoint endpoint() {
        return endpoint;
    }

    IpPacket latest() {
        return latest;
    }

    long active() {
        return active;
    }

    void active(long now) {
        active = now;
    }

    static int payloadOffset(IpPacket packet) {
        return packet.payloadOffset() + UdpHeader.LENGTH;
    }
}
