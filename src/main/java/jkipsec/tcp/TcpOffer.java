package jkipsec.tcp;

import jkipsec.ip.Endpoint;
import jkipsec.ip.IpPacket;
import jkipsec.ip.Refusal;

/**
 * A connection that the peer would like to have with somebody else, and that was neither accepted nor refused yet: the
 * peer's SYN waits for an answer, see {@link TcpStack#forward}. Meanwhile the peer may send the SYN again, or may have
 * gone.
 *
 * <p>Confined to the thread of its {@link TcpStack}.
 */
public final class TcpOffer {
    final FourTuple tuple;
    private final TcpForwarder forwarder;
    private TcpSegment syn;
    private IpPacket packet;

    TcpOffer(TcpForwarder forwarder, FourTuple tuple, TcpSegment syn, IpPacket packet) {
        this.forwarder = forwarder;
        this.tuple = tuple;
        repeated(syn, packet);
    }

    /**
     * Whom the peer wants to reach.
     *
     * @return an address that is not ours, and a port
     */
    public Endpoint local() {
        return new Endpoint(tuple.local(), tuple.localPort());
    }

    /**
     * The peer's end.
     *
     * @return address and port
     */
    public Endpoint remote() {
        return new Endpoint(tuple.remote(), tuple.remotePort());
    }

    /**
     * Whether it still waits for an answer.
     *
     * @return false once it was accepted or refused, or the stack has ended all connections
     */
    public boolean isOpen() {
        return forwarder.holds(this);
    }

    /**
     * Answers in the other's place with SYN and ACK. {@link TcpAction.Opened} or {@link TcpAction.Closed} follows.
     *
     * @param now the time
     * @return the connection, in SYN-RECEIVED
     * @throws PortInUse when the stack is full; the offer is gone then, and the peer's next SYN makes another
     * @throws IllegalStateException when the offer is not open
     */
    public TcpConnection accept(long now) throws PortInUse {
        return forwarder.accept(this, syn, now);
    }

    /**
     * Refuses it. Doing so to an offer that is not open changes nothing.
     *
     * @param how what the peer is told; after {@link Refusal#SILENT} its next SYN makes another offer
     * @param now the time
     */
    public void refuse(Refusal how, long now) {
        forwarder.refuse(this, how, now);
    }

    /** Says who wants to reach whom. */
    @Override
    public String toString() {
        return remote() + " to " + local();
    }

    /** The peer sent a SYN again, perhaps another: the latest counts. */
    void repeated(TcpSegment again, IpPacket in) {
        syn = again;
        packet = in;
    }

    TcpSegment syn() {
        return syn;
    }

    IpPacket packet() {
        return packet;
    }
}
