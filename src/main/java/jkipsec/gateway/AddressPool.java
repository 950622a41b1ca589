package jkipsec.gateway;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;

/**
 * The inner addresses of one family of a gateway: the first host address is its own, the others are lent to devices, the one that
 * has been free the longest first by going round. Confined to the gateway's thread.
 */
final class AddressPool {
    private final IpPrefix prefix;
    private final long first;
    private final long count;
    private final Set<IpAddress> lent = new HashSet<>();
    private long next;

    AddressPool(IpPrefix prefix) {
        check(prefix, prefix.address().bitLength());
        this.prefix = prefix;
        this.first = 2;
        this.count = prefix.size() - 3;
    }

    /** Refuses a block of another family, or one without room for the gateway and a device. */
    static void check(IpPrefix prefix, int bits) {
        if (prefix.address().bitLength() != bits || prefix.length() > bits - 2) {
            throw new IllegalArgumentException("address pool " + prefix + " must be an IPv" + (bits == 32 ? 4 : 6)
                    + " prefix of at most " + (bits - 2) + " bits, such as "
                    + (bits == 32 ? "10.8.0.0/24" : "fd12:3456:789a::/64")
                    + ": it holds the gateway's address and at least one for a device");
        }
    }

    static IpAddress gatewayOf(IpPrefix prefix) {
        return prefix.address(1);
    }

    IpAddress gateway() {
        return gatewayOf(prefix);
    }

    /** Lends an address, or nothing when all are lent. */
    Optional<IpAddress> lease() {
        if (lent.size() >= count) {
            return Optional.empty();
        }
        while (true) {
            IpAddress candidate = prefix.address(first + next);
            next = (next + 1) % count;
            if (lent.add(candidate)) {
                return Optional.of(candidate);
            }
        }
    }

    void release(IpAddress address) {
        lent.remove(address);
    }

    int lentCount() {
        return lent.size();
    }
}
