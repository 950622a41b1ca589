package jkipsec.crypto;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.RandomSource;

/**
 * A signature as an AUTH payload carries it (RFC 7296 §2.15 and §3.8).
 *
 * <p>Peers that have sent each other SIGNATURE_HASH_ALGORITHMS use method 14, whose data names the algorithm (RFC 7427
 * §3):
 *
 * <pre>
 *   length of the AlgorithmIdentifier (1 octet) | AlgorithmIdentifier (DER) | signature
 * </pre>
 *
 * <p>Others use the old methods: 9, 10 and 11 are ECDSA with one curve and hash each, and the data is r and s, each as
 * long as the curve's order (RFC 4754 §3); method 1 is RSA with SHA-1, and refused unless policy allows it. Signing and
 * verifying take from a tenth of a millisecond to several: do both where waiting is allowed. Immutable.
 *
 * @param method the authentication method of the AUTH payload, 0 to 255
 * @param data the Authentication Data of the AUTH payload
 */
public record IkeSignature(int method, byte[] data) {
    /** Authentication method RSA Digital Signature. */
    public static final int RSA_SHA1 = 1;

    /** Authentication method ECDSA with SHA-256 on P-256. */
    public static final int ECDSA_256 = 9;

    /** Authentication method ECDSA with SHA-384 on P-384. */
    public static final int ECDSA_384 = 10;

    /** Authentication method ECDSA with SHA-512 on P-521. */
    public static final int ECDSA_521 = 11;

    /** Authentication method Digital Signature. */
    public static final int DIGITAL_SIGNATURE = 14;

    /** Checks and copies. */
    public IkeSignature {
        if (method < 0 || method > 255) {
            throw new IllegalArgumentException("an authentication method is one octet, not " + method);
        }
        data = data.clone();
    }

    /**
     * The Authentication Data.
     *
     * @return a copy
     */
    @Override
    public byte[] data() {
        return data.clone();
    }

    /**
     * Whether a key can sign here: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of the length that policy wants.
     *
     * @param key a public or a private key
     * @param policy says how long RSA keys must be
     * @return true when it can
     */
    public static boolean supports(Key key, SignaturePolicy policy) {
        return SigningKeyKind.of(key).isPresent() && !tooShort(key, policy);
    }

