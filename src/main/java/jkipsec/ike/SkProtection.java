package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.crypto.PacketCipher;
import jkipsec.ike.message.EncryptedPayload;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.PayloadType;

/**
 * Seals and opens the SK payload of one IKE SA (RFC 7296 §3.14; with an AEAD, RFC 5282 §3).
 *
 * <pre>
 *   IKE header (28) | generic header of SK (4) | IV | inner payloads, padding, pad length | ICV
 *   `--------- authenticated only -----------'       `----------- encrypted -----------'
 * </pre>
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class SkProtection {
    /** IKE header and the SK payload's generic header: what is authenticated in the clear. */
    private static final int PREFIX = IkeHeader.LENGTH + 4;

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

    /** Writes a whole message whose payloads are all inside an SK payload. */
    byte[] seal(IkeHeader header, List<Payload> payloads) {
        byte[] inner = PayloadChain.write(payloads);
        int block = outbound.blockSize();
        int padding = (block - (inner.length + 1) % block) % block;
        int plaintext = inner.length + padding + 1;
        int total = PREFIX + outbound.ivLength() + plaintext + outbound.icvLength();
        var writer = new ByteWriter(total);
        header.write(writer, PayloadType.SK, total);
        writer.u8(PayloadChain.firstType(payloads)).u8(0).u16(total - IkeHeader.LENGTH);
        writer.zeros(outbound.ivLength()).bytes(inner).zeros(padding).u8(padding).zeros(outbound.icvLength());
        byte[] message = writer.toByteArray();
        outbound.seal(message, 0, PREFIX, plaintext);
        return message;
    }

    /**
     * Verifies and decrypts a message whose last payload is SK.
     *
     * @param message the whole message; decrypted in a copy
     * @param sk its SK payload, as parsed
     * @return a reader on the inner payloads, or nothing when the integrity check fails
     * @throws MalformedMessage when the check passes but the padding is impossible: the peer's own mistake
     */
    Optional<ByteReader> open(byte[] message, EncryptedPayload sk) throws MalformedMessage {
        byte[] copy = message.clone();
        int prefix = copy.length - sk.body().length;
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
