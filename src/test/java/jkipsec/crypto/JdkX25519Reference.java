package jkipsec.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** The function X25519 by the JDK. */
final class JdkX25519Reference {
    private JdkX25519Reference() {}

    static byte[] publicValue(byte[] privateKey) {
        byte[] base = new byte[32];
        base[0] = 9;
        return agree(privateKey, base);
    }

    static byte[] agree(byte[] privateKey, byte[] peer) {
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = peer[31 - i];
        }
        // The JDK masks the highest bit when it decodes octets, but takes a number as it is.
        bigEndian[0] &= 0x7f;
        try {
            var factory = KeyFactory.getInstance("X25519");
            var agreement = KeyAgreement.getInstance("X25519");
            agreement.init(factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
            agreement.doPhase(factory.generatePublic(
                    new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian))), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