    /**
     * Signs.
     *
     * @param key our private key
     * @param peerHashes what the peer's SIGNATURE_HASH_ALGORITHMS notification names; empty when it sent none, or we
     *     sent none, which leaves the old methods
     * @param policy which signatures to make
     * @param signedOctets what to sign (RFC 7296 §2.15)
     * @param random what ECDSA and PSS draw from
     * @return the signature, or empty when the peer supports none that this key makes
     * @throws IllegalStateException when the key cannot be used, such as one of a device that was unplugged
     */
    public static Optional<IkeSignature> sign(
            PrivateKey key, Set<SignatureHash> peerHashes, SignaturePolicy policy, byte[] signedOctets,
            RandomSource random) {
        Optional<SigningKeyKind> kind = SigningKeyKind.of(key);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        Optional<Plan> plan = peerHashes.isEmpty()
                ? planOld(kind.get(), policy)
                : planNew(kind.get(), peerHashes, policy);
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        try {
            Signature signer = plan.get().begin();
            signer.initSign(key, new SourceRandom(random));
            signer.update(signedOctets);
            return Optional.of(plan.get().wrap(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the private key of type " + key.getAlgorithm() + " does not sign", e);
        }
    }

    /** How to sign: the algorithm is one of the new method's, or what an old method stands for. */
    private record Plan(int method, Optional<SignatureScheme> scheme) {
        Signature begin() throws GeneralSecurityException {
            return scheme.isPresent() ? scheme.get().begin() : Signature.getInstance(oldAlgorithm(method));
        }

        IkeSignature wrap(byte[] signature) {
            if (scheme.isEmpty()) {
                return new IkeSignature(method, signature);
            }
            byte[] algorithm = scheme.get().algorithmIdentifier();
            return new IkeSignature(method, new ByteWriter()
                    .u8(algorithm.length)
                    .bytes(algorithm)
                    .bytes(signature)
                    .toByteArray());
        }
    }

    private static Optional<Plan> planNew(SigningKeyKind kind, Set<SignatureHash> peerHashes, SignaturePolicy policy) {
        SignatureScheme.Family family = switch (kind) {
            case P256, P384, P521 -> SignatureScheme.Family.ECDSA;
            case RSA -> policy.pss() ? SignatureScheme.Family.PSS : SignatureScheme.Family.PKCS1;
            case RSA_PSS -> SignatureScheme.Family.PSS;
            case ED25519 -> SignatureScheme.Family.ED25519;
        };
        return kind.preference().stream()
                .filter(peerHashes::contains)
                .findFirst()
                .map(hash -> new Plan(DIGITAL_SIGNATURE, Optional.of(SignatureScheme.of(family, hash))));
    }

    private static Optional<Plan> planOld(SigningKeyKind kind, SignaturePolicy policy) {
        return switch (kind) {
            case P256 -> Optional.of(new Plan(ECDSA_256, Optional.empty()));
            case P384 -> Optional.of(new Plan(ECDSA_384, Optional.empty()));
            case P521 -> Optional.of(new Plan(ECDSA_521, Optional.empty()));
            case RSA -> policy.rsaSha1() ? Optional.of(new Plan(RSA_SHA1, Optional.empty())) : Optional.empty();
            case RSA_PSS, ED25519 -> Optional.empty();
        };
    }

    private static String oldAlgorithm(int method) {
        return switch (method) {
            case RSA_SHA1 -> "SHA1withRSA";
            case ECDSA_256 -> "SHA256withECDSAinP1363Format";
            case ECDSA_384 -> "SHA384withECDSAinP1363Format";
            case ECDSA_521 -> "SHA512withECDSAinP1363Format";
            default -> throw new IllegalArgumentException("method " + method + " has no fixed algorithm");
        };
    }

    /**
     * Verifies.
     *
     * @param key the peer's public key, from a certificate that is trusted
     * @param policy which signatures to accept
     * @param signedOctets what the peer should have signed (RFC 7296 §2.15)
     * @return {@link SignatureCheck#VALID}, or what is wrong
     */
    public SignatureCheck verify(PublicKey key, SignaturePolicy policy, byte[] signedOctets) {
        Optional<SigningKeyKind> kind = SigningKeyKind.of(key);
        if (kind.isEmpty()) {
            return SignatureCheck.OTHER_KEY;
        }
        if (tooShort(key, policy)) {
            return SignatureCheck.WEAK_KEY;
        }
        try {
            return switch (method) {
                case DIGITAL_SIGNATURE -> verifyNew(kind.get(), key, signedOctets);
                case ECDSA_256 -> verifyOld(kind.get() == SigningKeyKind.P256, key, signedOctets);
                case ECDSA_384 -> verifyOld(kind.get() == SigningKeyKind.P384, key, signedOctets);
                case ECDSA_521 -> verifyOld(kind.get() == SigningKeyKind.P521, key, signedOctets);
                case RSA_SHA1 -> policy.rsaSha1()
                        ? verifyOld(kind.get() == SigningKeyKind.RSA, key, signedOctets)
                        : SignatureCheck.METHOD_REFUSED;
                default -> SignatureCheck.METHOD_REFUSED;
            };
        } catch (SignatureException e) {
            // The octets are no signature at all, or one too long or too short for the key.
            return SignatureCheck.WRONG;
        } catch (GeneralSecurityException e) {
            return SignatureCheck.OTHER_KEY;
        }
    }

    private SignatureCheck verifyNew(SigningKeyKind kind, PublicKey key, byte[] octets)
            throws GeneralSecurityException {
        int algorithmLength = data.length == 0 ? 0 : data[0] & 0xff;
        if (algorithmLength == 0 || data.length <= 1 + algorithmLength) {
            return SignatureCheck.MALFORMED;
        }
        Optional<SignatureScheme> scheme = SignatureScheme.parse(Arrays.copyOfRange(data, 1, 1 + algorithmLength));
        if (scheme.isEmpty()) {
            return SignatureCheck.ALGORITHM_REFUSED;
        }
        if (!scheme.get().fits(kind)) {
            return SignatureCheck.OTHER_KEY;
        }
        Signature verifier = scheme.get().begin();
        verifier.initVerify(key);
        verifier.update(octets);
        return check(verifier.verify(data, 1 + algorithmLength, data.length - 1 - algorithmLength));
    }

    private SignatureCheck verifyOld(boolean keyFits, PublicKey key, byte[] octets) throws GeneralSecurityException {
        if (!keyFits) {
            return SignatureCheck.OTHER_KEY;
        }
        if (method != RSA_SHA1 && data.length != 2 * SigningKeyKind.of(key).orElseThrow().coordinateLength()) {
            return SignatureCheck.MALFORMED;
        }
        Signature verifier = Signature.getInstance(oldAlgorithm(method));
        verifier.initVerify(key);
        verifier.update(octets);
        return check(verifier.verify(data));
    }

    private static SignatureCheck check(boolean valid) {
        return valid ? SignatureCheck.VALID : SignatureCheck.WRONG;
    }

    private static boolean tooShort(Key key, SignaturePolicy policy) {
        return key instanceof RSAKey rsa && rsa.getModulus().bitLength() < policy.smallestRsaKey();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IkeSignature that && method == that.method && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * method + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "IkeSignature[method=" + method + ", " + data.length + " octets]";
    }
}
