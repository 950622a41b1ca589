package jkipsec.crypto;

/** What came of verifying a peer's signature. */
public enum SignatureCheck {
    /** The signature is the key owner's. */
    VALID("the signature is valid"),

    /** It is not. */
    WRONG("the signature was made with another key or over other data"),

    /** The AUTH payload's data is not laid out as its method says. */
    MALFORMED("the signature is not laid out as RFC 7427 and RFC 4754 say"),

    /** The method is none of those that sign, or one that policy refuses. */
    METHOD_REFUSED("the authentication method is not accepted; RSA with SHA-1 is so only by policy"),

    /** The algorithm the data names is unknown, or one that is refused, such as all with SHA-1. */
    ALGORITHM_REFUSED("the signature's algorithm is not accepted"),

    /** The certificate's key is not of the kind that makes such signatures. */
    OTHER_KEY("the certificate's key does not make such signatures"),

    /** The RSA key is shorter than policy allows. */
    WEAK_KEY("the certificate's RSA key is too short");

    private final String text;

    SignatureCheck(String text) {
        this.text = text;
    }

    /**
     * Says it in words, for logs.
     *
     * @return a clause without a full stop
     */
    public String describe() {
        return text;
    }
}
