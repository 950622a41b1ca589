package jkipsec.udp;

import java.util.Objects;
import java.util.Optional;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

/**
 * A bound port: what comes for it is handed out as {@link UdpAction.Received}, from anybody, or from one peer once it is
 * connected. Confined to the thread of its {@link UdpStack}.
 */
public final class UdpEndpoint {
    private final UdpStack stack;
    private final Endpoint local;
    private final UdpOffer flow;
    private Optional<Endpoint> remote = Optional.empty();
    private boolean closed;
    private Object attachment;

    UdpEndpoint(UdpStack stack, Endpoint local) {
        this.stack = stack;
        this.local = local;
        this.flow = null;
    }

    /** One end of a flow that is forwarded. */
    UdpEndpoint(UdpStack stack, UdpOffer flow) {
        this.stack = stack;
        this.local = flow.local();
        this.remote = Optional.of(flow.remote());
        this.flow = flow;
    }

    /** What is forwarded through it; null when it is bound. */
    UdpOffer flow() {
        return flow;
    }

    /**
     * Where it is bound.
     *
     * @return a local address, or the unspecified one when it takes datagrams for every local address; and the port
     */
    public Endpoint local() {
        return local;
    }

    /**
     * To whom it is connected.
     *
     * @return the peer, or nothing when it takes datagrams from anybody
     */
    public Optional<Endpoint> remote() {
        return remote;
    }

    /**
     * Takes datagrams from one peer only from now on, and tells when that says that its port is closed.
     *
     * @param peer an address and a port other than 0
     */
    public void connect(Endpoint peer) {
        if (peer.port() == 0) {
            throw new IllegalArgumentException("no peer has port 0: " + peer);
        }
        remote = Optional.of(peer);
    }

    /** Takes datagrams from anybody again. */
    public void disconnect() {
        remote = Optional.empty();
    }

    /**
     * Sends a datagram. Nothing is sent once it is closed.
     *
     * @param source the local address it is sent from
     * @param destination where to: an address of the same family, and a port other than 0
     * @param payload what
     * @throws IllegalArgumentException when there is too much, or it cannot go there
     */
    public void send(IpAddress source, Endpoint destination, byte[] payload) {
        Objects.requireNonNull(payload, "payload");
        if (!closed) {
            if (flow != null) {
                flow.sent();
            }
            stack.send(new Endpoint(source, local.port()), destination, payload);
        }
    }

    /** The application had no room for what it was given last: counts that. */
    public void overflowed() {
        stack.drop(UdpDrop.QUEUE_FULL);
    }

    /** Frees the port. Doing it again changes nothing. */
    public void close() {
        if (!closed) {
            closed = true;
            stack.remove(this);
        }
    }

    /**
     * What the application attached.
     *
     * @return the object, or null
     */
    public Object attachment() {
        return attachment;
    }

    /**
     * Remembers an object of the application with this endpoint.
     *
     * @param object any, or null
     */
    public void attach(Object object) {
        attachment = object;
    }

    /** Says where it is bound, and connected. */
    @Override
    public String toString() {
        return local + remote.map(peer -> " - " + peer).orElse("");
    }
}
