package jkipsec.ip;

import java.net.InetAddress;

/**
 * An IPv4 or IPv6 address: an immutable value that is read from literals and never looked up.
 *
 * <p>Addresses of one family are ordered as unsigned numbers; every IPv4 address comes before every IPv6 address.
 * {@code toString} gives the canonical literal (RFC 5952 §4 for IPv6).
 */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4Address, Ipv6Address {
    /**
     * Reads a literal such as {@code 10.8.0.1} or {@code 2001:db8::1}.
     *
     * @param literal four decimal numbers without leading zeros, or the forms of RFC 4291 §2.2; no brackets, no zone
     * @return the address
     * @throws IllegalArgumentException when the text is no address; it names the text
     */
    static IpAddress parse(String literal) {
        return literal.indexOf(':') < 0 ? Ipv4Address.parse(literal) : Ipv6Address.parse(literal);
    }

    /**
     * Takes the octets of an address in network byte order.
     *
     * @param octets 4 or 16 of them
     * @return the address
     * @throws IllegalArgumentException when there is another number of octets
     */
    static IpAddress of(byte[] octets) {
        return switch (octets.length) {
            case Ipv4Address.OCTETS -> Ipv4Address.read(octets, 0);
            case Ipv6Address.OCTETS -> Ipv6Address.read(octets, 0);
            default -> throw new IllegalArgumentException(
                    "an address has 4 or 16 octets, not " + octets.length);
        };
    }

    /**
     * Takes the address out of the JDK's type. A scope (zone) of an IPv6 address is not kept.
     *
     * @param address any
     * @return the same address
     */
    static IpAddress of(InetAddress address) {
        return of(address.getAddress());
    }

    /**
     * The size of an address of this family.
     *
     * @return 32 or 128
     */
    int bitLength();

    /**
     * Writes the address in network byte order.
     *
     * @param array where to write
     * @param offset the place of its first octet
     * @throws IndexOutOfBoundsException when it does not fit
     */
    void write(byte[] array, int offset);

    /**
     * The address that lies some way after this one.
     *
     * @param distance how far, perhaps negative
     * @return the address, wrapping around at the end of the family's range
     */
    IpAddress plus(long distance);

    /**
     * The address with all bits behind a prefix cleared.
     *
     * @param prefixLength the number of leading bits kept, 0 to {@link #bitLength()}
     * @return the lowest address of that prefix
     */
    IpAddress first(int prefixLength);

    /**
     * The address with all bits behind a prefix set.
     *
     * @param prefixLength the number of leading bits kept, 0 to {@link #bitLength()}
     * @return the highest address of that prefix
     */
    IpAddress last(int prefixLength);

    /**
     * The JDK's type for the same address.
     *
     * @return an {@link java.net.Inet4Address} or {@link java.net.Inet6Address} without a name
     */
    InetAddress toInetAddress();

    /**
     * The octets in network byte order.
     *
     * @return a new array of 4 or 16
     */
    default byte[] toByteArray() {
        byte[] octets = new byte[bitLength() / 8];
        write(octets, 0);
        return octets;
    }

    /**
     * Whether the other is an address of the same family.
     *
     * @param other any address
     * @return true when both are IPv4 or both are IPv6
     */
    default boolean sameFamily(IpAddress other) {
        return bitLength() == other.bitLength();
    }

    /**
     * Whether this is the unspecified address, {@code 0.0.0.0} or {@code ::}.
     *
     * @return true when all bits are zero
     */
    boolean isUnspecified();
}
