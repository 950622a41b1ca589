package jkipsec.tcp;

import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;

/** What tells connections apart (RFC 9293 §3.3.1): both addresses, both ports. */
record FourTuple(IpAddress local, int localPort, IpAddress remote, int remotePort) {
    static FourTuple of(Endpoint local, Endpoint remote) {
        return new FourTuple(local.address(), local.port(), remote.address(), remote.port());
    }

    /** Written out, because this is computed for every packet. */
    @Override
    public int hashCode() {
        return 31 * (31 * (31 * local.hashCode() + remote.hashCode()) + localPort) + remotePort;
    }
}
