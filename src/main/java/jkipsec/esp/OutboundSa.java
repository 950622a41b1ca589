package jkipsec.esp;

import jkipsec.bytes.Octets;
import jkipsec.bytes.PacketBuffer;
import jkipsec.crypto.PacketCipher;

/**
 * The sending half of a Child SA: wraps inner packets into ESP, RFC 4303 §3.3.
 *
 * <p>Confined to one thread at a time: the tunnel's sender owns it from the moment it is installed.
 */
public final class OutboundSa {
    private static final long LAST_SHORT_SEQUENCE = 0xffff_ffffL;

    private final int spi;
    private final PacketCipher cipher;
    private final boolean extended;
    private final int alignment;
    private final long lastSequence;
    private long sequence;
    private long packets;
    private long octets;

    /**
     * Starts an SA with sequence numbers of 32 bits.
     *
     * @param spi the SPI the receiver chose
     * @param cipher seals with the SA's keys; the SA owns it from now on
     */
    public OutboundSa(int spi, PacketCipher cipher) {
        this(spi, cipher, false);
    }

    /**
     * Starts an SA.
     *
     * @param spi the SPI the receiver chose
     * @param cipher seals with the SA's keys; the SA owns it from now on
     * @param extended whether extended sequence numbers, of 64 bits, were negotiated (RFC 4303 §2.2.1)
     */
    public OutboundSa(int spi, PacketCipher cipher, boolean extended) {
        this(spi, cipher, extended, 0);
    }

    /** Starts as if packets up to a sequence number had been sent, for tests of the end. */
    OutboundSa(int spi, PacketCipher cipher, boolean extended, long sequence) {
        this.spi = spi;
        this.cipher = cipher;
        this.extended = extended;
        this.alignment = EspOverhead.alignment(cipher.blockSize());
        // 2^63 - 1 rather than 2^64 - 1 spares all the unsigned comparisons; nobody lives to see either.
        this.lastSequence = extended ? Long.MAX_VALUE : LAST_SHORT_SEQUENCE;
        this.sequence = sequence;
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
     * Wraps an inner packet under the next sequence number, the first being 1.
     *
     * <p>It is done in place when the array has the room in front and behind that {@link PacketBuffer#allocate} leaves,
     * else in a new array. Either way the packet given must not be used any more.
     *
     * @param inner the packet
     * @param nextHeader its protocol: 4 for IPv4, 41 for IPv6
     * @return the ESP packet, ready to be the payload of a UDP datagram
     * @throws SequenceExhausted when the last sequence number is used up; nothing was changed
     * @throws IllegalStateException when the SA was destroyed
     */
    public PacketBuffer seal(PacketBuffer inner, int nextHeader) throws SequenceExhausted {
        if (sequence == lastSequence) {
            throw new SequenceExhausted(sequence);
        }
        int before = PacketCipher.ESP_HEADER_LENGTH + cipher.ivLength();
        int padLength = EspOverhead.padLength(inner.length(), alignment);
        int textLength = inner.length() + padLength + EspOverhead.TRAILER_LENGTH;
        PacketBuffer packet = withRoom(inner, before, textLength - inner.length() + cipher.icvLength());
        byte[] array = packet.array();
        int start = packet.offset() - before;

        sequence++;
        Octets.put32(array, start, spi);
        Octets.put32(array, start + 4, (int) sequence);
        writeTrailer(array, packet.offset() + inner.length(), padLength, nextHeader);
        int length = extended
                ? cipher.sealExtended(array, start, textLength, (int) (sequence >>> 32))
                : cipher.seal(array, start, PacketCipher.ESP_HEADER_LENGTH, textLength);
        packets++;
        octets += inner.length();
        return new PacketBuffer(array, start, length);
    }

    /** Goes on as if packets up to a sequence number had been sent, for tests of the end. */
    void skipTo(long sent) {
        sequence = sent;
    }

    /**
     * How many packets were sealed.
     *
     * @return packets since the start
     */
    public long packets() {
        return packets;
    }

    /**
     * How much was sealed.
     *
     * @return octets of inner packets since the start, without what ESP adds
     */
    public long octets() {
        return octets;
    }

    /** Wipes the keys; nothing can be sealed any more. Doing it again changes nothing. */
    public void destroy() {
        cipher.destroy();
    }

    private static PacketBuffer withRoom(PacketBuffer inner, int before, int behind) {
        int end = inner.offset() + inner.length();
        if (inner.offset() >= before && inner.array().length - end >= behind) {
            return inner;
        }
        byte[] roomy = new byte[before + inner.length() + behind];
        System.arraycopy(inner.array(), inner.offset(), roomy, before, inner.length());
        return new PacketBuffer(roomy, before, inner.length());
    }

    /** Writes padding that describes itself (1, 2, 3, …), its length and the next header, RFC 4303 §2.4 to §2.6. */
    private static void writeTrailer(byte[] array, int offset, int padLength, int nextHeader) {
        for (int i = 0; i < padLength; i++) {
            array[offset + i] = (byte) (i + 1);
        }
        array[offset + padLength] = (byte) padLength;
        array[offset + padLength + 1] = (byte) nextHeader;
    }
}
