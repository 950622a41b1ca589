package jkipsec.tcp;

/** The control bits of a TCP header (RFC 9293 §3.1), as they lie in its fourteenth octet. */
public final class TcpFlags {
    /** No more data from the sender. */
    public static final int FIN = 0x01;

    /** Synchronise sequence numbers. */
    public static final int SYN = 0x02;

    /** Reset the connection. */
    public static final int RST = 0x04;

    /** Push function. */
    public static final int PSH = 0x08;

    /** The acknowledgment field is significant. */
    public static final int ACK = 0x10;

    /** The urgent pointer is significant; this stack reads urgent data inline. */
    public static final int URG = 0x20;

    /** Explicit congestion notification echo (RFC 3168). */
    public static final int ECE = 0x40;

    /** Congestion window reduced (RFC 3168). */
    public static final int CWR = 0x80;

    private static final String[] NAMES = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};

    private TcpFlags() {}

    /**
     * Writes flags for people.
     *
     * @param flags any of the bits above together
     * @return such as {@code SYN,ACK}; {@code -} when none is set
     */
    public static String toString(int flags) {
        var text = new StringBuilder();
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((flags & 1 << bit) != 0) {
                text.append(text.isEmpty() ? "" : ",").append(NAMES[bit]);
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }
}
