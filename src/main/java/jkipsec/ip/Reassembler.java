package jkipsec.ip;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;

/**
 * Puts fragments together again, of IPv4 (RFC 791 §3.2) and of IPv6 (RFC 8200 §4.5), within bounds.
 *
 * <p>A fragment that overlaps another makes all of its packet worthless, what is still to come of it included (RFC 5722);
 * the same for IPv4. Only an exact repetition does no harm. When the bounds are reached, the packet that waits longest
 * gives way: who sends fragments without end gets none through, and costs no more than the bound.
 *
 * <p>Sans-I/O; confined to one thread.
 */
public final class Reassembler {
    /**
     * How much may wait.
     *
     * @param packets packets that are not whole yet, at least 1
     * @param octets what their fragments take in memory, at least 128 KiB, so that any packet fits
     * @param fragments fragments of one packet, at least 1
     * @param timeoutNanos how long after its first fragment a packet is given up, in nanoseconds, at least 1
     */
    public record Limits(int packets, int octets, int fragments, long timeoutNanos) {
        /** Checks that they can work. */
        public Limits {
            if (packets < 1 || octets < 128 * 1024 || fragments < 1 || timeoutNanos < 1) {
                throw new IllegalArgumentException("reassembly needs room for a packet of 128 KiB and time, not "
                        + packets + " packets, " + octets + " octets, " + fragments + " fragments, " + timeoutNanos
                        + " ns");
            }
        }

        /**
         * What suits one tunnel: 64 packets in 512 KiB, of 128 fragments each, for the 60 seconds of RFC 8200 §4.5.
         *
         * @return the limits
         */
        public static Limits defaults() {
            return new Limits(64, 512 * 1024, 128, 60_000_000_000L);
        }
    }

    /** Hears what becomes of fragments that do not become a packet; called from within the calls below. */
    public interface Listener {
        /**
         * Something was dropped; count it.
         *
         * @param reason why
         */
        void dropped(IpDrop reason);

        /**
         * A fragment is wrong in a way that its sender is to be told of; after {@link #dropped}.
         *
         * @param fragment the fragment
         * @param code the code of {@link IcmpMessage.ParameterProblem}
         * @param pointer octets from its start to what is wrong
         */
        void problem(IpPacket fragment, int code, int pointer);

        /**
         * Time ran out for a packet whose first fragment had come; after {@link #dropped}.
         *
         * @param first that fragment
         */
        void timedOut(IpPacket first);
    }

    /** What an entry of a map and its objects take beside the octets, roughly. */
    private static final int OVERHEAD = 128;

    private static final int MOST_OCTETS = 0xffff;
    private static final int UDP_HEADER = 8;
    private static final int TCP_HEADER = 20;

    private final Limits limits;
    private final Listener listener;

    /** In order of age, which is that of their deadlines. */
    private final Map<Key, Partial> partials = new LinkedHashMap<>();
    private int held;

    /** What fragments of one packet have in common; IPv6 has no protocol there (RFC 8200 §4.5). */
    private record Key(IpAddress source, IpAddress destination, int protocol, int identification) {}

    /**
     * A fragment's place in its packet.
     *
     * @param headers octets of its packet up to the fragmentable part, the fragment header left out
     * @param data the place in the packet's array of the fragmentable part
     * @param more whether others follow
     */
    private record Piece(IpPacket packet, int headers, int data, int offset, int length, boolean more) {}

    /** What there is of one packet. */
    private static final class Partial {
        private final long deadline;
        private final FragmentedData data = new FragmentedData();
        private int cost = OVERHEAD;
        private byte[] first;
        private int firstHeaders;
        private int firstProtocolAt;
        private boolean congestionExperienced;

        /** Given up because of an overlap: what still comes of it is dropped. */
        private boolean worthless;

        Partial(long deadline) {
            this.deadline = deadline;
        }
    }

