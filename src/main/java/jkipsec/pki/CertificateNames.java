package jkipsec.pki;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import jkipsec.ike.message.IdType;
import jkipsec.ip.IpAddress;

/**
 * Compares IKE identities with the names a certificate gives, as RFC 4945 §3.1 and §5.1.3.6 say: a domain name, a mail
 * address or an IP address with the subject alternative names of its kind, a distinguished name with the subject. The
 * subject's common name is not looked at, and there are no wildcards.
 */
public final class CertificateNames {
    // The kinds of general names, RFC 5280 §4.2.1.6.
    private static final int RFC822_NAME = 1;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private CertificateNames() {}

    /**
     * Whether a certificate gives this name.
     *
     * @param certificate the certificate, which must be trusted for the answer to mean anything
     * @param idType the type of the identity, such as those of {@link IdType}
     * @param data the identity as in an Identification payload
     * @return true when it does; false also for types that certificates do not name
     */
    public static boolean matches(X509Certificate certificate, int idType, byte[] data) {
        return switch (idType) {
            case IdType.ID_FQDN -> ascii(data) && hasName(certificate, DNS_NAME, text(data));
            case IdType.ID_RFC822_ADDR -> ascii(data) && hasName(certificate, RFC822_NAME, text(data));
            case IdType.ID_IPV4_ADDR -> data.length == 4 && hasAddress(certificate, data);
            case IdType.ID_IPV6_ADDR -> data.length == 16 && hasAddress(certificate, data);
            case IdType.ID_DER_ASN1_DN -> isSubject(certificate, data);
            default -> false;
        };
    }

    private static boolean hasName(X509Certificate certificate, int kind, String wanted) {
        return names(certificate).stream().anyMatch(name -> name.get(0).equals(kind)
                && name.get(1) instanceof String text
                && (kind == DNS_NAME ? sameDomain(text, wanted) : sameMailbox(text, wanted)));
    }

    private static boolean hasAddress(X509Certificate certificate, byte[] wanted) {
        return names(certificate).stream().anyMatch(name -> name.get(0).equals(IP_ADDRESS)
                && name.get(1) instanceof String text
                && Arrays.equals(address(text), wanted));
    }

    private static byte[] address(String text) {
        try {
            return IpAddress.parse(text).toByteArray();
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static boolean isSubject(X509Certificate certificate, byte[] der) {
        try {
            return new X500Principal(der).equals(certificate.getSubjectX500Principal());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Collection<List<?>> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** Both are ASCII, where the letters' case does not count (RFC 4343); beyond it, unlike letters could be equal. */
    private static boolean sameDomain(String one, String other) {
        return !one.isEmpty() && ascii(one.getBytes(StandardCharsets.UTF_8)) && one.equalsIgnoreCase(other);
    }

    /** What stands before the last @ is the host's to interpret, and compared as it is (RFC 5280 §7.5). */
    private static boolean sameMailbox(String one, String other) {
        int at = one.lastIndexOf('@');
        return at > 0 && at == other.lastIndexOf('@')
                && one.regionMatches(0, other, 0, at)
                && sameDomain(one.substring(at + 1), other.substring(at + 1));
    }

    private static boolean ascii(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.US_ASCII);
    }
}
