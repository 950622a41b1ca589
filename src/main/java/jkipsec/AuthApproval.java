package jkipsec;

import jkipsec.ike.AuthVerdict;

/** An approval, made by an {@link AuthChallenge} after verifying; valid for that challenge alone. */
final class AuthApproval implements AuthDecision {
    private final AuthChallenge challenge;
    private final AuthVerdict verdict;

    /** Owns the secret of the verdict, which is destroyed once the core has seen it. */
    AuthApproval(AuthChallenge challenge, AuthVerdict verdict) {
        this.challenge = challenge;
        this.verdict = verdict;
    }

    /** Whether it was made for a challenge, and not for another device's. */
    boolean isFor(AuthChallenge asked) {
        return challenge == asked;
    }

    /** For the protocol core, which verifies once more. */
    AuthVerdict verdict() {
        return verdict;
    }

    /** Wipes what the verdict holds. */
    static void destroy(AuthVerdict verdict) {
        switch (verdict) {
            case AuthVerdict.Approved approved -> approved.authKey().destroy();
            case AuthVerdict.PasswordApproved approved -> approved.password().destroy();
            case AuthVerdict.CertificateApproved approved -> { }
            case AuthVerdict.Rejected rejected -> { }
        }
    }

    @Override
    public String toString() {
        return "AuthApproval[" + challenge.identity() + "]";
    }
}
