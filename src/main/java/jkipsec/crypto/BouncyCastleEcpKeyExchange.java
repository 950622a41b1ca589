package jkipsec.crypto;

import java.math.BigInteger;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Group 19 with Bouncy Castle, for a Java without elliptic curves; no security provider is installed. */
final class BouncyCastleEcpKeyExchange implements KeyExchange {
    private static final ECDomainParameters DOMAIN = new ECDomainParameters(CustomNamedCurves.getByName("secp256r1"));

    private final byte[] publicValue;
    private ECPrivateKeyParameters privateKey;

    private BouncyCastleEcpKeyExchange(ECPrivateKeyParameters privateKey, ECPoint publicPoint) {
        this.privateKey = privateKey;
        var point = publicPoint.normalize();
        this.publicValue = P256.toOctets(
                point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
    }

    static BouncyCastleEcpKeyExchange generate(RandomSource random) {
        var generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(DOMAIN, new SourceRandom(random)));
        var pair = generator.generateKeyPair();
        return new BouncyCastleEcpKeyExchange(
                (ECPrivateKeyParameters) pair.getPrivate(), ((ECPublicKeyParameters) pair.getPublic()).getQ());
    }

    /** Takes a known private key, for tests. */
    static BouncyCastleEcpKeyExchange ofPrivate(BigInteger privateKey) {
        return new BouncyCastleEcpKeyExchange(new ECPrivateKeyParameters(privateKey, DOMAIN),
                new FixedPointCombMultiplier().multiply(DOMAIN.getG(), privateKey));
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
        var peer = DOMAIN.getCurve().createPoint(point.getAffineX(), point.getAffineY());
        var agreement = new ECDHBasicAgreement();
        agreement.init(privateKey);
        var x = agreement.calculateAgreement(new ECPublicKeyParameters(peer, DOMAIN));
        return Secret.owning(UnsignedInteger.toOctets(x, P256.COORDINATE_LENGTH));
    }

    @Override
    public void destroy() {
        privateKey = null;
    }
}
