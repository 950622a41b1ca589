package jkipsec.ike;

import java.util.List;
import jkipsec.crypto.CipherSuite;
import jkipsec.esp.InboundSa;
import jkipsec.esp.OutboundSa;
import jkipsec.ike.message.TrafficSelector;

/**
 * A Child SA in tunnel mode: a pair of ESP SAs and the traffic they carry (RFC 7296 §1.1, RFC 4301 §4.4.1).
 *
 * @param algorithms the negotiated algorithms
 * @param inbound what we receive with; confined to the state-machine thread
 * @param outbound what we send with; handed to, and from then on owned by, the tunnel's sender
 * @param local the traffic selectors of our side
 * @param remote the traffic selectors of the peer's side
 */
public record ChildSa(
        NegotiatedChild algorithms,
        InboundSa inbound,
        OutboundSa outbound,
        List<TrafficSelector> local,
        List<TrafficSelector> remote) {
    /** Copies the lists. */
    public ChildSa {
        local = List.copyOf(local);
        remote = List.copyOf(remote);
    }

    /**
     * What encrypts and protects its packets.
     *
     * @return the negotiated suite
     */
    public CipherSuite suite() {
        return algorithms.suite();
    }
}
