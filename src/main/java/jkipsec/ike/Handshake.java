package jkipsec.ike;

import java.util.List;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.Payload;

/** What comes before an IKE SA is established: IKE_SA_INIT, IKE_INTERMEDIATE and IKE_AUTH, seen from one of the two sides. */
sealed interface Handshake permits ResponderHandshake, InitiatorHandshake {
    /** An IKE_SA_INIT response, which nothing protects. */
    void initResponse(IkeMessage message, byte[] octets, long now);

    /** Whether a request of the peer's of this exchange type may come now. */
    boolean awaits(int exchangeType);

    /** An IKE_INTERMEDIATE request, verified and decrypted. */
    void intermediateRequest(List<Payload> payloads, long now);

    /** An IKE_AUTH request, verified and decrypted. */
    void authRequest(List<Payload> payloads, long now);

    /** An INFORMATIONAL request between the rounds of IKE_AUTH, verified and decrypted. */
    void informational(List<Payload> payloads, long now);

    /** The application decided. */
    void decided(AuthVerdict verdict, long now);

    /** The time for the handshake is up. */
    void expired(long now);

    /** Wipes what the handshake held. */
    void destroy();
}
