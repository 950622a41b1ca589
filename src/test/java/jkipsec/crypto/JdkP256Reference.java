package jkipsec.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** P-256 by the JDK, which shares no arithmetic with Bouncy Castle. */
final class JdkP256Reference {
    private final KeyPair pair;

    JdkP256Reference() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static ECParameterSpec parameters() {
        return ((ECPublicKey) new JdkP256Reference().pair.getPublic()).getParams();
    }

    byte[] publicValue() {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        return P256.toOctets(point.getAffineX(), point.getAffineY());
    }

    byte[] agree(byte[] peer) {
        return agree(pair.getPrivate(), peer);
    }

    static byte[] agree(BigInteger privateKey, byte[] peer) {
        try {
            return agree(KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(privateKey, parameters())),
                    peer);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] agree(PrivateKey privateKey, byte[] peer) {
        try {
            var agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(privateKey);
            var point = new ECPoint(new BigInteger(1, peer, 0, 32), new BigInteger(1, peer, 32, 32));
            agreement.doPhase(KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters())),
                    true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
