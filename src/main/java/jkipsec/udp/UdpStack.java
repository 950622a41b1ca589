package jkipsec.udp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.ip.Endpoint;
import jkipsec.ip.EphemeralPorts;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.Ipv4Address;
import jkipsec.ip.UdpHeader;

/**
 * All bound ports of one tunnel: packets in, {@link UdpAction}s out.
 *
 * <p>It takes packets for any local address: which addresses are local is for the caller to check. A packet that is
 * broken or fits nothing is dropped and counted, and never throws. Every checksum sent is computed; one of zero is taken
 * over IPv4 only (RFC 1122 §4.1.3.4, RFC 8200 §8.1).
 *
 * <p>It can also play the part of other hosts, see {@link #forward}.
 *
 * <p>Confined to one thread, together with its endpoints. The actions' receiver is called on that thread, and may itself
 * call any method.
 */
public final class UdpStack {
    private static final int MOST_V4 = 0xffff - 20 - UdpHeader.LENGTH;
    private static final int MOST_V6 = 0xffff - UdpHeader.LENGTH;

    private final RandomSource random;
    private final int mostEndpoints;
    private final Consumer<? super UdpAction> receiver;
    private final Map<Endpoint, UdpEndpoint> bound = new HashMap<>();

    /** Endpoints that take datagrams for every local address, by port. */
    private final Map<Integer, UdpEndpoint> everywhere = new HashMap<>();
    private UdpForwarder forwarder;
    private final long[] drops = new long[UdpDrop.values().length];

    /**
     * Makes a stack with nothing bound.
     *
     * @param mostEndpoints how many ports may be bound, at least 1
     * @param random where port numbers come from
     * @param actions receives what the stack wants done
     */
    public UdpStack(int mostEndpoints, RandomSource random, Consumer<? super UdpAction> actions) {
        if (mostEndpoints < 1) {
            throw new IllegalArgumentException("at least one port must be possible, not " + mostEndpoints);
        }
        this.mostEndpoints = mostEndpoints;
        this.random = Objects.requireNonNull(random, "random");
        this.receiver = Objects.requireNonNull(actions, "actions");
    }

    /**
     * How much fits a datagram (RFC 768), which may have to be fragmented then.
     *
     * @param destination an address of the family in question
     * @return octets
     */
    public static int mostOctets(IpAddress destination) {
        return destination instanceof Ipv4Address ? MOST_V4 : MOST_V6;
    }

    /**
     * Binds a port.
     *
     * @param local a local address, or an unspecified one of either family for all of them, of both families; and a
     *     port, or 0 to have one chosen
     * @return the endpoint; nothing when the port is in use, none is free, or there are as many as there may be
     */
    public Optional<UdpEndpoint> bind(Endpoint local) {
        if (bound.size() + everywhere.size() >= mostEndpoints) {
            return Optional.empty();
        }
        Endpoint at = local;
        if (local.port() == 0) {
            OptionalInt port = EphemeralPorts.choose(random, candidate -> isFree(new Endpoint(local.address(), candidate)));
            if (port.isEmpty()) {
                return Optional.empty();
            }
            at = new Endpoint(local.address(), port.getAsInt());
        } else if (!isFree(local)) {
            return Optional.empty();
        }
        var endpoint = new UdpEndpoint(this, at);
        if (at.address().isUnspecified()) {
            everywhere.put(at.port(), endpoint);
        } else {
            bound.put(at, endpoint);
        }
        return Optional.of(endpoint);
    }

    private boolean isFree(Endpoint local) {
        return !everywhere.containsKey(local.port())
                && (local.address().isUnspecified()
                        ? bound.keySet().stream().noneMatch(other -> other.port() == local.port())
                        : !bound.containsKey(local));
    }

    /**
     * Takes a packet from the tunnel.
     *
     * @param packet one with protocol 17 that is no fragment
     */
    public void receive(IpPacket packet) {
        UdpHeader header;
        try {
            header = UdpHeader.parse(packet);
        } catch (MalformedMessage malformed) {
            drop(UdpDrop.MALFORMED);
            return;
        }
        var source = new Endpoint(packet.source(), header.sourcePort());
        UdpEndpoint endpoint = find(new Endpoint(packet.destination(), header.destinationPort()));
        if (endpoint != null && (endpoint.remote().isEmpty() || endpoint.remote().get().equals(source))) {
            receiver.accept(new UdpAction.Received(endpoint, source, packet.array(),
                    packet.payloadOffset() + UdpHeader.LENGTH, header.payloadLength()));
        } else {
            drop(UdpDrop.PORT_CLOSED);
            receiver.accept(new UdpAction.PortClosed(packet));
        }
    }

