package jkipsec.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import jkipsec.bytes.Secret;

/** Numbers as fixed-length big-endian octets, the form of public values and shared secrets (RFC 7296 §2.14). */
final class UnsignedInteger {
    private UnsignedInteger() {}

    /** Writes a number from 0 that fits into the length, with zeros in front. */
    static byte[] toOctets(BigInteger value, int length) {
        byte[] octets = new byte[length];
        write(value, octets, 0, length);
        return octets;
    }

    /** Writes a number from 0 that fits into the length to a place in an array of zeros. */
    static void write(BigInteger value, byte[] to, int offset, int length) {
        byte[] signed = value.toByteArray();
        int signOctet = signed.length > length ? 1 : 0;
        int significant = signed.length - signOctet;
        System.arraycopy(signed, signOctet, to, offset + length - significant, significant);
        Arrays.fill(signed, (byte) 0);
    }

    /** Makes a secret of exactly this length from octets that may lack zeros in front; takes the array over. */
    static Secret padded(byte[] octets, int length) {
        if (octets.length == length) {
            return Secret.owning(octets);
        }
        byte[] padded = new byte[length];
        System.arraycopy(octets, 0, padded, length - octets.length, octets.length);
        Arrays.fill(octets, (byte) 0);
        return Secret.owning(padded);
    }
}
