package jkipsec.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.ike.InnerAddresses;
import jkipsec.ike.InnerFamilies;
import jkipsec.ip.IpPrefix;

/** Lends the addresses of both families of one gateway's {@link InnerNetwork}. Confined to the gateway's thread. */
final class InnerLeases {
    private final InnerNetwork network;
    private final List<IpPrefix> networks;
    private final List<AddressPool> pools = new ArrayList<>();

    InnerLeases(InnerNetwork network) {
        this.network = network;
        this.networks = network.networks();
        pools.add(new AddressPool(network.pool()));
        network.pool6().ifPresent(prefix -> pools.add(new AddressPool(prefix)));
    }

    /** Lends an address of each family that is asked for and has one free; nothing when there is none. */
    Optional<InnerAddresses> lease(InnerFamilies families) {
        var ends = new ArrayList<InnerAddresses.Ends>();
        for (AddressPool pool : pools) {
            if (families.include(pool.gateway())) {
                pool.lease().ifPresent(device -> ends.add(new InnerAddresses.Ends(device, pool.gateway())));
            }
        }
        return ends.isEmpty()
                ? Optional.empty()
                : Optional.of(new InnerAddresses(ends, networks, network.dns(), network.domains()));
    }

    /** Takes back all that was lent together. */
    void release(InnerAddresses lease) {
        for (InnerAddresses.Ends ends : lease.ends()) {
            pools.forEach(pool -> pool.release(ends.device()));
        }
    }
}
