package jkipsec;

import java.net.InetSocketAddress;
import jkipsec.ike.TerminationCause;

/** Something that happened to a {@link Tunnel}; see {@link Tunnel#onEvent}. */
public sealed interface TunnelEvent {
    /** Which keys were replaced (RFC 7296 §2.8). */
    enum Keys {
        /** Those of the IKE SA, under which the two sides talk about the tunnel. */
        IKE,
        /** Those of the Child SA, which protect the packets. */
        CHILD
    }

    /** The tunnel is up; told to the listeners of a {@link ServerConfig} only, and before all else. */
    record Up() implements TunnelEvent {}

    /**
     * Keys were replaced, by whichever side.
     *
     * @param keys which
     */
    record Rekeyed(Keys keys) implements TunnelEvent {}

    /**
     * The peer is reached elsewhere: it moved, or the NAT before it did. Connections inside the tunnel go on.
     *
     * @param from its address and port before
     * @param to its address and port now
     */
    record PeerMoved(InetSocketAddress from, InetSocketAddress to) implements TunnelEvent {}

    /**
     * A listener was too slow, and was not told of everything between the event before this one and the next.
     *
     * @param events how many it was not told
     */
    record Missed(long events) implements TunnelEvent {}

    /**
     * The tunnel has ended; nothing follows.
     *
     * @param cause why
     */
    record Closed(TerminationCause cause) implements TunnelEvent {}
}
