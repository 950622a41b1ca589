package jkipsec.pki;

import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.RandomSource;
import jkipsec.crypto.IkeSignature;
import jkipsec.crypto.SignatureCheck;
import jkipsec.crypto.SignatureHash;
import jkipsec.crypto.SignaturePolicy;

/**
 * What proves who we are: a private key, and the certificates that lead from it to an authority that peers trust. It
 * does not print the key. Immutable and thread-safe, as far as the key is.
 *
 * @param key signs; EC on P-256, P-384 or P-521, RSA from 2,048 bits, or Ed25519
 * @param chain our own certificate, then those of intermediate authorities; at most {@link PeerCertificates#MOST}
 */
public record Credentials(PrivateKey key, List<X509Certificate> chain) {
    private static final int PROBE = 32;

    /** Checks that key and certificate are of one kind; {@link #parse} checks that they belong together. */
    public Credentials {
        chain = List.copyOf(chain);
        if (chain.isEmpty() || chain.size() > PeerCertificates.MOST) {
            throw new IllegalArgumentException(
                    "a chain has 1 to " + PeerCertificates.MOST + " certificates, not " + chain.size());
        }
        if (!IkeSignature.supports(chain.get(0).getPublicKey(), SignaturePolicy.DEFAULT)) {
            throw new IllegalArgumentException("the certificate's key does not sign in IKE: give one with EC on P-256, "
                    + "P-384 or P-521, RSA from 2048 bits, or Ed25519");
        }
        String of = chain.get(0).getPublicKey().getAlgorithm();
        if (!key.getAlgorithm().equals(of)) {
            throw new IllegalArgumentException(
                    "the private key is of type " + key.getAlgorithm() + ", the first certificate's of type " + of);
        }
    }

    /**
     * Reads a key and its certificates, which may be one text or two put together, and tries them out.
     *
     * @param pem one PRIVATE KEY and at least one CERTIFICATE, in any order: the key's own certificate is found and put
     *     first
     * @param random draws what is signed for trying
     * @return the credentials
     * @throws IllegalArgumentException when something is missing or cannot be read, or no certificate is the key's
     */
    public static Credentials parse(String pem, RandomSource random) {
        PrivateKey key = Pem.privateKey(pem);
        List<X509Certificate> certificates = Pem.certificates(pem);
        byte[] probe = random.bytes(PROBE);
        Optional<IkeSignature> signature = IkeSignature.sign(
                key, EnumSet.allOf(SignatureHash.class), SignaturePolicy.DEFAULT, probe, random);
        X509Certificate own = certificates.stream()
                .filter(certificate -> signature.isPresent() && signature.get().verify(
                        certificate.getPublicKey(), SignaturePolicy.DEFAULT, probe) == SignatureCheck.VALID)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "none of the " + certificates.size() + " certificates belongs to the private key"));
        var chain = new ArrayList<X509Certificate>();
        chain.add(own);
        certificates.stream().filter(certificate -> !certificate.equals(own)).forEach(chain::add);
        return new Credentials(key, chain);
    }

    /**
     * Our own certificate.
     *
     * @return the first of the chain
     */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /**
     * What goes into our CERT payloads, encoding 4, in this order (RFC 7296 §3.6). An authority's self-signed
     * certificate is left out: whoever trusts it has it.
     *
     * @return certificates in DER, at least one
     */
    public List<byte[]> encodedChain() {
        var encoded = new ArrayList<byte[]>();
        for (X509Certificate certificate : chain) {
            if (encoded.isEmpty() || !Certificates.isSelfIssued(certificate)) {
                try {
                    encoded.add(certificate.getEncoded());
                } catch (CertificateEncodingException e) {
                    throw new IllegalStateException("a certificate that was parsed cannot be written", e);
                }
            }
        }
        return encoded;
    }

    /**
     * Signs with the key.
     *
     * @param peerHashes what the peer's SIGNATURE_HASH_ALGORITHMS notification names; empty when it sent none
     * @param policy which signatures to make
     * @param signedOctets what to sign (RFC 7296 §2.15)
     * @param random what ECDSA and PSS draw from
     * @return the signature, or empty when the peer supports none that this key makes
     */
    public Optional<IkeSignature> sign(
            Set<SignatureHash> peerHashes, SignaturePolicy policy, byte[] signedOctets, RandomSource random) {
        return IkeSignature.sign(key, peerHashes, policy, signedOctets, random);
    }

    /** Says whose, and nothing of the key. */
    @Override
    public String toString() {
        return "Credentials[" + certificate().getSubjectX500Principal() + "]";
    }
}
