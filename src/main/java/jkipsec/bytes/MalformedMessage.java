package jkipsec.bytes;

/**
 * Octets from the network that are not the message they claim to be: the one exception every parser of this library
 * throws, and the only one.
 *
 * <p>It carries no stack trace: it is an ordinary value for ordinary bad input, and must stay cheap under a flood.
 * The message never repeats the input, which may be hostile.
 */
public final class MalformedMessage extends Exception {
    private static final long serialVersionUID = 1L;

    /** How many octets into the parsed data the fault was found. */
    private final int offset;

    /** The section of the standard that was broken. */
    private final String section;

    /**
     * Creates the report of one fault.
     *
     * @param what what is wrong, as a short phrase
     * @param offset octets from the start of the parsed array to the fault
     * @param section the rule that was broken, such as {@code "RFC 7296 §3.1"}
     */
    public MalformedMessage(String what, int offset, String section) {
        super(what + " at offset " + offset + " (" + section + ")", null, false, false);
        this.offset = offset;
        this.section = section;
    }

    /**
     * Where the fault was found.
     *
     * @return octets from the start of the parsed array
     */
    public int offset() {
        return offset;
    }

    /**
     * The rule that was broken.
     *
     * @return a citation such as {@code "RFC 7296 §3.1"}
     */
    public String section() {
        return section;
    }
}
