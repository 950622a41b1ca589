package jkipsec.esp;

import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.crypto.PacketCipher;

/**
 * The receiving half of a Child SA: verifies, decrypts and unwraps ESP packets, RFC 4303 §3.4.
 *
 * <p>Confined to one thread at a time. A packet that is not authentic changes nothing but its own array.
 */
public final class InboundSa {
    /** The next header of dummy packets, RFC 4303 §2.6. */
    private static final int NO_NEXT_HEADER = 59;

    private final int spi;
    private final PacketCipher cipher;
    private final boolean extended;
    private final int alignment;
    private final ReplayWindow window;
    private long packets;
    private long octets;

    /**
     * Starts an SA with sequence numbers of 32 bits.
     *
     * @param spi the SPI we chose
     * @param cipher opens with the SA's keys; the SA owns it from now on
     * @param replayWindowSize how many sequence numbers the replay window spans, see {@link ReplayWindow}
     */
    public InboundSa(int spi, PacketCipher cipher, int replayWindowSize) {
        this(spi, cipher, replayWindowSize, false);
    }

    /**
     * Starts an SA.
     *
     * @param spi the SPI we chose
     * @param cipher opens with the SA's keys; the SA owns it from now on
     * @param replayWindowSize how many sequence numbers the replay window spans, see {@link ReplayWindow}
     * @param extended whether extended sequence numbers, of 64 bits, were negotiated (RFC 4303 §2.2.1)
     */
    public InboundSa(int spi, PacketCipher cipher, int replayWindowSize, boolean extended) {
        this(spi, cipher, new ReplayWindow(replayWindowSize), extended);
    }

    /** Starts with a given window, for tests of the roll-over. */
    InboundSa(int spi, PacketCipher cipher, ReplayWindow window, boolean extended) {
        this.spi = spi;
        this.cipher = cipher;
        this.extended = extended;
        this.alignment = EspOverhead.alignment(cipher.blockSize());
        this.window = window;
    }

    /**
     * The SPI.
     *
     * @return all 32 bits
     */
    public int spi() {
        return spi;
    }

    /**
     * Unwraps one ESP packet in place. The order is that of RFC 4303 §3.4: a look at the replay window, which costs
     * little, then the ICV, and only then is the window moved.
     *
     * @param datagram the ESP packet, from its SPI on; its array must not be used any more but through the result
     * @return the inner packet, or why the packet is dropped
     * @throws IllegalStateException when the SA was destroyed
     */
    public EspResult open(PacketBuffer datagram) {
        byte[] array = datagram.array();
        int offset = datagram.offset();
        int length = datagram.length();
        int before = PacketCipher.ESP_HEADER_LENGTH + cipher.ivLength();
        int textLength = length - before - cipher.icvLength();
        if (textLength < alignment) {
            return Drops.TOO_SHORT;
        }
        if (textLength % alignment != 0) {
            return Drops.MISALIGNED;
        }
        if (Octets.i32(array, offset) != spi) {
            return Drops.WRONG_SPI;
        }
        int low = Octets.i32(array, offset + 4);
        long sequence = extended ? window.extend(low) : Integer.toUnsignedLong(low);
        switch (window.check(sequence)) {
            case SEEN -> {
                return Drops.REPLAYED;
            }
            case TOO_OLD -> {
                return Drops.TOO_OLD;
            }
            case NEW -> { }
        }
        int opened = extended
                ? cipher.openExtended(array, offset, length, (int) (sequence >>> 32))
                : cipher.open(array, offset, length, PacketCipher.ESP_HEADER_LENGTH);
        if (opened < 0) {
            return Drops.BAD_ICV;
        }
        window.advance(sequence);
        return unwrap(array, offset + before, opened, sequence);
    }

    /**
     * How many packets were accepted.
     *
     * @return packets since the start, without dummies
     */
    public long packets() {
        return packets;
    }

    /**
     * The highest sequence number of a packet that was verified: how many the peer has used up.
     *
     * @return 0 when nothing was accepted yet
     */
    public long highestSequence() {
        return window.highest();
    }

    /**
     * How much was accepted.
     *
     * @return octets of inner packets since the start, without what ESP adds
     */
    public long octets() {
        return octets;
    }

    /** Wipes the keys; nothing can be opened any more. Doing it again changes nothing. */
    public void destroy() {
        cipher.destroy();
    }

    /** Takes off padding, pad length and next header. */
    private EspResult unwrap(byte[] array, int text, int textLength, long sequence) {
        int end = text + textLength;
        int nextHeader = array[end - 1] & 0xff;
        int padLength = array[end - 2] & 0xff;
        int innerLength = textLength - EspOverhead.TRAILER_LENGTH - padLength;
        if (innerLength < 0 || !padded(array, text + innerLength, padLength)) {
            return Drops.BAD_PADDING;
        }
        if (nextHeader == NO_NEXT_HEADER) {
            return Drops.DUMMY;
        }
        packets++;
        octets += innerLength;
        return new EspResult.Opened(new PacketBuffer(array, text, innerLength), nextHeader, sequence);
    }

    private static boolean padded(byte[] array, int offset, int padLength) {
        for (int i = 0; i < padLength; i++) {
            if (array[offset + i] != (byte) (i + 1)) {
                return false;
            }
        }
        return true;
    }

    /** One result for each reason, so that a flood of bad packets allocates nothing. */
    private static final class Drops {
        static final EspResult TOO_SHORT = new EspResult.Dropped(EspDrop.TOO_SHORT);
        static final EspResult MISALIGNED = new EspResult.Dropped(EspDrop.MISALIGNED);
        static final EspResult WRONG_SPI = new EspResult.Dropped(EspDrop.WRONG_SPI);
        static final EspResult REPLAYED = new EspResult.Dropped(EspDrop.REPLAYED);
        static final EspResult TOO_OLD = new EspResult.Dropped(EspDrop.TOO_OLD);
        static final EspResult BAD_ICV = new EspResult.Dropped(EspDrop.BAD_ICV);
        static final EspResult BAD_PADDING = new EspResult.Dropped(EspDrop.BAD_PADDING);
        static final EspResult DUMMY = new EspResult.Dropped(EspDrop.DUMMY);
    }
}
