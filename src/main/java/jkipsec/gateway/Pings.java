package jkipsec.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpHeader;

/** The echo requests of one tunnel that await their replies. Confined to the gateway's thread. */
final class Pings {
    /** Pings whose answer is still of interest; older ones are forgotten. */
    private static final int MOST = 256;

    /** ICMP's type, code and checksum, then identifier and sequence number. */
    private static final int ECHO_HEADER = 8;

    private final int identifier;
    private final Map<Integer, Long> waiting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
            return size() > MOST;
        }
    };
    private long next;

    /** A request, and the ticket that {@link GatewayAction.PingReply} will name. */
    record Request(long ticket, PacketBuffer packet) {}

    Pings(long tunnel) {
        identifier = (int) tunnel & 0xffff;
    }

    /** How much data one carries at most. */
    static int mostOctets(int innerMtu, IpAddress destination) {
        int ipHeader = destination.bitLength() == 32 ? IpHeader.IPV4_LENGTH : IpHeader.IPV6_LENGTH;
        return innerMtu - ipHeader - ECHO_HEADER;
    }

    Request request(int octets, IpAddress source, IpAddress destination) {
        long ticket = next++;
        int sequence = (int) ticket & 0xffff;
        waiting.put(sequence, ticket);
        var echo = new IcmpMessage.EchoRequest(identifier, sequence, new byte[octets]);
        return new Request(ticket, echo.packet(source, destination));
    }

    /** The ticket of the request that a reply answers; nothing when it answers none. */
    OptionalLong answered(IcmpMessage.EchoReply reply) {
        Long ticket = reply.identifier() == identifier ? waiting.remove(reply.sequence()) : null;
        return ticket == null ? OptionalLong.empty() : OptionalLong.of(ticket);
    }

    void clear() {
        waiting.clear();
    }
}
