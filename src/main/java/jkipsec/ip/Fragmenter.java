package jkipsec.ip;

import java.util.ArrayList;
import java.util.List;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;

/** Splits a packet of our own that is too big for the tunnel (RFC 791 §3.2, RFC 8200 §4.5). Pure. */
public final class Fragmenter {
    private static final int MORE = 1;

    private Fragmenter() {}

    /**
     * Splits a packet that this end is the source of. IPv4's Don't Fragment is cleared: routers may split on.
     *
     * @param packet a whole packet with the header that {@link IpHeader} writes; not used again
     * @param mtu the largest packet that may be sent, in octets: at least 68 for IPv4, 56 for IPv6
     * @param identification a number that no other packet of these addresses has had lately; IPv4 takes its low 16 bits
     * @return the packet itself when it is small enough, or its fragments in their order
     */
    public static List<PacketBuffer> split(PacketBuffer packet, int mtu, int identification) {
        if (packet.length() <= mtu) {
            return List.of(packet);
        }
        boolean v4 = packet.array()[packet.offset()] >>> 4 == 4;
        int header = v4 ? IpHeader.IPV4_LENGTH : IpHeader.IPV6_LENGTH;
        int before = v4 ? header : header + Ipv6Headers.FRAGMENT_LENGTH;
        int most = (mtu - before) / 8 * 8;
        if (most < 8) {
            throw new IllegalArgumentException("an MTU of " + mtu + " octets holds no fragment");
        }
        int total = packet.length() - header;
        var fragments = new ArrayList<PacketBuffer>((total + most - 1) / most);
        for (int from = 0; from < total; from += most) {
            int length = Math.min(most, total - from);
            PacketBuffer fragment = PacketBuffer.allocate(before + length);
            System.arraycopy(packet.array(), packet.offset(), fragment.array(), fragment.offset(), header);
            System.arraycopy(packet.array(), packet.offset() + header + from, fragment.array(),
                    fragment.offset() + before, length);
            boolean more = from + length < total;
            if (v4) {
                markV4(fragment, from, more, identification);
            } else {
                markV6(fragment, from, more, identification);
            }
            fragments.add(fragment);
        }
        return fragments;
    }

    private static void markV4(PacketBuffer fragment, int from, boolean more, int identification) {
        byte[] array = fragment.array();
        int at = fragment.offset();
        Octets.put16(array, at + 2, fragment.length());
        Octets.put16(array, at + 4, identification & 0xffff);
        Octets.put16(array, at + 6, from / 8 | (more ? 0x2000 : 0));
        Octets.put16(array, at + 10, 0);
        Octets.put16(array, at + 10, Checksum.of(array, at, IpHeader.IPV4_LENGTH));
    }

    private static void markV6(PacketBuffer fragment, int from, boolean more, int identification) {
        byte[] array = fragment.array();
        int at = fragment.offset();
        int extension = at + IpHeader.IPV6_LENGTH;
        Octets.put16(array, at + 4, fragment.length() - IpHeader.IPV6_LENGTH);
        array[extension] = array[at + 6];
        array[at + 6] = IpProtocol.IPV6_FRAGMENT;
        Octets.put16(array, extension + 2, from | (more ? MORE : 0));
        Octets.put32(array, extension + 4, identification);
    }
}
