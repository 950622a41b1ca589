package jkipsec.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.Mac;

/** What every user of the JDK's cryptography here has in common: the missing algorithm and the key left behind. */
final class Jdk {
    private Jdk() {}

    /** The report that an algorithm every Java platform must have is not there. */
    static IllegalStateException lacks(String algorithm, GeneralSecurityException cause) {
        return new IllegalStateException(
                algorithm + " does not work here: the Java platform requires it, so look at the security providers in "
                        + "the java.security file", cause);
    }

    static Cipher cipher(String transformation) {
        try {
            return Cipher.getInstance(transformation);
        } catch (GeneralSecurityException e) {
            throw lacks(transformation, e);
        }
    }

    static Mac mac(String algorithm, RawKey key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw lacks(algorithm, e);
        }
    }

    /** Overwrites the key a MAC holds, which cannot be wiped otherwise. */
    static void rekeyWithZeros(Mac mac, int keyLength) {
        try {
            mac.init(RawKey.blank(mac.getAlgorithm(), keyLength));
        } catch (InvalidKeyException e) {
            throw lacks(mac.getAlgorithm(), e);
        }
    }

    /** Overwrites the key a cipher holds with a blank one. */
    static void rekeyWithZeros(Cipher cipher, RawKey blank, AlgorithmParameterSpec parameters) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, blank, parameters);
        } catch (GeneralSecurityException e) {
            throw lacks(cipher.getAlgorithm(), e);
        }
    }
}
