package jkipsec.crypto;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jkipsec.bytes.ByteWriter;

/**
 * A signature algorithm with all its parameters, and the AlgorithmIdentifier that names it on the wire (RFC 7427
 * Appendix A, RFC 8420 Appendix A).
 *
 * @param family what makes and verifies such signatures
 * @param hash the hash it begins with
 * @param saltLength octets of salt, of PSS alone
 */
record SignatureScheme(Family family, SignatureHash hash, int saltLength) {
    /** Algorithms that differ only in the hash. */
    enum Family { ECDSA, PKCS1, PSS, ED25519 }

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    /** The context-specific tags of the PSS parameters: hash, mask, salt length, trailer field (RFC 4055 §3.1). */
    private static final int PSS_HASH = 0xa0;
    private static final int PSS_MASK = 0xa1;
    private static final int PSS_SALT = 0xa2;
    private static final int PSS_TRAILER = 0xa3;

    // Object identifiers with their tags and lengths.
    private static final byte[] PSS_OID = HexFormat.of().parseHex("06092a864886f70d01010a");
    private static final byte[] MGF1_OID = HexFormat.of().parseHex("06092a864886f70d010108");
    private static final byte[] NULL = {0x05, 0x00};

    private static final SignatureScheme ED25519 = new SignatureScheme(Family.ED25519, SignatureHash.IDENTITY, 0);

    static SignatureScheme of(Family family, SignatureHash hash) {
        return new SignatureScheme(family, hash, family == Family.PSS ? hash.length() : 0);
    }

    /** Finds the algorithm a peer names; SHA-1 and all that is unknown give nothing. */
    static Optional<SignatureScheme> parse(byte[] algorithmIdentifier) {
        return known()
                .filter(scheme -> Arrays.equals(scheme.algorithmIdentifier(), algorithmIdentifier)
                        || Arrays.equals(scheme.withoutNull(), algorithmIdentifier))
                .findFirst()
                .or(() -> parsePss(algorithmIdentifier));
    }

    private static Stream<SignatureScheme> known() {
        return Stream.of(
                of(Family.ECDSA, SignatureHash.SHA2_256),
                of(Family.ECDSA, SignatureHash.SHA2_384),
                of(Family.ECDSA, SignatureHash.SHA2_512),
                of(Family.PKCS1, SignatureHash.SHA2_256),
                of(Family.PKCS1, SignatureHash.SHA2_384),
                of(Family.PKCS1, SignatureHash.SHA2_512),
                ED25519);
    }

    /** The parameters of PSS come in some spellings, and with any length of salt; none with SHA-1 is among them. */
    private static Optional<SignatureScheme> parsePss(byte[] der) {
        for (SignatureHash hash : List.of(SignatureHash.SHA2_256, SignatureHash.SHA2_384, SignatureHash.SHA2_512)) {
            for (boolean trailer : new boolean[] {false, true}) {
                int saltAt = der.length - (trailer ? 6 : 1);
                int salt = saltAt < 0 ? -1 : der[saltAt];
                if (salt >= 0 && (Arrays.equals(der, pss(hash, salt, trailer, true))
                        || Arrays.equals(der, pss(hash, salt, trailer, false)))) {
                    return Optional.of(new SignatureScheme(Family.PSS, hash, salt));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Writes an AlgorithmIdentifier of PSS.
     *
     * @param salt 0 to 127
     * @param trailer whether the trailer field is there, with the value it has by default
     * @param nulls whether NULL stands where a hash could have parameters; RFC 4055 §2.1 wants both understood
     */
    private static byte[] pss(SignatureHash hash, int salt, boolean trailer, boolean nulls) {
        byte[] oid = HexFormat.of().parseHex(
                "06096086480165030402%02x".formatted(hash.id() - SignatureHash.SHA2_256.id() + 1));
        byte[] hashAlgorithm = nulls ? tlv(SEQUENCE, oid, NULL) : tlv(SEQUENCE, oid);
        return tlv(SEQUENCE, PSS_OID, tlv(SEQUENCE,
                tlv(PSS_HASH, hashAlgorithm),
                tlv(PSS_MASK, tlv(SEQUENCE, MGF1_OID, hashAlgorithm)),
                tlv(PSS_SALT, tlv(INTEGER, new byte[] {(byte) salt})),
                trailer ? tlv(PSS_TRAILER, tlv(INTEGER, new byte[] {1})) : new byte[0]));
    }

    /** A DER element of less than 128 octets. */
    private static byte[] tlv(int tag, byte[]... parts) {
        var out = new ByteWriter().u8(tag).u8(0);
        for (byte[] part : parts) {
            out.bytes(part);
        }
        out.patch8(1, out.length() - 2);
        return out.toByteArray();
    }

    /** The AlgorithmIdentifier in DER, 7 to 67 octets. */
    byte[] algorithmIdentifier() {
        int n = hash.id() - SignatureHash.SHA2_256.id();
        return switch (family) {
            case ECDSA -> HexFormat.of().parseHex("300a06082a8648ce3d0403%02x".formatted(2 + n));
            case PKCS1 -> HexFormat.of().parseHex("300d06092a864886f70d0101%02x0500".formatted(0x0b + n));
            // Without the trailer field that RFC 7427 A.4.3 shows: DER leaves out what has its default value.
            case PSS -> pss(hash, saltLength, false, true);
            case ED25519 -> HexFormat.of().parseHex("300506032b6570");
        };
    }

    /** The same without the NULL of PKCS #1, which some leave out (RFC 7427 §3). */
    private byte[] withoutNull() {
        byte[] der = algorithmIdentifier();
        if (family != Family.PKCS1) {
            return der;
        }
        byte[] shorter = Arrays.copyOf(der, der.length - 2);
        shorter[1] -= 2;
        return shorter;
    }

    boolean fits(SigningKeyKind key) {
        return switch (family) {
            case ECDSA -> key.isEc();
            case PKCS1 -> key == SigningKeyKind.RSA;
            case PSS -> key.isRsa();
            case ED25519 -> key == SigningKeyKind.ED25519;
        };
    }

    /** A signer or verifier that only wants its key. */
    Signature begin() throws GeneralSecurityException {
        String digest = hash.digestName().replace("-", "");
        Signature signature = Signature.getInstance(switch (family) {
            case ECDSA -> digest + "withECDSA";
            case PKCS1 -> digest + "withRSA";
            case PSS -> "RSASSA-PSS";
            case ED25519 -> "Ed25519";
        });
        if (family == Family.PSS) {
            signature.setParameter(new PSSParameterSpec(
                    hash.digestName(), "MGF1", new MGF1ParameterSpec(hash.digestName()), saltLength,
                    PSSParameterSpec.TRAILER_FIELD_BC));
        }
        return signature;
    }
}
