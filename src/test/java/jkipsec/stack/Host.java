package jkipsec.stack;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.tcp.TcpConfig;

/** An {@link IpStack} with what it wanted done, for tests. */
final class Host {
    static final IpAddress A = IpAddress.parse("10.8.0.1");
    static final IpAddress B = IpAddress.parse("10.8.0.2");
    static final IpAddress A6 = IpAddress.parse("2001:db8::1");
    static final IpAddress B6 = IpAddress.parse("2001:db8::2");

    final Deque<PacketBuffer> sent = new ArrayDeque<>();
    final List<StackAction> told = new ArrayList<>();
    final Map<String, Integer> drops = new TreeMap<>();
    final IpStack stack;
    long now;

    Host(IpAddress... addresses) {
        this(StackConfig.of(TcpConfig.defaults()), addresses);
    }

    Host(StackConfig config, IpAddress... addresses) {
        stack = new IpStack(config, 7, new Random(Arrays.hashCode(addresses))::nextBytes, this::take);
        stack.addresses(List.of(addresses));
        stack.mtu(1_400);
    }

    /** The host with both of the first addresses. */
    static Host a() {
        return new Host(A, A6);
    }

    /** The host with both of the second addresses. */
    static Host b() {
        return new Host(B, B6);
    }

    private void take(StackAction action) {
        switch (action) {
            case StackAction.Transmit transmit -> sent.add(transmit.packet());
            case StackAction.Dropped dropped -> drops.merge(dropped.reason().name(), 1, Integer::sum);
            case StackAction.Tcp tcp -> told.add(tcp);
            case StackAction.Udp udp -> told.add(udp);
            case StackAction.PingReply reply -> told.add(reply);
        }
    }

    void receive(byte[] packet) {
        stack.receive(PacketBuffer.copyOf(packet), now);
    }

    /** What was sent since this was asked last. */
    List<IpPacket> sent() {
        var packets = new ArrayList<IpPacket>();
        for (PacketBuffer packet = sent.poll(); packet != null; packet = sent.poll()) {
            try {
                packets.add(IpPacket.parse(packet));
            } catch (MalformedMessage e) {
                throw new AssertionError("it sent what is no packet", e);
            }
        }
        return packets;
    }

    /** The only packet sent since then, as ICMP. */
    IcmpMessage icmp() throws MalformedMessage {
        List<IpPacket> packets = sent();
        if (packets.size() != 1) {
            throw new AssertionError("not one packet but " + packets);
        }
        return IcmpMessage.parse(packets.get(0));
    }

    /** Carries packets between two hosts until none is left, each changed on its way. */
    static void carry(Host one, Host other, UnaryOperator<byte[]> onTheWay) {
        while (!one.sent.isEmpty() || !other.sent.isEmpty()) {
            move(one, other, onTheWay);
            move(other, one, onTheWay);
        }
    }

    private static void move(Host from, Host to, UnaryOperator<byte[]> onTheWay) {
        for (int i = from.sent.size(); i > 0; i--) {
            byte[] arrived = onTheWay.apply(from.sent.poll().toByteArray());
            if (arrived != null) {
                to.receive(arrived);
            }
        }
    }
}
