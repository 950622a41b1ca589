package jkipsec.crypto;

/**
 * Protects the packets of one direction with one set of keys, in place.
 *
 * <p>A packet lies in one array as
 * <pre>{@code
 *   offset
 *   | header | IV | plaintext or ciphertext | ICV |
 *   |<------------ authenticated --------->|
 * }</pre>
 * The header's length is the caller's: 8 octets in ESP (SPI and sequence number), in IKEv2 everything up to the
 * encrypted payload's IV. Padding is part of the plaintext and the caller's too.
 *
 * <p>Not thread-safe: confined to the thread that seals or opens with it, and may be handed from one to another. One
 * object is for one direction, so that no IV is used twice with a key.
 */
public sealed interface PacketCipher permits AeadPacketCipher, CbcHmacPacketCipher {
    /** Octets of the SPI and the low half of the sequence number that ESP packets begin with, RFC 4303 §2. */
    int ESP_HEADER_LENGTH = 8;

    /**
     * The room between header and plaintext.
     *
     * @return octets
     */
    int ivLength();

    /**
     * The room behind the plaintext.
     *
     * @return octets
     */
    int icvLength();

    /**
     * What the plaintext's length must be a multiple of.
     *
     * @return octets
     */
    int blockSize();

    /**
     * Encrypts and authenticates a packet in place, filling in the IV and the ICV.
     *
     * @param array holds header, room for the IV, plaintext, and room for the ICV
     * @param offset the header's first octet
     * @param headerLength octets of header, from 0
     * @param plaintextLength octets of plaintext, a multiple of {@link #blockSize()}
     * @return the whole packet's length: header, IV, ciphertext and ICV
     * @throws IllegalArgumentException when the plaintext's length is not such a multiple
     * @throws IndexOutOfBoundsException when the packet does not fit into the array
     * @throws IllegalStateException when the cipher was destroyed or its IVs are used up
     */
    int seal(byte[] array, int offset, int headerLength, int plaintextLength);

    /**
     * Encrypts and authenticates an ESP packet whose sequence number has 64 bits (RFC 4303 §2.2.1), of which the high
     * half is authenticated but not sent. The header has {@link #ESP_HEADER_LENGTH} octets.
     *
     * @param array holds header, room for the IV, plaintext, and room for the ICV
     * @param offset the header's first octet
     * @param plaintextLength octets of plaintext, a multiple of {@link #blockSize()}
     * @param sequenceHigh the high 32 bits of the sequence number
     * @return the whole packet's length: header, IV, ciphertext and ICV
     * @throws IllegalArgumentException when the plaintext's length is not such a multiple
     * @throws IndexOutOfBoundsException when the packet does not fit into the array
     * @throws IllegalStateException when the cipher was destroyed or its IVs are used up
     */
    int sealExtended(byte[] array, int offset, int plaintextLength, int sequenceHigh);

    /**
     * Verifies and decrypts a packet in place. The plaintext then starts at {@code offset + headerLength +
     * ivLength()}.
     *
     * @param array holds the packet
     * @param offset the header's first octet
     * @param length the whole packet's length in octets: header, IV, ciphertext and ICV
     * @param headerLength octets of header, from 0
     * @return the plaintext's length in octets, or -1 when the ICV is wrong or no packet can have this length; after -1
     *         the octets behind the IV may be anything and must not be used
     * @throws IndexOutOfBoundsException when the packet is not within the array
     * @throws IllegalStateException when the cipher was destroyed
     */
    int open(byte[] array, int offset, int length, int headerLength);

    /**
     * Verifies and decrypts an ESP packet whose sequence number has 64 bits. The header has {@link #ESP_HEADER_LENGTH}
     * octets.
     *
     * @param array holds the packet
     * @param offset the header's first octet
     * @param length the whole packet's length in octets
     * @param sequenceHigh the high 32 bits of the sequence number, as the receiver infers them
     * @return the plaintext's length in octets, or -1 as from {@link #open}
     * @throws IndexOutOfBoundsException when the packet is not within the array
     * @throws IllegalStateException when the cipher was destroyed
     */
    int openExtended(byte[] array, int offset, int length, int sequenceHigh);

    /** Wipes the keys; the cipher cannot be used any more. Doing it again changes nothing. */
    void destroy();
}
