package jkipsec.stack;

import jkipsec.bytes.Octets;
import jkipsec.bytes.RateLimit;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.Ipv4Address;
import jkipsec.ip.Ipv6Address;

/**
 * Which packets may be answered by an ICMP error (RFC 1122 §3.2.2, RFC 4443 §2.4 (e)), and how many in a second
 * (RFC 1812 §4.3.2.8, RFC 4443 §2.4 (f)). Confined to the stack's thread.
 */
final class IcmpErrors {
    private final RateLimit limit;

    IcmpErrors(int perSecond) {
        limit = new RateLimit(perSecond);
    }

    /** Whether a packet may be answered now; counts the answer when so. */
    boolean mayAnswer(IpPacket packet, long now) {
        return isOneHost(packet.source()) && isUnicast(packet.destination()) && !isLaterFragment(packet)
                && !isIcmpError(packet) && limit.tryAcquire(now);
    }

    private static boolean isLaterFragment(IpPacket packet) {
        return packet.version() == 4 && (Octets.u16(packet.array(), packet.offset() + 6) & 0x1fff) != 0;
    }

    /** Also what is no known question: an error about it might be one about an error. */
    private static boolean isIcmpError(IpPacket packet) {
        if (packet.payloadLength() == 0) {
            return false;
        }
        int type = packet.array()[packet.payloadOffset()] & 0xff;
        return switch (packet.protocol()) {
            case IpProtocol.ICMP -> packet.version() == 4 && type != 8 && type != 13;
            case IpProtocol.ICMPV6 -> packet.version() == 6 && type < 128;
            default -> false;
        };
    }

    /** Whether an answer to this address reaches one host, and another one than this. */
    private static boolean isOneHost(IpAddress address) {
        return isUnicast(address) && switch (address) {
            case Ipv4Address v4 -> v4.bits() >>> 24 != 127 && v4.bits() >>> 24 != 0;
            case Ipv6Address v6 -> !(v6.high() == 0 && v6.low() == 1);
        };
    }

    private static boolean isUnicast(IpAddress address) {
        return !address.isUnspecified() && switch (address) {
            case Ipv4Address v4 -> v4.bits() >>> 28 < 0xe;
            case Ipv6Address v6 -> v6.high() >>> 56 != 0xff;
        };
    }
}
