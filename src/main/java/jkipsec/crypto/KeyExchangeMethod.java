package jkipsec.crypto;

import java.util.Arrays;
import java.util.Optional;
import jkipsec.bytes.RandomSource;

/**
 * Key exchange methods of IKEv2: transform type 4 of RFC 7296 §3.3.2, also called Diffie-Hellman groups. The
 * additional key exchanges of RFC 9370, types 6 to 12, have the same numbers.
 *
 * <p>The initiator calls {@link #generate}, sends the public value and gives the responder's answer to
 * {@link KeyExchange#agree}; the responder calls {@link #respond} with the initiator's value and has all at once. This
 * holds for Diffie-Hellman and for key encapsulation alike.
 *
 * <p>Immutable and thread-safe.
 */
public enum KeyExchangeMethod {
    /** Group 14 of RFC 3526 §3: integers modulo a safe prime of 2048 bits. The default of Apple's profiles. */
    MODP_2048(14, 256, 256, "RFC 6989 §2.1") {
        @Override
        public KeyExchange generate(RandomSource random) {
            return ModpKeyExchange.generate(this, ModpGroup.RFC3526_2048, random);
        }
    },

    /** Group 19 of RFC 5903 §3.1: the NIST curve P-256. Public values are x and y, 32 octets each. */
    ECP_256(19, 64, 64, "RFC 6989 §2.3") {
        @Override
        public KeyExchange generate(RandomSource random) {
            return EcpKeyExchange.generate(this, EcpGroup.P256, random);
        }
    },

    /** Group 20 of RFC 5903 §3.2: the NIST curve P-384. Public values are x and y, 48 octets each. */
    ECP_384(20, 96, 96, "RFC 6989 §2.3") {
        @Override
        public KeyExchange generate(RandomSource random) {
            return EcpKeyExchange.generate(this, EcpGroup.P384, random);
        }
    },

    /** Group 31 of RFC 8031: the function X25519 of RFC 7748. Public values are u, little-endian. */
    CURVE25519(31, Curve25519KeyExchange.LENGTH, Curve25519KeyExchange.LENGTH, "RFC 7748 §6.1") {
        @Override
        public KeyExchange generate(RandomSource random) {
            return Curve25519KeyExchange.generate(random);
        }
    },

    /**
     * ML-KEM-768 of FIPS 203, safe from quantum computers; meant as an additional key exchange (RFC 9370) behind one of
     * the others. The initiator's value is an encapsulation key, the responder's a ciphertext. Its number is that of
     * draft-ietf-ipsecme-ikev2-mlkem.
     */
    ML_KEM_768(36, MlKemKeyExchange.ENCAPSULATION_KEY_LENGTH, MlKemKeyExchange.CIPHERTEXT_LENGTH, "FIPS 203 §7") {
        @Override
        public KeyExchange generate(RandomSource random) {
            return MlKemKeyExchange.generate(random);
        }

        @Override
        public KeyExchange.Response respond(byte[] peerPublicValue, RandomSource random) throws InvalidPublicValue {
            return MlKemKeyExchange.respond(peerPublicValue, random);
        }
    };

    private final int transformId;
    private final int initiatorValueLength;
    private final int responderValueLength;
    private final String valueTests;

    KeyExchangeMethod(int transformId, int initiatorValueLength, int responderValueLength, String valueTests) {
        this.transformId = transformId;
        this.initiatorValueLength = initiatorValueLength;
        this.responderValueLength = responderValueLength;
        this.valueTests = valueTests;
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
     * The length of every public value an initiator sends.
     *
     * @return octets
     */
    public int initiatorValueLength() {
        return initiatorValueLength;
    }

    /**
     * The length of every public value a responder sends; other than the initiator's with key encapsulation only.
     *
     * @return octets
     */
    public int responderValueLength() {
        return responderValueLength;
    }

    /**
     * The same as {@link #initiatorValueLength()}.
     *
     * @return octets
     */
    public int publicValueLength() {
        return initiatorValueLength;
    }

    /** Where the tests of a peer's public value are written, for messages. */
    String valueTests() {
        return valueTests;
    }

    /**
     * Makes a fresh private key and its public value: how an initiator begins. This takes time: see
     * {@link KeyExchange}.
     *
     * @param random where the private key comes from; the same octets give the same key
     * @return our side of one exchange
     */
    public abstract KeyExchange generate(RandomSource random);

    /**
     * Answers an initiator: all of the responder's part, after which nothing is left but the secret. This takes time:
     * see {@link KeyExchange}.
     *
     * @param peerPublicValue the Key Exchange Data of the initiator's KE payload
     * @param random where our private key or the secret comes from; the same octets give the same answer
     * @return what goes into our KE payload, and the secret
     * @throws InvalidPublicValue when the initiator's value is not one the method allows
     */
    public KeyExchange.Response respond(byte[] peerPublicValue, RandomSource random) throws InvalidPublicValue {
        KeyExchange ours = generate(random);
        try {
            return new KeyExchange.Response(ours.publicValue(), ours.agree(peerPublicValue));
        } finally {
            ours.destroy();
        }
    }
}
