package jkipsec.stack;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;
import jkipsec.bytes.RandomSource;
import jkipsec.ip.Fragmenter;
import jkipsec.ip.IcmpMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpDrop;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.Ipv6Headers;
import jkipsec.ip.Reassembler;
import jkipsec.ip.Refusal;
import jkipsec.tcp.TcpAction;
import jkipsec.tcp.TcpEnd;
import jkipsec.tcp.TcpStack;
import jkipsec.udp.UdpAction;
import jkipsec.udp.UdpStack;

/**
 * A host at the end of a packet link: IP of both families, ICMP, TCP and UDP.
 *
 * <p>Nothing that comes in throws. It is checked in this order: the headers; then, once fragments are put together,
 * whether the packet may come this way at all, which the caller's test says and which may look at ports (RFC 4301 §7);
 * then whether it is for an address of this host.
 *
 * <p>Sans-I/O: packets, ticks and calls go in, {@link StackAction}s come out. Confined to one thread, together with its
 * TCP and UDP. {@code now} is the time in nanoseconds of one monotonic clock, never negative.
 */
public final class IpStack {
    private final Consumer<? super StackAction> actions;
    private final RandomSource random;
    private final TcpStack tcp;
    private final UdpStack udp;
    private final Reassembler reassembler;
    private final IcmpErrors errors;
    private final Pings pings;
    private final IcmpReceiver icmp;
    private List<IpAddress> addresses = List.of();
    private int mtu = 1_280;
    private boolean forwards;
    private long now;
    private boolean identified;
    private int identification;

    /**
     * Makes a stack without addresses.
     *
     * @param config how it behaves
     * @param identifier tells its pings from those of others, of which the low 16 bits count
     * @param random where port numbers and sequence numbers come from
     * @param actions receives what the stack wants done, from within the calls below
     */
    public IpStack(StackConfig config, int identifier, RandomSource random, Consumer<? super StackAction> actions) {
        this.actions = Objects.requireNonNull(actions, "actions");
        this.random = Objects.requireNonNull(random, "random");
        this.tcp = new TcpStack(config.tcp(), random, this::tcpAction);
        this.udp = new UdpStack(config.udpPorts(), random, this::udpAction);
        this.reassembler = new Reassembler(config.reassembly(), new Fragments());
        this.errors = new IcmpErrors(config.icmpErrors());
        this.pings = new Pings(identifier);
        this.icmp = new IcmpReceiver(tcp, udp, pings, actions, this::send);
    }

    /**
     * Says which addresses this host has.
     *
     * @param ours its addresses; the first of a family is the source of what it sends of its own accord
     */
    public void addresses(List<IpAddress> ours) {
        addresses = List.copyOf(ours);
    }

    /**
     * Says how large a packet on the link may be.
     *
     * @param octets the size of a whole IP packet, 128 to 65,535
     */
    public void mtu(int octets) {
        tcp.mtu(octets);
        mtu = octets;
    }

    /**
     * From now on takes packets for others than this host as well: connections and flows of datagrams are offered, see
     * {@link TcpStack#forward} and {@link UdpStack#forward}. Other protocols are answered with ICMP: administratively
     * prohibited. Before this is called no way leads to others.
     *
     * @param limits how much there may be at once
     */
    public void forward(ForwardConfig limits) {
        tcp.forward(address -> !isLocal(address), limits.undecided(), limits.connections());
        udp.forward(limits.udp());
        forwards = true;
    }

    /**
     * The TCP of this host.
     *
     * @return the same object always
     */
    public TcpStack tcp() {
        return tcp;
    }

    /**
     * The UDP of this host.
     *
     * @return the same object always
     */
    public UdpStack udp() {
        return udp;
    }

    /**
     * Takes a packet from the link, where any may come.
     *
     * @param packet the octets, handed over
     * @param time the time in nanoseconds
     */
    public void receive(PacketBuffer packet, long time) {
        receive(packet, whole -> true, time);
    }

    /**
     * Takes a packet from the link.
     *
     * @param packet the octets, handed over
     * @param mayCome says whether a packet that is no fragment may come this way; what may not is dropped silently
     * @param time the time in nanoseconds
     */
    public void receive(PacketBuffer packet, Predicate<? super IpPacket> mayCome, long time) {
        now = time;
        try {
            unwrap(IpPacket.parse(packet), mayCome);
        } catch (MalformedMessage e) {
            drop(IpDrop.MALFORMED);
        }
    }

