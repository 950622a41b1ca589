package jkipsec.stack;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpDrop;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.QuotedPacket;
import jkipsec.tcp.TcpStack;
import jkipsec.udp.UdpStack;

/**
 * What a host does with ICMP messages: answers pings, knows the answers to its own, and tells TCP and UDP of errors about
 * what they sent. Confined to the stack's thread.
 */
final class IcmpReceiver {
    private static final int PORT_UNREACHABLE_V4 = 3;
    private static final int PORT_UNREACHABLE_V6 = 4;

    private final TcpStack tcp;
    private final UdpStack udp;
    private final Pings pings;
    private final Consumer<? super StackAction> actions;
    private final Consumer<PacketBuffer> answers;

    /**
     * Makes one.
     *
     * @param answers sends a packet of any size
     */
    IcmpReceiver(TcpStack tcp, UdpStack udp, Pings pings, Consumer<? super StackAction> actions,
            Consumer<PacketBuffer> answers) {
        this.tcp = tcp;
        this.udp = udp;
        this.pings = pings;
        this.actions = actions;
        this.answers = answers;
    }

    /** Takes a packet for this host with a message of its family. */
    void receive(IpPacket packet, long now) {
        try {
            switch (IcmpMessage.parse(packet)) {
                case IcmpMessage.EchoRequest request ->
                    answers.accept(request.reply().packet(packet.destination(), packet.source()));
                case IcmpMessage.EchoReply reply -> answered(packet, reply);
                case IcmpMessage.Unreachable error -> unreachable(packet, error);
                case IcmpMessage.TooBig error -> tooBig(packet, error, now);
                default -> drop(IpDrop.ICMP);
            }
        } catch (MalformedMessage e) {
            drop(IpDrop.MALFORMED);
        }
    }

    private void answered(IpPacket packet, IcmpMessage.EchoReply reply) {
        OptionalLong ticket = pings.answered(packet.source(), reply);
        if (ticket.isPresent()) {
            actions.accept(new StackAction.PingReply(ticket.getAsLong(), reply.data().length));
        } else {
            drop(IpDrop.ICMP);
        }
    }

    /** What an error is about, if that was sent from the address the error came to (RFC 5927 §4). */
    private static Optional<QuotedPacket> quoted(IpPacket error, byte[] original) {
        return QuotedPacket.read(original).filter(quoted -> quoted.source().equals(error.destination()));
    }

    /** TCP alone has to know: what else is larger than the path goes in fragments, or is to be cut by who sends it. */
    private void tooBig(IpPacket packet, IcmpMessage.TooBig error, long now) {
        boolean founded = quoted(packet, error.original())
                .filter(quoted -> quoted.protocol() == IpProtocol.TCP)
                .filter(quoted -> tcp.tooBig(quoted.from(), quoted.to(), quoted.word2(), error.mtu(), now))
                .isPresent();
        if (!founded) {
            drop(IpDrop.ICMP_UNFOUNDED);
        }
    }

    private void unreachable(IpPacket packet, IcmpMessage.Unreachable error) {
        Optional<QuotedPacket> quoted = quoted(packet, error.original());
        boolean founded = quoted.isPresent() && switch (quoted.get().protocol()) {
            case IpProtocol.TCP -> {
                tcp.unreachable(quoted.get().from(), quoted.get().to(), quoted.get().word2());
                yield true;
            }
            case IpProtocol.UDP -> udp.unreachable(quoted.get().from(), quoted.get().to(),
                    error.code() == (packet.version() == 4 ? PORT_UNREACHABLE_V4 : PORT_UNREACHABLE_V6));
            default -> false;
        };
        if (!founded) {
            drop(IpDrop.ICMP_UNFOUNDED);
        }
    }

    private void drop(IpDrop reason) {
        actions.accept(new StackAction.Dropped(reason));
    }
}
