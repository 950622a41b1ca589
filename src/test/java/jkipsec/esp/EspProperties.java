package jkipsec.esp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Random;
import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.crypto.CipherSuite;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EspProperties {
    @Provide
    Arbitrary<CipherSuite> suites() {
        return Arbitraries.of(SaPair.SUITES);
    }

    @Property(tries = 200)
    void whatIsSealedOpensToTheSame(@ForAll("suites") CipherSuite suite, @ForAll @Size(max = 3000) byte[] inner,
            @ForAll boolean extended, @ForAll @IntRange(max = 60) int headroom,
            @ForAll @IntRange(max = 60) int tailroom, @ForAll @IntRange(max = 58) int nextHeader) throws SequenceExhausted {
        var pair = SaPair.of(suite, 64, extended);
        byte[] array = new byte[headroom + inner.length + tailroom];
        System.arraycopy(inner, 0, array, headroom, inner.length);
        var sealed = pair.outbound().seal(new PacketBuffer(array, headroom, inner.length), nextHeader);
        assertEquals(EspOverhead.sealedLength(suite, inner.length), sealed.length());
        var opened = assertInstanceOf(EspResult.Opened.class, pair.inbound().open(sealed));
        assertArrayEquals(inner, opened.inner().toByteArray());
        assertEquals(nextHeader, opened.nextHeader());
        assertEquals(1, opened.sequence());
    }

    @Property(tries = 60)
    void everyDamagedPacketIsDroppedAndChangesNothing(@ForAll("suites") CipherSuite suite,
            @ForAll @Size(max = 120) byte[] inner, @ForAll boolean extended, @ForAll long seed) {
        var pair = SaPair.of(suite, 64, extended);
        byte[] earlier = pair.seal(new byte[20]);
        byte[] wire = pair.seal(inner);
        var random = new Random(seed);
        for (int i = 0; i < 16; i++) {
            byte[] flipped = wire.clone();
            int bit = random.nextInt(wire.length * 8);
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            pair.dropped(flipped);
            pair.dropped(Arrays.copyOf(wire, random.nextInt(wire.length)));
            byte[] extension = new byte[1 + random.nextInt(64)];
            random.nextBytes(extension);
            byte[] lengthened = Arrays.copyOf(wire, wire.length + extension.length);
            System.arraycopy(extension, 0, lengthened, wire.length, extension.length);
            pair.dropped(lengthened);
        }
        assertEquals(0, pair.inbound().packets());
        assertEquals(0, pair.inbound().octets());
        // Neither number was taken for seen, and none was passed over.
        assertArrayEquals(inner, pair.opened(wire).inner().toByteArray());
        assertEquals(1, pair.opened(earlier).sequence());
    }

    @Property(tries = 300)
    void anyOctetsAreDroppedWithoutAnException(@ForAll("suites") CipherSuite suite, @ForAll boolean extended,
            @ForAll @Size(max = 150) byte[] octets) {
        var pair = SaPair.of(suite, 64, extended);
        pair.dropped(octets);
        byte[] forOurSpi = Arrays.copyOf(octets, Math.max(octets.length, 8));
        Octets.put32(forOurSpi, 0, SaPair.SPI);
        pair.dropped(forOurSpi);
        assertEquals(0, pair.inbound().packets());
    }

    @Property(tries = 40)
    void packetsInAnyOrderAreEachAcceptedOnce(@ForAll("suites") CipherSuite suite, @ForAll long seed,
            @ForAll boolean extended) {
        var pair = SaPair.of(suite, 64, extended);
        var wires = new ArrayList<byte[]>();
        for (int i = 0; i < 60; i++) {
            byte[] wire = pair.seal(new byte[i]);
            wires.add(wire);
            wires.add(wire);
        }
        Collections.shuffle(wires, new Random(seed));
        var accepted = new HashSet<Long>();
        for (byte[] wire : wires) {
            if (pair.open(wire) instanceof EspResult.Opened opened) {
                accepted.add(opened.sequence());
                assertEquals(opened.sequence() - 1, opened.inner().length());
            }
        }
        assertEquals(60, accepted.size());
        assertEquals(60, pair.inbound().packets());
    }

    @Property(tries = 200)
    void anyAuthenticTextIsUnwrappedOrDroppedWithoutAnException(@ForAll("suites") CipherSuite suite,
            @ForAll @Size(min = 16, max = 16) byte[] text, @ForAll @ByteRange(max = 16) byte padLength) {
        text[14] = padLength;
        var result = SaPair.of(suite).open(SaPair.sealText(suite, 1, text));
        if (result instanceof EspResult.Opened opened) {
            assertEquals(14 - padLength, opened.inner().length());
        }
    }
}
