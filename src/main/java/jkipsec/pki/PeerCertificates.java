package jkipsec.pki;

import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPath;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.MalformedMessage;

/**
 * The certificates a peer sent in CERT payloads: its own first, then others that may help to find the way from it to an
 * authority we trust (RFC 7296 §3.6). Immutable and thread-safe.
 *
 * <p>Validating verifies a signature for each certificate on the way, and on ways tried in vain: do it where waiting is
 * allowed. Nothing is fetched from a network, unless the program has told the Java platform to with its system
 * properties {@code com.sun.security.enableAIAcaIssuers} and {@code com.sun.security.enableCRLDP}.
 */
public final class PeerCertificates {
    /** Certificates a peer may send; RFC 7296 §3.6 wants at least four. */
    public static final int MOST = 8;

    /** Octets a certificate may have. Those of strangers are parsed, so this bounds what that may cost. */
    public static final int MOST_OCTETS = 16_384;

    /** Authorities there may be between a peer and an anchor. */
    private static final int MOST_INTERMEDIATES = 4;

    private static final String SECTION = "RFC 7296 §3.6";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final String IKE_PURPOSE = "1.3.6.1.5.5.7.3.17";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;

    /** Signature algorithms of certificates: ECDSA and RSA with SHA-2, RSASSA-PSS, Ed25519, Ed448. */
    private static final Set<String> SIGNATURES = Set.of(
            "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4",
            "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13",
            "1.2.840.113549.1.1.10", "1.3.101.112", "1.3.101.113");

    private final X509Certificate own;
    private final List<X509Certificate> others;

    private PeerCertificates(X509Certificate own, List<X509Certificate> others) {
        this.own = own;
        this.others = others;
    }

    /**
     * Parses what a peer sent.
     *
     * @param der the data of its CERT payloads of encoding 4, in their order
     * @return the certificates
     * @throws MalformedMessage when there are none or more than {@link #MOST}, or one is too long or no certificate
     */
    public static PeerCertificates parse(List<byte[]> der) throws MalformedMessage {
        if (der.isEmpty() || der.size() > MOST) {
            throw new MalformedMessage("not 1 to " + MOST + " certificates but " + der.size(), 0, SECTION);
        }
        var certificates = new ArrayList<X509Certificate>();
        for (byte[] octets : der) {
            if (octets.length > MOST_OCTETS) {
                throw new MalformedMessage("a certificate of " + octets.length + " octets", 0, SECTION);
            }
            try {
                certificates.add(Certificates.parse(octets));
            } catch (CertificateException e) {
                throw new MalformedMessage("certificate number " + (certificates.size() + 1) + " is none", 0, SECTION);
            }
        }
        return new PeerCertificates(certificates.get(0), List.copyOf(certificates.subList(1, certificates.size())));
    }

    /**
     * The peer's own certificate, which anyone could have sent: believe nothing in it before {@link #validate}.
     *
     * @return the first of those sent
     */
    public X509Certificate certificate() {
        return own;
    }

    /**
     * Decides whether the peer's own certificate is to be believed. Who it names is another question, for {@link
     * CertificateNames}; and that the peer has its private key is proved by the AUTH payload alone.
     *
     * @param anchors whom we believe
     * @param use what the certificate must be made for
     * @param at the present time
     * @return trusted, or why not
     */
    public Trust validate(TrustAnchors anchors, CertificateUse use, Instant at) {
        Optional<String> fault = validity(at).or(this::keyUsage).or(() -> purpose(use));
        if (fault.isEmpty() && !anchors.certificates().contains(own)) {
            fault = path(anchors, at);
        }
        return fault.<Trust>map(Trust.Distrusted::new).orElseGet(() -> new Trust.Trusted(own));
    }

    private Optional<String> validity(Instant at) {
        try {
            own.checkValidity(Date.from(at));
            return Optional.empty();
        } catch (CertificateExpiredException e) {
            return Optional.of("the certificate expired at " + own.getNotAfter().toInstant());
        } catch (CertificateNotYetValidException e) {
            return Optional.of("the certificate is not valid before " + own.getNotBefore().toInstant());
        }
    }

