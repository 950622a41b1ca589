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
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** The curves of RFC 5903 by the JDK, which shares no arithmetic with Bouncy Castle. */
final class JdkEcpReference {
    private final EcpGroup group;
    private final KeyPair pair;

    JdkEcpReference(EcpGroup group) {
        this.group = group;
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(group == EcpGroup.P256 ? "secp256r1" : "secp384r1"));
            pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    ECParameterSpec parameters() {
        return ((ECPublicKey) pair.getPublic()).getParams();
    }

    byte[] publicValue() {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        return group.toOctets(point.getAffineX(), point.getAffineY());
    }

    byte[] agree(byte[] peer) {
        return agree(pair.getPrivate(), peer);
    }

    byte[] agree(BigInteger privateKey, byte[] peer) {
        try {
            return agree(KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(privateKey, parameters())),
                    peer);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] agree(PrivateKey privateKey, byte[] peer) {
        try {
            int length = peer.length / 2;
            var agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(privateKey);
            var point = new ECPoint(new BigInteger(1, Arrays.copyOf(peer, length)),
                    new BigInteger(1, peer, length, length));
            agreement.doPhase(KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters())),
                    true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
