package jkipsec.ike.message;

import java.nio.charset.StandardCharsets;
import jkipsec.bytes.Hex;

/** Octets of a peer for {@code toString}: text where it is harmless text, hexadecimal digits otherwise. */
final class Printable {
    private static final int MOST = 64;

    private Printable() {}

    static String text(byte[] octets) {
        for (byte octet : octets) {
            if (octet < ' ' || octet > '~' || octet == '"') {
                return hex(octets);
            }
        }
        return octets.length > 0 && octets.length <= MOST
                ? '"' + new String(octets, StandardCharsets.US_ASCII) + '"'
                : hex(octets);
    }

    static String hex(byte[] octets) {
        return octets.length == 0 ? "empty" : Hex.brief(octets, MOST / 2);
    }
}
