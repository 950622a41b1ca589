package jkipsec.tcp;

/**
 * Arithmetic on sequence numbers, which count octets modulo 2<sup>32</sup> (RFC 9293 §3.4).
 *
 * <p>A sequence number is an {@code int} of which all 32 bits count; {@code a + n} is simply {@code +}. Comparing is
 * meaningful between numbers that lie less than 2<sup>31</sup> apart, as those of one connection always do.
 */
public final class SequenceNumbers {
    private SequenceNumbers() {}

    /**
     * Whether one number comes before another.
     *
     * @param a a sequence number
     * @param b another
     * @return true when a &lt; b on the circle
     */
    public static boolean less(int a, int b) {
        return a - b < 0;
    }

    /**
     * Whether one number comes before another or is the same.
     *
     * @param a a sequence number
     * @param b another
     * @return true when a =&lt; b on the circle
     */
    public static boolean lessOrEqual(int a, int b) {
        return a - b <= 0;
    }

    /**
     * The later of two numbers.
     *
     * @param a a sequence number
     * @param b another
     * @return the one that comes after the other
     */
    public static int max(int a, int b) {
        return a - b < 0 ? b : a;
    }

    /**
     * The earlier of two numbers.
     *
     * @param a a sequence number
     * @param b another
     * @return the one that comes before the other
     */
    public static int min(int a, int b) {
        return a - b < 0 ? a : b;
    }

    /**
     * Whether a number lies in a window.
     *
     * @param sequence the number
     * @param first the window's left edge
     * @param length octets in the window, 0 to 2<sup>31</sup>-1
     * @return true when first =&lt; sequence &lt; first + length
     */
    public static boolean inWindow(int sequence, int first, int length) {
        return Integer.compareUnsigned(sequence - first, length) < 0;
    }
}
