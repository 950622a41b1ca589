package jkipsec.ike;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;

/**
 * What the configuration payload settled about the inside of a tunnel (RFC 7296 §2.19, §3.15): addresses of one family
 * or of both, and what the device is told about the network.
 *
 * @param ends the addresses, one pair a family, IPv4 first; at least one pair
 * @param networks what the device may send to; a gateway's own address is always among it
 * @param dns the DNS servers the device is told, perhaps none
 * @param domains the domains to ask these servers about (RFC 8598), perhaps none
 */
public record InnerAddresses(List<Ends> ends, List<IpPrefix> networks, List<IpAddress> dns, List<String> domains) {
    /**
     * The two ends of a tunnel in one family.
     *
     * @param device the address of the device, the IKE initiator
     * @param gateway the address at which the gateway answers inside the tunnel
     */
    public record Ends(IpAddress device, IpAddress gateway) {
        /** Checks that both are of one family. */
        public Ends {
            Objects.requireNonNull(device, "device");
            if (!device.sameFamily(gateway)) {
                throw new IllegalArgumentException(
                        "the device " + device + " and the gateway " + gateway + " are of different families");
            }
        }
    }

    /** Copies the lists and checks that there is an address, and no family twice. */
    public InnerAddresses {
        ends = List.copyOf(ends);
        networks = List.copyOf(networks);
        dns = List.copyOf(dns);
        domains = List.copyOf(domains);
        if (ends.isEmpty() || ends.size() > 2
                || ends.size() == 2 && (!isIpv4(ends.get(0)) || isIpv4(ends.get(1)))) {
            throw new IllegalArgumentException("give one pair of addresses a family, IPv4 first, not " + ends);
        }
    }

    /**
     * The primary address of the device.
     *
     * @return its IPv4 address, or its IPv6 address when it has no other
     */
    public IpAddress device() {
        return ends.get(0).device();
    }

    /**
     * The address at which the gateway answers, of the family of {@link #device()}.
     *
     * @return the primary address of the gateway
     */
    public IpAddress gateway() {
        return ends.get(0).gateway();
    }

    /**
     * The IPv6 addresses of both ends.
     *
     * @return the addresses, or nothing when the tunnel carries IPv4 only
     */
    public Optional<Ends> ipv6() {
        return ends.stream().filter(pair -> !isIpv4(pair)).findFirst();
    }

    /**
     * The ends of the same family as an address.
     *
     * @param address an address of either family
     * @return the addresses, or nothing when the tunnel does not carry that family
     */
    public Optional<Ends> of(IpAddress address) {
        return ends.stream().filter(pair -> pair.device().sameFamily(address)).findFirst();
    }

    /** The same with one pair only, and without what concerns the other family alone. */
    InnerAddresses only(List<Ends> kept) {
        return new InnerAddresses(kept, networks, dns, domains);
    }

    /** The networks of the families that the tunnel carries. */
    Stream<IpPrefix> carriedNetworks() {
        return networks.stream().filter(network -> of(network.address()).isPresent());
    }

    private static boolean isIpv4(Ends pair) {
        return pair.device().bitLength() == 32;
    }
}
