package jkipsec.ike.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpPrefix;

/**
 * One value of a configuration payload (RFC 7296 §3.15.1).
 *
 * @param type the {@link ConfigAttributeType}, 0 to 32,767
 * @param value up to 65,535 octets in the form the type says; empty in a request that suggests none
 */
public record ConfigAttribute(int type, byte[] value) {
    private static final int HEADER_LENGTH = 4;
    private static final int IPV6_LENGTH = 16;

    /** Checks that it can be written. */
    public ConfigAttribute {
        Require.range("attribute type", type, 0, 0x7fff);
        Require.u16("an attribute's length", value.length);
        value = value.clone();
    }

    /**
     * An attribute without a value.
     *
     * @param type the {@link ConfigAttributeType}
     * @return the attribute, as a request carries it
     */
    public static ConfigAttribute of(int type) {
        return new ConfigAttribute(type, new byte[0]);
    }

    /**
     * An attribute whose value is an address.
     *
     * @param type the {@link ConfigAttributeType}
     * @param address its value, of the family the type is for
     * @return the attribute
     */
    public static ConfigAttribute of(int type, IpAddress address) {
        return new ConfigAttribute(type, address.toByteArray());
    }

    /**
     * An attribute whose value is a block of addresses: for IPv6 the address and the prefix length, 17 octets, for IPv4
     * the address and the mask, 8 octets.
     *
     * @param type the {@link ConfigAttributeType}, such as {@link ConfigAttributeType#INTERNAL_IP6_ADDRESS}
     * @param prefix its value, of the family the type is for
     * @return the attribute
     */
    public static ConfigAttribute of(int type, IpPrefix prefix) {
        var value = new ByteWriter().bytes(prefix.address().toByteArray());
        if (prefix.address().bitLength() == 32) {
            value.bytes(IpAddress.parse("255.255.255.255").first(prefix.length()).toByteArray());
        } else {
            value.u8(prefix.length());
        }
        return new ConfigAttribute(type, value.toByteArray());
    }

    /**
     * An attribute whose value is text.
     *
     * @param type the {@link ConfigAttributeType}, such as {@link ConfigAttributeType#INTERNAL_DNS_DOMAIN}
     * @param text its value, ASCII without a final NUL
     * @return the attribute
     */
    public static ConfigAttribute of(int type, String text) {
        return new ConfigAttribute(type, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The value as an address: of 4 or 16 octets, or of 17 with a prefix length, which is left out.
     *
     * @return the address, or nothing when the value has another length
     */
    public Optional<IpAddress> address() {
        return switch (value.length) {
            case 4, IPV6_LENGTH -> Optional.of(IpAddress.of(value));
            case IPV6_LENGTH + 1 -> Optional.of(IpAddress.of(Arrays.copyOf(value, IPV6_LENGTH)));
            default -> Optional.empty();
        };
    }

    /**
     * The value as a block of addresses: 8 octets for IPv4, 17 for IPv6.
     *
     * @return the block, with the bits behind the prefix cleared; nothing when the value is no address and mask
     */
    public Optional<IpPrefix> prefix() {
        if (value.length == IPV6_LENGTH + 1 && (value[IPV6_LENGTH] & 0xff) <= 128) {
            return address().map(address -> IpPrefix.around(address, value[IPV6_LENGTH] & 0xff));
        }
        if (value.length != 8) {
            return Optional.empty();
        }
        int mask = Octets.i32(value, 4);
        int length = Integer.bitCount(mask);
        // Ones, then zeros: the complement and its successor have no bit in common.
        return (~mask & (~mask + 1)) != 0
                ? Optional.empty()
                : Optional.of(IpPrefix.around(IpAddress.of(Arrays.copyOf(value, 4)), length));
    }

    static ConfigAttribute parse(ByteReader reader) throws MalformedMessage {
        int type = reader.u16("attribute type") & 0x7fff; // the reserved bit is ignored
        int length = reader.u16("attribute length");
        return new ConfigAttribute(type, reader.bytes(length, "attribute value"));
    }

    void write(ByteWriter out) {
        out.u16(type).u16(value.length).bytes(value);
    }

    int length() {
        return HEADER_LENGTH + value.length;
    }

    /**
     * The value's octets.
     *
     * @return a copy
     */
    @Override
    public byte[] value() {
        return value.clone();
    }

    /** The block, for the types that hold one; a text may happen to have the same length. */
    private Optional<IpPrefix> subnet() {
        return switch (type) {
            case ConfigAttributeType.INTERNAL_IP6_ADDRESS,
                    ConfigAttributeType.INTERNAL_IP4_SUBNET,
                    ConfigAttributeType.INTERNAL_IP6_SUBNET -> prefix();
            default -> Optional.empty();
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfigAttribute that && type == that.type && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * type + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        if (type == ConfigAttributeType.INTERNAL_DNS_DOMAIN && value.length > 0) {
            return ConfigAttributeType.nameOf(type) + "=" + Printable.text(value);
        }
        return ConfigAttributeType.nameOf(type) + switch (value.length) {
            case 0 -> "";
            case 4, 16 -> "=" + IpAddress.of(value);
            default -> "=" + subnet().map(IpPrefix::toString).orElseGet(() -> Printable.text(value));
        };
    }
}
