package jkipsec.crypto;

import java.math.BigInteger;

/**
 * A Diffie-Hellman group of integers modulo a safe prime, with the generator 2 that all groups of RFC 3526 share.
 *
 * @param prime the prime p, of which (p - 1) / 2 is prime too
 * @param exponentLength the length of private keys in octets. Finding one of n bits takes 2^(n/2) steps, so twice the
 *        group's own strength is enough; a shorter exponent makes every exchange cheaper in proportion
 */
record ModpGroup(BigInteger prime, int exponentLength) {
    static final BigInteger GENERATOR = BigInteger.TWO;

    /**
     * RFC 3526 §3. Its §8 puts the group's strength at 110 to 160 bits, which asks for exponents of 220 to 320 bits;
     * 512 leave a wide margin and cost a quarter of full ones.
     */
    static final ModpGroup RFC3526_2048 = new ModpGroup(new BigInteger(""
            + "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
            + "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
            + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
            + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
            + "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
            + "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
            + "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
            + "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF", 16), 512 / 8);

    /** The length of the prime, and so of public values and shared secrets, in octets. */
    int length() {
        return (prime.bitLength() + 7) / 8;
    }
}
