package jkipsec.crypto;

/**
 * A peer's public value that fails the tests of its key exchange method (for Diffie-Hellman RFC 6989 §2): the message
 * that carried it must be dropped or answered with INVALID_SYNTAX (§2.5).
 *
 * <p>It carries no stack trace and never repeats the value: it is ordinary bad input.
 */
public final class InvalidPublicValue extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the report.
     *
     * @param method the key exchange the value was meant for
     * @param what what is wrong with it, as a short phrase
     */
    public InvalidPublicValue(KeyExchangeMethod method, String what) {
        super("the peer's public value for " + method + " " + what + " (" + method.valueTests() + ")",
                null, false, false);
    }

    static InvalidPublicValue ofLength(KeyExchangeMethod method, int octets) {
        return new InvalidPublicValue(method, "has " + octets + " octets");
    }
}
