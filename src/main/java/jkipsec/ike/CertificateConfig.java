package jkipsec.ike;

import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import jkipsec.crypto.SignatureHash;
import jkipsec.crypto.SignaturePolicy;
import jkipsec.pki.Credentials;
import jkipsec.pki.TrustAnchors;

/**
 * What an endpoint does with certificates.
 *
 * @param credentials proves who we are to peers that do not log in by pre-shared key; empty when we have none
 * @param trusted whose certificates peers may prove who they are with; empty when none may
 * @param signatures which signatures are made and accepted
 * @param time the calendar time, by which certificates are valid or not; asked on any thread
 */
public record CertificateConfig(
        Optional<Credentials> credentials,
        Optional<TrustAnchors> trusted,
        SignaturePolicy signatures,
        InstantSource time) {
    private static final CertificateConfig NONE = new CertificateConfig(
            Optional.empty(), Optional.empty(), SignaturePolicy.DEFAULT, () -> {
                throw new IllegalStateException("an endpoint without certificates asked for the time");
            });

    /** Checks that all is there. */
    public CertificateConfig {
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(trusted, "trusted");
        Objects.requireNonNull(signatures, "signatures");
        Objects.requireNonNull(time, "time");
    }

    /**
     * Neither has nor trusts certificates: pre-shared keys alone.
     *
     * @return the configuration
     */
    public static CertificateConfig none() {
        return NONE;
    }

    /** For a peer that named these hashes: whoever can name one has no need of authentication method 1, with SHA-1. */
    CertificateConfig forPeer(Set<SignatureHash> named) {
        return named.isEmpty()
                ? this
                : new CertificateConfig(credentials, trusted, signatures.withRsaSha1(false), time);
    }

    /**
     * Whether certificates play any part.
     *
     * @return true when we have or trust any
     */
    public boolean isUsed() {
        return credentials.isPresent() || trusted.isPresent();
    }
}
