package jkipsec.ike;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name of a post-quantum pre-shared key, which a device sends in the clear to a gateway that it has not verified
 * yet (RFC 8784 §5.1). Immutable.
 */
public final class PpkId {
    /** PPK_ID_OPAQUE: only the two sides know what it means. */
    public static final int OPAQUE = 1;

    /** PPK_ID_FIXED: a fixed string that stands for a fixed key. */
    public static final int FIXED = 2;

    private final byte[] data;

    private PpkId(byte[] data) {
        this.data = data;
    }

    /**
     * A fixed string, PPK_ID_FIXED; what devices are configured with.
     *
     * @param name the name; letters and digits are understood everywhere
     * @return the identity
     */
    public static PpkId of(String name) {
        return of(FIXED, name.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Any identity.
     *
     * @param type {@link #OPAQUE}, {@link #FIXED}, or another that both sides know, 0 to 255
     * @param value what comes behind the type, at least one octet
     * @return the identity
     * @throws IllegalArgumentException when the type is out of range or there is no value
     */
    public static PpkId of(int type, byte[] value) {
        if (type < 0 || type > 255 || value.length == 0) {
            throw new IllegalArgumentException("a PPK identity has a type from 0 to 255 and at least one octet, not "
                    + type + " and " + value.length + " octets");
        }
        byte[] data = new byte[1 + value.length];
        data[0] = (byte) type;
        System.arraycopy(value, 0, data, 1, value.length);
        return new PpkId(data);
    }

    /** As it came in PPK_IDENTITY; of any length. */
    static PpkId parse(byte[] data) {
        return new PpkId(data.clone());
    }

    /** As it goes into PPK_IDENTITY: the type, then the value. */
    byte[] data() {
        return data.clone();
    }

    /**
     * How it is to be understood.
     *
     * @return {@link #OPAQUE}, {@link #FIXED} or another type; -1 for a peer's that is empty
     */
    public int type() {
        return data.length == 0 ? -1 : data[0] & 0xff;
    }

    /**
     * What comes behind the type.
     *
     * @return a copy
     */
    public byte[] value() {
        return Arrays.copyOfRange(data, Math.min(1, data.length), data.length);
    }

    /**
     * It as text.
     *
     * @return a fixed string of printable ASCII as it is; anything else as {@code hex:} and the type's and all further
     *     digits
     */
    public String text() {
        boolean printable = type() == FIXED && data.length > 1;
        for (int i = 1; i < data.length; i++) {
            printable &= data[i] > ' ' && data[i] < 127;
        }
        return printable
                ? new String(data, 1, data.length - 1, StandardCharsets.US_ASCII)
                : "hex:" + HexFormat.of().formatHex(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PpkId that && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }

    /** The same as {@link #text()}. */
    @Override
    public String toString() {
        return text();
    }
}
