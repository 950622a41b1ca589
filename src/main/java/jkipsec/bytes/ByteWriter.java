package jkipsec.bytes;

import java.util.Arrays;
import java.util.Objects;

/**
 * Writes big-endian fields into an array that grows. What is written comes from this program, so a value out of range
 * is a programming error and throws {@link IllegalArgumentException}. Not thread-safe.
 */
public final class ByteWriter {
    private byte[] array;
    private int length;

    /** Starts empty, with room for a small message. */
    public ByteWriter() {
        this(256);
    }

    /**
     * Starts empty.
     *
     * @param capacity octets of room before the first growth, from 0
     */
    public ByteWriter(int capacity) {
        array = new byte[capacity];
    }

    /**
     * How much was written.
     *
     * @return octets written so far; also the offset at which the next one goes
     */
    public int length() {
        return length;
    }

    /**
     * Writes one octet.
     *
     * @param value 0 to 255
     * @return this
     */
    public ByteWriter u8(int value) {
        inRange(value, 0xff);
        room(1);
        array[length++] = (byte) value;
        return this;
    }

    /**
     * Writes two octets.
     *
     * @param value 0 to 65,535
     * @return this
     */
    public ByteWriter u16(int value) {
        inRange(value, 0xffff);
        room(2);
        Octets.put16(array, length, value);
        length += 2;
        return this;
    }

    /**
     * Writes four octets.
     *
     * @param value the 32 bits
     * @return this
     */
    public ByteWriter i32(int value) {
        room(4);
        Octets.put32(array, length, value);
        length += 4;
        return this;
    }

    /**
     * Writes eight octets.
     *
     * @param value the 64 bits
     * @return this
     */
    public ByteWriter i64(long value) {
        room(8);
        Octets.put64(array, length, value);
        length += 8;
        return this;
    }

    /**
     * Writes octets.
     *
     * @param octets what to write
     * @return this
     */
    public ByteWriter bytes(byte[] octets) {
        return bytes(octets, 0, octets.length);
    }

    /**
     * Writes a range of octets.
     *
     * @param octets where they are
     * @param offset the first
     * @param count how many
     * @return this
     */
    public ByteWriter bytes(byte[] octets, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, octets.length);
        room(count);
        System.arraycopy(octets, offset, array, length, count);
        length += count;
        return this;
    }

    /**
     * Writes octets of value zero.
     *
     * @param count how many, from 0
     * @return this
     */
    public ByteWriter zeros(int count) {
        room(count);
        Arrays.fill(array, length, length + count, (byte) 0);
        length += count;
        return this;
    }

    /**
     * Overwrites an octet written earlier.
     *
     * @param offset its place
     * @param value 0 to 255
     */
    public void patch8(int offset, int value) {
        Objects.checkIndex(offset, length);
        inRange(value, 0xff);
        array[offset] = (byte) value;
    }

    /**
     * Overwrites two octets written earlier, as for a length that is known only afterwards.
     *
     * @param offset the first one's place
     * @param value 0 to 65,535
     */
    public void patch16(int offset, int value) {
        Objects.checkFromIndexSize(offset, 2, length);
        inRange(value, 0xffff);
        Octets.put16(array, offset, value);
    }

    /**
     * Overwrites four octets written earlier.
     *
     * @param offset the first one's place
     * @param value the 32 bits
     */
    public void patch32(int offset, int value) {
        Objects.checkFromIndexSize(offset, 4, length);
        Octets.put32(array, offset, value);
    }

    /**
     * What was written.
     *
     * @return a new array of exactly {@link #length()} octets
     */
    public byte[] toByteArray() {
        return Arrays.copyOf(array, length);
    }

    private void room(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a count of octets cannot be negative: " + count);
        }
        if (length + count > array.length) {
            array = Arrays.copyOf(array, Math.max(length + count, array.length * 2));
        }
    }

    private static void inRange(int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("value " + value + " is not in 0 to " + max);
        }
    }
}
