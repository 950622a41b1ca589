package jkipsec;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Objects;
import jkipsec.ip.Endpoint;
import jkipsec.ip.Refusal;
import jkipsec.udp.UdpOffer;

/**
 * UDP datagrams that a device sends to somebody beyond the tunnel: all those from one address and port of the device to
 * one other. A few of them wait until the flow is decided. It ends when no datagram passes for as long as {@link
 * ForwardLimits} say, or when newer flows need its place; the next datagram begins another. Thread-safe.
 */
public final class UdpFlow implements Flow {
    private final Forwarding forwarding;
    private final UdpOffer offer;
    private final Endpoint source;
    private final Endpoint destination;

    /** Wraps an offer. Engine. */
    UdpFlow(Forwarding forwarding, UdpOffer offer) {
        this.forwarding = forwarding;
        this.offer = offer;
        this.source = offer.remote();
        this.destination = offer.local();
    }

    @Override
    public InetSocketAddress source() {
        return source.toInetSocketAddress();
    }

    @Override
    public InetSocketAddress destination() {
        return destination.toInetSocketAddress();
    }

    /**
     * Plays the other's part.
     *
     * @return a socket connected to the device, whose local address is the {@link #destination}; receiving and sending
     *     throw a {@link java.net.SocketException} when the flow has ended. Closing it ends the flow
     * @throws IOException when the flow has ended already, or the tunnel is closed
     * @throws IllegalStateException when the flow was decided before
     */
    public DatagramSocket accept() throws IOException {
        forwarding.decide(this);
        return forwarding.socket(offer, forwarding.accept(offer));
    }

    @Override
    public void refuse(Refusal how) {
        Objects.requireNonNull(how, "how");
        if (forwarding.decided(this)) {
            forwarding.refuse(offer, how);
        }
    }

    /**
     * Relays it with a socket of this machine's. Returns when the flow has ended. Datagrams that one side does not take
     * are lost, as any may be. That the target's port is closed, or the target unreachable, is told to the device and
     * ends the flow. Each flow has a socket of its own: to others this machine looks like a NAT with address and
     * port-dependent mapping (RFC 4787 §4.1).
     */
    @Override
    public void relayTo(InetSocketAddress target, RelayTimeouts timeouts) throws IOException {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timeouts, "timeouts");
        forwarding.decide(this);
        new UdpRelay(forwarding, offer, target).run();
    }

    /** Says who sends to whom. */
    @Override
    public String toString() {
        return "UDP from " + source + " to " + destination;
    }
}
