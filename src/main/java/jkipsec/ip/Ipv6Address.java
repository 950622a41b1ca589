package jkipsec.ip;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import jkipsec.bytes.Octets;

/**
 * An IPv6 address, without a zone.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record Ipv6Address(long high, long low) implements IpAddress {
    /** How many octets the address takes on the wire. */
    public static final int OCTETS = 16;

    /** The unspecified address, {@code ::}. */
    public static final Ipv6Address ANY = new Ipv6Address(0, 0);

    private static final int GROUPS = 8;

    /**
     * Reads one of the forms of RFC 4291 §2.2, the one that ends in an IPv4 address included.
     *
     * @param literal such as {@code 2001:db8::1}; no brackets, no zone
     * @return the address
     * @throws IllegalArgumentException when the text is anything else; it names the text
     */
    public static Ipv6Address parse(String literal) {
        if (literal.indexOf('%') >= 0) {
            throw new IllegalArgumentException(
                    "\"" + literal + "\" names a zone; write the address without what follows the %");
        }
        int gap = literal.indexOf("::");
        int[] groups = new int[GROUPS];
        if (gap < 0) {
            if (readGroups(literal, literal, groups) != GROUPS) {
                throw notAnAddress(literal);
            }
        } else {
            int[] tail = new int[GROUPS];
            int before = readGroups(literal.substring(0, gap), literal, groups);
            int after = readGroups(literal.substring(gap + 2), literal, tail);
            if (before + after >= GROUPS || literal.substring(0, gap).indexOf('.') >= 0) {
                throw notAnAddress(literal);
            }
            System.arraycopy(tail, 0, groups, GROUPS - after, after);
        }
        return new Ipv6Address(join(groups, 0), join(groups, 4));
    }

    /**
     * Reads an address on the wire.
     *
     * @param array where it is
     * @param offset its first octet
     * @return the address
     * @throws IndexOutOfBoundsException when it is not wholly within the array
     */
    public static Ipv6Address read(byte[] array, int offset) {
        return new Ipv6Address(Octets.i64(array, offset), Octets.i64(array, offset + 8));
    }

    @Override
    public int bitLength() {
        return 8 * OCTETS;
    }

    @Override
    public void write(byte[] array, int offset) {
        Octets.put64(array, offset, high);
        Octets.put64(array, offset + 8, low);
    }

    @Override
    public Ipv6Address plus(long distance) {
        long sum = low + distance;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new Ipv6Address(high + (distance < 0 ? carry - 1 : carry), sum);
    }

    @Override
    public Ipv6Address first(int prefixLength) {
        return new Ipv6Address(high & mask(prefixLength, 0), low & mask(prefixLength, 64));
    }

    @Override
    public Ipv6Address last(int prefixLength) {
        return new Ipv6Address(high | ~mask(prefixLength, 0), low | ~mask(prefixLength, 64));
    }

    @Override
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    @Override
    public InetAddress toInetAddress() {
        try {
            // Not InetAddress.getByAddress: that turns ::ffff:0:0/96 into IPv4.
            return Inet6Address.getByAddress(null, toByteArray(), -1);
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen octets are always an address", e);
        }
    }

    @Override
    public int compareTo(IpAddress other) {
        if (!(other instanceof Ipv6Address that)) {
            return 1;
        }
        return high == that.high ? Long.compareUnsigned(low, that.low) : Long.compareUnsigned(high, that.high);
    }

    /** Gives the canonical text of RFC 5952 §4 and §5: the longest run of zero groups shortened, lower case. */
    @Override
    public String toString() {
        if (high == 0 && low >>> 32 == 0xffff) {
            return "::ffff:" + new Ipv4Address((int) low);
        }
        int gapStart = -1;
        int gapLength = 1; // one zero group alone is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gapStart = i;
                gapLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        var text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> 16 * (3 - index % 4)) & 0xffff;
    }

    private static long join(int[] groups, int from) {
        long joined = 0;
        for (int i = from; i < from + 4; i++) {
            joined = joined << 16 | groups[i];
        }
        return joined;
    }

    /** The mask's 64 bits that start at the given bit. */
    private static long mask(int prefixLength, int from) {
        if (prefixLength < 0 || prefixLength > 128) {
            throw new IllegalArgumentException("an IPv6 prefix has 0 to 128 bits, not " + prefixLength);
        }
        int ones = Math.clamp(prefixLength - from, 0, 64);
        return ones == 0 ? 0 : -1L << 64 - ones;
    }

    /** Reads groups with colons between into the array and returns how many there were. */
    private static int readGroups(String text, String literal, int[] groups) {
        if (text.isEmpty()) {
            return 0;
        }
        int count = 0;
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            boolean dotted = i == parts.length - 1 && part.indexOf('.') >= 0;
            if (count + (dotted ? 2 : 1) > GROUPS) {
                throw notAnAddress(literal);
            }
            if (dotted) {
                int bits = Ipv4Address.parse(part).bits();
                groups[count++] = bits >>> 16;
                groups[count++] = bits & 0xffff;
            } else {
                groups[count++] = hex(part, literal);
            }
        }
        return count;
    }

    private static int hex(String part, String literal) {
        int value = 0;
        if (part.isEmpty() || part.length() > 4) {
            throw notAnAddress(literal);
        }
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw notAnAddress(literal);
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static IllegalArgumentException notAnAddress(String literal) {
        return new IllegalArgumentException(
                "\"" + literal + "\" is not an IPv6 address; write it like 2001:db8::1");
    }
}
