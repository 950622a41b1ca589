package jkipsec.crypto;

import java.util.Arrays;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/**
 * The initiator's part in a key exchange with ML-KEM-768 (FIPS 203), and the responder's single step.
 *
 * <p>The initiator sends an encapsulation key; the responder chooses the secret and sends it encapsulated; so the two
 * public values differ in kind and length. Bouncy Castle calculates, since the JDK knows ML-KEM from version 24 only.
 */
final class MlKemKeyExchange implements KeyExchange {
    /** Octets of the initiator's value (FIPS 203 §8, table 3). */
    static final int ENCAPSULATION_KEY_LENGTH = 1184;

    /** Octets of the responder's value. */
    static final int CIPHERTEXT_LENGTH = 1088;

    private static final MLKEMParameters PARAMETERS = MLKEMParameters.ml_kem_768;

    /** Octets of randomness for a key pair: d and z of FIPS 203 §7.1. */
    private static final int SEED_LENGTH = 64;

    /** Octets of randomness for a ciphertext: m of FIPS 203 §7.2. */
    private static final int MESSAGE_LENGTH = 32;

    private final byte[] publicValue;
    private MLKEMPrivateKeyParameters privateKey;

    private MlKemKeyExchange(MLKEMPrivateKeyParameters privateKey) {
        this.privateKey = privateKey;
        this.publicValue = privateKey.getPublicKey();
    }

    static MlKemKeyExchange generate(RandomSource random) {
        byte[] seed = random.bytes(SEED_LENGTH);
        var privateKey = new MLKEMPrivateKeyParameters(PARAMETERS, seed);
        Arrays.fill(seed, (byte) 0);
        return new MlKemKeyExchange(privateKey);
    }

    static Response respond(byte[] encapsulationKey, RandomSource random) throws InvalidPublicValue {
        MLKEMPublicKeyParameters peer = parse(encapsulationKey);
        byte[] message = random.bytes(MESSAGE_LENGTH);
        SecretWithEncapsulation made = MLKEMGenerator.internalGenerateEncapsulated(peer, message);
        Arrays.fill(message, (byte) 0);
        return new Response(made.getEncapsulation(), Secret.owning(made.getSecret()));
    }

    /** Checks length and modulus as FIPS 203 §7.2 says. */
    private static MLKEMPublicKeyParameters parse(byte[] encapsulationKey) throws InvalidPublicValue {
        if (encapsulationKey.length != ENCAPSULATION_KEY_LENGTH) {
            throw InvalidPublicValue.ofLength(KeyExchangeMethod.ML_KEM_768, encapsulationKey.length);
        }
        try {
            return new MLKEMPublicKeyParameters(PARAMETERS, encapsulationKey);
        } catch (IllegalArgumentException e) {
            // The length is right, so it is the modulus check that failed.
            throw new InvalidPublicValue(KeyExchangeMethod.ML_KEM_768, "has a coefficient that is not below q");
        }
    }

    @Override
    public KeyExchangeMethod method() {
        return KeyExchangeMethod.ML_KEM_768;
    }

    @Override
    public byte[] publicValue() {
        return publicValue.clone();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A ciphertext has no other test than its length: one that was not made for our key gives a secret the peer does
     * not know (FIPS 203 §6.3), so that the next message's ICV is wrong.
     */
    @Override
    public Secret agree(byte[] peerPublicValue) throws InvalidPublicValue {
        if (privateKey == null) {
            throw new IllegalStateException("this key exchange was destroyed");
        }
        if (peerPublicValue.length != CIPHERTEXT_LENGTH) {
            throw InvalidPublicValue.ofLength(method(), peerPublicValue.length);
        }
        return Secret.owning(new MLKEMExtractor(privateKey).extractSecret(peerPublicValue));
    }

    @Override
    public void destroy() {
        if (privateKey != null) {
            privateKey.destroy();
            privateKey = null;
        }
    }
}
