package jkipsec.gateway;

import java.util.Objects;
import jkipsec.ike.IkeDrop;
import jkipsec.ip.IpDrop;
import jkipsec.tcp.TcpDrop;

/**
 * Why something from the network was dropped: a layer and that layer's reason. Equal reasons are equal, so that they can
 * be counted.
 *
 * @param layer {@code "udp"}, {@code "ike"} or {@code "esp"} outside; {@code "ip"}, {@code "tcp"} or {@code "datagram"}
 *     (UDP) inside the tunnel
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
        /** The next header is not IP: tunnel mode carries nothing else. */
        NEXT_HEADER
    }

    static DropReason udp(Inner reason) {
        return new DropReason("udp", reason);
    }

    static DropReason nextHeader() {
        return new DropReason("ip", Inner.NEXT_HEADER);
    }

    static DropReason ip(IpDrop reason) {
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
