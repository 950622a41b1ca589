package jkipsec.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.bytes.Octets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ChecksumProperties {
    @Property(tries = 500)
    void agreesWithTheTextOfRfc1071(@ForAll @Size(max = 100) byte[] octets, @ForAll @IntRange(max = 40) int offset) {
        int from = Math.min(offset, octets.length);
        assertEquals(wordByWord(octets, from, octets.length - from),
                Checksum.of(octets, from, octets.length - from));
    }

    @Property(tries = 200)
    void partsMayBeSummedApart(@ForAll @Size(max = 60) byte[] octets, @ForAll @IntRange(max = 30) int words) {
        int split = Math.min(2 * words, octets.length & ~1);
        long sum = Checksum.add(0, octets, split, octets.length - split) + Checksum.add(0, octets, 0, split);
        assertEquals(Checksum.of(octets, 0, octets.length), Checksum.finish(sum));
    }

    @Property(tries = 200)
    void aRangeWithItsChecksumVerifiesAndAnyOtherChecksumDoesNot(
            @ForAll @Size(min = 2, max = 60) byte[] octets, @ForAll @IntRange(min = 1, max = 0xfffe) int change) {
        Octets.put16(octets, 0, 0);
        int checksum = Checksum.of(octets, 0, octets.length);
        Octets.put16(octets, 0, checksum);
        assertTrue(Checksum.verify(octets, 0, octets.length));
        Octets.put16(octets, 0, (checksum + change) % 0xffff); // never congruent modulo 2^16-1
        assertEquals(false, Checksum.verify(octets, 0, octets.length));
    }

    @Property(tries = 500)
    void updatingAgreesWithSummingAgain(@ForAll @Size(min = 20, max = 21) byte[] octets,
            @ForAll @IntRange(min = 1, max = 9) int word, @ForAll @IntRange(max = 0xffff) int after) {
        Octets.put16(octets, 0, 0x4500); // as in any real header: not all words are zero
        int checksum = Checksum.of(octets, 0, octets.length);
        int before = Octets.u16(octets, 2 * word);
        Octets.put16(octets, 2 * word, after);
        assertEquals(Checksum.of(octets, 0, octets.length), Checksum.update(checksum, before, after));
    }

    private static int wordByWord(byte[] octets, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (octets[offset + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
