package jkipsec.crypto;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.List;
import java.util.Optional;

/** The kinds of keys that sign here. */
enum SigningKeyKind {
    P256("secp256r1", SignatureHash.SHA2_256, SignatureHash.SHA2_384, SignatureHash.SHA2_512),
    P384("secp384r1", SignatureHash.SHA2_384, SignatureHash.SHA2_512, SignatureHash.SHA2_256),
    P521("secp521r1", SignatureHash.SHA2_512, SignatureHash.SHA2_384, SignatureHash.SHA2_256),
    /** Signs by PKCS #1 v1.5 and PSS. */
    RSA("", SignatureHash.SHA2_256, SignatureHash.SHA2_384, SignatureHash.SHA2_512),
    /** A key whose certificate says that it signs by PSS alone. */
    RSA_PSS("", SignatureHash.SHA2_256, SignatureHash.SHA2_384, SignatureHash.SHA2_512),
    ED25519("", SignatureHash.IDENTITY);

    private final Optional<ECParameterSpec> curve;
    private final List<SignatureHash> preference;

    SigningKeyKind(String curve, SignatureHash... preference) {
        this.curve = curve.isEmpty() ? Optional.empty() : Optional.of(curve(curve));
        this.preference = List.of(preference);
    }

    static Optional<SigningKeyKind> of(Key key) {
        return switch (key) {
            case ECKey ec -> curves().stream().filter(kind -> kind.isOn(ec.getParams())).findFirst();
            case RSAKey rsa when key.getAlgorithm().equals("RSASSA-PSS") -> Optional.of(RSA_PSS);
            case RSAKey rsa -> Optional.of(RSA);
            case EdECKey ed when ed.getParams().getName().equals("Ed25519") -> Optional.of(ED25519);
            default -> Optional.empty();
        };
    }

    /** Which hashes go with such a key, the best first: as strong as the curve, where there is one. */
    List<SignatureHash> preference() {
        return preference;
    }

    boolean isEc() {
        return curve.isPresent();
    }

    boolean isRsa() {
        return this == RSA || this == RSA_PSS;
    }

    /** Octets of r and of s. */
    int coordinateLength() {
        return (curve.orElseThrow().getOrder().bitLength() + 7) / 8;
    }

    private static List<SigningKeyKind> curves() {
        return List.of(P256, P384, P521);
    }

    private boolean isOn(ECParameterSpec other) {
        ECParameterSpec ours = curve.orElseThrow();
        return other != null && ours.getCurve().equals(other.getCurve()) && ours.getOrder().equals(other.getOrder())
                && ours.getGenerator().equals(other.getGenerator());
    }

    private static ECParameterSpec curve(String name) {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(name));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw Jdk.lacks(name, e);
        }
    }
}
