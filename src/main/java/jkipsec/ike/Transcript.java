package jkipsec.ike;

import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.crypto.SignatureHash;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;

/**
 * What the exchanges before it left for IKE_AUTH: all that the AUTH payloads are made of, whatever the method (RFC 7296
 * §2.15, RFC 9242 §3.3.2).
 *
 * @param initRequest the request as sent, from the IKE header on
 * @param initResponse the response as sent
 * @param initiatorNonce Ni
 * @param responderNonce Nr
 * @param peerHashes the hash functions for signatures that the peer has; empty when it did not say (RFC 7427 §4)
 * @param intAuth what {@link IntAuth} gives after the exchanges of IKE_INTERMEDIATE; empty without
 */
record Transcript(
        byte[] initRequest,
        byte[] initResponse,
        byte[] initiatorNonce,
        byte[] responderNonce,
        Set<SignatureHash> peerHashes,
        byte[] intAuth) {
    /** What the initiator signs. */
    byte[] initiatorOctets(IkeKeys keys, IdPayload idi) {
        return withIntAuth(PskAuth.signedOctets(keys.prf(), initRequest, responderNonce, keys.pi(), idi));
    }

    /** What the responder signs. */
    byte[] responderOctets(IkeKeys keys, IdPayload idr) {
        return withIntAuth(PskAuth.signedOctets(keys.prf(), initResponse, initiatorNonce, keys.pr(), idr));
    }

    private byte[] withIntAuth(byte[] octets) {
        return new ByteWriter(octets.length + intAuth.length).bytes(octets).bytes(intAuth).toByteArray();
    }

    /** Reads what a message of IKE_SA_INIT says of hash functions; one that cannot be read says nothing. */
    static Set<SignatureHash> hashesOf(IkeMessage init) {
        try {
            Optional<NotifyPayload> notify = init.notify(NotifyType.SIGNATURE_HASH_ALGORITHMS);
            return notify.isPresent() ? SignatureHash.parse(notify.get().data()) : Set.of();
        } catch (MalformedMessage e) {
            return Set.of();
        }
    }
}
