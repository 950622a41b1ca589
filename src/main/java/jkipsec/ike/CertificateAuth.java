package jkipsec.ike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.crypto.IkeSignature;
import jkipsec.crypto.SignatureCheck;
import jkipsec.crypto.SignatureHash;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.CertEncoding;
import jkipsec.ike.message.CertPayload;
import jkipsec.ike.message.CertReqPayload;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.pki.CertificateNames;
import jkipsec.pki.CertificateUse;
import jkipsec.pki.Credentials;
import jkipsec.pki.PeerCertificates;
import jkipsec.pki.Trust;
import jkipsec.pki.TrustAnchors;

/**
 * Authentication by certificate: the payloads that ask for it, that prove and that are verified (RFC 7296 §2.15, §3.6
 * to §3.8, RFC 7427). Proving and verifying compute for long, and touch nothing of an IKE SA: they belong into
 * {@link Work}.
 */
final class CertificateAuth {
    /** More authorities than these are not named: a request for all that a computer trusts fills datagrams. */
    private static final int MOST_AUTHORITIES = 32;

    private static final int AUTHORITY_LENGTH = 20;

    private CertificateAuth() {}

    /** What goes into IKE_SA_INIT so that signatures name their algorithm (RFC 7427 §4). */
    static List<Payload> offer(CertificateConfig config) {
        return config.isUsed()
                ? List.of(NotifyPayload.of(
                        NotifyType.SIGNATURE_HASH_ALGORITHMS, SignatureHash.write(List.of(SignatureHash.values()))))
                : List.of();
    }

    /** What asks the peer for a certificate, if we trust any (RFC 7296 §3.7). */
    static List<Payload> request(CertificateConfig config) {
        return config.trusted().map(TrustAnchors::authorities).stream()
                .<Payload>map(all -> new CertReqPayload(
                        CertEncoding.X509_SIGNATURE,
                        Arrays.copyOf(all, Math.min(all.length, MOST_AUTHORITIES * AUTHORITY_LENGTH))))
                .toList();
    }

    /**
     * Proves who we are: CERT and AUTH. The certificates are sent asked or not, since Apple's clients want them and do
     * not ask.
     *
     * @param octets what to sign
     * @return the payloads, or nothing when the peer verifies no signature that our key makes
     */
    static Optional<List<Payload>> prove(
            CertificateConfig config, Transcript transcript, byte[] octets, RandomSource random) {
        Credentials own = config.credentials().orElseThrow();
        Optional<IkeSignature> signature = own.sign(transcript.peerHashes(), config.signatures(), octets, random);
        return signature.map(signed -> {
            var payloads = new ArrayList<Payload>();
            own.encodedChain().forEach(der -> payloads.add(new CertPayload(CertEncoding.X509_SIGNATURE, der)));
            payloads.add(new AuthPayload(signed.method(), signed.data()));
            return List.copyOf(payloads);
        });
    }

    /**
     * Verifies a peer's proof: its certificate is trusted, names it as it names itself, and signed.
     *
     * @param payloads the peer's message, with an AUTH payload
     * @param use what its certificate must be made for
     * @param id who the peer says it is
     * @param octets what it should have signed
     */
    static Trust verify(
            List<Payload> payloads, CertificateConfig config, CertificateUse use, IdPayload id, byte[] octets) {
        List<byte[]> sent = payloads.stream()
                .filter(CertPayload.class::isInstance)
                .map(CertPayload.class::cast)
                .filter(cert -> cert.encoding() == CertEncoding.X509_SIGNATURE)
                .map(CertPayload::data)
                .toList();
        if (sent.isEmpty()) {
            return new Trust.Distrusted("no certificate was sent");
        }
        PeerCertificates certificates;
        try {
            certificates = PeerCertificates.parse(sent);
        } catch (MalformedMessage e) {
            return new Trust.Distrusted("malformed certificates: " + e.getMessage());
        }
        AuthPayload auth = Payloads.first(payloads, AuthPayload.class).orElseThrow();
        var signature = new IkeSignature(auth.method(), auth.data());
        // The signature first: it is cheap beside a path, and without it nothing else matters.
        SignatureCheck check = signature.verify(
                certificates.certificate().getPublicKey(), config.signatures(), octets);
        if (check != SignatureCheck.VALID) {
            return new Trust.Distrusted(check.describe());
        }
        Trust trust = certificates.validate(config.trusted().orElseThrow(), use, config.time().instant());
        boolean named = CertificateNames.matches(certificates.certificate(), id.idType(), id.data());
        return trust instanceof Trust.Trusted && !named
                ? new Trust.Distrusted("the certificate does not name " + new Identification(id.idType(), id.data()))
                : trust;
    }
}
