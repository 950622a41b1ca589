package jkipsec.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.KEM;

/** ML-KEM-768 by the JDK, which has it from version 24. */
final class JdkMlKemReference {
    private static final String NAME = "ML-KEM-768";

    private final KeyPair pair;

    JdkMlKemReference() {
        try {
            pair = KeyPairGenerator.getInstance(NAME).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static boolean exists() {
        try {
            KeyPairGenerator.getInstance(NAME);
            return true;
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }

    /** The encapsulation key, which its X.509 form ends with. */
    byte[] publicValue() {
        byte[] encoded = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 1184, encoded.length);
    }

    byte[] decapsulate(byte[] ciphertext) {
        try {
            return KEM.getInstance("ML-KEM").newDecapsulator(pair.getPrivate()).decapsulate(ciphertext).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The ciphertext and the secret, for a peer's encapsulation key. */
    KEM.Encapsulated encapsulate(byte[] encapsulationKey) {
        byte[] encoded = pair.getPublic().getEncoded();
        System.arraycopy(encapsulationKey, 0, encoded, encoded.length - 1184, 1184);
        try {
            PublicKey peer = KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
            return KEM.getInstance("ML-KEM").newEncapsulator(peer).encapsulate();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
