package jkipsec.ip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import jkipsec.bytes.Octets;

/**
 * An IPv4 address.
 *
 * @param bits the address as a number; {@link Integer#toUnsignedLong} gives its unsigned value
 */
public record Ipv4Address(int bits) implements IpAddress {
    /** How many octets the address takes on the wire. */
    public static final int OCTETS = 4;

    /** The unspecified address, {@code 0.0.0.0}. */
    public static final Ipv4Address ANY = new Ipv4Address(0);

    /**
     * Reads four decimal numbers with dots between.
     *
     * @param literal such as {@code 192.0.2.1}; leading zeros are refused, since some read them as octal
     * @return the address
     * @throws IllegalArgumentException when the text is anything else; it names the text
     */
    public static Ipv4Address parse(String literal) {
        int bits = 0;
        int numbers = 0;
        int at = 0;
        while (true) {
            int start = at;
            int value = 0;
            while (at < literal.length() && at - start < 3 && isDigit(literal.charAt(at))) {
                value = value * 10 + literal.charAt(at++) - '0';
            }
            if (at == start || value > 255 || at - start > 1 && literal.charAt(start) == '0') {
                throw notAnAddress(literal);
            }
            bits = bits << 8 | value;
            if (++numbers == OCTETS) {
                break;
            }
            if (at == literal.length() || literal.charAt(at++) != '.') {
                throw notAnAddress(literal);
            }
        }
        if (at != literal.length()) {
            throw notAnAddress(literal);
        }
        return new Ipv4Address(bits);
    }

    /**
     * Reads an address on the wire.
     *
     * @param array where it is
     * @param offset its first octet
     * @return the address
     * @throws IndexOutOfBoundsException when it is not wholly within the array
     */
    public static Ipv4Address read(byte[] array, int offset) {
        return new Ipv4Address(Octets.i32(array, offset));
    }

    @Override
    public int bitLength() {
        return 8 * OCTETS;
    }

    @Override
    public void write(byte[] array, int offset) {
        Octets.put32(array, offset, bits);
    }

    @Override
    public Ipv4Address plus(long distance) {
        return new Ipv4Address((int) (bits + distance));
    }

    @Override
    public Ipv4Address first(int prefixLength) {
        return new Ipv4Address(bits & mask(prefixLength));
    }

    @Override
    public Ipv4Address last(int prefixLength) {
        return new Ipv4Address(bits | ~mask(prefixLength));
    }

    @Override
    public boolean isUnspecified() {
        return bits == 0;
    }

    @Override
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toByteArray());
        } catch (UnknownHostException e) {
            throw new AssertionError("four octets are always an address", e);
        }
    }

    @Override
    public int compareTo(IpAddress other) {
        return other instanceof Ipv4Address that ? Integer.compareUnsigned(bits, that.bits) : -1;
    }

    /** Gives four decimal numbers with dots between. */
    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    private static int mask(int prefixLength) {
        if (prefixLength < 0 || prefixLength > 32) {
            throw new IllegalArgumentException("an IPv4 prefix has 0 to 32 bits, not " + prefixLength);
        }
        return prefixLength == 0 ? 0 : -1 << 32 - prefixLength;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static IllegalArgumentException notAnAddress(String literal) {
        return new IllegalArgumentException(
                "\"" + literal + "\" is not an IP address; write it like 192.0.2.1 or 2001:db8::1");
    }
}
