package jkipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import jkipsec.bytes.RandomSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class KeyExchangeProperties {
    private static RandomSource seeded(long seed) {
        return new Random(seed)::nextBytes;
    }

    @Property(tries = 30)
    void bothSidesHaveTheSameSecret(@ForAll KeyExchangeMethod method, @ForAll long a, @ForAll long b)
            throws InvalidPublicValue {
        var initiator = method.generate(seeded(a));
        var response = method.respond(initiator.publicValue(), seeded(b));
        assertArrayEquals(response.sharedSecret().expose(), initiator.agree(response.publicValue()).expose());
    }

    @Property(tries = 20)
    void ecpGroupsAgreeWithTheJdk(@ForAll long seed, @ForAll boolean larger) throws InvalidPublicValue {
        var ours = (larger ? KeyExchangeMethod.ECP_384 : KeyExchangeMethod.ECP_256).generate(seeded(seed));
        var jdk = new JdkEcpReference(larger ? EcpGroup.P384 : EcpGroup.P256);
        assertArrayEquals(jdk.agree(ours.publicValue()), ours.agree(jdk.publicValue()).expose());
    }

    @Property(tries = 50)
    void group31AgreesWithTheJdk(@ForAll @Size(32) byte[] privateKey, @ForAll @Size(32) byte[] peer) {
        var ours = new Curve25519KeyExchange(privateKey.clone());
        assertArrayEquals(JdkX25519Reference.publicValue(privateKey), ours.publicValue());
        byte[] shared;
        try {
            shared = ours.agree(peer).expose();
        } catch (InvalidPublicValue e) {
            return;
        }
        assertArrayEquals(JdkX25519Reference.agree(privateKey, peer), shared);
    }

    @Property(tries = 20)
    void anyEncapsulationKeyIsAnsweredOrRefusedAndAnyCiphertextGivesSomeSecret(@ForAll long seed)
            throws InvalidPublicValue {
        var method = KeyExchangeMethod.ML_KEM_768;
        byte[] stray = seeded(seed).bytes(method.initiatorValueLength());
        try {
            method.respond(stray, seeded(seed));
        } catch (InvalidPublicValue e) {
            assertTrue(e.getMessage().contains("coefficient"), e::getMessage);
        }
        byte[] ciphertext = seeded(~seed).bytes(method.responderValueLength());
        assertEquals(32, method.generate(seeded(seed)).agree(ciphertext).length());
    }

    @Property(tries = 50)
    void group19RefusesAPointWithAnyBitTurnedOver(@ForAll @IntRange(max = 511) int bit) {
        byte[] value = KeyExchangeMethod.ECP_256.generate(seeded(1)).publicValue();
        value[bit / 8] ^= (byte) (1 << bit % 8);
        // Two points share an x only as y and p - y, whose difference is odd; with another x, half of all have no y.
        assertThrows(InvalidPublicValue.class, () -> EcpGroup.P256.parse(KeyExchangeMethod.ECP_256, value));
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
