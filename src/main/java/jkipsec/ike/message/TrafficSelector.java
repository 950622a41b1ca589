package jkipsec.ike.message;

import java.util.Objects;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.Ipv4Address;
import jkipsec.ip.Ipv6Address;

/**
 * A range of addresses and ports that packets may come from or go to (RFC 7296 §3.13.1).
 *
 * <p>Start port 65,535 with end port 0 means OPAQUE: only packets whose port cannot be seen, such as later fragments.
 *
 * @param protocol the {@link IpProtocol}, 0 to 255; {@link IpProtocol#ANY} for all
 * @param startPort the lowest port, 0 to 65,535; for ICMP type and code
 * @param endPort the highest port, 0 to 65,535, not below the lowest unless OPAQUE
 * @param start the lowest address
 * @param end the highest address, of the same family and not below the lowest
 */
public record TrafficSelector(int protocol, int startPort, int endPort, IpAddress start, IpAddress end) {
    private static final String SECTION = "RFC 7296 §3.13.1";
    private static final int HEADER_LENGTH = 8;
    private static final int MAX_PORT = 0xffff;

    /** Checks that both ranges are ranges. */
    public TrafficSelector {
        Require.u8("protocol", protocol);
        Require.u16("start port", startPort);
        Require.u16("end port", endPort);
        Objects.requireNonNull(start, "start");
        if (startPort > endPort && !isOpaque(startPort, endPort)) {
            throw new IllegalArgumentException("no range of ports: " + startPort + " to " + endPort);
        }
        if (!start.sameFamily(end) || start.compareTo(end) > 0) {
            throw new IllegalArgumentException("no range of addresses: " + start + " to " + end);
        }
    }

    /**
     * All packets of a block of addresses.
     *
     * @param prefix the block
     * @return its selector, for any protocol and port
     */
    public static TrafficSelector of(IpPrefix prefix) {
        return new TrafficSelector(IpProtocol.ANY, 0, MAX_PORT, prefix.first(), prefix.last());
    }

    /**
     * All packets of one address.
     *
     * @param address the address
     * @return its selector, for any protocol and port
     */
    public static TrafficSelector of(IpAddress address) {
        return new TrafficSelector(IpProtocol.ANY, 0, MAX_PORT, address, address);
    }

    /**
     * All IPv4 packets.
     *
     * @return 0.0.0.0/0
     */
    public static TrafficSelector anyIpv4() {
        return of(new IpPrefix(Ipv4Address.ANY, 0));
    }

    /**
     * All IPv6 packets.
     *
     * @return ::/0
     */
    public static TrafficSelector anyIpv6() {
        return of(new IpPrefix(Ipv6Address.ANY, 0));
    }

    /** Reads a selector; nothing for a type not known here. */
    static Optional<TrafficSelector> parse(ByteReader reader) throws MalformedMessage {
        int type = reader.u8("TS type");
        int protocol = reader.u8("IP protocol ID");
        int length = reader.u16("selector length");
        ByteReader selector = reader.slice(length - 4, "traffic selector", SECTION);
        int octets;
        switch (type) {
            case TrafficSelectorType.TS_IPV4_ADDR_RANGE -> octets = Ipv4Address.OCTETS;
            case TrafficSelectorType.TS_IPV6_ADDR_RANGE -> octets = Ipv6Address.OCTETS;
            default -> {
                return Optional.empty();
            }
        }
        int startPort = selector.u16("start port");
        int endPort = selector.u16("end port");
        var start = IpAddress.of(selector.bytes(octets, "starting address"));
        var end = IpAddress.of(selector.bytes(octets, "ending address"));
        selector.expectEnd("the traffic selector");
        if (start.compareTo(end) > 0 || startPort > endPort && !isOpaque(startPort, endPort)) {
            throw selector.malformed("range that ends before it starts");
        }
        return Optional.of(new TrafficSelector(protocol, startPort, endPort, start, end));
    }