    /** Looks behind extension headers and puts fragments together. */
    private void unwrap(IpPacket packet, Predicate<? super IpPacket> mayCome) throws MalformedMessage {
        if (packet.version() == 6) {
            switch (Ipv6Headers.walk(packet)) {
                case Ipv6Headers.Payload end -> dispatch(end.packet(), mayCome);
                case Ipv6Headers.Fragment fragment -> collect(fragment.packet(), mayCome);
                case Ipv6Headers.Refused refused -> refuse(packet, refused, mayCome);
                case Ipv6Headers.Ignored ignored -> drop(IpDrop.EXTENSION_HEADER);
            }
        } else if (packet.isFragment()) {
            collect(packet, mayCome);
        } else {
            dispatch(packet, mayCome);
        }
    }

    private void collect(IpPacket fragment, Predicate<? super IpPacket> mayCome) throws MalformedMessage {
        Optional<IpPacket> whole = reassembler.add(fragment, now);
        if (whole.isEmpty()) {
            return;
        }
        if (whole.get().version() == 4) {
            dispatch(whole.get(), mayCome);
            return;
        }
        switch (Ipv6Headers.walk(whole.get())) {
            case Ipv6Headers.Payload end -> dispatch(end.packet(), mayCome);
            // A fragment of a fragment: no honest sender makes one, and two layers of waiting are no use.
            case Ipv6Headers.Fragment again -> drop(IpDrop.FRAGMENT_MALFORMED);
            case Ipv6Headers.Refused refused -> refuse(whole.get(), refused, mayCome);
            case Ipv6Headers.Ignored ignored -> drop(IpDrop.EXTENSION_HEADER);
        }
    }

    private void refuse(IpPacket packet, Ipv6Headers.Refused refused, Predicate<? super IpPacket> mayCome) {
        drop(IpDrop.EXTENSION_HEADER);
        if (isLocal(packet.destination()) && mayCome.test(packet)) {
            answer(packet, IcmpMessage.problem(packet, refused.code(), refused.pointer()));
        }
    }

    private void dispatch(IpPacket packet, Predicate<? super IpPacket> mayCome) {
        if (!mayCome.test(packet)) {
            drop(IpDrop.OUTSIDE_SELECTORS);
        } else if (!isLocal(packet.destination())) {
            forward(packet);
        } else {
            deliver(packet);
        }
    }

    /** Takes a packet for another host: only programs can play another's part, and only with TCP and UDP. */
    private void forward(IpPacket packet) {
        if (forwards && packet.protocol() == IpProtocol.TCP) {
            tcp.receive(packet, now);
        } else if (forwards && packet.protocol() == IpProtocol.UDP) {
            udp.receiveForOthers(packet, now);
        } else {
            drop(IpDrop.NOT_FORWARDED);
            answer(packet, forwards ? Refusal.PROHIBITED.icmp(packet) : IcmpMessage.unreachableHost(packet));
        }
    }

