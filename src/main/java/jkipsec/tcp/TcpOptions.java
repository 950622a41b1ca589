package jkipsec.tcp;

import java.util.Objects;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;

/**
 * The options of a TCP header that this stack knows (RFC 9293 §3.2, RFC 7323, RFC 2018). Others are skipped when
 * reading.
 *
 * @param maximumSegmentSize the largest payload the sender will take, 0 to 65,535, or {@link #ABSENT}
 * @param windowScale by how many bits the sender's windows are shifted, 0 to 255 (more than 14 means 14), or
 *     {@link #ABSENT}
 * @param sackPermitted whether the sender understands selective acknowledgments (RFC 2018 §2)
 * @param timestamped whether there is a timestamp (RFC 7323 §3.2)
 * @param timestampValue TSval, the sender's clock; 0 without a timestamp
 * @param timestampEcho TSecr, what the sender last saw of the receiver's clock; 0 without a timestamp
 * @param sack what arrived out of order (RFC 2018 §3), {@link SackBlocks#NONE} without
 */
public record TcpOptions(
        int maximumSegmentSize,
        int windowScale,
        boolean sackPermitted,
        boolean timestamped,
        int timestampValue,
        int timestampEcho,
        SackBlocks sack) {
    /** Stands for an option that is not there. */
    public static final int ABSENT = -1;

    /** The most room options have in a header, in octets. */
    public static final int MAXIMUM_LENGTH = 40;

    /** The room a timestamp takes in every segment, padding included, in octets. */
    public static final int TIMESTAMP_ROOM = 12;

    /** No options. */
    public static final TcpOptions NONE = new TcpOptions(ABSENT, ABSENT);

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MSS = 2;
    private static final int MSS_LENGTH = 4;
    private static final int WINDOW_SCALE = 3;
    private static final int WINDOW_SCALE_LENGTH = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK_PERMITTED_LENGTH = 2;
    private static final int SACK = 5;
    private static final int TIMESTAMP = 8;
    private static final int TIMESTAMP_LENGTH = 10;
    private static final String SECTION = "RFC 9293 §3.2";

    /** Checks the ranges, and that the options fit in a header. */
    public TcpOptions {
        Objects.requireNonNull(sack, "sack");
        if (maximumSegmentSize < ABSENT || maximumSegmentSize > 0xffff) {
            throw new IllegalArgumentException("a maximum segment size is 0 to 65535, not " + maximumSegmentSize);
        }
        if (windowScale < ABSENT || windowScale > 0xff) {
            throw new IllegalArgumentException("a window scale is 0 to 255, not " + windowScale);
        }
        if (!timestamped && (timestampValue | timestampEcho) != 0) {
            throw new IllegalArgumentException("timestamp values without a timestamp");
        }
        if (!sack.isEmpty() && packedLength(maximumSegmentSize, windowScale, sackPermitted, timestamped, sack)
                > MAXIMUM_LENGTH) {
            throw new IllegalArgumentException(sack.count() + " blocks do not fit beside the other options");
        }
    }

    /**
     * Options of a SYN without the newer ones.
     *
     * @param maximumSegmentSize see the component
     * @param windowScale see the component
     */
    public TcpOptions(int maximumSegmentSize, int windowScale) {
        this(maximumSegmentSize, windowScale, false, false, 0, 0, SackBlocks.NONE);
    }

    /**
     * The options of a segment after the SYN, without selective acknowledgment.
     *
     * @param value TSval
     * @param echo TSecr
     * @return a timestamp alone
     */
    public static TcpOptions timestamp(int value, int echo) {
        return new TcpOptions(ABSENT, ABSENT, false, true, value, echo, SackBlocks.NONE);
    }

    /**
     * The same with the offer of selective acknowledgment.
     *
     * @return these options and SACK-permitted
     */
    public TcpOptions withSackPermitted() {
        return new TcpOptions(
                maximumSegmentSize, windowScale, true, timestamped, timestampValue, timestampEcho, sack);
    }

    /**
     * The same with a timestamp.
     *
     * @param value TSval
     * @param echo TSecr
     * @return these options and the timestamp
     */
    public TcpOptions withTimestamp(int value, int echo) {
        return new TcpOptions(maximumSegmentSize, windowScale, sackPermitted, true, value, echo, sack);
    }

    /**
     * The same with a selective acknowledgment.
     *
     * @param blocks as many as fit: {@link #roomForBlocks}
     * @return these options with those blocks
     */
    public TcpOptions withSack(SackBlocks blocks) {
        return new TcpOptions(maximumSegmentSize, windowScale, sackPermitted, timestamped, timestampValue,
                timestampEcho, blocks);
    }

    /**
     * How many blocks fit in a segment after the SYN.
     *
     * @param timestamped whether it has a timestamp
     * @return 3 with a timestamp, 4 without
     */
    public static int roomForBlocks(boolean timestamped) {
        return timestamped ? 3 : 4;
    }

    /**
     * The room the options take, padding included.
     *
     * @return octets, a multiple of 4, at most {@link #MAXIMUM_LENGTH}
     */
    public int length() {
        int aligned = alignedLength();
        return aligned <= MAXIMUM_LENGTH ? aligned : MAXIMUM_LENGTH;
    }

    /** The length with every option, or group of options, padded in front to 32 bits, as peers read it fastest. */
    private int alignedLength() {
        return (maximumSegmentSize == ABSENT ? 0 : MSS_LENGTH) + (windowScale == ABSENT ? 0 : 4)
                + (timestamped ? TIMESTAMP_ROOM : sackPermitted ? 4 : 0)
                + (sack.isEmpty() ? 0 : 4 + 8 * sack.count());
    }

    private static int packedLength(
            int segmentSize, int scale, boolean sackPermitted, boolean timestamped, SackBlocks sack) {
        return (segmentSize == ABSENT ? 0 : MSS_LENGTH) + (scale == ABSENT ? 0 : WINDOW_SCALE_LENGTH)
                + (sackPermitted ? SACK_PERMITTED_LENGTH : 0) + (timestamped ? TIMESTAMP_LENGTH : 0)
                + (sack.isEmpty() ? 0 : 2 + 8 * sack.count());
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
        boolean permitted = false;
        boolean stamped = false;
        int value = 0;
        int echo = 0;
        int blocks = 0;
        int blocksAt = 0;
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
            if (array[at] == TIMESTAMP && length == TIMESTAMP_LENGTH) {
                stamped = true;
                value = Octets.i32(array, at + 2);
                echo = Octets.i32(array, at + 6);
            } else if (array[at] == SACK && length > 2 && length % 8 == 2 && length <= 2 + 8 * SackBlocks.MOST) {
                blocks = length / 8;
                blocksAt = at + 2;
            } else if (array[at] == MSS && length == MSS_LENGTH) {
                segmentSize = Octets.u16(array, at + 2);
            } else if (array[at] == WINDOW_SCALE && length == WINDOW_SCALE_LENGTH) {
                scale = array[at + 2] & 0xff;
            } else if (array[at] == SACK_PERMITTED && length == SACK_PERMITTED_LENGTH) {
                permitted = true;
            }
            at += length;
        }
        return new TcpOptions(segmentSize, scale, permitted, stamped, value, echo, blocks(array, blocksAt, blocks));
    }

    private static SackBlocks blocks(byte[] array, int offset, int count) {
        if (count == 0) {
            return SackBlocks.NONE;
        }
        int[] edges = new int[2 * count];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = Octets.i32(array, offset + 4 * i);
        }
        return SackBlocks.of(edges);
    }

    /**
     * Writes the options, padded to {@link #length()}.
     *
     * @param array where to write
     * @param offset the first octet
     */
    void write(byte[] array, int offset) {
        boolean aligned = alignedLength() <= MAXIMUM_LENGTH;
        int at = offset;
        if (maximumSegmentSize != ABSENT) {
            at = begin(array, at, MSS, MSS_LENGTH);
            Octets.put16(array, at - 2, maximumSegmentSize);
        }
        if (sackPermitted) {
            at = begin(array, aligned && !timestamped ? pad(array, at, 2) : at, SACK_PERMITTED, SACK_PERMITTED_LENGTH);
        }
        if (timestamped) {
            at = begin(array, aligned && !sackPermitted ? pad(array, at, 2) : at, TIMESTAMP, TIMESTAMP_LENGTH);
            Octets.put32(array, at - 8, timestampValue);
            Octets.put32(array, at - 4, timestampEcho);
        }
        if (windowScale != ABSENT) {
            at = begin(array, aligned ? pad(array, at, 1) : at, WINDOW_SCALE, WINDOW_SCALE_LENGTH);
            array[at - 1] = (byte) windowScale;
        }
        if (!sack.isEmpty()) {
            int start = aligned ? pad(array, at, 2) : at;
            at = begin(array, start, SACK, 2 + 8 * sack.count());
            for (int i = 0; i < sack.count(); i++) {
                Octets.put32(array, start + 2 + 8 * i, sack.left(i));
                Octets.put32(array, start + 6 + 8 * i, sack.right(i));
            }
        }
        int end = offset + length();
        while (at < end) {
            array[at++] = END;
        }
    }

    /** Writes an option's kind and length; gives the place after it. */
    private static int begin(byte[] array, int at, int kind, int length) {
        array[at] = (byte) kind;
        array[at + 1] = (byte) length;
        return at + length;
    }

    private static int pad(byte[] array, int at, int count) {
        for (int i = 0; i < count; i++) {
            array[at + i] = NO_OPERATION;
        }
        return at + count;
    }

    /** Gives such as {@code mss=1360 wscale=5 sackOK ts=17/4 sack=1000-2000}, nothing when there are no options. */
    @Override
    public String toString() {
        return ((maximumSegmentSize == ABSENT ? "" : "mss=" + maximumSegmentSize + " ")
                + (windowScale == ABSENT ? "" : "wscale=" + windowScale + " ")
                + (sackPermitted ? "sackOK " : "")
                + (timestamped ? "ts=" + Integer.toUnsignedString(timestampValue) + "/"
                        + Integer.toUnsignedString(timestampEcho) + " " : "")
                + (sack.isEmpty() ? "" : "sack=" + sack)).strip();
    }
}
