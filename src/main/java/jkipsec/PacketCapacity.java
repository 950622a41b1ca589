package jkipsec;

import java.lang.ref.WeakReference;
import java.net.DatagramPacket;

/**
 * How much a {@link DatagramPacket} can take. The JDK's own sockets set a packet's length to what came and yet remember
 * how long its buffer was, so that it can be used again; from outside of {@code java.net} setting the one sets the other.
 * So this remembers it for the packet that was used last, as long as that is as it was left. Thread-safe.
 */
final class PacketCapacity {
    private record Left(WeakReference<DatagramPacket> packet, byte[] data, int offset, int length, int capacity) {}

    private volatile Left last;

    /** How many octets a packet may be given. */
    int of(DatagramPacket packet) {
        Left left = last;
        boolean untouched = left != null && left.packet.refersTo(packet) && left.data == packet.getData()
                && left.offset == packet.getOffset() && left.length == packet.getLength();
        return untouched ? left.capacity : packet.getLength();
    }

    /** Says how long what came was. */
    void set(DatagramPacket packet, int length, int capacity) {
        packet.setLength(length);
        last = new Left(new WeakReference<>(packet), packet.getData(), packet.getOffset(), length, capacity);
    }
}
