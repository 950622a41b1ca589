package jkipsec;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;
import jkipsec.ip.Endpoint;
import jkipsec.ip.Refusal;
import jkipsec.tcp.TcpOffer;

/** A TCP connection that a device opens to somebody beyond the tunnel. Nothing was answered to it yet. Thread-safe. */
public final class TcpFlow implements Flow {
    private final Forwarding forwarding;
    private final TcpOffer offer;
    private final Endpoint source;
    private final Endpoint destination;

    /** Wraps an offer. Engine. */
    TcpFlow(Forwarding forwarding, TcpOffer offer) {
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
     * Accepts it in the other's place, and waits until it is established.
     *
     * @return a socket connected to the device, whose local address is the {@link #destination}
     * @throws IOException when the device has given up, or the tunnel is closed
     * @throws IllegalStateException when the flow was decided before
     */
    public Socket accept() throws IOException {
        forwarding.decide(this);
        return forwarding.accept(offer);
    }

    @Override
    public void refuse(Refusal how) {
        Objects.requireNonNull(how, "how");
        if (forwarding.decided(this)) {
            forwarding.refuse(offer, how);
        }
    }

    @Override
    public void relayTo(InetSocketAddress target, RelayTimeouts timeouts) throws IOException {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timeouts, "timeouts");
        forwarding.decide(this);
        new TcpRelay(forwarding, offer, target, timeouts).run();
    }

    /** Says who wants to reach whom. */
    @Override
    public String toString() {
        return "TCP from " + source + " to " + destination;
    }
}
