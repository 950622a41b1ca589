package jkipsec.pki;

import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.ByteWriter;

/**
 * Whom we believe: certificates of authorities, or of single peers, and what they have revoked. Immutable and
 * thread-safe.
 *
 * @param certificates authorities whose word counts, and peers that are trusted by themselves
 * @param revocationLists the lists in which every certificate of a path must be looked up; empty when revocation is not
 *     checked, which is the default. With lists, a certificate whose issuer's current list is missing is not trusted
 */
public record TrustAnchors(List<X509Certificate> certificates, Optional<List<X509CRL>> revocationLists) {
    /** Copies. */
    public TrustAnchors {
        certificates = List.copyOf(certificates);
        revocationLists = revocationLists.map(List::copyOf);
    }

    /**
     * Trusts certificates without checking revocation.
     *
     * @param certificates those to trust
     * @return the anchors
     */
    public static TrustAnchors of(List<X509Certificate> certificates) {
        return new TrustAnchors(certificates, Optional.empty());
    }

    /**
     * Trusts certificates without checking revocation.
     *
     * @param text at least one block of kind CERTIFICATE
     * @return the anchors
     * @throws IllegalArgumentException when there is none, or one that cannot be read
     */
    public static TrustAnchors parse(String text) {
        return of(Pem.certificates(text));
    }

    /**
     * Checks revocation from now on, in lists alone: nothing is fetched.
     *
     * @param lists one of each authority in the paths
     * @return anchors that are otherwise the same
     */
    public TrustAnchors withRevocationLists(List<X509CRL> lists) {
        return new TrustAnchors(certificates, Optional.of(lists));
    }

    /**
     * What goes into our CERTREQ payload of encoding 4: one after the other, the SHA-1 hashes of the keys we trust (RFC
     * 7296 §3.7).
     *
     * @return 20 octets an anchor
     */
    public byte[] authorities() {
        var out = new ByteWriter();
        certificates.forEach(certificate -> out.bytes(Certificates.authorityHash(certificate)));
        return out.toByteArray();
    }

    Set<TrustAnchor> anchors() {
        var anchors = new HashSet<TrustAnchor>();
        certificates.forEach(certificate -> anchors.add(new TrustAnchor(certificate, null)));
        return anchors;
    }
}
