package jkipsec.ike;

import jkipsec.bytes.Secret;
import jkipsec.crypto.Prf;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ip.Endpoint;

/**
 * A device that asks to be let in: who it says it is, and the proof that it sent. The application answers with an
 * {@link AuthVerdict}. Immutable, so that the application may look at it on any thread.
 */
public final class AuthRequest {
    private final IkeSa sa;
    private final Identification identity;
    private final Endpoint peer;
    private final Prf prf;
    private final byte[] signedOctets;
    private final AuthPayload proof;

    AuthRequest(IkeSa sa, Identification identity, byte[] signedOctets, AuthPayload proof) {
        this.sa = sa;
        this.identity = identity;
        this.peer = sa.exchanges().path().peer();
        this.prf = sa.exchanges().keys().prf();
        this.signedOctets = signedOctets;
        this.proof = proof;
    }

    /**
     * Who the device says it is.
     *
     * @return its IDi
     */
    public Identification identity() {
        return identity;
    }

    /**
     * Where the device is.
     *
     * @return its outer address and port
     */
    public Endpoint peer() {
        return peer;
    }

    /**
     * Whether the device's AUTH payload was made with a key (RFC 7296 §2.15), compared in constant time.
     *
     * @param authKey prf(PSK, "Key Pad for IKEv2")
     * @return true when the device has that key
     */
    public boolean matches(Secret authKey) {
        return PskAuth.verify(prf, authKey, signedOctets, proof);
    }

    /**
     * The IKE SA that asks.
     *
     * @return the SA the verdict belongs to; not to be used off its thread
     */
    public IkeSa sa() {
        return sa;
    }

    /** Says who asks, not how it proved it. */
    @Override
    public String toString() {
        return "AuthRequest[" + identity + " from " + peer + "]";
    }
}
