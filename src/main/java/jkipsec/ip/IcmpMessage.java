package jkipsec.ip;

import java.util.Arrays;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;

/**
 * An ICMP message of either family: RFC 792 and RFC 1191 for IPv4, RFC 4443 for IPv6. Types mean the same in both;
 * which numbers go on the wire follows from the packet's addresses.
 *
 * <p>The records copy neither in nor out: their arrays must not be changed. Their {@code equals} compares contents.
 */
public sealed interface IcmpMessage {
    /**
     * Asks for an {@link EchoReply}: a ping.
     *
     * @param identifier tells one asker from another, 0 to 65,535
     * @param sequence tells one question from another, 0 to 65,535
     * @param data comes back in the reply
     */
    record EchoRequest(int identifier, int sequence, byte[] data) implements IcmpMessage {
        /** Checks that the numbers fit. */
        public EchoRequest {
            requireShort("identifier", identifier);
            requireShort("sequence", sequence);
        }

        /**
         * The answer to this.
         *
         * @return a reply with the same identifier, sequence and data
         */
        public EchoReply reply() {
            return new EchoReply(identifier, sequence, data);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof EchoRequest that && identifier == that.identifier && sequence == that.sequence
                    && Arrays.equals(data, that.data);
        }

        @Override
        public int hashCode() {
            return (31 * identifier + sequence) * 31 + Arrays.hashCode(data);
        }

        @Override
        public String toString() {
            return "EchoRequest[" + identifier + ", " + sequence + ", " + data.length + " octets]";
        }
    }

    /**
     * Answers an {@link EchoRequest}.
     *
     * @param identifier the request's
     * @param sequence the request's
     * @param data the request's
     */
    record EchoReply(int identifier, int sequence, byte[] data) implements IcmpMessage {
        /** Checks that the numbers fit. */
        public EchoReply {
            requireShort("identifier", identifier);
            requireShort("sequence", sequence);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof EchoReply that && identifier == that.identifier && sequence == that.sequence
                    && Arrays.equals(data, that.data);
        }

        @Override
        public int hashCode() {
            return (31 * identifier + sequence) * 31 + Arrays.hashCode(data);
        }

        @Override
        public String toString() {
            return "EchoReply[" + identifier + ", " + sequence + ", " + data.length + " octets]";
        }
    }

    /**
     * Says that a packet did not reach its destination, other than for its size.
     *
     * @param code why, as the family numbers it; {@link #unreachablePort} makes the commonest one
     * @param original the beginning of that packet, from its IP header on
     */
    record Unreachable(int code, byte[] original) implements IcmpMessage {
        /** Checks the code. */
        public Unreachable {
            requireOctet("code", code);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Unreachable that && code == that.code && Arrays.equals(original, that.original);
        }

        @Override
        public int hashCode() {
            return 31 * code + Arrays.hashCode(original);
        }

        @Override
        public String toString() {
            return "Unreachable[code " + code + ", " + original.length + " octets]";
        }
    }

    /**
     * Says that a packet was too big for a link on its way: IPv4's "fragmentation needed", IPv6's "packet too big".
     *
     * @param mtu the largest packet that link takes, in octets, 0 when not told; over IPv4 at most 65,535
     * @param original the beginning of the packet, from its IP header on
     */
    record TooBig(int mtu, byte[] original) implements IcmpMessage {
        /** Checks the MTU. */
        public TooBig {
            if (mtu < 0) {
                throw new IllegalArgumentException("an MTU cannot be negative: " + mtu);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof TooBig that && mtu == that.mtu && Arrays.equals(original, that.original);
        }

        @Override
        public int hashCode() {
            return 31 * mtu + Arrays.hashCode(original);
        }

        @Override
        public String toString() {
            return "TooBig[MTU " + mtu + ", " + original.length + " octets]";
        }
    }

    /**
     * Says that a packet, or a part of one, was given up because it took too long.
     *
     * @param code {@link #HOPS} or {@link #REASSEMBLY}, or whatever came
     * @param original the beginning of that packet, from its IP header on
     */
    record TimeExceeded(int code, byte[] original) implements IcmpMessage {
        /** The hop limit, or time to live, ran out on the way. */
        public static final int HOPS = 0;

        /** The other fragments of the packet did not come in time. */
        public static final int REASSEMBLY = 1;

        /** Checks the code. */
        public TimeExceeded {
            requireOctet("code", code);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof TimeExceeded that && code == that.code && Arrays.equals(original, that.original);
        }

        @Override
        public int hashCode() {
            return 31 * code + Arrays.hashCode(original);
        }

        @Override
        public String toString() {
            return "TimeExceeded[code " + code + ", " + original.length + " octets]";
        }
    }

    /**
     * Says that something in a packet was not understood.
     *
     * @param code what kind of thing, as the family numbers it
     * @param pointer octets from the packet's start to it; over IPv4 at most 255
     * @param original the beginning of that packet, from its IP header on
     */
    record ParameterProblem(int code, int pointer, byte[] original) implements IcmpMessage {
        /** A header's field has a value that makes no sense. */
        public static final int FIELD = 0;

