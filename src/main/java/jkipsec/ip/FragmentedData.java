package jkipsec.ip;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The data of one fragmented packet, as far as it is there. Confined to its {@link Reassembler}. */
final class FragmentedData {
    /** What became of a piece. */
    enum Outcome { ADDED, REPEATED, OVERLAPS }

    private final TreeMap<Integer, byte[]> pieces = new TreeMap<>();
    private int received;

    /** Where the data ends; -1 before the last piece is there. */
    private int end = -1;

    /** Takes a piece of at least one octet. */
    Outcome add(int offset, byte[] data, boolean more) {
        Map.Entry<Integer, byte[]> before = pieces.floorEntry(offset);
        Map.Entry<Integer, byte[]> after = pieces.higherEntry(offset);
        int stop = offset + data.length;
        if (before != null && before.getKey() == offset && Arrays.equals(before.getValue(), data)
                && more == (stop != end)) {
            return Outcome.REPEATED;
        }
        boolean beyondTheEnd = end >= 0 && (stop > end || !more);
        boolean endsTooSoon = !more && !pieces.isEmpty()
                && pieces.lastKey() + pieces.lastEntry().getValue().length > stop;
        if (before != null && before.getKey() + before.getValue().length > offset
                || after != null && after.getKey() < stop || beyondTheEnd || endsTooSoon) {
            return Outcome.OVERLAPS;
        }
        pieces.put(offset, data);
        received += data.length;
        end = more ? end : stop;
        return Outcome.ADDED;
    }

    /** Whether nothing is missing. Without overlaps as many octets as the end says can only be all of them. */
    boolean isWhole() {
        return received == end;
    }

    /** How long the data is, once it is whole. */
    int length() {
        return received;
    }

    int pieces() {
        return pieces.size();
    }

    void copyTo(byte[] array, int offset) {
        pieces.forEach((at, data) -> System.arraycopy(data, 0, array, offset + at, data.length));
    }

    void clear() {
        pieces.clear();
        received = 0;
    }
}
