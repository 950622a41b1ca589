package jkipsec.bytes;

import java.util.Arrays;
import java.util.Objects;

/**
 * A packet in an array that has room before and behind it, so that the next layer wraps or unwraps it in place instead
 * of copying.
 *
 * <p>A view, not a copy: whoever is handed one owns the array from then on, and the giver must not touch it again. The
 * record's {@code equals} compares arrays by identity; use {@link #toByteArray()} to compare contents.
 *
 * @param array the octets, with the packet somewhere inside
 * @param offset the packet's first octet
 * @param length the packet's length in octets
 */
public record PacketBuffer(byte[] array, int offset, int length) {
    /** Octets kept free in front by {@link #allocate}: SPI and sequence number (8) and the longest IV (16). */
    public static final int HEADROOM = 24;

    /** Octets kept free behind by {@link #allocate}: ESP padding and trailer (up to 17) and the longest ICV (32). */
    public static final int TAILROOM = 56;

    /** Checks that the packet lies within the array. */
    public PacketBuffer {
        Objects.checkFromIndexSize(offset, length, array.length);
    }

    /**
     * Makes an empty packet with room for the tunnel's headers and trailers around it.
     *
     * @param length the packet's length in octets
     * @return a packet of zeros
     */
    public static PacketBuffer allocate(int length) {
        return new PacketBuffer(new byte[HEADROOM + length + TAILROOM], HEADROOM, length);
    }

    /**
     * Copies a packet into an array with room around it.
     *
     * @param packet the octets
     * @return a packet of its own
     */
    public static PacketBuffer copyOf(byte[] packet) {
        PacketBuffer copy = allocate(packet.length);
        System.arraycopy(packet, 0, copy.array, copy.offset, packet.length);
        return copy;
    }

    /**
     * Takes a whole array as a packet, without copying.
     *
     * @param packet the octets
     * @return a view of all of it
     */
    public static PacketBuffer wrap(byte[] packet) {
        return new PacketBuffer(packet, 0, packet.length);
    }

    /**
     * The packet alone.
     *
     * @return a new array of {@link #length()} octets
     */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Says the size; contents may be private. */
    @Override
    public String toString() {
        return "PacketBuffer[" + length + " octets]";
    }
}
