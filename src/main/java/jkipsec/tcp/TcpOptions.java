package jkipsec.tcp;

import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;

/**
 * The options of a TCP header that this stack knows (RFC 9293 §3.2, RFC 7323 §2.2). Others are skipped when reading.
 *
 * @param maximumSegmentSize the largest payload the sender will take, 0 to 65,535, or {@link #ABSENT}
 * @param windowScale by how many bits the sender's windows are shifted, 0 to 255 (more than 14 means 14), or
 *     {@link #ABSENT}
 */
public record TcpOptions(int maximumSegmentSize, int windowScale) {
    /** Stands for an option that is not there. */
    public static final int ABSENT = -1;

    /** No options. */
    public static final TcpOptions NONE = new TcpOptions(ABSENT, ABSENT);

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MSS = 2;
    private static final int MSS_LENGTH = 4;
    private static final int WINDOW_SCALE = 3;
    private static final int WINDOW_SCALE_LENGTH = 3;
    private static final String SECTION = "RFC 9293 §3.2";

    /** Checks the ranges. */
    public TcpOptions {
        if (maximumSegmentSize < ABSENT || maximumSegmentSize > 0xffff) {
            throw new IllegalArgumentException("a maximum segment size is 0 to 65535, not " + maximumSegmentSize);
        }
        if (windowScale < ABSENT || windowScale > 0xff) {
            throw new IllegalArgumentException("a window scale is 0 to 255, not " + windowScale);
        }
    }

    /**
     * The room the options take, padding included.
     *
     * @return octets, a multiple of 4
     */
    public int length() {
        return (maximumSegmentSize == ABSENT ? 0 : MSS_LENGTH) + (windowScale == ABSENT ? 0 : 4);
    }

    /**
     * Reads options. A known option with a length that is not its own is skipped like an unknown one.
     *
     * @param array where they are
     * @param offset the first octet
     * @param end the octet after the last
     * @return what was found; of a repeated option the last
     * @throws MalformedMessage when an option's length is less than two or leads past the end
     */
    static TcpOptions parse(byte[] array, int offset, int end) throws MalformedMessage {
        int segmentSize = ABSENT;
        int scale = ABSENT;
        int at = offset;
        while (at < end && array[at] != END) {
            if (array[at] == NO_OPERATION) {
                at++;
                continue;
            }
            if (at + 2 > end) {
                throw new MalformedMessage("option without a length", at, SECTION);
            }
            int length = array[at + 1] & 0xff;
            if (length < 2 || length > end - at) {
                throw new MalformedMessage("option of " + length + " octets, " + (end - at) + " left", at, SECTION);
            }
            if (array[at] == MSS && length == MSS_LENGTH) {
                segmentSize = Octets.u16(array, at + 2);
            } else if (array[at] == WINDOW_SCALE && length == WINDOW_SCALE_LENGTH) {
                scale = array[at + 2] & 0xff;
            }
            at += length;
        }
        return segmentSize == ABSENT && scale == ABSENT ? NONE : new TcpOptions(segmentSize, scale);
    }

    /**
     * Writes the options, padded to {@link #length()}.
     *
     * @param array where to write
     * @param offset the first octet
     */
    void write(byte[] array, int offset) {
        int at = offset;
        if (maximumSegmentSize != ABSENT) {
            array[at] = MSS;
            array[at + 1] = MSS_LENGTH;
            Octets.put16(array, at + 2, maximumSegmentSize);
            at += MSS_LENGTH;
        }
        if (windowScale != ABSENT) {
            array[at] = NO_OPERATION;
            array[at + 1] = WINDOW_SCALE;
            array[at + 2] = WINDOW_SCALE_LENGTH;
            array[at + 3] = (byte) windowScale;
        }
    }

    /** Gives such as {@code mss=1360 wscale=5}, nothing when there are no options. */
    @Override
    public String toString() {
        return ((maximumSegmentSize == ABSENT ? "" : "mss=" + maximumSegmentSize + " ")
                + (windowScale == ABSENT ? "" : "wscale=" + windowScale)).strip();
    }
}
