package jkipsec.esp;

/**
 * Why an ESP packet was dropped. Up to {@link #BAD_ICV} the packet changed nothing; those after it did come from the
 * peer.
 */
public enum EspDrop {
    /** Shorter than headers, IV, trailer and ICV together. */
    TOO_SHORT,

    /** The ciphertext does not end on a boundary of 4 octets and of the cipher's blocks, RFC 4303 §2.4. */
    MISALIGNED,

    /** The SPI is not this SA's. */
    WRONG_SPI,

    /** The sequence number was seen before, RFC 4303 §3.4.3. */
    REPLAYED,

    /** The sequence number lies before the replay window, so that nobody can tell whether it was seen. */
    TOO_OLD,

    /** The ICV is wrong: damaged, forged, or sealed with another key. */
    BAD_ICV,

    /** The padding is not 1, 2, 3, … or longer than the packet, RFC 4303 §2.4 and §3.4.4.1. */
    BAD_PADDING,

    /** A dummy packet of next header 59, sent to hide how much real traffic there is, RFC 4303 §2.6. */
    DUMMY
}
