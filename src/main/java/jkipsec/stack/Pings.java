package jkipsec.stack;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpHeader;

/** The echo requests of one stack that were sent lately. Confined to the stack's thread. */
final class Pings {
    /** Pings whose answers are still of interest; older ones are forgotten. */
    private static final int MOST = 256;

    /** ICMP's type, code and checksum, then identifier and sequence number. */
    private static final int ECHO_HEADER = 8;

    private final int identifier;
    private final Map<Integer, Sent> sent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Sent> eldest) {
            return size() > MOST;
        }
    };
    private long next;

    /** A request, and the ticket that {@link StackAction.PingReply} will name. */
    record Request(long ticket, PacketBuffer packet) {}

    private record Sent(long ticket, IpAddress destination, int octets) {}

    Pings(int identifier) {
        this.identifier = identifier & 0xffff;
    }

    /** How much data one carries at most. */
    static int mostOctets(IpAddress destination) {
        int ipHeader = destination.bitLength() == 32 ? IpHeader.IPV4_LENGTH : 0;
        return 0xffff - ipHeader - ECHO_HEADER;
    }

    Request request(int octets, IpAddress source, IpAddress destination) {
        long ticket = next++;
        int sequence = (int) ticket & 0xffff;
        sent.remove(sequence);
        sent.put(sequence, new Sent(ticket, destination, octets));
        var echo = new IcmpMessage.EchoRequest(identifier, sequence, new byte[octets]);
        return new Request(ticket, echo.packet(source, destination));
    }

    /** The ticket of the request that a reply answers, whether it is the first to do so or not; nothing if none. */
    OptionalLong answered(IpAddress from, IcmpMessage.EchoReply reply) {
        Sent request = reply.identifier() == identifier ? sent.get(reply.sequence()) : null;
        return request != null && request.destination.equals(from) && request.octets == reply.data().length
                ? OptionalLong.of(request.ticket)
                : OptionalLong.empty();
    }

    void clear() {
        sent.clear();
    }
}
