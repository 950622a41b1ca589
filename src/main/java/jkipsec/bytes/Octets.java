package jkipsec.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Big-endian integers at a place in an array, for the code that already knows its bounds. Each method throws
 * {@link IndexOutOfBoundsException} when the integer is not wholly within the array.
 */
public final class Octets {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Octets() {}

    /**
     * Reads 16 bits.
     *
     * @param array where to read
     * @param offset the first octet
     * @return 0 to 65,535
     */
    public static int u16(byte[] array, int offset) {
        return (short) SHORT.get(array, offset) & 0xffff;
    }

    /**
     * Reads 32 bits.
     *
     * @param array where to read
     * @param offset the first octet
     * @return the bits
     */
    public static int i32(byte[] array, int offset) {
        return (int) INT.get(array, offset);
    }

    /**
     * Reads 64 bits.
     *
     * @param array where to read
     * @param offset the first octet
     * @return the bits
     */
    public static long i64(byte[] array, int offset) {
        return (long) LONG.get(array, offset);
    }

    /**
     * Writes the low 16 bits of a value.
     *
     * @param array where to write
     * @param offset the first octet
     * @param value what to write
     */
    public static void put16(byte[] array, int offset, int value) {
        SHORT.set(array, offset, (short) value);
    }

    /**
     * Writes 32 bits.
     *
     * @param array where to write
     * @param offset the first octet
     * @param value what to write
     */
    public static void put32(byte[] array, int offset, int value) {
        INT.set(array, offset, value);
    }

    /**
     * Writes 64 bits.
     *
     * @param array where to write
     * @param offset the first octet
     * @param value what to write
     */
    public static void put64(byte[] array, int offset, long value) {
        LONG.set(array, offset, value);
    }
}