    /**
     * Makes one with nothing waiting.
     *
     * @param limits how much may wait
     * @param listener hears what is dropped
     */
    public Reassembler(Limits limits, Listener listener) {
        this.limits = Objects.requireNonNull(limits, "limits");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Takes a fragment.
     *
     * @param fragment a packet of IPv4 that {@link IpPacket#isFragment}, or what {@link Ipv6Headers.Fragment} holds; its
     *     array is not kept
     * @param now the time in nanoseconds
     * @return the whole packet when this was what was missing, of an array of its own
     */
    public Optional<IpPacket> add(IpPacket fragment, long now) {
        Key key = keyOf(fragment);
        Piece piece = fragment.version() == 4 ? pieceOfV4(fragment) : pieceOfV6(fragment);
        Optional<Refusal> refusal = objection(piece);
        if (refusal.isPresent()) {
            listener.dropped(refusal.get().reason);
            if (refusal.get().pointer >= 0) {
                listener.problem(fragment, refusal.get().code, refusal.get().pointer);
            }
            return Optional.empty();
        }
        Partial partial = partials.get(key);
        if (partial == null) {
            partial = new Partial(now + limits.timeoutNanos());
            partials.put(key, partial);
            held += partial.cost;
        }
        if (partial.worthless) {
            listener.dropped(IpDrop.FRAGMENT_OVERLAP);
            return Optional.empty();
        }
        keep(key, partial, piece);
        if (partial.data.isWhole()) {
            remove(key);
            return whole(partial);
        }
        makeRoom();
        return Optional.empty();
    }

    /**
     * When {@link #tick} wants to be called.
     *
     * @return a time, or {@link Long#MAX_VALUE} when nothing waits
     */
    public long nextDeadline() {
        return partials.isEmpty() ? Long.MAX_VALUE : partials.values().iterator().next().deadline;
    }

    /**
     * Gives up what has waited too long.
     *
     * @param now the time in nanoseconds
     */
    public void tick(long now) {
        for (Iterator<Partial> oldest = partials.values().iterator(); oldest.hasNext();) {
            Partial partial = oldest.next();
            if (partial.deadline > now) {
                return;
            }
            oldest.remove();
            held -= partial.cost;
            if (!partial.worthless) {
                listener.dropped(IpDrop.FRAGMENT_TIMEOUT);
                if (partial.first != null) {
                    parsed(partial.first).ifPresent(listener::timedOut);
                }
            }
        }
    }

    /** Forgets all that waits. */
    public void clear() {
        partials.clear();
        held = 0;
    }

    /**
     * What waits.
     *
     * @return octets of memory, roughly; at most the limit
     */
    public int heldOctets() {
        return held;
    }

    private static Key keyOf(IpPacket fragment) {
        byte[] array = fragment.array();
        return fragment.version() == 4
                ? new Key(fragment.source(), fragment.destination(), fragment.protocol(),
                        Octets.u16(array, fragment.offset() + 4))
                : new Key(fragment.source(), fragment.destination(), IpProtocol.IPV6_FRAGMENT,
                        Octets.i32(array, fragment.payloadOffset() + 4));
    }

    private static Piece pieceOfV4(IpPacket packet) {
        int field = Octets.u16(packet.array(), packet.offset() + 6);
        return new Piece(packet, packet.payloadOffset() - packet.offset(), packet.payloadOffset(),
                (field & 0x1fff) * 8, packet.payloadLength(), (field & 0x2000) != 0);
    }

    private static Piece pieceOfV6(IpPacket packet) {
        int field = Octets.u16(packet.array(), packet.payloadOffset() + 2);
        return new Piece(packet, packet.payloadOffset() - packet.offset(),
                packet.payloadOffset() + Ipv6Headers.FRAGMENT_LENGTH, field & ~7,
                packet.payloadLength() - Ipv6Headers.FRAGMENT_LENGTH, (field & 1) != 0);
    }

    /** Why a fragment is refused, and what its sender is told if the pointer is not negative. */
    private record Refusal(IpDrop reason, int code, int pointer) {
        static Optional<Refusal> silent(IpDrop reason) {
            return Optional.of(new Refusal(reason, 0, -1));
        }

        static Optional<Refusal> told(IpDrop reason, Piece piece, int code, int pointer) {
            return Optional.of(new Refusal(reason, code, piece.packet.version() == 4 ? -1 : pointer));
        }
    }

    private static Optional<Refusal> objection(Piece piece) {
        IpPacket packet = piece.packet;
        int fixed = packet.version() == 4 ? 0 : IpHeader.IPV6_LENGTH;
        if (piece.length == 0) {
            return Refusal.silent(IpDrop.FRAGMENT_MALFORMED);
        }
        if (piece.more && piece.length % 8 != 0) {
            return Refusal.told(IpDrop.FRAGMENT_MALFORMED, piece, IcmpMessage.ParameterProblem.FIELD, 4);
        }
        if (piece.headers - fixed + piece.offset + piece.length > MOST_OCTETS) {
            return Refusal.told(IpDrop.FRAGMENT_MALFORMED, piece, IcmpMessage.ParameterProblem.FIELD,
                    piece.headers + 2);
        }
        if (piece.offset == 0 && !holdsAllHeaders(piece)) {
            return Refusal.told(IpDrop.FRAGMENT_TINY, piece, IcmpMessage.ParameterProblem.INCOMPLETE_HEADERS, 0);
        }
        return Optional.empty();
    }

    /** Whether the ports, or what the upper protocol has in their place, are in a first fragment. */
    private static boolean holdsAllHeaders(Piece piece) {
        try {
            Ipv6Headers behind = piece.packet.version() == 4
                    ? new Ipv6Headers.Payload(piece.packet)
                    : Ipv6Headers.walkFirstFragment(piece.packet);
            // What the headers say is judged when the packet is whole; here it counts that they are there.
            return !(behind instanceof Ipv6Headers.Payload end)
                    || end.packet().payloadLength() >= leastOf(end.packet().protocol());
        } catch (MalformedMessage cutShort) {
            return false;
        }
    }

    private static int leastOf(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> TCP_HEADER;
            case IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6 -> UDP_HEADER;
            default -> 0;
        };
    }

    private void keep(Key key, Partial partial, Piece piece) {
        byte[] copy = Arrays.copyOfRange(piece.packet.array(), piece.data, piece.data + piece.length);
        switch (partial.data.add(piece.offset, copy, piece.more)) {
            case ADDED -> {
                int cost = OVERHEAD + piece.length;
                partial.congestionExperienced |= piece.packet.ecn() == 3;
                if (piece.offset == 0) {
                    // With the data, so that the error that tells of its end can quote it.
                    partial.first = piece.packet.toBuffer().toByteArray();
                    partial.firstHeaders = piece.headers;
                    partial.firstProtocolAt = piece.packet.protocolOffset();
                    cost += partial.first.length;
                }
                partial.cost += cost;
                held += cost;
                if (partial.data.pieces() > limits.fragments()) {
                    remove(key);
                    listener.dropped(IpDrop.FRAGMENT_LIMIT);
                }
            }
            case REPEATED -> listener.dropped(IpDrop.FRAGMENT_DUPLICATE);
            case OVERLAPS -> {
                held -= partial.cost - OVERHEAD;
                partial.cost = OVERHEAD;
                partial.worthless = true;
                partial.first = null;
                partial.data.clear();
                listener.dropped(IpDrop.FRAGMENT_OVERLAP);
            }
        }
    }

    private void makeRoom() {
        while (held > limits.octets() || partials.size() > limits.packets()) {
            Key oldest = partials.keySet().iterator().next();
            remove(oldest);
            listener.dropped(IpDrop.FRAGMENT_LIMIT);
        }
    }

    private void remove(Key key) {
        Partial removed = partials.remove(key);
        if (removed != null) {
            held -= removed.cost;
        }
    }

    private Optional<IpPacket> whole(Partial partial) {
        boolean v4 = partial.first[0] >>> 4 == 4;
        int headers = partial.firstHeaders;
        int length = headers + partial.data.length();
        int declared = v4 ? length : length - IpHeader.IPV6_LENGTH;
        if (declared > MOST_OCTETS) { // the first fragment's headers are longer than those of the others
            listener.dropped(IpDrop.FRAGMENT_MALFORMED);
            return Optional.empty();
        }
        PacketBuffer packet = PacketBuffer.allocate(length);
        byte[] array = packet.array();
        int at = packet.offset();
        System.arraycopy(partial.first, 0, array, at, headers);
        partial.data.copyTo(array, at + headers);
        if (v4) {
            Octets.put16(array, at + 2, declared);
            Octets.put16(array, at + 6, 0);
            array[at + 1] |= (byte) (partial.congestionExperienced ? 3 : 0); // RFC 3168 §5.3
            Octets.put16(array, at + 10, 0);
            Octets.put16(array, at + 10, Checksum.of(array, at, headers));
        } else {
            Octets.put16(array, at + 4, declared);
            array[at + 1] |= (byte) (partial.congestionExperienced ? 0x30 : 0);
            array[at + partial.firstProtocolAt] = partial.first[headers];
        }
        return parsed(packet);
    }

    private Optional<IpPacket> parsed(byte[] packet) {
        return parsed(PacketBuffer.wrap(packet));
    }

    private Optional<IpPacket> parsed(PacketBuffer packet) {
        try {
            return Optional.of(IpPacket.parse(packet));
        } catch (MalformedMessage impossible) { // its headers were parsed before
            listener.dropped(IpDrop.FRAGMENT_MALFORMED);
            return Optional.empty();
        }
    }
}
