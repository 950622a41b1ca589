package jkipsec.crypto;

/**
 * Which signatures are made and accepted, where standards and the clients in use disagree. Immutable.
 *
 * @param pss whether to sign with RSASSA-PSS when our key is an RSA key that allows both, as RFC 8247 §3.2 prefers. A
 *     peer cannot say what it verifies, and PKCS #1 v1.5 is what most do. Both are accepted from a peer
 * @param rsaSha1 whether authentication method 1, RSA with SHA-1, is used and accepted with peers that do not send
 *     SIGNATURE_HASH_ALGORITHMS. Windows and Apple devices are such; with an ECDSA certificate they need no SHA-1
 * @param smallestRsaKey bits an RSA key must have at least
 */
public record SignaturePolicy(boolean pss, boolean rsaSha1, int smallestRsaKey) {
    /** PKCS #1 v1.5 for our RSA keys, no SHA-1, RSA keys from 2,048 bits (RFC 8247 §3.1.1). */
    public static final SignaturePolicy DEFAULT = new SignaturePolicy(false, false, 2048);

    /** Checks the number. */
    public SignaturePolicy {
        if (smallestRsaKey < 1024) {
            throw new IllegalArgumentException(
                    "RSA keys below 1024 bits can be broken; " + smallestRsaKey + " would allow them");
        }
    }

    /**
     * Changes {@link #pss}.
     *
     * @param use whether to sign with RSASSA-PSS
     * @return a policy that is otherwise the same
     */
    public SignaturePolicy withPss(boolean use) {
        return new SignaturePolicy(use, rsaSha1, smallestRsaKey);
    }

    /**
     * Changes {@link #rsaSha1}.
     *
     * @param allow whether RSA with SHA-1 is used and accepted
     * @return a policy that is otherwise the same
     */
    public SignaturePolicy withRsaSha1(boolean allow) {
        return new SignaturePolicy(pss, allow, smallestRsaKey);
    }
}
