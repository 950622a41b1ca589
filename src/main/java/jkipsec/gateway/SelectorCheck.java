package jkipsec.gateway;

import java.util.List;
import jkipsec.bytes.Octets;
import jkipsec.ike.ChildSa;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;

/** The check of what comes out of a tunnel against what was negotiated for it (RFC 4301 §5.2, step 4). */
final class SelectorCheck {
    private SelectorCheck() {}

    /** Whether both ends of a packet are within the selectors of the Child SA that it came over. */
    static boolean passes(ChildSa over, IpPacket packet) {
        boolean ports = packet.protocol() == IpProtocol.TCP || packet.protocol() == IpProtocol.UDP;
        boolean hasPorts = ports && packet.payloadLength() >= 4;
        int source = hasPorts ? Octets.u16(packet.array(), packet.payloadOffset()) : 0;
        int destination = hasPorts ? Octets.u16(packet.array(), packet.payloadOffset() + 2) : 0;
        return contains(over.remote(), packet.source(), packet.protocol(), source)
                && contains(over.local(), packet.destination(), packet.protocol(), destination);
    }

    private static boolean contains(List<TrafficSelector> selectors, IpAddress address, int protocol, int port) {
        for (TrafficSelector selector : selectors) {
            if (selector.contains(address, protocol, port)) {
                return true;
            }
        }
        return false;
    }
}
