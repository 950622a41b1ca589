package jkipsec.stack;

import java.util.Objects;
import jkipsec.ip.Reassembler;
import jkipsec.tcp.TcpConfig;

/**
 * How an {@link IpStack} behaves. Immutable.
 *
 * @param tcp how its TCP behaves
 * @param reassembly how many fragments may wait for the others
 * @param udpPorts how many UDP ports may be bound, at least 1
 * @param icmpErrors how many ICMP errors are sent in a second at most, from 0 (RFC 1812 §4.3.2.8, RFC 4443 §2.4 (f))
 */
public record StackConfig(TcpConfig tcp, Reassembler.Limits reassembly, int udpPorts, int icmpErrors) {
    private static final int UDP_PORTS = 4_096;
    private static final int ICMP_ERRORS = 100;

    /** Checks that it can work. */
    public StackConfig {
        Objects.requireNonNull(tcp, "tcp");
        Objects.requireNonNull(reassembly, "reassembly");
        if (udpPorts < 1 || icmpErrors < 0) {
            throw new IllegalArgumentException("a stack needs at least 1 UDP port and no negative number of ICMP errors,"
                    + " not " + udpPorts + " and " + icmpErrors);
        }
    }

    /**
     * What suits a tunnel: 4,096 UDP ports, 100 ICMP errors a second.
     *
     * @param tcp how its TCP behaves
     * @return the configuration
     */
    public static StackConfig of(TcpConfig tcp) {
        return new StackConfig(tcp, Reassembler.Limits.defaults(), UDP_PORTS, ICMP_ERRORS);
    }
}
