package jkipsec.gateway;

import java.util.Objects;
import jkipsec.ike.IkeDrop;
import jkipsec.tcp.TcpDrop;

/**
 * Why something from the network was dropped: a layer and that layer's reason. Equal reasons are equal, so that they can
 * be counted.
 *
 * @param layer {@code "udp"}, {@code "ike"}, {@code "esp"}, {@code "ip"} or {@code "tcp"}
 * @param reason the layer's own reason
 */
public record DropReason(String layer, Enum<?> reason) {
    /** Checks that both are there. */
    public DropReason {
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(reason, "reason");
    }

    /** Reasons of the gateway itself. */
    public enum Inner {
        /** A datagram too short to be anything. */
        TOO_SHORT,
        /** ESP under an SPI that no tunnel has. */
        UNKNOWN_SPI,
        /** A NAT keepalive (RFC 3948 §2.3), counted for completeness. */
        KEEPALIVE,
        /** What came out of a tunnel is not an IP packet. */
        MALFORMED,
        /** Its addresses or ports are outside the traffic selectors (RFC 4301 §5.2). */
        OUTSIDE_SELECTORS,
        /** Within the traffic selectors, but not for an address of this end: nothing is forwarded. */
        NOT_FORWARDED,
        /** A fragment of an inner packet. */
        FRAGMENT,
        /** A protocol that nothing here takes. */
        PROTOCOL,
        /** The next header is not IP: tunnel mode carries nothing else. */
        NEXT_HEADER,
        /** An ICMP message that asks nothing of us. */
        ICMP
    }

    static DropReason udp(Inner reason) {
        return new DropReason("udp", reason);
    }

    static DropReason ip(Inner reason) {
        return new DropReason("ip", reason);
    }

    static DropReason ike(IkeDrop reason) {
        return new DropReason("ike", reason);
    }

    static DropReason esp(Enum<?> reason) {
        return new DropReason("esp", reason);
    }

    static DropReason tcp(TcpDrop reason) {
        return new DropReason("tcp", reason);
    }

    /** The layer and the reason, such as {@code esp.REPLAYED}. */
    @Override
    public String toString() {
        return layer + "." + reason.name();
    }
}
