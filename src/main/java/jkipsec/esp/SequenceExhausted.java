package jkipsec.esp;

/**
 * An outbound SA has used its last sequence number: nothing more can be sent until another SA replaces it (RFC 4303
 * §3.3.3). Checked, because a sender must decide what happens to the packet. It carries no stack trace.
 */
public final class SequenceExhausted extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the report.
     *
     * @param last the last sequence number that was used, an unsigned integer
     */
    public SequenceExhausted(long last) {
        super("sequence number " + Long.toUnsignedString(last) + " was the last; the Child SA must be rekeyed",
                null, false, false);
    }
}
