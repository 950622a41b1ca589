package jkipsec.ike.message;

import java.util.ArrayList;
import java.util.List;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Payloads one after the other, each with a generic header that names the type of the next (RFC 7296 §3.2).
 *
 * <p>An Encrypted payload ends the chain: the type in its generic header is that of the first payload inside (§3.14).
 * There is no such payload inside another.
 */
public final class PayloadChain {
    /** The most payloads accepted in one chain; real messages have less than thirty. */
    public static final int MAX_PAYLOADS = 100;

    static final String SECTION = "RFC 7296 §3.2";
    private static final int CRITICAL = 0x80;

    private PayloadChain() {}

    /**
     * Reads the decrypted inside of an Encrypted payload, without padding.
     *
     * @param firstType the {@link PayloadType} that the Encrypted payload's generic header names
     * @param reader the octets, which must hold the chain and nothing more
     * @return the payloads in the order received
     * @throws MalformedMessage when they do not, or a payload's contents are not what its type demands
     */
    public static List<Payload> parse(int firstType, ByteReader reader) throws MalformedMessage {
        return parse(firstType, reader, false);
    }

    static List<Payload> parse(int firstType, ByteReader reader, boolean outermost) throws MalformedMessage {
        var payloads = new ArrayList<Payload>();
        int type = firstType;
        while (type != PayloadType.NONE) {
            if (payloads.size() == MAX_PAYLOADS) {
                throw reader.malformed("more than " + MAX_PAYLOADS + " payloads");
            }
            if (isEncrypted(type) && !outermost) {
                throw reader.malformed("encrypted payload inside another");
            }
            int next = reader.u8("next payload");
            boolean critical = (reader.u8("critical bit") & CRITICAL) != 0;
            int length = reader.u16("payload length");
            ByteReader body = reader.slice(
                    length - Payload.HEADER_LENGTH, PayloadType.nameOf(type), PayloadType.sectionOf(type));
            payloads.add(switch (type) {
                case PayloadType.SA -> SaPayload.parse(body);
                case PayloadType.KE -> KePayload.parse(body);
                case PayloadType.IDI -> IdPayload.parse(true, body);
                case PayloadType.IDR -> IdPayload.parse(false, body);
                case PayloadType.CERT -> CertPayload.parse(body);
                case PayloadType.CERTREQ -> CertReqPayload.parse(body);
                case PayloadType.AUTH -> AuthPayload.parse(body);
                case PayloadType.NONCE -> NoncePayload.parse(body);
                case PayloadType.NOTIFY -> NotifyPayload.parse(body);
                case PayloadType.DELETE -> DeletePayload.parse(body);
                case PayloadType.VENDOR_ID -> VendorIdPayload.parse(body);
                case PayloadType.TSI -> TsPayload.parse(true, body);
                case PayloadType.TSR -> TsPayload.parse(false, body);
                case PayloadType.SK -> EncryptedPayload.parse(next, body);
                case PayloadType.CP -> ConfigPayload.parse(body);
                case PayloadType.EAP -> EapPayload.parse(body);
                case PayloadType.SKF -> EncryptedFragmentPayload.parse(next, body);
                default -> new UnknownPayload(type, critical, body.rest());
            });
            body.expectEnd(PayloadType.nameOf(type));
            type = isEncrypted(type) ? PayloadType.NONE : next;
        }
        reader.expectEnd("the last payload");
        return List.copyOf(payloads);
    }

    /**
     * Writes payloads.
     *
     * @param payloads up to {@value #MAX_PAYLOADS}, an Encrypted one only as the last
     * @return the octets, without padding
     * @throws IllegalArgumentException when there are more, or an Encrypted one comes earlier
     */
    public static byte[] write(List<Payload> payloads) {
        check(payloads);
        var out = new ByteWriter();
        write(payloads, out);
        return out.toByteArray();
    }

    static void write(List<Payload> payloads, ByteWriter out) {
        for (int i = 0; i < payloads.size(); i++) {
            Payload payload = payloads.get(i);
            int next = switch (payload) {
                case EncryptedPayload sk -> sk.firstInner();
                case EncryptedFragmentPayload skf -> skf.firstInner();
                default -> i + 1 < payloads.size() ? payloads.get(i + 1).payloadType() : PayloadType.NONE;
            };
            out.u8(next).u8(payload.critical() ? CRITICAL : 0).u16(Payload.HEADER_LENGTH + payload.bodyLength());
            payload.writeBody(out);
        }
    }

    /**
     * The type that whatever comes before a chain must name.
     *
     * @param payloads the chain
     * @return the first payload's {@link PayloadType}; {@link PayloadType#NONE} when there is none
     */
    public static int firstType(List<Payload> payloads) {
        return payloads.isEmpty() ? PayloadType.NONE : payloads.get(0).payloadType();
    }

    /** Checks that payloads make a chain that can be written and parsed back. */
    static void check(List<Payload> payloads) {
        if (payloads.size() > MAX_PAYLOADS) {
            throw new IllegalArgumentException(
                    payloads.size() + " payloads; the most in one message is " + MAX_PAYLOADS);
        }
        for (Payload payload : payloads.subList(0, Math.max(0, payloads.size() - 1))) {
            if (isEncrypted(payload.payloadType())) {
                throw new IllegalArgumentException("an Encrypted payload must be the last");
            }
        }
    }

    private static boolean isEncrypted(int type) {
        return type == PayloadType.SK || type == PayloadType.SKF;
    }
}
