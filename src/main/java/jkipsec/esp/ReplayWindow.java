package jkipsec.esp;

import java.util.Arrays;

/**
 * The receiver's memory of sequence numbers, RFC 4303 §3.4.3: the highest one received, and which of those before it
 * within the window.
 *
 * <p>Numbers are 64 bits wide and start at 1, so the same window serves extended sequence numbers; {@link #extend}
 * infers their high half. Look with {@link #check} before the work of verifying a packet, and call {@link #advance}
 * only once its ICV is right: a forged packet must not move the window.
 *
 * <p>Confined to the thread of the SA that owns it.
 */
public final class ReplayWindow {
    /** The size used where nobody asks for another: 4,096 packets in 512 octets. */
    public static final int DEFAULT_SIZE = 4096;

    /** The smallest size: one word of the bitmap. */
    public static final int MIN_SIZE = 64;

    /** The largest size, which takes 128 KiB. */
    public static final int MAX_SIZE = 1 << 20;

    /** What a sequence number is to the window. */
    public enum Verdict {
        /** Not seen before. */
        NEW,
        /** Seen before. */
        SEEN,
        /** Before the window: nobody remembers. */
        TOO_OLD
    }

    private final int size;
    /** Bit n mod size stands for number n, for the {@code size} numbers that end with the highest. */
    private final long[] bits;
    private long highest;

    /**
     * Starts with nothing received. Number 0, which is never sent, counts as seen.
     *
     * @param size how many numbers the window spans, a power of two from {@link #MIN_SIZE} to {@link #MAX_SIZE}
     * @throws IllegalArgumentException when the size is none of these
     */
    public ReplayWindow(int size) {
        this(size, 0);
    }

    /** Starts as if everything up to a number had been received, for tests of the roll-over. */
    ReplayWindow(int size, long highest) {
        if (size < MIN_SIZE || size > MAX_SIZE || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("a replay window's size is a power of two from " + MIN_SIZE + " to "
                    + MAX_SIZE + ", not " + size);
        }
        this.size = size;
        this.bits = new long[size / Long.SIZE];
        this.highest = highest;
        Arrays.fill(bits, -1L);
    }

    /**
     * How many numbers the window spans.
     *
     * @return a power of two
     */
    public int size() {
        return size;
    }

    /**
     * The highest number received.
     *
     * @return 0 when nothing was received yet
     */
    public long highest() {
        return highest;
    }

    /**
     * Says what a number is, and changes nothing.
     *
     * @param sequence a sequence number; a negative one, which {@link #extend} may give, is too old
     * @return whether a packet with it may be accepted
     */
    public Verdict check(long sequence) {
        if (sequence > highest) {
            return Verdict.NEW;
        }
        if (sequence < 0 || highest - sequence >= size) {
            return Verdict.TOO_OLD;
        }
        return (bits[word(sequence)] & bit(sequence)) == 0 ? Verdict.NEW : Verdict.SEEN;
    }

    /**
     * Remembers a number whose packet proved authentic, and moves the window when it is the highest yet.
     *
     * @param sequence a sequence number that {@link #check} found new
     */
    public void advance(long sequence) {
        if (sequence > highest) {
            forgetBetween(highest, sequence);
            highest = sequence;
        } else if (check(sequence) == Verdict.TOO_OLD) {
            throw new IllegalArgumentException(
                    "sequence number " + sequence + " lies before the window: check it first");
        }
        bits[word(sequence)] |= bit(sequence);
    }

    /**
     * Infers a 64-bit sequence number from the half that was sent, RFC 4303 appendix A2: the one that lies in the
     * window, or less than 2^32 ahead of it.
     *
     * @param low the low 32 bits
     * @return the whole number; negative when no sender can have sent it, before the first of all numbers
     */
    public long extend(int low) {
        long lowest = highest - (size - 1);
        // The first number from the window's start on that ends in these 32 bits.
        return lowest + (low - lowest & 0xffff_ffffL);
    }

    /** Clears the bits of the numbers between two, both exclusive, which are passed over and may still come. */
    private void forgetBetween(long from, long to) {
        if (to - from >= size) {
            Arrays.fill(bits, 0);
            return;
        }
        long next = from + 1;
        while (next < to && next % Long.SIZE != 0) {
            bits[word(next)] &= ~bit(next);
            next++;
        }
        for (; next + Long.SIZE <= to; next += Long.SIZE) {
            bits[word(next)] = 0;
        }
        for (; next < to; next++) {
            bits[word(next)] &= ~bit(next);
        }
    }

    private int word(long sequence) {
        return (int) (sequence >>> 6) & bits.length - 1;
    }

    private static long bit(long sequence) {
        // A shift takes its distance modulo 64.
        return 1L << sequence;
    }
}
