package jkipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Random;
import jkipsec.bytes.RandomSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class KeyExchangeProperties {
    private static RandomSource seeded(long seed) {
        return new Random(seed)::nextBytes;
    }

    @Property(tries = 20)
    void group19AgreesWithItselfAndWithTheJdk(@ForAll long a, @ForAll long b) throws InvalidPublicValue {
        var ours = EcpKeyExchange.generate(seeded(a));
        var theirs = EcpKeyExchange.generate(seeded(b));
        assertArrayEquals(ours.agree(theirs.publicValue()).expose(), theirs.agree(ours.publicValue()).expose());
        var jdk = new JdkP256Reference();
        assertArrayEquals(jdk.agree(ours.publicValue()), ours.agree(jdk.publicValue()).expose());
    }

    @Property(tries = 50)
    void group19RefusesAPointWithAnyBitTurnedOver(@ForAll @IntRange(max = 511) int bit) {
        byte[] value = EcpKeyExchange.generate(seeded(1)).publicValue();
        value[bit / 8] ^= (byte) (1 << bit % 8);
        // Two points share an x only as y and p - y, whose difference is odd; with another x, half of all have no y.
        assertThrows(InvalidPublicValue.class, () -> P256.parse(value));
    }

    @Property(tries = 6)
    void group14SharesWhatPlainArithmeticGives(@ForAll long seed) throws InvalidPublicValue {
        var group = ModpGroup.RFC3526_2048;
        var ours = KeyExchangeMethod.MODP_2048.generate(seeded(seed));
        var x = new BigInteger(512, new Random(~seed));
        byte[] theirs = UnsignedInteger.toOctets(ModpGroup.GENERATOR.modPow(x, group.prime()), 256);
        var shared = new BigInteger(1, ours.publicValue()).modPow(x, group.prime());
        assertArrayEquals(UnsignedInteger.toOctets(shared, 256), ours.agree(theirs).expose());
    }
}
