package jkipsec;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import jkipsec.ike.RedirectTarget;

/**
 * Decides which devices a {@link VpnServer} sends to another server instead of serving them (RFC 5685): one that is under
 * maintenance, or has enough to do. Only devices are asked about that say that they follow.
 *
 * {@snippet :
 * ServerConfig.builder().redirect(device -> underMaintenance ? Optional.of(otherServer) : Optional.empty())
 * }
 */
@FunctionalInterface
public interface Redirector {
    /**
     * A device that wants in.
     *
     * @param address where it is on the outer network
     * @param identity who it is, proved; empty when it first knocks and nothing is known of it. Who redirects by identity
     *     lets it stay then, and is asked again
     * @param redirectedFrom the server that sent it here, as the device says itself; to send it back there would make it
     *     run in circles
     */
    record Device(InetSocketAddress address, Optional<String> identity, Optional<InetAddress> redirectedFrom) {}

    /**
     * Decides about one device. Called on the thread that runs all tunnels: it has to answer at once, from what is in
     * memory; that it took more than a millisecond is logged. It may ask a server or a tunnel for statistics; what has to
     * wait for either, as connecting and closing do, throws {@link IllegalStateException} here. When it throws, the device
     * stays.
     *
     * @param device the device
     * @return where it goes, such as {@code RedirectTarget.of("vpn2.example.com")}, or nothing when it may stay
     */
    Optional<RedirectTarget> redirect(Device device);
}
