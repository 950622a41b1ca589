package jkipsec.crypto;

import java.util.Arrays;
import java.util.Optional;
import jkipsec.bytes.RandomSource;

/**
 * Key exchange methods of IKEv2: transform type 4 of RFC 7296 §3.3.2, also called Diffie-Hellman groups.
 *
 * <p>Immutable and thread-safe.
 */
public enum KeyExchangeMethod {
    /** Group 14 of RFC 3526 §3: integers modulo a safe prime of 2048 bits. The default of Apple's profiles. */
    MODP_2048(14, 256) {
        @Override
        public KeyExchange generate(RandomSource random) {
            return ModpKeyExchange.generate(this, ModpGroup.RFC3526_2048, random);
        }
    },

    /** Group 19 of RFC 5903 §3.1: the NIST curve P-256. Public values are x and y, 32 octets each. */
    ECP_256(19, 64) {
        @Override
        public KeyExchange generate(RandomSource random) {
            return EcpKeyExchange.generate(random);
        }
    };

    private final int transformId;
    private final int publicValueLength;

    KeyExchangeMethod(int transformId, int publicValueLength) {
        this.transformId = transformId;
        this.publicValueLength = publicValueLength;
    }

    /**
     * Finds the method a peer names.
     *
     * @param transformId a transform ID of type 4
     * @return the method, or empty when it is not implemented
     */
    public static Optional<KeyExchangeMethod> of(int transformId) {
        return Arrays.stream(values()).filter(method -> method.transformId == transformId).findFirst();
    }

    /**
     * The IANA transform ID, which is also the Diffie-Hellman Group Num of KE payloads.
     *
     * @return a transform ID of type 4
     */
    public int transformId() {
        return transformId;
    }

    /**
     * The length of every public value.
     *
     * @return octets
     */
    public int publicValueLength() {
        return publicValueLength;
    }

    /**
     * Makes a fresh private key and its public value. This takes time: see {@link KeyExchange}.
     *
     * @param random where the private key comes from; the same octets give the same key
     * @return our side of one exchange
     */
    public abstract KeyExchange generate(RandomSource random);
}
