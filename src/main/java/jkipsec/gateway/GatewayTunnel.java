package jkipsec.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ike.ChildSa;
import jkipsec.ike.IkeSa;
import jkipsec.ike.Identification;
import jkipsec.ike.InnerAddresses;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import jkipsec.stack.ForwardConfig;
import jkipsec.stack.IpStack;
import jkipsec.stack.StackAction;
import jkipsec.tcp.TcpEnd;
import jkipsec.tcp.TcpStack;
import jkipsec.udp.UdpStack;

/**
 * One tunnel between this endpoint and a peer: an IKE SA, its Child SA, and the IP stack inside. Confined to the
 * gateway's thread; only {@link #id} may be read elsewhere.
 */
public final class GatewayTunnel implements Deadlines.Timed {
    private final long id;
    private final Consumer<? super GatewayAction> actions;
    private final IpStack stack;
    private final TunnelMtu mtu;
    private final LongSupplier clock;
    private IkeSa ike;
    private boolean deviceSide;
    private ChildSa child;
    private InnerAddresses addresses;
    private boolean up;
    private long inboundPackets;
    private long inboundOctets;
    private Object attachment;

    /** What a tunnel is made of. */
    record Parts(
            long id,
            IkeSa ike,
            StackFactory stack,
            TunnelMtu mtu,
            LongSupplier clock,
            Consumer<? super GatewayAction> actions) {}

    /** Makes the IP stack that emits into the tunnel. */
    interface StackFactory {
        IpStack create(Consumer<StackAction> actions);
    }

    GatewayTunnel(Parts parts) {
        this.id = parts.id();
        this.ike = parts.ike();
        this.clock = parts.clock();
        this.actions = parts.actions();
        this.mtu = parts.mtu();
        this.stack = parts.stack().create(this::stackAction);
    }

    /** The inner addresses are settled. */
    void settle(InnerAddresses settled) {
        addresses = settled;
        deviceSide = ike.isInitiator();
        var ours = new ArrayList<IpAddress>();
        ours.add(localAddress());
        localAddress6().filter(address -> !ours.contains(address)).ifPresent(ours::add);
        stack.addresses(ours);
    }

    /** From now on packets go out over this Child SA. */
    void sendWith(ChildSa sending) {
        child = sending;
        stack.mtu(innerMtu());
    }

    void up() {
        up = true;
    }

    /** The device is elsewhere, and the way to it another one. */
    void moved(long now) {
        tcp().pathChanged(now);
    }

    /** Another IKE SA governs the tunnel. */
    void governedBy(IkeSa next) {
        ike = next;
    }

    void down() {
        up = false;
        stack.close(TcpEnd.TUNNEL_CLOSED);
    }

    private void stackAction(StackAction action) {
        switch (action) {
            case StackAction.Transmit transmit -> send(transmit.packet());
            case StackAction.Tcp tcp -> actions.accept(new GatewayAction.Tcp(this, tcp.action()));
            case StackAction.Udp udp -> actions.accept(new GatewayAction.Udp(this, udp.action()));
            case StackAction.PingReply reply ->
                actions.accept(new GatewayAction.PingReply(this, reply.ticket(), reply.payloadLength()));
            case StackAction.Dropped dropped ->
                actions.accept(new GatewayAction.Dropped(DropReason.ip(dropped.reason())));
        }
    }

    private void send(PacketBuffer packet) {
        ike.sent(packet.length(), clock.getAsLong());
        actions.accept(new GatewayAction.SendInner(this, packet));
    }

    /** Takes what came out of the tunnel over a Child SA: verified, decrypted, of next header IPv4 or IPv6. */
    void receive(ChildSa over, PacketBuffer inner, long now) {
        inboundPackets++;
        inboundOctets += inner.length();
        stack.receive(inner, packet -> SelectorCheck.passes(over, packet), now);
    }

    /**
     * Sends an ICMP echo request to the peer's primary inner address.
     *
     * @param payloadLength octets of data, 0 to 65,507 over IPv4, to 65,527 over IPv6; sent in fragments if need be
     * @return the ticket that {@link GatewayAction.PingReply} will name
     * @throws IllegalStateException when the tunnel is not up
     * @throws IllegalArgumentException when the data does not fit
     */
    public long ping(int payloadLength) {
        if (!up) {
            throw new IllegalStateException("the tunnel is not up");
        }
        return ping(payloadLength, remoteAddress());
    }

    /**
     * Sends an ICMP or ICMPv6 echo request (RFC 792, RFC 4443 §4.1).
     *
     * @param payloadLength octets of data, 0 to 65,507 over IPv4, to 65,527 over IPv6; sent in fragments if need be
     * @param destination an address of the other side, of a family that the tunnel carries
     * @return the ticket that {@link GatewayAction.PingReply} will name
     * @throws IllegalStateException when the tunnel is not up
     * @throws IllegalArgumentException when the data does not fit, or the tunnel does not carry the family
     */
    public long ping(int payloadLength, IpAddress destination) {
        if (!up) {
            throw new IllegalStateException("the tunnel is not up");
        }
        return stack.ping(payloadLength, destination);
    }

