/**
 * Certificates as IKE uses them: {@link jkipsec.pki.Credentials} prove who we are, {@link jkipsec.pki.TrustAnchors} say
 * whom we believe, {@link jkipsec.pki.PeerCertificates} are what a peer sent, and {@link jkipsec.pki.CertificateNames}
 * compares an IKE identity with the names a certificate gives (RFC 7296 §3.6 and §3.7, RFC 4945, RFC 5280).
 *
 * <p>All work with octets and text that are handed in, and with a time that is handed in: nothing here opens a file,
 * asks a network or reads a clock. Certificate paths are built and validated by the Java platform; {@code
 * CertificateFrame} checks of each certificate what its signature does not cover.
 */
package jkipsec.pki;