    /**
     * From now on makes flows of the datagrams that {@link #receiveForOthers} is given.
     *
     * @param limits how many there may be
     */
    public void forward(UdpForwarding limits) {
        if (forwarder != null) {
            throw new IllegalStateException("this stack forwards already");
        }
        forwarder = new UdpForwarder(this, limits);
    }

    /**
     * Takes a packet for an address that is not ours: {@link UdpAction.Offered} follows the first of a flow.
     *
     * @param packet one with protocol 17 that is no fragment; the stack owns its array from then on
     * @param now the time in nanoseconds
     * @throws IllegalStateException when {@link #forward} was not called
     */
    public void receiveForOthers(IpPacket packet, long now) {
        if (forwarder == null) {
            throw new IllegalStateException("this stack does not forward; call forward first");
        }
        forwarder.arrive(packet, now);
    }

    /**
     * When {@link #tick} wants to be called.
     *
     * @return a time, or {@link Long#MAX_VALUE} when there is no flow
     */
    public long nextDeadline() {
        return forwarder == null ? Long.MAX_VALUE : forwarder.nextDeadline();
    }

    /**
     * Ends flows that were idle for too long.
     *
     * @param now the time; when it is {@link #nextDeadline()} or later, the next deadline is later than now afterwards
     */
    public void tick(long now) {
        if (forwarder != null) {
            forwarder.tick(now);
        }
    }

    /**
     * The network says that a datagram did not arrive (ICMP destination unreachable); told to who sent it, if that is
     * connected to where it went. To the others it would mean nothing, since they talk to many (RFC 1122 §4.1.3.3).
     *
     * @param local the source of the datagram reported
     * @param remote its destination
     * @param port true when the port is closed, false when the host was not reached
     * @return whether there is such an endpoint
     */
    public boolean unreachable(Endpoint local, Endpoint remote, boolean port) {
        UdpEndpoint forwarded = forwarder == null ? null : forwarder.find(local, remote);
        UdpEndpoint endpoint = forwarded == null ? find(local) : forwarded;
        if (endpoint == null || !endpoint.remote().equals(Optional.of(remote))) {
            return false;
        }
        receiver.accept(new UdpAction.Unreachable(endpoint, remote, port));
        return true;
    }

    /** Frees every port and forgets every flow: there is no tunnel any more. */
    public void closeAll() {
        var all = new ArrayList<>(bound.values());
        all.addAll(everywhere.values());
        all.forEach(UdpEndpoint::close);
        if (forwarder != null) {
            forwarder.clear();
        }
    }

    /**
     * The bound ports.
     *
     * @return how many
     */
    public int endpointCount() {
        return bound.size() + everywhere.size();
    }

    /**
     * What was dropped since the stack was made.
     *
     * @return the number of datagrams for each reason that occurred
     */
    public Map<UdpDrop, Long> drops() {
        var counts = new EnumMap<UdpDrop, Long>(UdpDrop.class);
        for (UdpDrop reason : UdpDrop.values()) {
            if (drops[reason.ordinal()] > 0) {
                counts.put(reason, drops[reason.ordinal()]);
            }
        }
        return Collections.unmodifiableMap(counts);
    }

    void send(Endpoint source, Endpoint destination, byte[] payload) {
        if (destination.port() == 0 || !source.address().sameFamily(destination.address())) {
            throw new IllegalArgumentException("cannot send from " + source + " to " + destination
                    + ": give a port other than 0 and addresses of one family");
        }
        if (payload.length > mostOctets(destination.address())) {
            throw new IllegalArgumentException("a datagram holds " + mostOctets(destination.address())
                    + " octets at most, not " + payload.length);
        }
        receiver.accept(new UdpAction.Transmit(new UdpHeader(source.port(), destination.port(), payload.length)
                .packet(source.address(), destination.address(), payload)));
    }

    void drop(UdpDrop reason) {
        drops[reason.ordinal()]++;
    }

    void emit(UdpAction action) {
        receiver.accept(action);
    }

    void remove(UdpEndpoint endpoint) {
        if (endpoint.flow() != null) {
            forwarder.remove(endpoint.flow());
            return;
        }
        bound.remove(endpoint.local(), endpoint);
        everywhere.remove(endpoint.local().port(), endpoint);
    }

    private UdpEndpoint find(Endpoint local) {
        UdpEndpoint exact = bound.get(local);
        return exact != null ? exact : everywhere.get(local.port());
    }
}
