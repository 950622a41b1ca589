package jkipsec.gateway;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;

/**
 * The inner addresses of one gateway: the first host address is its own, the others are lent to devices, the one that
 * has been free the longest first by going round. Confined to the gateway's thread.
 */
final class AddressPool {
    private final IpPrefix prefix;
    private final long first;
    private final long count;
    private final Set<IpAddress> lent = new HashSet<>();
    private long next;

    AddressPool(IpPrefix prefix) {
        long size = prefix.size();
        if (prefix.address().bitLength() != 32 || prefix.length() > 30) {
            throw new IllegalArgumentException("address pool " + prefix
                    + " must be an IPv4 prefix of at most 30 bits, such as 10.8.0.0/24: it holds the gateway's address"
                    + " and at least one for a device");
        }
        this.prefix = prefix;
        this.first = 2;
        this.count = size - 3;
    }

    IpAddress gateway() {
        return prefix.address(1);
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
