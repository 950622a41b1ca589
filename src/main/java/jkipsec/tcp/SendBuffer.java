package jkipsec.tcp;

/**
 * What the application wrote and the peer has not acknowledged: a ring that grows as it fills.
 *
 * <p>Octets are addressed from the oldest one, which is number 0. Confined to the stack's thread.
 */
final class SendBuffer {
    private static final byte[] EMPTY = {};
    private static final int SMALLEST = 4096;
    private static final int KEPT_WHEN_EMPTY = 64 * 1024;

    private int limit;
    /** Length zero or a power of two. */
    private byte[] ring = EMPTY;
    private int head;
    private int size;

    SendBuffer(int limit) {
        this.limit = limit;
    }

    /** Octets held. */
    int size() {
        return size;
    }

    /** Octets that can still be appended. */
    int space() {
        return Math.max(0, limit - size);
    }

    /** The most octets that can be held. */
    int limit() {
        return limit;
    }

    /** Changes the most octets that can be held; what is held stays. */
    void limit(int octets) {
        limit = octets;
    }

    /** Octets of memory taken. */
    int footprint() {
        return ring.length;
    }

    /** Copies in as much as there is space for and says how much that was. */
    int append(byte[] array, int offset, int length) {
        int count = Math.min(length, space());
        if (size + count > ring.length) {
            grow(size + count);
        }
        int at = head + size & ring.length - 1;
        int first = Math.min(count, ring.length - at);
        System.arraycopy(array, offset, ring, at, first);
        System.arraycopy(array, offset + first, ring, 0, count - first);
        size += count;
        return count;
    }

    /** Copies out the octets from number {@code from} on, which must be held. */
    void copy(int from, byte[] array, int offset, int length) {
        int at = head + from & ring.length - 1;
        int first = Math.min(length, ring.length - at);
        System.arraycopy(ring, at, array, offset, first);
        System.arraycopy(ring, 0, array, offset + first, length - first);
    }

    /** Forgets the oldest octets. */
    void release(int count) {
        head = head + count & ring.length - 1;
        size -= count;
        if (size == 0) {
            head = 0;
            if (ring.length > KEPT_WHEN_EMPTY) {
                ring = EMPTY;
            }
        }
    }

    /** Forgets everything and gives the memory back. */
    void clear() {
        ring = EMPTY;
        head = 0;
        size = 0;
    }

    private void grow(int needed) {
        var larger = new byte[Math.max(SMALLEST, Integer.highestOneBit(needed - 1) << 1)];
        if (size > 0) {
            copy(0, larger, 0, size);
        }
        ring = larger;
        head = 0;
    }
}
