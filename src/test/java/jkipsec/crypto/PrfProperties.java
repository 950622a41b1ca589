package jkipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import jkipsec.bytes.Secret;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PrfProperties {
    @Property(tries = 200)
    void hmacAgreesWithBouncyCastle(@ForAll Prf prf, @ForAll @Size(max = 150) byte[] key,
            @ForAll @Size(max = 300) byte[] data) {
        assertArrayEquals(BouncyCastleReference.hmac(prf, key, data), prf.apply(key, data));
    }

    @Property(tries = 100)
    void prfPlusAgreesWithBouncyCastle(@ForAll Prf prf, @ForAll @Size(min = 1, max = 64) byte[] key,
            @ForAll @Size(max = 100) byte[] seed, @ForAll @IntRange(max = 300) int length) {
        assertArrayEquals(BouncyCastleReference.prfPlus(prf, key, seed, length),
                prf.prfPlus(Secret.copyOf(key), seed, length));
    }

    @Property(tries = 100)
    void aShorterStretchIsThePrefixOfALongerOne(@ForAll @Size(min = 1, max = 64) byte[] key,
            @ForAll @IntRange(max = 200) int length, @ForAll @IntRange(max = 200) int more) {
        byte[] seed = {1};
        byte[] longer = Prf.HMAC_SHA2_256.prfPlus(Secret.copyOf(key), seed, length + more);
        assertArrayEquals(Arrays.copyOf(longer, length),
                Prf.HMAC_SHA2_256.prfPlus(Secret.copyOf(key), seed, length));
    }
}