    private void deliver(IpPacket packet) {
        boolean v4 = packet.version() == 4;
        switch (packet.protocol()) {
            case IpProtocol.TCP -> tcp.receive(packet, now);
            case IpProtocol.UDP -> udp.receive(packet);
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
                if (v4 == (packet.protocol() == IpProtocol.ICMP)) {
                    icmp.receive(packet, now);
                } else {
                    unknown(packet);
                }
            }
            case IpProtocol.NO_NEXT_HEADER -> drop(IpDrop.NO_NEXT_HEADER);
            // No IPsec within this tunnel: its packets are not for a host without keys to say anything about.
            case IpProtocol.ESP, IpProtocol.AH -> drop(IpDrop.PROTOCOL);
            default -> unknown(packet);
        }
    }

    private void unknown(IpPacket packet) {
        drop(IpDrop.PROTOCOL);
        answer(packet, IcmpMessage.unknownProtocol(packet));
    }

    /**
     * Sends an ICMP or ICMPv6 echo request (RFC 792, RFC 4443 §4.1), in fragments when it is larger than the MTU.
     *
     * @param payloadLength octets of data, 0 to 65,507 over IPv4, to 65,527 over IPv6
     * @param destination an address of a family that this host has an address of
     * @return the ticket that {@link StackAction.PingReply} will name
     * @throws IllegalArgumentException when the data is too long, or this host has no address of the family
     */
    public long ping(int payloadLength, IpAddress destination) {
        IpAddress source = sourceFor(destination).orElseThrow(() -> new IllegalArgumentException(
                "no packets go from here to " + destination + "; this host has " + addresses));
        int most = Pings.mostOctets(destination);
        if (payloadLength < 0 || payloadLength > most) {
            throw new IllegalArgumentException("a ping carries 0 to " + most + " octets, not " + payloadLength);
        }
        Pings.Request request = pings.request(payloadLength, source, destination);
        send(request.packet());
        return request.ticket();
    }

    /**
     * The address that packets to another are sent from.
     *
     * @param destination an address of either family
     * @return this host's first address of that family, or nothing when it has none
     */
    public Optional<IpAddress> sourceFor(IpAddress destination) {
        for (IpAddress address : addresses) {
            if (address.sameFamily(destination)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /**
     * When {@link #tick} wants to be called.
     *
     * @return a time, or {@link Long#MAX_VALUE} when nothing is under way
     */
    public long nextDeadline() {
        return Math.min(Math.min(tcp.nextDeadline(), udp.nextDeadline()), reassembler.nextDeadline());
    }

    /**
     * Does what is due.
     *
     * @param time the time in nanoseconds
     */
    public void tick(long time) {
        now = time;
        reassembler.tick(time);
        tcp.tick(time);
        udp.tick(time);
    }

    /**
     * Ends every connection and frees every port without sending anything: there is no link any more.
     *
     * @param cause what TCP connections end with
     */
    public void close(TcpEnd cause) {
        tcp.abortAll(cause);
        udp.closeAll();
        reassembler.clear();
        pings.clear();
    }

    private boolean isLocal(IpAddress address) {
        for (IpAddress ours : addresses) {
            if (ours.equals(address)) {
                return true;
            }
        }
        return false;
    }

    private void tcpAction(TcpAction action) {
        if (action instanceof TcpAction.Transmit transmit) {
            // Segments are cut to the MTU; one that was cut to a former one goes out as it is.
            actions.accept(new StackAction.Transmit(transmit.packet()));
        } else {
            actions.accept(new StackAction.Tcp(action));
        }
    }

    private void udpAction(UdpAction action) {
        switch (action) {
            case UdpAction.Transmit transmit -> send(transmit.packet());
            case UdpAction.PortClosed closed ->
                    answer(closed.packet(), IcmpMessage.unreachablePort(closed.packet()));
            case UdpAction.Received received -> actions.accept(new StackAction.Udp(received));
            case UdpAction.Unreachable unreachable -> actions.accept(new StackAction.Udp(unreachable));
            case UdpAction.Offered offered -> actions.accept(new StackAction.Udp(offered));
            case UdpAction.Ended ended -> actions.accept(new StackAction.Udp(ended));
            case UdpAction.Refused refused -> answer(refused.packet(), refused.how().icmp(refused.packet()));
        }
    }

    /** Sends an ICMP error about a packet, if that is one to be answered so, and not too many are already. */
    private void answer(IpPacket about, IcmpMessage error) {
        IpAddress from = isLocal(about.destination())
                ? about.destination()
                : sourceFor(about.destination()).orElse(null);
        if (from != null && errors.mayAnswer(about, now)) {
            send(error.packet(from, about.source()));
        }
    }

    private void send(PacketBuffer packet) {
        if (packet.length() <= mtu) {
            actions.accept(new StackAction.Transmit(packet));
            return;
        }
        if (!identified) { // drawn when first needed, so that runs without fragments draw nothing
            identified = true;
            identification = random.nextInt();
        }
        for (PacketBuffer fragment : Fragmenter.split(packet, mtu, identification++)) {
            actions.accept(new StackAction.Transmit(fragment));
        }
    }

    private void drop(IpDrop reason) {
        actions.accept(new StackAction.Dropped(reason));
    }

    /** What becomes of fragments. */
    private final class Fragments implements Reassembler.Listener {
        @Override
        public void dropped(IpDrop reason) {
            drop(reason);
        }

        @Override
        public void problem(IpPacket fragment, int code, int pointer) {
            if (isLocal(fragment.destination())) {
                answer(fragment, IcmpMessage.problem(fragment, code, pointer));
            }
        }

        @Override
        public void timedOut(IpPacket first) {
            if (isLocal(first.destination())) {
                answer(first, IcmpMessage.reassemblyTimeout(first));
            }
        }
    }
}
