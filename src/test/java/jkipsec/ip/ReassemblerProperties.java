package jkipsec.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of splitting packets and of putting them together again. */
class ReassemblerProperties {
    private static final long SECOND = 1_000_000_000L;

    /** Counts what it hears. */
    private static final class Heard implements Reassembler.Listener {
        private final Map<IpDrop, Integer> drops = new EnumMap<>(IpDrop.class);
        private final List<IpPacket> timedOut = new ArrayList<>();

        @Override
        public void dropped(IpDrop reason) {
            drops.merge(reason, 1, Integer::sum);
        }

        @Override
        public void problem(IpPacket fragment, int code, int pointer) {
            assertEquals(6, fragment.version());
        }

        @Override
        public void timedOut(IpPacket first) {
            timedOut.add(first);
        }

        int count(IpDrop reason) {
            return drops.getOrDefault(reason, 0);
        }
    }

    private static PacketBuffer datagram(Random random, boolean v4, int octets) {
        byte[] payload = new byte[octets];
        random.nextBytes(payload);
        IpAddress from = IpAddress.parse(v4 ? "192.0.2.1" : "2001:db8::1");
        IpAddress to = IpAddress.parse(v4 ? "192.0.2.2" : "2001:db8::2");
        return new UdpHeader(random.nextInt(65_536), 7, octets).packet(from, to, payload);
    }

    /** The fragment as the stack gives it to a reassembler. */
    private static IpPacket fragment(PacketBuffer octets) throws MalformedMessage {
        IpPacket packet = IpPacket.parse(octets);
        return Ipv6Headers.walk(packet) instanceof Ipv6Headers.Fragment part ? part.packet() : packet;
    }

