package jkipsec;

/** An approval, made by {@link AuthChallenge#approveWith} after verifying; valid for that challenge alone. */
final class AuthApproval implements AuthDecision {
    private final AuthChallenge challenge;
    private final AuthKey key;

    AuthApproval(AuthChallenge challenge, AuthKey key) {
        this.challenge = challenge;
        this.key = key;
    }

    /** Whether it was made for a challenge, and not for another device's. */
    boolean isFor(AuthChallenge asked) {
        return challenge == asked;
    }

    AuthKey key() {
        return key;
    }

    @Override
    public String toString() {
        return "AuthApproval[" + challenge.identity() + "]";
    }
}
