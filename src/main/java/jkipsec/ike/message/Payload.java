package jkipsec.ike.message;

import jkipsec.bytes.ByteWriter;

/**
 * A payload of an IKE message (RFC 7296 §3.2), without the generic header in front of it: {@link PayloadChain} reads
 * and writes that, since it names the next payload's type.
 */
public sealed interface Payload
        permits SaPayload, KePayload, IdPayload, CertPayload, CertReqPayload, AuthPayload, NoncePayload, NotifyPayload,
                DeletePayload, VendorIdPayload, TsPayload, EncryptedPayload, EncryptedFragmentPayload, ConfigPayload,
                EapPayload, UnknownPayload {
    /** The length of the generic header in front of every payload, in octets. */
    int HEADER_LENGTH = 4;

    /** The most octets a payload can have behind its generic header. */
    int MAX_BODY = 0xffff - HEADER_LENGTH;

    /**
     * What kind of payload this is.
     *
     * @return a {@link PayloadType}, 1 to 255
     */
    int payloadType();

    /**
     * Whether a receiver that does not know the type must refuse the message. Types this package knows never have it
     * set when written, and it is ignored in them when read (RFC 7296 §2.5).
     *
     * @return true only for an {@link UnknownPayload} that says so
     */
    default boolean critical() {
        return false;
    }

    /**
     * How long the payload is without its generic header.
     *
     * @return octets, at most {@link #MAX_BODY}
     */
    int bodyLength();

    /**
     * Writes the payload without its generic header.
     *
     * @param out where to
     */
    void writeBody(ByteWriter out);
}
