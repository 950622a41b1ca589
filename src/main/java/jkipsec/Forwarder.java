package jkipsec;

import java.io.IOException;

/**
 * Decides what becomes of each connection and each exchange of datagrams that a device would like to have with somebody
 * beyond the tunnel; see {@link Tunnel#forwarder}. {@link Forwarders} has one that relays them to where they want to go.
 *
 * {@snippet :
 * tunnel.forwarder(flow -> {
 *     switch (flow) {
 *         case TcpFlow web when web.destination().getPort() == 80 -> serve(web.accept());
 * *         case UdpFlow dns when dns.destination().getPort() == 53 -> dns.relayTo(resolver);
 *         default -> flow.refuse();
 *     }
 * });
 * }
 */
@FunctionalInterface
public interface Forwarder {
    /**
     * Decides about one flow: accepts, refuses or relays it. Called on a virtual thread of its own for each, which may
     * take its time and go on to serve the flow. A flow about which nothing was decided when this returns or throws is
     * refused.
     *
     * @param flow what the device wants
     * @throws IOException when the flow broke; it is logged, and the flow refused if that was not decided before
     */
    void flow(Flow flow) throws IOException;
}