    /** RFC 4945 §5.1.3.2: where key usage is stated, one that covers signing must be. */
    private Optional<String> keyUsage() {
        boolean[] usage = own.getKeyUsage();
        return usage == null || usage[DIGITAL_SIGNATURE] || usage[NON_REPUDIATION]
                ? Optional.empty()
                : Optional.of("the certificate's key is not for signatures");
    }

    /** Where purposes are stated, ours must be: else any device's certificate could stand for the gateway's. */
    private Optional<String> purpose(CertificateUse use) {
        try {
            List<String> purposes = own.getExtendedKeyUsage();
            return purposes == null || purposes.contains(use.purpose()) || purposes.contains(IKE_PURPOSE)
                            || purposes.contains(ANY_PURPOSE)
                    ? Optional.empty()
                    : Optional.of("the certificate is not made for this use: " + use);
        } catch (CertificateParsingException e) {
            return Optional.of("the certificate's purposes cannot be read");
        }
    }

    /** Finds and validates a path, RFC 5280 §6, and gives the fault if there is none. */
    private Optional<String> path(TrustAnchors anchors, Instant at) {
        if (anchors.certificates().isEmpty()) {
            return Optional.of("no authority is trusted");
        }
        try {
            var target = new X509CertSelector();
            target.setCertificate(own);
            var parameters = new PKIXBuilderParameters(anchors.anchors(), target);
            parameters.setDate(Date.from(at));
            parameters.setMaxPathLength(MOST_INTERMEDIATES);
            parameters.addCertStore(store(others));
            parameters.setRevocationEnabled(false);
            CertPath path = CertPathBuilder.getInstance("PKIX").build(parameters).getCertPath();
            if (anchors.revocationLists().isPresent()) {
                checkRevocation(path, anchors.anchors(), anchors.revocationLists().get(), at);
            }
            boolean strong = path.getCertificates().stream()
                    .allMatch(certificate -> SIGNATURES.contains(((X509Certificate) certificate).getSigAlgOID()));
            return strong ? Optional.empty() : Optional.of("a certificate is signed with SHA-1 or something as weak");
        } catch (CertPathBuilderException | CertPathValidatorException e) {
            return Optional.of(reason(e));
        } catch (InvalidAlgorithmParameterException | NoSuchAlgorithmException e) {
            throw Certificates.lacks("PKIX", e);
        }
    }

    /** A second pass, since the platform says what is wrong with a path, and not why it found none. */
    private static void checkRevocation(CertPath path, Set<TrustAnchor> anchors, List<X509CRL> lists, Instant at)
            throws CertPathValidatorException, InvalidAlgorithmParameterException, NoSuchAlgorithmException {
        var parameters = new PKIXParameters(anchors);
        parameters.setDate(Date.from(at));
        parameters.addCertStore(store(lists));
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        var checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOptions(
                EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        parameters.addCertPathChecker(checker);
        validator.validate(path, parameters);
    }

    private static CertStore store(List<?> content) throws NoSuchAlgorithmException {
        try {
            return CertStore.getInstance("Collection", new CollectionCertStoreParameters(content));
        } catch (InvalidAlgorithmParameterException e) {
            throw Certificates.lacks("Collection", e);
        }
    }

    /** The platform's reasons in our words, since its own may quote the certificate. */
    private static String reason(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException fault) {
                return switch (fault.getReason()) {
                    case CertPathValidatorException.BasicReason basic -> switch (basic) {
                        case EXPIRED -> "an authority's certificate has expired";
                        case NOT_YET_VALID -> "an authority's certificate is not yet valid";
                        case REVOKED -> "a certificate was revoked";
                        case UNDETERMINED_REVOCATION_STATUS -> "an authority's current revocation list is missing";
                        case INVALID_SIGNATURE -> "a certificate's signature is invalid";
                        case ALGORITHM_CONSTRAINED -> "an algorithm is too weak for the Java platform's settings";
                        case UNSPECIFIED -> "a certificate on the way to a trusted authority is invalid";
                    };
                    case PKIXReason pkix -> "the way to a trusted authority is invalid: " + pkix;
                    default -> "a certificate on the way to a trusted authority is invalid";
                };
            }
        }
        return "no trusted authority stands behind the certificate";
    }

    /** Says how many. */
    @Override
    public String toString() {
        return "PeerCertificates[" + (1 + others.size()) + "]";
    }
}
