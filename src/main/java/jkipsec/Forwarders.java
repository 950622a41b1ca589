package jkipsec;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import jkipsec.ip.Refusal;

/** What programs that forward need again and again. */
public final class Forwarders {
    private Forwarders() {}

    /**
     * Relays every flow to where it wants to go, as far as {@link Destinations#all} allows: with this, and {@code
     * offer("0.0.0.0/0", "::/0")} in the server's configuration, devices reach everything that this machine reaches.
     *
     * @return the forwarder
     */
    public static Forwarder relay() {
        return relay(Destinations.all());
    }

    /**
     * Relays flows to where they want to go. A flow to somewhere else than is allowed is refused as {@link
     * Refusal#PROHIBITED}.
     *
     * @param allowed where flows may go
     * @return the forwarder
     */
    public static Forwarder relay(Destinations allowed) {
        return relay(allowed, RelayTimeouts.defaults());
    }

    /**
     * Relays flows to where they want to go.
     *
     * @param allowed where flows may go
     * @param timeouts how long to wait for what
     * @return the forwarder
     */
    public static Forwarder relay(Destinations allowed, RelayTimeouts timeouts) {
        Objects.requireNonNull(allowed, "allowed");
        Objects.requireNonNull(timeouts, "timeouts");
        return flow -> {
            if (allowed.allows(flow.destination().getAddress())) {
                flow.relayTo(flow.destination(), timeouts);
            } else {
                flow.refuse(Refusal.PROHIBITED);
            }
        };
    }

    /**
     * Joins two sockets: what one says the other hears, no faster than it takes it, and the end of one direction is
     * passed on without ending the other. Returns when both directions have ended, with both sockets closed.
     *
     * @param one a connected socket
     * @param other a connected socket
     * @throws IOException when a direction broke; both sockets were reset, so that neither side takes what it got for
     *     all there was
     */
    public static void join(Socket one, Socket other) throws IOException {
        new SocketPump(one, other, Duration.ZERO).run();
    }
}
