package jkipsec.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import jkipsec.bytes.Hex;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    @Test
    void sumsTheExampleOfRfc1071() {
        byte[] octets = Hex.parse("0001 f203 f4f5 f6f7");
        assertEquals(0xddf2, ~Checksum.of(octets, 0, octets.length) & 0xffff);
    }

    @Test
    void updatesTheExampleOfRfc1624() {
        assertEquals(0x0000, Checksum.update(0xdd2f, 0x5555, 0x3285));
    }

    @Test
    void holdsForTheLongestPacketOfOnes() {
        byte[] octets = new byte[65_535];
        Arrays.fill(octets, (byte) 0xff);
        assertEquals(0x00ff, Checksum.of(octets, 0, octets.length));
        assertEquals(0, Checksum.of(octets, 0, octets.length - 1));
    }

    @Test
    void nothingSumsToAllOnes() {
        assertEquals(0xffff, Checksum.of(new byte[0], 0, 0));
    }

    @Test
    void neverReadsBeyondTheArray() {
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.of(new byte[10], 4, 7));
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.of(new byte[10], -1, 4));
    }
}
