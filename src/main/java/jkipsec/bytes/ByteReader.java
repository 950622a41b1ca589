package jkipsec.bytes;

import java.util.Arrays;
import java.util.Objects;

/**
 * Reads big-endian fields from a range of an array and never past its end.
 *
 * <p>A read that would pass the end throws {@link MalformedMessage} naming the field, the offset and the section of
 * the standard given to the constructor. The array is not copied: whoever makes a reader must not change the array
 * while reading. Not thread-safe.
 */
public final class ByteReader {
    private final byte[] array;
    private final int end;
    private final String section;
    private int position;

    /**
     * Reads a whole array.
     *
     * @param array what to read
     * @param section the standard's section that defines the layout, for error reports
     */
    public ByteReader(byte[] array, String section) {
        this(array, 0, array.length, section);
    }

    /**
     * Reads a range of an array.
     *
     * @param array what to read from
     * @param offset the first octet of the range
     * @param length the number of octets in the range
     * @param section the standard's section that defines the layout, for error reports
     * @throws IndexOutOfBoundsException when the range is not within the array
     */
    public ByteReader(byte[] array, int offset, int length, String section) {
        Objects.checkFromIndexSize(offset, length, array.length);
        this.array = array;
        this.position = offset;
        this.end = offset + length;
        this.section = Objects.requireNonNull(section, "section");
    }

    /**
     * The next octet's place.
     *
     * @return octets from the start of the array (not of the range)
     */
    public int position() {
        return position;
    }

    /**
     * How much is left.
     *
     * @return octets from the position to the end of the range
     */
    public int remaining() {
        return end - position;
    }

    /**
     * Whether anything is left.
     *
     * @return true when at least one octet remains
     */
    public boolean hasRemaining() {
        return position < end;
    }

    /**
     * Reads one octet.
     *
     * @param field the field's name, for the error report
     * @return 0 to 255
     * @throws MalformedMessage when the range ends before it
     */
    public int u8(String field) throws MalformedMessage {
        need(1, field);
        return array[position++] & 0xff;
    }

    /**
     * Reads two octets.
     *
     * @param field the field's name, for the error report
     * @return 0 to 65,535
     * @throws MalformedMessage when the range ends before them
     */
    public int u16(String field) throws MalformedMessage {
        need(2, field);
        int value = Octets.u16(array, position);
        position += 2;
        return value;
    }

    /**
     * Reads four octets as the bits of an {@code int}; {@link Integer#toUnsignedLong} gives the unsigned value.
     *
     * @param field the field's name, for the error report
     * @return all 32 bits
     * @throws MalformedMessage when the range ends before them
     */
    public int i32(String field) throws MalformedMessage {
        need(4, field);
        int value = Octets.i32(array, position);
        position += 4;
        return value;
    }

    /**
     * Reads eight octets as the bits of a {@code long}.
     *
     * @param field the field's name, for the error report
     * @return all 64 bits
     * @throws MalformedMessage when the range ends before them
     */
    public long i64(String field) throws MalformedMessage {
        need(8, field);
        long value = Octets.i64(array, position);
        position += 8;
        return value;
    }

    /**
     * Copies out octets.
     *
     * @param length how many, from 0; a negative length counts as malformed, since it can only come from the input
     * @param field the field's name, for the error report
     * @return a new array of that length
     * @throws MalformedMessage when the range ends before them
     */
    public byte[] bytes(int length, String field) throws MalformedMessage {
        need(length, field);
        byte[] copy = Arrays.copyOfRange(array, position, position + length);
        position += length;
        return copy;
    }

    /**
     * Copies out all that is left.
     *
     * @return a new array, perhaps empty
     */
    public byte[] rest() {
        byte[] copy = Arrays.copyOfRange(array, position, end);
        position = end;
        return copy;
    }

    /**
     * Takes the next octets as a reader of their own, so that a nested structure cannot read beyond its declared
     * length, and moves past them.
     *
     * @param length how many octets the nested structure has
     * @param field its name, for the error report
     * @param nestedSection the section that defines it
     * @return a reader on exactly those octets
     * @throws MalformedMessage when the range ends before them
     */
    public ByteReader slice(int length, String field, String nestedSection) throws MalformedMessage {
        need(length, field);
        var nested = new ByteReader(array, position, length, nestedSection);
        position += length;
        return nested;
    }

    /**
     * Moves past octets without reading them.
     *
     * @param length how many
     * @param field the field's name, for the error report
     * @throws MalformedMessage when the range ends before them
     */
    public void skip(int length, String field) throws MalformedMessage {
        need(length, field);
        position += length;
    }

    /**
     * Checks that everything was consumed.
     *
     * @param what the structure that should have ended here
     * @throws MalformedMessage when octets remain
     */
    public void expectEnd(String what) throws MalformedMessage {
        if (position < end) {
            throw malformed(remaining() + " octets after the end of " + what);
        }
    }

    /**
     * Makes the report of a fault found at the present position; the caller throws it.
     *
     * @param what what is wrong, as a short phrase
     * @return the exception to throw
     */
    public MalformedMessage malformed(String what) {
        return new MalformedMessage(what, position, section);
    }

    private void need(int length, String field) throws MalformedMessage {
        if (length < 0 || length > end - position) {
            throw malformed(field + " needs " + length + " octets, " + remaining() + " left");
        }
    }
}
