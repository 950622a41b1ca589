package jkipsec.ike;

import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.MalformedMessage;
import jkipsec.crypto.SignatureHash;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;

/**
 * What IKE_SA_INIT left for IKE_AUTH: all that the AUTH payloads are made of, whatever the method (RFC 7296 §2.15).
 *
 * @param initRequest the request as sent, from the IKE header on
 * @param initResponse the response as sent
 * @param initiatorNonce Ni
 * @param responderNonce Nr
 * @param peerHashes the hash functions for signatures that the peer has; empty when it did not say (RFC 7427 §4)
 */
record Transcript(
        byte[] initRequest,
        byte[] initResponse,
        byte[] initiatorNonce,
        byte[] responderNonce,
        Set<SignatureHash> peerHashes) {
    /** What the initiator signs. */
    byte[] initiatorOctets(IkeKeys keys, IdPayload idi) {
        return PskAuth.signedOctets(keys.prf(), initRequest, responderNonce, keys.pi(), idi);
    }

    /** What the responder signs. */
    byte[] responderOctets(IkeKeys keys, IdPayload idr) {
        return PskAuth.signedOctets(keys.prf(), initResponse, initiatorNonce, keys.pr(), idr);
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
