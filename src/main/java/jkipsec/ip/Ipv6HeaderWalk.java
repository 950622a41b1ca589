package jkipsec.ip;

import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;

/** One walk through a packet's extension headers, for {@link Ipv6Headers}. */
final class Ipv6HeaderWalk {
    private static final String RFC_8200 = "RFC 8200 §4";
    private static final int PAD_1 = 0;
    private static final int PAD_N = 1;
    private static final int ROUTER_ALERT = 5; // RFC 2711

    private final IpPacket packet;
    private final byte[] array;
    private final int end;
    private int at;
    private int nextAt;

    Ipv6HeaderWalk(IpPacket packet, int at, int nextAt) {
        this.packet = packet;
        this.array = packet.array();
        this.end = packet.offset() + packet.length();
        this.at = at;
        this.nextAt = nextAt;
    }

    Ipv6Headers go() throws MalformedMessage {
        for (int i = 0; i <= Ipv6Headers.MOST; i++) {
            int next = array[nextAt] & 0xff;
            Ipv6Headers found = null;
            int length;
            switch (next) {
                case IpProtocol.HOP_BY_HOP -> {
                    // §4.1: it comes first or not at all.
                    if (nextAt != packet.offset() + IpHeader.IPV6_NEXT_HEADER) {
                        return refused(IcmpMessage.ParameterProblem.NEXT_HEADER, nextAt);
                    }
                    length = lengthOfOptions();
                    found = options(length);
                }
                case IpProtocol.DESTINATION_OPTIONS -> {
                    length = lengthOfOptions();
                    found = options(length);
                }
                case IpProtocol.ROUTING -> {
                    length = lengthOfOptions();
                    // §4.4: with segments left it would have to be forwarded, by rules that no type here has.
                    found = array[at + 3] == 0 ? null : refused(IcmpMessage.ParameterProblem.FIELD, at + 2);
                }
                case IpProtocol.IPV6_FRAGMENT -> {
                    length = Ipv6Headers.FRAGMENT_LENGTH;
                    need(length);
                    if ((Octets.u16(array, at + 2) & ~6) != 0) {
                        return new Ipv6Headers.Fragment(here());
                    }
                }
                default -> {
                    return new Ipv6Headers.Payload(here());
                }
            }
            if (found != null) {
                return found;
            }
            nextAt = at;
            at += length;
        }
        throw new MalformedMessage("more than " + Ipv6Headers.MOST + " extension headers", at, RFC_8200);
    }

    private IpPacket here() {
        return packet.behind(at - packet.offset(), nextAt - packet.offset());
    }

    private Ipv6Headers.Refused refused(int code, int where) {
        return new Ipv6Headers.Refused(code, where - packet.offset());
    }

    private int lengthOfOptions() throws MalformedMessage {
        need(2);
        int length = 8 * (1 + (array[at + 1] & 0xff));
        need(length);
        return length;
    }

    private void need(int length) throws MalformedMessage {
        if (length > end - at) {
            throw new MalformedMessage(
                    "extension header of " + length + " octets, " + (end - at) + " left", at, RFC_8200);
        }
    }

    /** §4.2: what the two highest bits of an unknown option's type say. */
    private Ipv6Headers options(int length) throws MalformedMessage {
        int stop = at + length;
        int option = at + 2;
        while (option < stop) {
            int type = array[option] & 0xff;
            if (type == PAD_1) {
                option++;
                continue;
            }
            if (option + 2 > stop || option + 2 + (array[option + 1] & 0xff) > stop) {
                throw new MalformedMessage("option beyond its header", option, "RFC 8200 §4.2");
            }
            if (type != PAD_N && type != ROUTER_ALERT && type >>> 6 != 0) {
                return type >>> 6 == 1
                        ? new Ipv6Headers.Ignored()
                        : refused(IcmpMessage.ParameterProblem.OPTION, option);
            }
            option += 2 + (array[option + 1] & 0xff);
        }
        return null;
    }
}
