package jkipsec.pki;

import java.io.ByteArrayInputStream;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads keys and certificates from PEM text (RFC 7468), as it stands in files. Text outside the blocks is ignored, and
 * so are blocks of other kinds. Errors never repeat what was read.
 */
public final class Pem {
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");
    private static final Pattern HEADER = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "Ed25519", "RSASSA-PSS");

    private Pem() {}

    /**
     * Reads all certificates.
     *
     * @param text blocks of kind CERTIFICATE
     * @return the certificates in their order, at least one
     * @throws IllegalArgumentException when there is none, or one that cannot be read
     */
    public static List<X509Certificate> certificates(String text) {
        var certificates = new ArrayList<X509Certificate>();
        for (byte[] der : blocks(text, "CERTIFICATE")) {
            try {
                certificates.add(Certificates.parse(der));
            } catch (CertificateException e) {
                throw new IllegalArgumentException(
                        "certificate number " + (certificates.size() + 1) + " of the PEM text cannot be read", e);
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("no -----BEGIN CERTIFICATE----- in the PEM text" + found(text));
        }
        return List.copyOf(certificates);
    }

    /**
     * Reads all certificate revocation lists.
     *
     * @param text blocks of kind X509 CRL
     * @return the lists in their order, at least one
     * @throws IllegalArgumentException when there is none, or one that cannot be read
     */
    public static List<X509CRL> revocationLists(String text) {
        var lists = new ArrayList<X509CRL>();
        CertificateFactory factory = Certificates.factory();
        for (byte[] der : blocks(text, "X509 CRL")) {
            try {
                lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(der)));
            } catch (CRLException e) {
                throw new IllegalArgumentException(
                        "revocation list number " + (lists.size() + 1) + " of the PEM text cannot be read", e);
            }
        }
        if (lists.isEmpty()) {
            throw new IllegalArgumentException("no -----BEGIN X509 CRL----- in the PEM text" + found(text));
        }
        return List.copyOf(lists);
    }

    /**
     * Reads the private key.
     *
     * @param text one block of kind PRIVATE KEY, PKCS #8 without encryption, as certbot and OpenSSL 3 write it
     * @return the key: EC, RSA, RSASSA-PSS or Ed25519
     * @throws IllegalArgumentException when there is none or more than one, or none of these kinds; the message says
     *     how to convert other forms
     */
    public static PrivateKey privateKey(String text) {
        List<byte[]> keys = blocks(text, "PRIVATE KEY");
        try {
            if (keys.size() != 1) {
                throw new IllegalArgumentException(keys.isEmpty()
                        ? "no -----BEGIN PRIVATE KEY----- in the PEM text" + found(text)
                                + "; openssl pkcs8 -topk8 -nodes converts other forms of keys"
                        : keys.size() + " private keys in the PEM text, where one is wanted");
            }
            return privateKey(keys.get(0));
        } finally {
            keys.forEach(der -> Arrays.fill(der, (byte) 0));
        }
    }

    private static PrivateKey privateKey(byte[] pkcs8) {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // A key of another algorithm, which its own factory will read.
            } catch (NoSuchAlgorithmException e) {
                throw Certificates.lacks(algorithm, e);
            }
        }
        throw new IllegalArgumentException("the private key of the PEM text is none of " + KEY_ALGORITHMS);
    }

    private static List<byte[]> blocks(String text, String kind) {
        var blocks = new ArrayList<byte[]>();
        var matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(kind)) {
                try {
                    blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("a block of kind " + kind + " in the PEM text is no base 64");
                }
            }
        }
        return blocks;
    }

    /** What there is instead, since a wrong file is the usual mistake. */
    private static String found(String text) {
        List<String> kinds = HEADER.matcher(text).results().map(match -> match.group(1)).distinct().limit(5).toList();
        return kinds.isEmpty() ? "" : ", which holds " + String.join(", ", kinds);
    }
}
