package jkipsec.tcp;

import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.Ipv4Address;
import jkipsec.ip.Ipv6Address;

/** What tells connections apart (RFC 9293 §3.3.1): both addresses, both ports. */
record FourTuple(IpAddress local, int localPort, IpAddress remote, int remotePort) {
    static FourTuple of(Endpoint local, Endpoint remote) {
        return new FourTuple(local.address(), local.port(), remote.address(), remote.port());
    }

    /** Whether a connection can have these: ports other than 0, and addresses of single hosts (RFC 9293 §3.9.2.3). */
    boolean isPossible() {
        return localPort != 0 && remotePort != 0 && isUnicast(local) && isUnicast(remote);
    }

    private static boolean isUnicast(IpAddress address) {
        return !address.isUnspecified() && switch (address) {
            case Ipv4Address v4 -> v4.bits() >>> 28 < 0xe; // 224.0.0.0/3: multicast, reserved and broadcast
            case Ipv6Address v6 -> v6.high() >>> 56 != 0xff;
        };
    }

    /** Written out, because this is computed for every packet. */
    @Override
    public int hashCode() {
        return 31 * (31 * (31 * local.hashCode() + remote.hashCode()) + localPort) + remotePort;
    }
}
