package jkipsec.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;

/**
 * What devices find inside their tunnels. Immutable.
 *
 * @param pool the IPv4 addresses: the gateway has the first host address, devices get the others
 * @param pool6 the IPv6 addresses, dealt out alike; empty when the tunnels carry IPv4 only
 * @param offered the networks that devices may send to, the TSr of their Child SAs; the gateway's own addresses are
 *     always among them. What does not go to the gateway itself is dropped unless the tunnel forwards
 * @param dns the DNS servers that devices are told
 * @param domains the domains they are to ask these servers about (RFC 8598): ASCII, without a dot at the end
 */
public record InnerNetwork(
        IpPrefix pool,
        Optional<IpPrefix> pool6,
        List<IpPrefix> offered,
        List<IpAddress> dns,
        List<String> domains) {
    /** Copies the lists and checks the pools. */
    public InnerNetwork {
        AddressPool.check(pool, 32);
        Objects.requireNonNull(pool6, "pool6").ifPresent(prefix -> AddressPool.check(prefix, 128));
        offered = List.copyOf(offered);
        dns = List.copyOf(dns);
        domains = List.copyOf(domains);
    }

    /**
     * An inner network of IPv4 with nothing in it but the gateway and its devices.
     *
     * @param pool the IPv4 addresses
     * @param dns the DNS servers that devices are told
     * @return the network
     */
    public static InnerNetwork of(IpPrefix pool, List<IpAddress> dns) {
        return new InnerNetwork(pool, Optional.empty(), List.of(), dns, List.of());
    }

    /**
     * The same with other IPv4 addresses.
     *
     * @param prefix the addresses
     * @return the network
     */
    public InnerNetwork withPool(IpPrefix prefix) {
        return new InnerNetwork(prefix, pool6, offered, dns, domains);
    }

    /**
     * The same with IPv6 addresses too.
     *
     * @param prefix the addresses
     * @return the network
     */
    public InnerNetwork withPool6(IpPrefix prefix) {
        return new InnerNetwork(pool, Optional.of(prefix), offered, dns, domains);
    }

    /**
     * The same with other networks offered.
     *
     * @param prefixes blocks of either family
     * @return the network
     */
    public InnerNetwork withOffered(IpPrefix... prefixes) {
        return new InnerNetwork(pool, pool6, List.of(prefixes), dns, domains);
    }

    /**
     * The same with other DNS servers and domains.
     *
     * @param servers the DNS servers
     * @param names the domains to ask them about
     * @return the network
     */
    public InnerNetwork withDns(List<IpAddress> servers, List<String> names) {
        return new InnerNetwork(pool, pool6, offered, servers, names);
    }

    /** The gateway's own addresses first, so that who is told can find it, then what is offered beyond. */
    List<IpPrefix> networks() {
        var networks = new ArrayList<IpPrefix>();
        networks.add(IpPrefix.single(AddressPool.gatewayOf(pool)));
        pool6.ifPresent(prefix -> networks.add(IpPrefix.single(AddressPool.gatewayOf(prefix))));
        offered.stream().filter(prefix -> !networks.contains(prefix)).forEach(networks::add);
        return List.copyOf(networks);
    }
}
