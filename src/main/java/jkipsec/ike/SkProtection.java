package jkipsec.ike;

import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.crypto.PacketCipher;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.PayloadType;

/**
 * Seals and opens the SK and SKF payloads of one IKE SA (RFC 7296 §3.14; with an AEAD, RFC 5282 §3; fragments, RFC 7383
 * §2.5).
 *
 * <pre>
 *   IKE header (28) | generic header (4) | SKF: number, total (4) | IV | contents, padding, pad length | ICV
 *   `------------------ authenticated only ---------------------'       `-------- encrypted --------'
 * </pre>
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class SkProtection {
    /** IKE header and the payload's generic header: what is authenticated in the clear. */
    private static final int PREFIX = IkeHeader.LENGTH + 4;

    /** Fragment number and total number of fragments. */
    private static final int FRAGMENT_NUMBERS = 4;

    private final PacketCipher outbound;
    private final PacketCipher inbound;

    private SkProtection(PacketCipher outbound, PacketCipher inbound) {
        this.outbound = outbound;
        this.inbound = inbound;
    }

    static SkProtection of(IkeKeys keys, boolean initiator, RandomSource ivs) {
        PacketCipher fromInitiator = keys.suite().cipher(keys.ei(), keys.ai(), ivs);
        PacketCipher fromResponder = keys.suite().cipher(keys.er(), keys.ar(), ivs);
        return initiator
                ? new SkProtection(fromInitiator, fromResponder)
                : new SkProtection(fromResponder, fromInitiator);
    }

    /**
     * Writes a whole message whose payloads are all inside an SK payload.
     *
     * @param firstInner the type of the first payload inside
     * @param contents the payloads inside, written
     */
    byte[] seal(IkeHeader header, int firstInner, byte[] contents) {
        return seal(header, PayloadType.SK, firstInner, contents, new byte[0]);
    }

    /**
     * Writes one fragment of a message.
     *
     * @param number which it is, from 1
     * @param total how many there are
     * @param firstInner the type of the first payload inside the whole; 0 in all fragments but the first
     * @param contents a part of the payloads inside
     */
    byte[] sealFragment(IkeHeader header, int number, int total, int firstInner, byte[] contents) {
        byte[] numbers = new ByteWriter(FRAGMENT_NUMBERS).u16(number).u16(total).toByteArray();
        return seal(header, PayloadType.SKF, firstInner, contents, numbers);
    }

    private byte[] seal(IkeHeader header, int payloadType, int firstInner, byte[] contents, byte[] numbers) {
        int prefix = PREFIX + numbers.length;
        int padding = paddingOf(contents.length);
        int plaintext = contents.length + padding + 1;
        int length = prefix + outbound.ivLength() + plaintext + outbound.icvLength();
        var writer = new ByteWriter(length);
        header.write(writer, payloadType, length);
        writer.u8(firstInner).u8(0).u16(length - IkeHeader.LENGTH).bytes(numbers);
        writer.zeros(outbound.ivLength()).bytes(contents).zeros(padding).u8(padding).zeros(outbound.icvLength());
        byte[] message = writer.toByteArray();
        outbound.seal(message, 0, prefix, plaintext);
        return message;
    }

    private int paddingOf(int contents) {
        int block = outbound.blockSize();
        return (block - (contents + 1) % block) % block;
    }

    /** How long {@link #seal} makes a message with so many octets of contents. */
    int sealedLength(int contents) {
        return PREFIX + outbound.ivLength() + contents + paddingOf(contents) + 1 + outbound.icvLength();
    }

    /** How many octets of contents a fragment can have whose message is no longer than a limit. */
    int fragmentRoom(int limit) {
        int plaintext = limit - PREFIX - FRAGMENT_NUMBERS - outbound.ivLength() - outbound.icvLength();
        return plaintext - plaintext % outbound.blockSize() - 1;
    }

    /**
     * Verifies and decrypts a message whose last payload is SK or SKF.
     *
     * @param message the whole message; decrypted in a copy
     * @param sealed how long its end is that begins with the IV
     * @return a reader on the contents, or nothing when the integrity check fails
     * @throws MalformedMessage when the check passes but the padding is impossible: the peer's own mistake
     */
    Optional<ByteReader> open(byte[] message, int sealed) throws MalformedMessage {
        byte[] copy = message.clone();
        int prefix = copy.length - sealed;
        int length = inbound.open(copy, 0, copy.length, prefix);
        if (length < 0) {
            return Optional.empty();
        }
        int start = prefix + inbound.ivLength();
        int padding = length == 0 ? 0 : copy[start + length - 1] & 0xff;
        if (length == 0 || padding + 1 > length) {
            throw new MalformedMessage("pad length " + padding + " in " + length + " octets", start, "RFC 7296 §3.14");
        }
        return Optional.of(new ByteReader(copy, start, length - padding - 1, "RFC 7296 §3.14"));
    }

    /** Wipes the ciphers' keys. */
    void destroy() {
        outbound.destroy();
        inbound.destroy();
    }
}
