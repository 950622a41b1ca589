package jkipsec.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;

/** Group 19 with the JDK's elliptic curves, which are several times as fast as portable Java code. */
final class JdkEcpKeyExchange implements KeyExchange {
    private static final String KEYS = "EC";
    private static final String AGREEMENT = "ECDH";

    /** Whether this Java has elliptic curves: an image made without the module jdk.crypto.ec may not. */
    static final boolean AVAILABLE = available();

    private final byte[] publicValue;
    private PrivateKey privateKey;

    private JdkEcpKeyExchange(PrivateKey privateKey, ECPoint publicPoint) {
        this.privateKey = privateKey;
        this.publicValue = P256.toOctets(publicPoint.getAffineX(), publicPoint.getAffineY());
    }

    static JdkEcpKeyExchange generate(RandomSource random) {
        try {
            var generator = KeyPairGenerator.getInstance(KEYS);
            generator.initialize(P256.PARAMETERS, new SourceRandom(random));
            var pair = generator.generateKeyPair();
            return new JdkEcpKeyExchange(pair.getPrivate(), ((ECPublicKey) pair.getPublic()).getW());
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(KEYS, e);
        }
    }

    /** Takes a known key pair, for tests. */
    static JdkEcpKeyExchange ofPair(BigInteger privateKey, byte[] publicValue) throws InvalidPublicValue {
        try {
            var key = KeyFactory.getInstance(KEYS).generatePrivate(new ECPrivateKeySpec(privateKey, P256.PARAMETERS));
            return new JdkEcpKeyExchange(key, P256.parse(publicValue));
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(KEYS, e);
        }
    }

    @Override
    public KeyExchangeMethod method() {
        return KeyExchangeMethod.ECP_256;
    }

    @Override
    public byte[] publicValue() {
        return publicValue.clone();
    }

    @Override
    public Secret agree(byte[] peerPublicValue) throws InvalidPublicValue {
        if (privateKey == null) {
            throw new IllegalStateException("this key exchange was destroyed");
        }
        var point = P256.parse(peerPublicValue);
        try {
            var agreement = KeyAgreement.getInstance(AGREEMENT);
            agreement.init(privateKey);
            agreement.doPhase(KeyFactory.getInstance(KEYS)
                    .generatePublic(new ECPublicKeySpec(point, P256.PARAMETERS)), true);
            return UnsignedInteger.padded(agreement.generateSecret(), P256.COORDINATE_LENGTH);
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(AGREEMENT, e);
        }
    }

    @Override
    public void destroy() {
        privateKey = null;
    }

    private static boolean available() {
        try {
            KeyPairGenerator.getInstance(KEYS).initialize(P256.PARAMETERS);
            KeyFactory.getInstance(KEYS);
            KeyAgreement.getInstance(AGREEMENT);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
