package jkipsec.ike;

import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.ip.Endpoint;

/**
 * A device that asks to be let in: who it says it is, and the proof that it sent. The application answers with an
 * {@link AuthVerdict}. Immutable, so that the application may look at it on any thread.
 */
public final class AuthRequest {
    private final IkeSa sa;
    private final Identification identity;
    private final Endpoint peer;
    private final AuthProof proof;
    private final Optional<PpkId> ppk;

    AuthRequest(IkeSa sa, Identification identity, AuthProof proof, Optional<PpkId> ppk) {
        this.sa = sa;
        this.identity = identity;
        this.peer = sa.exchanges().path().peer();
        this.proof = proof;
        this.ppk = ppk;
    }

    /**
     * Which post-quantum pre-shared key is mixed into the keys (RFC 8784): that the device has it is proved with the
     * rest.
     *
     * @return its name; nothing when there is none, and with a password, where the device names it later
     */
    public Optional<PpkId> ppk() {
        return ppk;
    }

    /**
     * Who asks: what the device says it is, its IDi; with a password, the user's name as ID_KEY_ID.
     *
     * @return the identity
     */
    public Identification identity() {
        return identity;
    }

    /**
     * How it is proved; decides which {@link AuthVerdict} fits.
     *
     * @return the proof
     */
    public AuthProof proof() {
        return proof;
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
     * @return true when the device has that key; false also when it proves itself otherwise
     */
    public boolean matches(Secret authKey) {
        return proof instanceof AuthProof.SharedKey shared && shared.matches(authKey);
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
