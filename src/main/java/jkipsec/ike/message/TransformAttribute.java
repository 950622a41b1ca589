package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * An attribute of a transform (RFC 7296 §3.3.5). Only one type is defined, the key length.
 *
 * @param type 0 to 32,767
 * @param shortForm true for type and two-octet value (AF bit set), false for type, length and value
 * @param value two octets in the short form, up to 65,535 otherwise
 */
public record TransformAttribute(int type, boolean shortForm, byte[] value) {
    /** The type of the key length attribute, whose value is in bits. */
    public static final int KEY_LENGTH = 14;

    private static final int HEADER_LENGTH = 4;
    private static final int SHORT_FORM = 0x8000;

    /** Checks that it can be written. */
    public TransformAttribute {
        Require.range("attribute type", type, 0, 0x7fff);
        if (shortForm) {
            Require.range("a short attribute's length", value.length, 2, 2);
        } else {
            Require.u16("an attribute's length", value.length);
        }
        value = value.clone();
    }

    /**
     * A key length.
     *
     * @param bits 0 to 65,535
     * @return the attribute
     */
    public static TransformAttribute keyLength(int bits) {
        Require.u16("key length", bits);
        return new TransformAttribute(KEY_LENGTH, true, new byte[] {(byte) (bits >>> 8), (byte) bits});
    }

    static TransformAttribute parse(ByteReader reader) throws MalformedMessage {
        int typeAndForm = reader.u16("attribute type");
        int type = typeAndForm & ~SHORT_FORM;
        if ((typeAndForm & SHORT_FORM) != 0) {
            return new TransformAttribute(type, true, reader.bytes(2, "attribute value"));
        }
        int length = reader.u16("attribute length");
        return new TransformAttribute(type, false, reader.bytes(length, "attribute value"));
    }

    void write(ByteWriter out) {
        if (shortForm) {
            out.u16(type | SHORT_FORM).bytes(value);
        } else {
            out.u16(type).u16(value.length).bytes(value);
        }
    }

    int length() {
        return shortForm ? HEADER_LENGTH : HEADER_LENGTH + value.length;
    }

    /**
     * Whether this is a key length in the form the RFC prescribes.
     *
     * @return true when {@link #number} is a number of bits
     */
    public boolean isKeyLength() {
        return type == KEY_LENGTH && shortForm;
    }

    /**
     * A short attribute's value as a number.
     *
     * @return 0 to 65,535
     * @throws IllegalStateException when the attribute is not in the short form
     */
    public int number() {
        if (!shortForm) {
            throw new IllegalStateException("attribute " + type + " is not in the short form; use value()");
        }
        return (value[0] & 0xff) << 8 | value[1] & 0xff;
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
        return other instanceof TransformAttribute that && type == that.type && shortForm == that.shortForm
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * (shortForm ? ~type : type) + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return isKeyLength() ? Integer.toString(number()) : "[attribute " + type + ": " + Printable.hex(value) + "]";
    }
}
