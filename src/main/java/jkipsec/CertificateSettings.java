package jkipsec;

import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import jkipsec.crypto.SignaturePolicy;
import jkipsec.ike.CertificateConfig;
import jkipsec.ike.Identification;
import jkipsec.pki.CertificateNames;
import jkipsec.pki.Credentials;
import jkipsec.pki.TrustAnchors;

/**
 * Which certificates a configuration has and trusts. Immutable. Its text shows nothing of the private key.
 *
 * @param own this side's private key and chain
 * @param trusted the authorities that the other side's certificate may come from
 * @param signatures which signatures are made and accepted
 */
record CertificateSettings(Optional<Credentials> own, Optional<TrustAnchors> trusted, SignaturePolicy signatures) {
    /** Pre-shared keys alone. */
    static final CertificateSettings NONE = new CertificateSettings(
            Optional.empty(), Optional.empty(), SignaturePolicy.DEFAULT);

    CertificateSettings withOwn(String pem) {
        Objects.requireNonNull(pem, "certificate");
        try {
            return new CertificateSettings(
                    Optional.of(Credentials.parse(pem, new SecureRandom()::nextBytes)), trusted, signatures);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("certificate: " + e.getMessage() + "; give the text of the PEM files, as"
                    + " Files.readString reads it: one private key, its certificate, and those of intermediate"
                    + " authorities", e);
        }
    }

    CertificateSettings withTrusted(String pem) {
        Objects.requireNonNull(pem, "trust");
        try {
            return new CertificateSettings(own, Optional.of(TrustAnchors.parse(pem)), signatures);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("trust: " + e.getMessage() + "; give the text of a PEM file, as"
                    + " Files.readString reads it, with the certificates of the authorities", e);
        }
    }

    /** RSA with SHA-1 too, with peers that do not name their hashes. */
    CertificateSettings withSha1() {
        return new CertificateSettings(own, trusted, signatures.withRsaSha1(true));
    }

    /**
     * Checks that our certificate, if there is one, proves the name we give: the other side would refuse it else.
     *
     * @throws IllegalStateException when it does not
     */
    void requireName(Identification identity) {
        own.map(Credentials::certificate)
                .filter(certificate -> !CertificateNames.matches(certificate, identity.type(), identity.data()))
                .ifPresent(certificate -> {
                    throw new IllegalStateException("the certificate does not name the identity \"" + identity.text()
                            + "\", and the other side would refuse it; give an identity that it names ("
                            + names(certificate) + "), or another certificate");
                });
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? "it has no subject alternative name"
                    : names.stream()
                            .map(name -> name.get(1))
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .collect(Collectors.joining(", "));
        } catch (CertificateParsingException e) {
            return "its names cannot be read";
        }
    }

    /** For the core, with the calendar of this machine. */
    CertificateConfig config() {
        return own.isEmpty() && trusted.isEmpty()
                ? CertificateConfig.none()
                : new CertificateConfig(own, trusted, signatures, InstantSource.system());
    }

    /** As a part of what a configuration shows of itself; empty without certificates. */
    @Override
    public String toString() {
        return own.map(credentials -> ", certificate of " + credentials.certificate().getSubjectX500Principal())
                        .orElse("")
                + trusted.map(anchors -> ", trusts " + anchors.certificates().size() + " authorities").orElse("")
                + (signatures.rsaSha1() ? ", SHA-1 allowed" : "");
    }
}
