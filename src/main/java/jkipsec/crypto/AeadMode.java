package jkipsec.crypto;

import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/** What the JDK calls an AEAD, and the form in which it takes the nonce. */
enum AeadMode {
    /** AES in Galois/Counter Mode. */
    AES_GCM("AES/GCM/NoPadding", "AES") {
        @Override
        AlgorithmParameterSpec parameters(byte[] nonce) {
            return new GCMParameterSpec(ICV_LENGTH * 8, nonce);
        }
    },

    /** ChaCha20 with Poly1305 as RFC 7539 §2.8 joins them; the ICV has 16 octets always. */
    CHACHA20_POLY1305("ChaCha20-Poly1305", "ChaCha20") {
        @Override
        AlgorithmParameterSpec parameters(byte[] nonce) {
            return new IvParameterSpec(nonce);
        }
    };

    /** Octets of the ICV behind each packet, the whole tag. */
    static final int ICV_LENGTH = 16;

    private final String transformation;
    private final String keyAlgorithm;

    AeadMode(String transformation, String keyAlgorithm) {
        this.transformation = transformation;
        this.keyAlgorithm = keyAlgorithm;
    }

    String transformation() {
        return transformation;
    }

    String keyAlgorithm() {
        return keyAlgorithm;
    }

    /** The nonce of one packet, which is copied. */
    abstract AlgorithmParameterSpec parameters(byte[] nonce);
}
