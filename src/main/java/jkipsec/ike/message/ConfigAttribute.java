package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ip.IpAddress;

/**
 * One value of a configuration payload (RFC 7296 §3.15.1).
 *
 * @param type the {@link ConfigAttributeType}, 0 to 32,767
 * @param value up to 65,535 octets in the form the type says; empty in a request that suggests none
 */
public record ConfigAttribute(int type, byte[] value) {
    private static final int HEADER_LENGTH = 4;

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
        return ConfigAttributeType.nameOf(type) + switch (value.length) {
            case 0 -> "";
            case 4, 16 -> "=" + IpAddress.of(value);
            default -> "=" + Printable.text(value);
        };
    }
}
