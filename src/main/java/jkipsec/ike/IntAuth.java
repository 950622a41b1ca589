package jkipsec.ike;

import jkipsec.bytes.ByteWriter;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadType;

/**
 * What IKE_AUTH proves of the IKE_INTERMEDIATE exchanges before it (RFC 9242 §3.3.2): a running PRF over the messages of
 * each side, as they are before encryption and fragmentation:
 *
 * <pre>
 *   IntAuth_in = prf(SK_pi, IntAuth_i(n-1) | request n)      with the keys that protected the exchange
 *   IntAuth_rn = prf(SK_pr, IntAuth_r(n-1) | response n)
 *   IntAuth    = IntAuth_iN | IntAuth_rN | message ID of the first IKE_AUTH
 * </pre>
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class IntAuth {
    /** Where the IKE header has the message's length. */
    private static final int LENGTH_OFFSET = 24;

    private byte[] initiator = new byte[0];
    private byte[] responder = new byte[0];
    private int exchanges;

    /** Takes an exchange that is complete, before its keys are replaced. */
    void add(IkeKeys keys, byte[] request, byte[] response) {
        initiator = keys.prf().apply(keys.pi(), initiator, request);
        responder = keys.prf().apply(keys.pr(), responder, response);
        exchanges++;
    }

    /** How many exchanges there were. */
    int exchanges() {
        return exchanges;
    }

    /** What goes behind the octets that both sides sign; empty when there was no exchange. */
    byte[] octets() {
        return exchanges == 0
                ? new byte[0]
                : new ByteWriter().bytes(initiator).bytes(responder).i32(exchanges + 1).toByteArray();
    }

    /** The octets that stand for a message that this side sends. */
    static byte[] of(IkeHeader header, Contents contents) {
        int sk = Payload.HEADER_LENGTH + contents.octets().length;
        var writer = new ByteWriter(IkeHeader.LENGTH + sk);
        header.write(writer, PayloadType.SK, IkeHeader.LENGTH + sk);
        return writer.u8(contents.firstInner()).u8(0).u16(sk).bytes(contents.octets()).toByteArray();
    }

    /**
     * The octets that stand for a message that was received: as it came up to the encrypted payload's header, the
     * lengths without what encryption added, then the payloads inside. Of one in fragments, the first's beginning, its
     * encrypted payload called SK.
     *
     * @param message the message, or its first fragment
     * @param encrypted where in it the encrypted payload begins
     * @param named where in it the octet is that names that payload's type
     * @param inner the payloads inside, as written
     */
    static byte[] of(byte[] message, int encrypted, int named, byte[] inner) {
        int sk = Payload.HEADER_LENGTH + inner.length;
        var writer = new ByteWriter(encrypted + sk);
        writer.bytes(message, 0, encrypted + 2).u16(sk).bytes(inner);
        writer.patch8(named, PayloadType.SK);
        writer.patch32(LENGTH_OFFSET, encrypted + sk);
        return writer.toByteArray();
    }
}