    @Property(tries = 200)
    void whateverTheOrderAndRepetitionsAPacketComesBackOnceAndWhole(
            @ForAll long seed, @ForAll boolean v4, @ForAll @IntRange(min = 1_500, max = 20_000) int octets,
            @ForAll @IntRange(min = 576, max = 1_500) int mtu) throws MalformedMessage {
        var random = new Random(seed);
        var heard = new Heard();
        var reassembler = new Reassembler(Reassembler.Limits.defaults(), heard);
        PacketBuffer packet = datagram(random, v4, octets);
        IpPacket whole = IpPacket.parse(PacketBuffer.copyOf(packet.toByteArray()));
        List<PacketBuffer> parts = Fragmenter.split(packet, mtu, random.nextInt());
        for (PacketBuffer part : parts) {
            assertTrue(part.length() <= mtu);
        }
        var arriving = new ArrayList<>(parts);
        Collections.shuffle(arriving, random);
        // Repetitions before the last new one: behind that they would begin a packet of their own.
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(arriving.size() - 1);
            arriving.add(at + 1, arriving.get(at));
        }
        var came = new ArrayList<IpPacket>();
        for (PacketBuffer part : arriving) {
            reassembler.add(fragment(part), 0).ifPresent(came::add);
        }
        assertEquals(1, came.size());
        IpPacket result = came.get(0);
        assertArrayEquals(payload(whole), payload(result));
        assertEquals(UdpHeader.parse(whole), UdpHeader.parse(result));
        assertEquals(0, reassembler.heldOctets());
        assertEquals(Long.MAX_VALUE, reassembler.nextDeadline());
    }

    private static byte[] payload(IpPacket packet) {
        return Arrays.copyOfRange(packet.array(), packet.payloadOffset(),
                packet.payloadOffset() + packet.payloadLength());
    }

    /** One fragment made by hand. */
    private static IpPacket piece(boolean v4, int id, int offset, byte[] data, boolean more) throws MalformedMessage {
        IpAddress from = IpAddress.parse(v4 ? "192.0.2.1" : "2001:db8::1");
        IpAddress to = IpAddress.parse(v4 ? "192.0.2.2" : "2001:db8::2");
        int protocol = v4 ? IpProtocol.UDP : IpProtocol.IPV6_FRAGMENT;
        PacketBuffer packet = IpHeader.of(from, to, protocol).allocate(data.length + (v4 ? 0 : 8));
        byte[] array = packet.array();
        int at = packet.offset();
        if (v4) {
            Octets.put16(array, at + 4, id);
            Octets.put16(array, at + 6, offset / 8 | (more ? 0x2000 : 0));
            Octets.put16(array, at + 10, 0);
            Octets.put16(array, at + 10, Checksum.of(array, at, 20));
            System.arraycopy(data, 0, array, at + 20, data.length);
        } else {
            array[at + 40] = IpProtocol.UDP;
            Octets.put16(array, at + 42, offset | (more ? 1 : 0));
            Octets.put32(array, at + 44, id);
            System.arraycopy(data, 0, array, at + 48, data.length);
        }
        return fragment(packet);
    }

    @Property(tries = 1_000)
    void agreesWithAModelThatKnowsEveryOctet(@ForAll long seed, @ForAll boolean v4) throws MalformedMessage {
        var random = new Random(seed);
        var heard = new Heard();
        var reassembler = new Reassembler(Reassembler.Limits.defaults(), heard);
        byte[] truth = new byte[8 * (1 + random.nextInt(12))];
        random.nextBytes(truth);
        var model = new Model();
        for (int i = 0; i < 30; i++) {
            int from = 8 * random.nextInt(truth.length / 8);
            int to = Math.min(truth.length, from + 8 * (1 + random.nextInt(4)));
            byte[] data = Arrays.copyOfRange(truth, from, to);
            if (random.nextInt(20) == 0) {
                data[random.nextInt(data.length)] ^= 1;
            }
            // Now and then the end is claimed too early.
            boolean more = random.nextInt(20) == 0 ? random.nextBoolean() : to < truth.length;
            Optional<byte[]> expected = model.add(from, data, more);
            Optional<byte[]> actual = reassembler.add(piece(v4, 9, from, data, more), 0)
                    .map(ReassemblerProperties::payload);
            assertEquals(expected.map(Arrays::hashCode), actual.map(Arrays::hashCode), "piece " + i);
        }
    }

    /** RFC 5722 over single octets: what a place holds and by which piece it was filled. */
    private static final class Model {
        private final Map<Integer, String> seen = new HashMap<>();
        private final Map<Integer, Byte> octets = new HashMap<>();
        private int end = -1;
        private boolean worthless;

        Optional<byte[]> add(int from, byte[] data, boolean more) {
            if (worthless) {
                return Optional.empty();
            }
            String name = Arrays.toString(data) + more;
            if (name.equals(seen.get(from))) {
                return Optional.empty();
            }
            int stop = from + data.length;
            boolean contradiction = end >= 0 && (!more || stop > end)
                    || !more && octets.keySet().stream().anyMatch(at -> at >= stop);
            for (int at = from; at < stop; at++) {
                contradiction |= octets.containsKey(at);
            }
            if (contradiction) {
                worthless = true;
                return Optional.empty();
            }
            seen.put(from, name);
            for (int at = from; at < stop; at++) {
                octets.put(at, data[at - from]);
            }
            end = more ? end : stop;
            if (octets.size() != end) {
                return Optional.empty();
            }
            byte[] whole = new byte[end];
            octets.forEach((at, octet) -> whole[at] = octet);
            seen.clear();
            octets.clear();
            end = -1;
            return Optional.of(whole);
        }
    }

    @Property(tries = 100)
    void whatIsHeldStaysWithinTheBoundsWhateverComes(@ForAll long seed) throws MalformedMessage {
        var random = new Random(seed);
        var limits = new Reassembler.Limits(16, 128 * 1024, 64, 60 * SECOND);
        var heard = new Heard();
        var reassembler = new Reassembler(limits, heard);
        for (int i = 0; i < 2_000; i++) {
            byte[] data = new byte[8 * (1 + random.nextInt(200))];
            int offset = 8 * random.nextInt(8_192 - data.length / 8);
            reassembler.add(piece(random.nextBoolean(), random.nextInt(40), offset, data, random.nextInt(9) > 0), i);
            assertTrue(reassembler.heldOctets() <= limits.octets());
        }
        assertTrue(heard.count(IpDrop.FRAGMENT_LIMIT) > 0);
        reassembler.tick(61 * SECOND);
        assertEquals(0, reassembler.heldOctets());
        assertEquals(Long.MAX_VALUE, reassembler.nextDeadline());
    }

    @Property(tries = 20)
    void timeRunsOutFromTheFirstToComeAndOnlyAFirstFragmentIsReported(@ForAll boolean v4, @ForAll boolean withFirst)
            throws MalformedMessage {
        var heard = new Heard();
        var reassembler = new Reassembler(Reassembler.Limits.defaults(), heard);
        reassembler.add(piece(v4, 1, 16, new byte[8], true), 5);
        if (withFirst) {
            reassembler.add(piece(v4, 1, 0, new byte[8], true), 30 * SECOND);
        }
        assertEquals(60 * SECOND + 5, reassembler.nextDeadline());
        reassembler.tick(60 * SECOND + 4);
        assertEquals(0, heard.count(IpDrop.FRAGMENT_TIMEOUT));
        reassembler.tick(60 * SECOND + 5);
        assertEquals(1, heard.count(IpDrop.FRAGMENT_TIMEOUT));
        assertEquals(withFirst ? 1 : 0, heard.timedOut.size());
        assertEquals(Long.MAX_VALUE, reassembler.nextDeadline());
    }
}
