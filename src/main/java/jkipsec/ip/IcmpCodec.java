package jkipsec.ip;

import java.util.Arrays;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IcmpMessage.EchoReply;
import jkipsec.ip.IcmpMessage.EchoRequest;
import jkipsec.ip.IcmpMessage.Other;
import jkipsec.ip.IcmpMessage.ParameterProblem;
import jkipsec.ip.IcmpMessage.TimeExceeded;
import jkipsec.ip.IcmpMessage.TooBig;
import jkipsec.ip.IcmpMessage.Unreachable;

/** ICMP on the wire: type, code, checksum, four octets whose meaning depends on the type, and the rest. */
final class IcmpCodec {
    private static final int BODY = IcmpMessage.HEADER_LENGTH;
    private static final int DATA = BODY + 4;
    private static final int FRAGMENTATION_NEEDED = 4;

    /** What an error may quote so that the whole fits in 576 octets (RFC 1812 §4.3.2.3) or 1,280 (RFC 4443 §3.1). */
    private static final int QUOTE_V4 = 576 - IpHeader.IPV4_LENGTH - DATA;

    private static final int QUOTE_V6 = 1280 - IpHeader.IPV6_LENGTH - DATA;

    private IcmpCodec() {}

    /** The type numbers of one family. */
    private enum Types {
        V4(IpProtocol.ICMP, 8, 0, 3, 3, 11, 12),
        V6(IpProtocol.ICMPV6, 128, 129, 1, 2, 3, 4);

        final int protocol;
        final int echoRequest;
        final int echoReply;
        final int unreachable;
        final int tooBig;
        final int timeExceeded;
        final int parameterProblem;

        Types(int protocol, int echoRequest, int echoReply, int unreachable, int tooBig, int timeExceeded,
                int parameterProblem) {
            this.protocol = protocol;
            this.echoRequest = echoRequest;
            this.echoReply = echoReply;
            this.unreachable = unreachable;
            this.tooBig = tooBig;
            this.timeExceeded = timeExceeded;
            this.parameterProblem = parameterProblem;
        }
    }

    static IcmpMessage parse(IpPacket packet) throws MalformedMessage {
        Types types = packet.version() == 4 ? Types.V4 : Types.V6;
        String section = types == Types.V4 ? "RFC 792" : "RFC 4443 §2.1";
        byte[] array = packet.array();
        int at = packet.payloadOffset();
        int length = packet.payloadLength();
        if (length < BODY) {
            throw new MalformedMessage("message of " + length + " octets", at, section);
        }
        long pseudoHeader = types == Types.V4 ? 0 : packet.pseudoHeader();
        if (Checksum.finish(Checksum.add(pseudoHeader, array, at, length)) != 0) {
            throw new MalformedMessage("wrong checksum", at + 2, section);
        }
        int type = array[at] & 0xff;
        int code = array[at + 1] & 0xff;
        if (length >= DATA) {
            byte[] data = Arrays.copyOfRange(array, at + DATA, at + length);
            if (type == types.echoRequest && code == 0) {
                return new EchoRequest(Octets.u16(array, at + BODY), Octets.u16(array, at + BODY + 2), data);
            }
            if (type == types.echoReply && code == 0) {
                return new EchoReply(Octets.u16(array, at + BODY), Octets.u16(array, at + BODY + 2), data);
            }
            if (types == Types.V4 && type == types.tooBig && code == FRAGMENTATION_NEEDED) {
                return new TooBig(Octets.u16(array, at + BODY + 2), data);
            }
            if (types == Types.V6 && type == types.tooBig && code == 0) {
                return new TooBig(Math.max(0, Octets.i32(array, at + BODY)), data);
            }
            if (type == types.unreachable) {
                return new Unreachable(code, data);
            }
            if (type == types.timeExceeded) {
                return new TimeExceeded(code, data);
            }
            if (type == types.parameterProblem) {
                int pointer = types == Types.V4 ? array[at + BODY] & 0xff : Octets.i32(array, at + BODY);
                return new ParameterProblem(code, Math.max(0, pointer), data);
            }
        }
        return new Other(type, code, Arrays.copyOfRange(array, at + BODY, at + length));
    }

    static PacketBuffer packet(IcmpMessage message, IpAddress source, IpAddress destination) {
        Types types = source instanceof Ipv4Address ? Types.V4 : Types.V6;
        byte[] octets = write(message, types);
        long pseudoHeader = types == Types.V4
                ? 0
                : Checksum.pseudoHeader(source, destination, IpProtocol.ICMPV6, octets.length);
        Octets.put16(octets, 2, Checksum.finish(Checksum.add(pseudoHeader, octets, 0, octets.length)));
        IpHeader ip = IpHeader.of(source, destination, types.protocol);
        PacketBuffer packet = ip.allocate(octets.length);
        System.arraycopy(octets, 0, packet.array(), packet.offset() + ip.length(), octets.length);
        return packet;
    }

    private static byte[] write(IcmpMessage message, Types types) {
        return switch (message) {
            case EchoRequest echo ->
                octets(types.echoRequest, 0, echo.identifier() << 16 | echo.sequence(), echo.data());
            case EchoReply echo -> octets(types.echoReply, 0, echo.identifier() << 16 | echo.sequence(), echo.data());
            case Unreachable unreachable -> octets(types.unreachable, unreachable.code(), 0, unreachable.original());
            case TooBig tooBig -> {
                if (types == Types.V4 && tooBig.mtu() > 0xffff) {
                    throw new IllegalArgumentException("over IPv4 an MTU is at most 65535, not " + tooBig.mtu());
                }
                yield octets(types.tooBig, types == Types.V4 ? FRAGMENTATION_NEEDED : 0, tooBig.mtu(),
                        tooBig.original());
            }
            case TimeExceeded late -> octets(types.timeExceeded, late.code(), 0, late.original());
            case ParameterProblem problem -> {
                if (types == Types.V4 && problem.pointer() > 0xff) {
                    throw new IllegalArgumentException("over IPv4 a pointer is at most 255, not " + problem.pointer());
                }
                yield octets(types.parameterProblem, problem.code(),
                        types == Types.V4 ? problem.pointer() << 24 : problem.pointer(), problem.original());
            }
            case Other other -> {
                byte[] octets = new byte[BODY + other.body().length];
                octets[0] = (byte) other.type();
                octets[1] = (byte) other.code();
                System.arraycopy(other.body(), 0, octets, BODY, other.body().length);
                yield octets;
            }
        };
    }

    private static byte[] octets(int type, int code, int word, byte[] data) {
        byte[] octets = new byte[DATA + data.length];
        octets[0] = (byte) type;
        octets[1] = (byte) code;
        Octets.put32(octets, BODY, word);
        System.arraycopy(data, 0, octets, DATA, data.length);
        return octets;
    }

    static byte[] beginningOf(IpPacket packet) {
        int most = packet.version() == 4 ? QUOTE_V4 : QUOTE_V6;
        return Arrays.copyOfRange(packet.array(), packet.offset(),
                packet.offset() + Math.min(packet.length(), most));
    }
}
