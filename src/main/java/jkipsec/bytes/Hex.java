package jkipsec.bytes;

import java.util.HexFormat;

/** Hexadecimal text, lenient in reading: white space is ignored, so that dumps and vectors can be pasted. */
public final class Hex {
    private Hex() {}

    /**
     * Reads hexadecimal text.
     *
     * @param text pairs of digits in either case, with any white space between
     * @return the octets
     * @throws IllegalArgumentException when anything else is in the text
     */
    public static byte[] parse(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
    }

    /**
     * Writes hexadecimal text.
     *
     * @param octets what to write
     * @return two lower-case digits an octet, nothing between
     */
    public static String of(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    /**
     * Writes the beginning as hexadecimal text, for logs and {@code toString}.
     *
     * @param octets what to write
     * @param most the number of octets to show at the most
     * @return the digits, with {@code …(n)} behind when n octets there are more than shown
     */
    public static String brief(byte[] octets, int most) {
        return octets.length <= most
                ? of(octets)
                : HexFormat.of().formatHex(octets, 0, most) + "…(" + octets.length + ")";
    }
}
