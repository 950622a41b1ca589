package jkipsec.ike;

import java.nio.charset.StandardCharsets;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Secret;
import jkipsec.crypto.Prf;
import jkipsec.ike.message.AuthMethod;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.IdPayload;

/**
 * Authentication by pre-shared key (RFC 7296 §2.15):
 *
 * <pre>
 *   SignedOctets = first message of the signer | nonce of the other side | prf(SK_p of the signer, RestOfIDPayload)
 *   AUTH         = prf(prf(PSK, "Key Pad for IKEv2"), SignedOctets)
 * </pre>
 *
 * <p>Keys are kept as the inner prf makes them, so a PSK is of use with the one PRF that made its key.
 */
final class PskAuth {
    private static final byte[] KEY_PAD = "Key Pad for IKEv2".getBytes(StandardCharsets.US_ASCII);

    /** The PRF that the kept keys of pre-shared secrets were made with. */
    static final Prf KEPT_WITH = Prf.HMAC_SHA2_256;

    private PskAuth() {}

    /**
     * What a side signs.
     *
     * @param firstMessage its IKE_SA_INIT message as sent, from the IKE header on
     * @param otherNonce the nonce of the other side
     * @param skP SK_pi when the initiator signs, SK_pr when the responder does
     * @param id its Identification payload
     */
    static byte[] signedOctets(Prf prf, byte[] firstMessage, byte[] otherNonce, Secret skP, IdPayload id) {
        byte[] idData = id.data();
        byte[] restOfId = new ByteWriter(4 + idData.length).u8(id.idType()).zeros(3).bytes(idData).toByteArray();
        return new ByteWriter(firstMessage.length + otherNonce.length + prf.outputLength())
                .bytes(firstMessage)
                .bytes(otherNonce)
                .bytes(prf.apply(skP, restOfId))
                .toByteArray();
    }

    /** The key of AUTH payloads that a shared secret makes: a PSK, or the MSK of EAP. */
    static Secret keyOf(Prf prf, Secret shared) {
        return Secret.owning(prf.apply(shared, KEY_PAD));
    }

    static AuthPayload sign(Prf prf, Secret authKey, byte[] signedOctets) {
        return new AuthPayload(AuthMethod.SHARED_KEY_MIC, prf.apply(authKey, signedOctets));
    }

    static boolean verify(Prf prf, Secret authKey, byte[] signedOctets, AuthPayload auth) {
        try (Secret expected = Secret.owning(prf.apply(authKey, signedOctets))) {
            return auth.method() == AuthMethod.SHARED_KEY_MIC && expected.matches(auth.data());
        }
    }
}
