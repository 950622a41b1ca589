package jkipsec.ike;

/** What becomes of an IKE_SA_INIT request that belongs to no handshake under way. */
public sealed interface InitOutcome {
    /**
     * A handshake begins; the IKE SA answers by itself once its keys are computed.
     *
     * @param sa the half-open IKE SA
     */
    record Begun(IkeSa sa) implements InitOutcome {}

    /**
     * It is refused without keeping anything.
     *
     * @param answer the unprotected answer that says why (RFC 7296 §2.21.1)
     */
    record Refused(byte[] answer) implements InitOutcome {}

    /**
     * It is dropped.
     *
     * @param reason why
     */
    record Ignored(IkeDrop reason) implements InitOutcome {}
}
