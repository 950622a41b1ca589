package jkipsec.stack;

import java.util.Objects;
import jkipsec.udp.UdpForwarding;

/**
 * How much an {@link IpStack} forwards at once. Immutable.
 *
 * @param undecided connections that the application may have to decide about at once, from 1
 * @param connections open TCP connections, those not yet decided included, from 1
 * @param udp how many flows of datagrams
 */
public record ForwardConfig(int undecided, int connections, UdpForwarding udp) {
    /** Checks that there is room for one of each. */
    public ForwardConfig {
        Objects.requireNonNull(udp, "udp");
        if (undecided < 1 || connections < 1) {
            throw new IllegalArgumentException("to forward takes room for one connection at least, not " + undecided
                    + " undecided and " + connections + " open");
        }
    }
}