    /**
     * The tunnel's number, unique within the gateway. May be read on any thread.
     *
     * @return the number
     */
    public long id() {
        return id;
    }

    /**
     * The TCP stack inside, for connecting, listening and the calls on connections.
     *
     * @return the stack; tell {@link Gateway#touched} after using it
     */
    public TcpStack tcp() {
        return stack.tcp();
    }

    /**
     * The UDP stack inside, for binding and the calls on endpoints.
     *
     * @return the stack; tell {@link Gateway#touched} after using it
     */
    public UdpStack udp() {
        return stack.udp();
    }

    /**
     * From now on takes what is for others than this end, too; see {@link IpStack#forward}.
     *
     * @param limits how much there may be at once
     */
    public void forward(ForwardConfig limits) {
        stack.forward(limits);
    }

    /**
     * Whether traffic can flow.
     *
     * @return true between {@link GatewayAction.TunnelUp} and {@link GatewayAction.TunnelDown}
     */
    public boolean isUp() {
        return up;
    }

    /**
     * The IKE SA that governs the tunnel.
     *
     * @return the IKE SA
     */
    public IkeSa ike() {
        return ike;
    }

    /**
     * Who the peer has proved to be.
     *
     * @return its identity
     * @throws java.util.NoSuchElementException before the tunnel was up
     */
    public Identification peerIdentity() {
        return ike.peerIdentity().orElseThrow();
    }

    /**
     * Our primary address inside the tunnel: IPv4, or IPv6 when the tunnel carries nothing else.
     *
     * @return the gateway's address at a gateway, the assigned one at a device
     */
    public IpAddress localAddress() {
        return deviceSide ? addresses.device() : addresses.gateway();
    }

    /**
     * The peer's primary address inside the tunnel: IPv4, or IPv6 when the tunnel carries nothing else.
     *
     * @return the address assigned to the device at a gateway, the gateway's at a device
     */
    public IpAddress remoteAddress() {
        return deviceSide ? addresses.gateway() : addresses.device();
    }

    /**
     * What can be reached through the tunnel: the traffic selectors of the peer's side.
     *
     * @return the selectors of the Child SA that sends
     */
    public List<TrafficSelector> reach() {
        return child.remote();
    }

    /**
     * Our IPv6 address inside the tunnel.
     *
     * @return the address, or nothing when the tunnel carries IPv4 only
     */
    public Optional<IpAddress> localAddress6() {
        return addresses.ipv6().map(ends -> deviceSide ? ends.device() : ends.gateway());
    }

    /**
     * The peer's IPv6 address inside the tunnel.
     *
     * @return the address, or nothing when the tunnel carries IPv4 only
     */
    public Optional<IpAddress> remoteAddress6() {
        return addresses.ipv6().map(ends -> deviceSide ? ends.gateway() : ends.device());
    }

    /**
     * Our address inside the tunnel for packets to another, or of another's family.
     *
     * @param other an address of either family
     * @return the address, or nothing when the tunnel does not carry that family
     */
    public Optional<IpAddress> localAddressFor(IpAddress other) {
        return addresses.of(other).map(ends -> deviceSide ? ends.device() : ends.gateway());
    }

    /**
     * The addresses that were settled, DNS servers included.
     *
     * @return the addresses, or null before the tunnel was up
     */
    public InnerAddresses addresses() {
        return addresses;
    }

    /**
     * Where the peer is on the outside.
     *
     * @return its address and port
     */
    public Endpoint peer() {
        return ike.path().peer();
    }

    /**
     * The algorithms of the IKE SA.
     *
     * @return their names
     * @throws java.util.NoSuchElementException before they were agreed on
     */
    public String ikeSuite() {
        return ike.negotiated().orElseThrow().toString();
    }

    /**
     * What protects the tunnel's packets.
     *
     * @return the names of the suite, of the key exchange of its own, if any, and ESN with extended sequence numbers
     */
    public String childSuite() {
        return child.algorithms().toString();
    }

    /**
     * The largest inner packet the tunnel carries.
     *
     * @return octets
     */
    public int innerMtu() {
        return mtu.inner(child.suite(), peer().address().bitLength() == 128);
    }

    /**
     * How many inner packets came in.
     *
     * @return packets since the tunnel was up
     */
    public long inboundPackets() {
        return inboundPackets;
    }

    /**
     * How many octets of inner packets came in.
     *
     * @return octets since the tunnel was up
     */
    public long inboundOctets() {
        return inboundOctets;
    }

    /**
     * What the shell attached.
     *
     * @return the object, or null
     */
    public Object attachment() {
        return attachment;
    }

    /**
     * Attaches an object of the shell's.
     *
     * @param object any object, or null
     */
    public void attach(Object object) {
        attachment = object;
    }

    @Override
    public long nextDeadline() {
        return stack.nextDeadline();
    }

    @Override
    public void tick(long now) {
        stack.tick(now);
    }

    /** Says the number, the peer and the state. */
    @Override
    public String toString() {
        return "GatewayTunnel[" + id + " " + peer() + (up ? " up]" : "]");
    }
}
