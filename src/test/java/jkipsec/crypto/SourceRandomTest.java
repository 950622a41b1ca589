package jkipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceRandomTest {
    @Test
    void everyNumberComesFromTheSource() {
        var random = new SourceRandom(new Random(7)::nextBytes);
        byte[] expected = new byte[20];
        new Random(7).nextBytes(expected);
        assertArrayEquals(expected, random.generateSeed(20));

        // An int is four octets of the source, big-endian.
        assertEquals(0x01010101, new SourceRandom(octets -> java.util.Arrays.fill(octets, (byte) 1)).nextInt());
    }

    @Test
    void seedsAreIgnored() {
        var random = new SourceRandom(new Random(7)::nextBytes);
        random.setSeed(1);
        random.setSeed(new byte[] {1, 2, 3});
        byte[] expected = new byte[8];
        new Random(7).nextBytes(expected);
        byte[] octets = new byte[8];
        random.nextBytes(octets);
        assertArrayEquals(expected, octets);
    }
}
