package jkipsec;

import java.io.IOException;
import java.net.InetSocketAddress;
import jkipsec.ip.Refusal;

/**
 * What a device would like to have with somebody who is not at this end of its tunnel: a TCP connection, or an exchange
 * of UDP datagrams. The {@link Forwarder} that gets it decides once: accept and play the other's part, refuse, or relay.
 *
 * <p>Both addresses are within the traffic selectors of the tunnel; the source is one of the device's inner addresses.
 * Thread-safe.
 */
public sealed interface Flow permits TcpFlow, UdpFlow {
    /**
     * The device's end.
     *
     * @return an inner address of the device, and a port
     */
    InetSocketAddress source();

    /**
     * Whom the device wants to reach.
     *
     * @return an address that is not one of this end's inner ones, and a port
     */
    InetSocketAddress destination();

    /**
     * Refuses it as a host does where nothing listens: a connection with RST, a datagram with ICMP port unreachable.
     * Refusing a flow that was decided before changes nothing.
     */
    default void refuse() {
        refuse(Refusal.CLOSED);
    }

    /**
     * Refuses it. Refusing a flow that was decided before changes nothing.
     *
     * @param how what the device is told
     */
    void refuse(Refusal how);

    /**
     * Relays it with a socket of this machine's, with the default {@link RelayTimeouts}; see {@link #relayTo(
     * InetSocketAddress, RelayTimeouts)}.
     *
     * @param target where to; usually the {@link #destination}
     * @throws IOException when the target cannot be reached, or either side broke the flow; the device was told
     * @throws IllegalStateException when the flow was decided before
     */
    default void relayTo(InetSocketAddress target) throws IOException {
        relayTo(target, RelayTimeouts.defaults());
    }

    /**
     * Relays it with a socket of this machine's. Returns when the flow has ended.
     *
     * <p>A connection is accepted only when the target has: the device sees a refusal as a refusal. Afterwards data goes
     * both ways no faster than it is taken, the end of one direction is passed on without ending the other, and what
     * breaks one side resets the other.
     *
     * @param target where to; usually the {@link #destination}
     * @param timeouts how long to wait for what
     * @throws IOException when the target cannot be reached, or either side broke the flow; the device was told
     * @throws IllegalStateException when the flow was decided before
     */
    void relayTo(InetSocketAddress target, RelayTimeouts timeouts) throws IOException;
}