    void write(ByteWriter out) {
        int type = start instanceof Ipv4Address
                ? TrafficSelectorType.TS_IPV4_ADDR_RANGE
                : TrafficSelectorType.TS_IPV6_ADDR_RANGE;
        out.u8(type).u8(protocol).u16(length()).u16(startPort).u16(endPort);
        out.bytes(start.toByteArray()).bytes(end.toByteArray());
    }

    int length() {
        return HEADER_LENGTH + start.bitLength() / 4;
    }

    /**
     * Whether a packet may pass.
     *
     * @param address the packet's address at this end
     * @param packetProtocol its protocol, 1 to 255
     * @param port its port at this end, 0 to 65,535; 0 for protocols without ports
     * @return true when it is within both ranges
     */
    public boolean contains(IpAddress address, int packetProtocol, int port) {
        return address.sameFamily(start) && start.compareTo(address) <= 0 && address.compareTo(end) <= 0
                && (protocol == IpProtocol.ANY || protocol == packetProtocol)
                && startPort <= port && port <= endPort;
    }

    /**
     * Whether an address is in the range, whatever protocol and port.
     *
     * @param address an address of either family
     * @return true when it is
     */
    public boolean contains(IpAddress address) {
        return address.sameFamily(start) && start.compareTo(address) <= 0 && address.compareTo(end) <= 0;
    }

    /**
     * What two selectors have in common, as for narrowing an offer (RFC 7296 §2.9).
     *
     * @param other any selector
     * @return the packets both let pass; nothing when there are none
     */
    public Optional<TrafficSelector> intersect(TrafficSelector other) {
        boolean protocolsMeet =
                protocol == other.protocol || protocol == IpProtocol.ANY || other.protocol == IpProtocol.ANY;
        if (!protocolsMeet || !start.sameFamily(other.start)) {
            return Optional.empty();
        }
        IpAddress first = start.compareTo(other.start) >= 0 ? start : other.start;
        IpAddress last = end.compareTo(other.end) <= 0 ? end : other.end;
        int firstPort = Math.max(startPort, other.startPort);
        int lastPort = Math.min(endPort, other.endPort);
        // ANY port includes OPAQUE (§3.13.1), and the maximum and minimum above make OPAQUE of the two.
        boolean portsMeet = firstPort <= lastPort
                || isOpaque(firstPort, lastPort) && (coversPortsOf(other) || other.coversPortsOf(this));
        return first.compareTo(last) > 0 || !portsMeet
                ? Optional.empty()
                : Optional.of(
                        new TrafficSelector(Math.max(protocol, other.protocol), firstPort, lastPort, first, last));
    }

    /**
     * Whether every packet another selector lets pass may pass here too.
     *
     * @param other any selector
     * @return true when this one covers it
     */
    public boolean covers(TrafficSelector other) {
        return intersect(other).equals(Optional.of(other));
    }

    private boolean coversPortsOf(TrafficSelector other) {
        boolean any = startPort == 0 && endPort == MAX_PORT;
        return any || startPort == other.startPort && endPort == other.endPort;
    }

    private static boolean isOpaque(int startPort, int endPort) {
        return startPort == MAX_PORT && endPort == 0;
    }

    /** Gives the block or range of addresses, then protocol and ports where they are limited. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        int prefix = start.bitLength();
        while (prefix > 0 && start.first(prefix - 1).equals(start) && start.last(prefix - 1).compareTo(end) <= 0) {
            prefix--;
        }
        if (start.last(prefix).equals(end)) {
            text.append(start).append('/').append(prefix);
        } else {
            text.append(start).append('-').append(end);
        }
        if (protocol != IpProtocol.ANY) {
            text.append('[').append(IpProtocol.nameOf(protocol)).append(']');
        }
        if (isOpaque(startPort, endPort)) {
            text.append(":opaque");
        } else if (startPort != 0 || endPort != MAX_PORT) {
            text.append(':').append(startPort).append(startPort == endPort ? "" : "-" + endPort);
        }
        return text.toString();
    }
}
