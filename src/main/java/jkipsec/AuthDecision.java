package jkipsec;

/**
 * What an {@link Authenticator} decided about a device. A rejection can be made here; an approval comes only from
 * the {@link AuthChallenge}, so that no device comes in whose proof was not verified. Immutable.
 */
public sealed interface AuthDecision permits AuthDecision.Rejected, AuthApproval {
    /**
     * Refuses the device.
     *
     * @return a rejection without a reason
     */
    static AuthDecision reject() {
        return reject("rejected by the application");
    }

    /**
     * Refuses the device. It is told AUTHENTICATION_FAILED and nothing else (RFC 7296 §2.21.2).
     *
     * @param reason why, for this side's log; never put a secret in it
     * @return a rejection
     */
    static AuthDecision reject(String reason) {
        return new Rejected(reason);
    }

    /**
     * Whether the device may come in.
     *
     * @return true for an approval
     */
    default boolean isApproved() {
        return this instanceof AuthApproval;
    }

    /**
     * A refusal.
     *
     * @param reason why, for this side's log
     */
    record Rejected(String reason) implements AuthDecision {
        /** Checks that there is a reason. */
        public Rejected {
            if (reason == null) {
                throw new IllegalArgumentException("a rejection's reason is null; use AuthDecision.reject() for none");
            }
        }
    }
}
