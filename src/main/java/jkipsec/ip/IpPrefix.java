package jkipsec.ip;

import java.util.Objects;

/**
 * A prefix (CIDR block) of addresses, such as {@code 10.8.0.0/24}.
 *
 * @param address its first address: all bits behind the prefix are zero
 * @param length the number of leading bits all its addresses share, 0 to 32 or 128
 */
public record IpPrefix(IpAddress address, int length) {
    /** Checks the length and that no bit behind the prefix is set. */
    public IpPrefix {
        Objects.requireNonNull(address, "address");
        if (length < 0 || length > address.bitLength()) {
            throw new IllegalArgumentException(
                    "a prefix of " + address + " has 0 to " + address.bitLength() + " bits, not " + length);
        }
        IpAddress first = address.first(length);
        if (!first.equals(address)) {
            throw new IllegalArgumentException(
                    address + "/" + length + " has bits set behind the prefix; the block is " + first + "/" + length);
        }
    }

    /**
     * Reads an address, a slash and the number of bits; an address alone is a prefix with just that address.
     *
     * @param text such as {@code 10.8.0.0/24} or {@code 2001:db8::/32}
     * @return the prefix
     * @throws IllegalArgumentException when the text is anything else; it names the text
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return single(IpAddress.parse(text));
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("0|[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a prefix; write it like 10.8.0.0/24");
        }
        return new IpPrefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(bits));
    }

    /**
     * The block an address lies in.
     *
     * @param address any address of the block
     * @param length the number of leading bits
     * @return the prefix
     * @throws IllegalArgumentException when the length is not 0 to the address's number of bits
     */
    public static IpPrefix around(IpAddress address, int length) {
        return new IpPrefix(address.first(length), length);
    }

    /**
     * The block with just one address.
     *
     * @param address the address
     * @return its /32 or /128
     */
    public static IpPrefix single(IpAddress address) {
        return new IpPrefix(address, address.bitLength());
    }

    /**
     * Whether an address is in the block.
     *
     * @param candidate an address of either family
     * @return true when it shares the prefix
     */
    public boolean contains(IpAddress candidate) {
        return candidate.sameFamily(address) && candidate.first(length).equals(address);
    }

    /**
     * The lowest address of the block.
     *
     * @return the same as {@link #address()}
     */
    public IpAddress first() {
        return address;
    }

    /**
     * The highest address of the block.
     *
     * @return for IPv4 the broadcast address, where there is one
     */
    public IpAddress last() {
        return address.last(length);
    }

    /**
     * How many addresses the block has, the first and the last included.
     *
     * @return at least 1; {@link Long#MAX_VALUE} when there are more than that
     */
    public long size() {
        int free = address.bitLength() - length;
        return free < 63 ? 1L << free : Long.MAX_VALUE;
    }

    /**
     * The address at a place in the block.
     *
     * @param index from 0 for {@link #first()}
     * @return the address
     * @throws IllegalArgumentException when the block has no such address
     */
    public IpAddress address(long index) {
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException(this + " has no address number " + index);
        }
        return address.plus(index);
    }

    /** Gives the usual text, such as {@code 10.8.0.0/24}. */
    @Override
    public String toString() {
        return address + "/" + length;
    }
}
