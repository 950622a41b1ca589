package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.PacketBuffer;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The segment codec. */
class TcpHeaderProperties {
    private static final IpHeader V4 =
            IpHeader.of(IpAddress.parse("10.8.0.1"), IpAddress.parse("10.8.0.2"), IpProtocol.TCP);
    private static final IpHeader V6 =
            IpHeader.of(IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8::2"), IpProtocol.TCP);

    @Property(tries = 300)
    void whatIsWrittenReadsBackOverEitherFamily(
            @ForAll("headers") TcpHeader header, @ForAll @Size(max = 100) byte[] payload, @ForAll boolean v6)
            throws MalformedMessage {
        PacketBuffer packet = new TcpSegment(header, payload, 0, payload.length).toPacket(v6 ? V6 : V4);
        IpPacket parsed = IpPacket.parse(packet);
        assertTrue(TcpSegment.checksumMatches(parsed));
        TcpSegment segment = TcpSegment.parse(parsed);
        assertEquals(header, segment.header());
        assertArrayEquals(payload, Arrays.copyOfRange(
                segment.array(), segment.payloadOffset(), segment.payloadOffset() + segment.payloadLength()));
        assertEquals(payload.length + (header.has(TcpFlags.SYN) ? 1 : 0) + (header.has(TcpFlags.FIN) ? 1 : 0),
                segment.length());
    }

    @Property(tries = 2000)
    void anyOctetsAreAHeaderOrMalformed(@ForAll @Size(max = 80) byte[] octets, @ForAll("offsets") int dataOffset) {
        if (octets.length > 12) {
            octets[12] = (byte) (dataOffset << 4);
        }
        try {
            TcpHeader header = TcpHeader.parse(octets, 0, octets.length);
            assertTrue(header.length() <= 60);
        } catch (MalformedMessage expected) {
            assertTrue(expected.offset() <= octets.length);
        }
    }

    @Property(tries = 1000)
    void trimmingLeavesWhatIsInTheWindow(
            @ForAll int sequence, @ForAll("lengths") int length, @ForAll("offsets") int before, @ForAll boolean fin,
            @ForAll("lengths") int window) {
        int first = sequence + before - 8;
        int flags = TcpFlags.ACK | (fin ? TcpFlags.FIN : 0);
        var segment = new TcpSegment(
                new TcpHeader(1, 2, sequence, 0, flags, 0, TcpOptions.NONE), new byte[length], 0, length);
        TcpSegment rest = segment.trimmedTo(first, first + window);
        int expected = 0;
        for (int i = 0; i < length; i++) {
            expected += SequenceNumbers.inWindow(sequence + i, first, window) ? 1 : 0;
        }
        assertEquals(expected, rest.payloadLength());
        assertTrue(rest.has(TcpFlags.FIN) == (fin && SequenceNumbers.less(sequence + length, first + window)));
        if (expected > 0) {
            assertEquals(rest.sequence() - sequence, rest.payloadOffset());
            assertTrue(SequenceNumbers.inWindow(rest.sequence(), first, window));
        }
    }

    @Example
    void aHeaderIsReadable() {
        var header = new TcpHeader(49_152, 80, -1, 7, TcpFlags.SYN | TcpFlags.ACK, 65_535,
                new TcpOptions(1360, 5).withSackPermitted().withTimestamp(17, 4));
        assertEquals("49152 > 80 SYN,ACK seq=4294967295 ack=7 win=65535 mss=1360 wscale=5 sackOK ts=17/4 len=0",
                new TcpSegment(header).toString());
        assertEquals("sack=1000-2000,5000-6000",
                TcpOptions.NONE.withSack(SackBlocks.of(1000, 2000, 5000, 6000)).toString());
        assertEquals("-", TcpFlags.toString(0));
        assertEquals("FIN,SYN,RST,PSH,ACK,URG,ECE,CWR", TcpFlags.toString(0xff));
    }

    @Example
    void optionsAreLaidOutOn32BitBoundariesAsPeersReadThemFastest() {
        assertOctets("01 01 08 0a 00000001 00000002", TcpOptions.timestamp(1, 2));
        assertOctets("01 01 05 0a 00000003 00000004", TcpOptions.NONE.withSack(SackBlocks.of(3, 4)));
        assertOctets("02 04 05 50 04 02 08 0a 00000001 00000000 01 03 03 07",
                new TcpOptions(1360, 7).withSackPermitted().withTimestamp(1, 0));
        assertOctets("02 04 05 50 01 01 04 02 01 03 03 07", new TcpOptions(1360, 7).withSackPermitted());
        // 44 octets on boundaries: packed, they are 40.
        assertOctets("02 04 05 50 08 0a 00000001 00000000 05 1a 00000001 00000002 00000003 00000004 00000005 00000006",
                new TcpOptions(1360, -1).withTimestamp(1, 0).withSack(SackBlocks.of(1, 2, 3, 4, 5, 6)));
    }

    private static void assertOctets(String expected, TcpOptions options) {
        byte[] octets = new byte[options.length()];
        options.write(octets, 0);
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(octets));
    }