        /** A next header that nothing here takes; IPv6 only. */
        public static final int NEXT_HEADER = 1;

        /** An option that nothing here knows; IPv6 only. */
        public static final int OPTION = 2;

        /** The first fragment does not hold all headers (RFC 7112); IPv6 only. */
        public static final int INCOMPLETE_HEADERS = 3;

        /** Checks the numbers. */
        public ParameterProblem {
            requireOctet("code", code);
            if (pointer < 0) {
                throw new IllegalArgumentException("a pointer cannot be negative: " + pointer);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ParameterProblem that && code == that.code && pointer == that.pointer
                    && Arrays.equals(original, that.original);
        }

        @Override
        public int hashCode() {
            return (31 * code + pointer) * 31 + Arrays.hashCode(original);
        }

        @Override
        public String toString() {
            return "ParameterProblem[code " + code + " at " + pointer + ", " + original.length + " octets]";
        }
    }

    /**
     * Any message of another type.
     *
     * @param type its type, 0 to 255
     * @param code its code, 0 to 255
     * @param body what follows the checksum
     */
    record Other(int type, int code, byte[] body) implements IcmpMessage {
        /** Checks that the numbers fit. */
        public Other {
            requireOctet("type", type);
            requireOctet("code", code);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Other that && type == that.type && code == that.code
                    && Arrays.equals(body, that.body);
        }

        @Override
        public int hashCode() {
            return (31 * type + code) * 31 + Arrays.hashCode(body);
        }

        @Override
        public String toString() {
            return "Other[type " + type + ", code " + code + ", " + body.length + " octets]";
        }
    }

    /** Octets that every message begins with: type, code and checksum. */
    int HEADER_LENGTH = 4;

    /**
     * Reads a packet's payload and verifies the checksum.
     *
     * @param packet a packet with protocol {@link IpProtocol#ICMP} or {@link IpProtocol#ICMPV6} that is no fragment
     * @return the message; types not known here, and known ones with a code they do not have, as {@link Other}
     * @throws MalformedMessage when it is too short or the checksum is wrong
     */
    static IcmpMessage parse(IpPacket packet) throws MalformedMessage {
        return IcmpCodec.parse(packet);
    }

    /**
     * Makes a whole packet.
     *
     * @param source the address this is sent from
     * @param destination the address this is sent to, of the same family
     * @return an IP packet with room around it for the tunnel
     */
    default PacketBuffer packet(IpAddress source, IpAddress destination) {
        return IcmpCodec.packet(this, source, destination);
    }

    /**
     * Says that nothing listens at the port a packet was sent to.
     *
     * @param refused that packet
     * @return the message, with as much of the packet as every host must accept
     */
    static Unreachable unreachablePort(IpPacket refused) {
        int code = refused.version() == 4 ? 3 : 4; // RFC 792; RFC 4443 §3.1
        return new Unreachable(code, IcmpCodec.beginningOf(refused));
    }

    /**
     * Says that no way leads to the host a packet was sent to.
     *
     * @param refused that packet
     * @return the message, with as much of the packet as every host must accept
     */
    static Unreachable unreachableHost(IpPacket refused) {
        int code = refused.version() == 4 ? 1 : 0; // RFC 792; RFC 4443 §3.1: no route to destination
        return new Unreachable(code, IcmpCodec.beginningOf(refused));
    }

    /**
     * Says that nothing takes a packet's payload: "protocol unreachable" over IPv4 (RFC 1122 §3.2.2.1), "unrecognized
     * next header" over IPv6 (RFC 4443 §3.4).
     *
     * @param refused that packet
     * @return the message, with as much of the packet as every host must accept
     */
    static IcmpMessage unknownProtocol(IpPacket refused) {
        return refused.version() == 4
                ? new Unreachable(2, IcmpCodec.beginningOf(refused))
                : problem(refused, ParameterProblem.NEXT_HEADER, refused.protocolOffset());
    }

    /**
     * Says what was wrong with a packet.
     *
     * @param refused that packet
     * @param code one of those in {@link ParameterProblem}
     * @param pointer octets from the packet's start to it
     * @return the message, with as much of the packet as every host must accept
     */
    static ParameterProblem problem(IpPacket refused, int code, int pointer) {
        return new ParameterProblem(code, pointer, IcmpCodec.beginningOf(refused));
    }

    /**
     * Says that the other fragments of a packet did not come in time (RFC 1122 §3.3.2, RFC 8200 §4.5).
     *
     * @param first the fragment with the packet's beginning
     * @return the message, with as much of the fragment as every host must accept
     */
    static TimeExceeded reassemblyTimeout(IpPacket first) {
        return new TimeExceeded(TimeExceeded.REASSEMBLY, IcmpCodec.beginningOf(first));
    }

    private static void requireShort(String what, int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException("the " + what + " is 0 to 65535, not " + value);
        }
    }

    private static void requireOctet(String what, int value) {
        if (value < 0 || value > 0xff) {
            throw new IllegalArgumentException("the " + what + " is 0 to 255, not " + value);
        }
    }
}
