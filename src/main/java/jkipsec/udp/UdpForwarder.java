package jkipsec.udp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpPrefix;
import jkipsec.ip.Refusal;
import jkipsec.ip.UdpHeader;

/**
 * What a stack does with datagrams for addresses that are not ours: makes flows of them, within bounds. Confined to the
 * stack's thread.
 */
final class UdpForwarder {
    private static final int DNS = 53;
    private static final IpPrefix NO_HOST_V4 = IpPrefix.parse("224.0.0.0/3"); // multicast, reserved and broadcast
    private static final IpPrefix NO_HOST_V6 = IpPrefix.parse("ff00::/8");

    private final UdpStack stack;
    private final UdpForwarding limits;
    private final Map<Flow, UdpOffer> flows = new HashMap<>();
    private int undecided;

    /** Flows of one idle time, the longest idle first. */
    private record Waiting(long idle, SequencedSet<UdpOffer> flows) {
        long deadline() {
            return flows.isEmpty() ? Long.MAX_VALUE : flows.getFirst().active() + idle;
        }

        /** The flow with the earliest deadline, those that sent something meanwhile put last; null when there is none. */
        UdpOffer oldest(long now) {
            while (!flows.isEmpty() && flows.getFirst().takeSent()) {
                touch(flows.getFirst(), now);
            }
            return flows.isEmpty() ? null : flows.getFirst();
        }

        void touch(UdpOffer flow, long now) {
            flow.active(now);
            flows.remove(flow);
            flows.add(flow);
        }
    }

    private final Waiting usual;
    private final Waiting dns;

    private record Flow(Endpoint local, Endpoint remote) {}

    UdpForwarder(UdpStack stack, UdpForwarding limits) {
        this.stack = stack;
        this.limits = limits;
        usual = new Waiting(limits.idle(), new LinkedHashSet<>());
        dns = new Waiting(limits.dnsIdle(), new LinkedHashSet<>());
    }

    void arrive(IpPacket packet, long now) {
        UdpHeader header;
        try {
            header = UdpHeader.parse(packet);
        } catch (MalformedMessage malformed) {
            stack.drop(UdpDrop.MALFORMED);
            return;
        }
        var local = new Endpoint(packet.destination(), header.destinationPort());
        var remote = new Endpoint(packet.source(), header.sourcePort());
        UdpOffer known = flows.get(new Flow(local, remote));
        if (known != null) {
            waitingOf(known).touch(known, now);
            if (!known.arrived(packet)) {
                stack.drop(UdpDrop.QUEUE_FULL);
            }
        } else if (local.port() == 0 || remote.port() == 0 || !isHost(local.address())) {
            stack.drop(UdpDrop.BAD_ADDRESS);
        } else if (undecided >= limits.undecided() || flows.size() >= limits.open() && !makeRoom(now)) {
            stack.drop(UdpDrop.TOO_MANY_FLOWS);
        } else {
            var flow = new UdpOffer(this, local, remote);
            flow.arrived(packet);
            flows.put(new Flow(local, remote), flow);
            waitingOf(flow).touch(flow, now);
            undecided++;
            stack.emit(new UdpAction.Offered(flow));
        }
    }

    private static boolean isHost(IpAddress address) {
        return !address.isUnspecified() && !NO_HOST_V4.contains(address) && !NO_HOST_V6.contains(address);
    }

    private Waiting waitingOf(UdpOffer flow) {
        return flow.local().port() == DNS ? dns : usual;
    }

    /** The flow that was idle for longest gives way; one that is not decided yet does not. */
    private boolean makeRoom(long now) {
        UdpOffer a = firstDecided(dns, now);
        UdpOffer b = firstDecided(usual, now);
        UdpOffer oldest = a == null || b != null && b.active() < a.active() ? b : a;
        if (oldest == null) {
            return false;
        }
        end(oldest);
        return true;
    }

    private static UdpOffer firstDecided(Waiting waiting, long now) {
        waiting.oldest(now);
        for (UdpOffer flow : waiting.flows) {
            if (flow.endpoint() != null) {
                return flow;
            }
        }
        return null;
    }

    boolean holds(UdpOffer flow) {
        return flows.get(new Flow(flow.local(), flow.remote())) == flow;
    }

    /** The endpoint of a flow between two ends; null when there is none. */
    UdpEndpoint find(Endpoint local, Endpoint remote) {
        UdpOffer flow = flows.get(new Flow(local, remote));
        return flow == null ? null : flow.endpoint();
    }

    UdpEndpoint endpoint(UdpOffer flow) {
        undecided--;
        return new UdpEndpoint(stack, flow);
    }

    void deliver(UdpEndpoint endpoint, IpPacket packet) {
        int offset = UdpOffer.payloadOffset(packet);
        int length = Octets.u16(packet.array(), packet.payloadOffset() + 4) - UdpHeader.LENGTH;
        stack.emit(new UdpAction.Received(endpoint, endpoint.remote().orElseThrow(), packet.array(), offset, length));
    }

    void refuse(UdpOffer flow, Refusal how) {
        if (remove(flow)) {
            if (how != Refusal.SILENT && flow.latest() != null) {
                stack.emit(new UdpAction.Refused(flow.latest(), how));
            }
            told(flow);
        }
    }

    long nextDeadline() {
        return Math.min(usual.deadline(), dns.deadline());
    }

    void tick(long now) {
        for (Waiting waiting : List.of(usual, dns)) {
            for (UdpOffer flow = waiting.oldest(now);
                    flow != null && waiting.deadline() <= now;
                    flow = waiting.oldest(now)) {
                end(flow);
            }
        }
    }

    /** The flow is over, and its endpoint is told. */
    private void end(UdpOffer flow) {
        if (remove(flow)) {
            told(flow);
        }
    }

    private void told(UdpOffer flow) {
        if (flow.endpoint() != null) {
            stack.emit(new UdpAction.Ended(flow.endpoint()));
        }
    }

    /** Forgets a flow; says whether it was there. */
    boolean remove(UdpOffer flow) {
        boolean removed = flows.remove(new Flow(flow.local(), flow.remote()), flow);
        if (removed) {
            waitingOf(flow).flows.remove(flow);
            if (flow.endpoint() == null) {
                undecided--;
            }
        }
        return removed;
    }

    int size() {
        return flows.size();
    }

    /** There is no tunnel any more: nobody is told. */
    void clear() {
        new ArrayList<>(flows.values()).forEach(this::remove);
    }
}