    @Example
    void valuesThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TcpOptions(65_536, 0));
        assertThrows(IllegalArgumentException.class, () -> new TcpOptions(0, 256));
        assertThrows(IllegalArgumentException.class, () -> SackBlocks.of(1, 2, 3));
        assertThrows(IllegalArgumentException.class,
                () -> TcpOptions.timestamp(1, 1).withSack(SackBlocks.of(1, 2, 3, 4, 5, 6, 7, 8)));
        assertThrows(IllegalArgumentException.class, () -> new TcpHeader(65_536, 1, 0, 0, 0, 0, TcpOptions.NONE));
        assertThrows(IllegalArgumentException.class, () -> new TcpHeader(1, 1, 0, 0, 256, 0, TcpOptions.NONE));
        assertThrows(IllegalArgumentException.class, () -> new TcpHeader(1, 1, 0, 0, 0, -1, TcpOptions.NONE));
    }

    @Provide
    Arbitrary<TcpHeader> headers() {
        Arbitrary<Integer> sixteen = Arbitraries.integers().between(0, 0xffff);
        Arbitrary<int[]> edges = Arbitraries.integers().array(int[].class).ofMaxSize(2 * SackBlocks.MOST);
        Arbitrary<TcpOptions> options = Combinators.combine(
                        Arbitraries.integers().between(-1, 0xffff), Arbitraries.integers().between(-1, 0xff),
                        Arbitraries.of(true, false), Arbitraries.of(true, false), Arbitraries.integers(), edges)
                .as(TcpHeaderProperties::options);
        return Combinators.combine(sixteen, sixteen, Arbitraries.integers(), Arbitraries.integers(),
                        Arbitraries.integers().between(0, 255), sixteen, options)
                .as(TcpHeader::new);
    }

    /** As many of the blocks as fit. */
    private static TcpOptions options(int size, int scale, boolean permitted, boolean stamped, int stamp, int[] edges) {
        TcpOptions options = new TcpOptions(size, scale);
        options = permitted ? options.withSackPermitted() : options;
        options = stamped ? options.withTimestamp(stamp, stamp * 31) : options;
        int used = (size < 0 ? 0 : 4) + (scale < 0 ? 0 : 3) + (permitted ? 2 : 0) + (stamped ? 10 : 0);
        int blocks = Math.min(edges.length / 2, (TcpOptions.MAXIMUM_LENGTH - used - 2) / 8);
        return options.withSack(SackBlocks.of(Arrays.copyOf(edges, 2 * blocks)));
    }

    @Provide
    Arbitrary<Integer> offsets() {
        return Arbitraries.integers().between(0, 15);
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(0, 30);
    }
}
