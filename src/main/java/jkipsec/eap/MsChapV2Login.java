package jkipsec.eap;

import java.security.MessageDigest;
import jkipsec.bytes.Secret;

/**
 * A user who wants in: the name, and the proof of knowing the password. Immutable, so that whoever decides may look at
 * it on any thread.
 */
public final class MsChapV2Login {
    private final String userName;
    private final byte[] challengeHash;
    private final byte[] ntResponse;

    MsChapV2Login(byte[] authenticatorChallenge, MsChapV2Message.Response response) {
        userName = response.userName();
        challengeHash = MsChapV2.challengeHash(response.peerChallenge(), authenticatorChallenge, userName);
        ntResponse = response.ntResponse();
    }

    /**
     * The name as the client sent it, perhaps with a Windows domain and a backslash before it. Not yet verified;
     * without control characters.
     *
     * @return at most 256 octets of UTF-8
     */
    public String userName() {
        return userName;
    }

    /**
     * The name without a Windows domain.
     *
     * @return what follows the last backslash of {@link #userName()}, or all of it
     */
    public String userNameWithoutDomain() {
        return MsChapV2.withoutDomain(userName);
    }

    /**
     * Whether the client knows the password with this hash.
     *
     * @param password the hash of the user's password; neither kept nor destroyed
     * @return true when the proof was made with it
     */
    public boolean matches(NtHash password) {
        return MessageDigest.isEqual(MsChapV2.ntResponse(password, challengeHash), ntResponse);
    }

    /** What proves to the client that the server knows the password. */
    byte[] authenticatorResponse(NtHash password) {
        return MsChapV2.authenticatorResponse(password, ntResponse, challengeHash);
    }

    Secret msk(NtHash password) {
        return MsChapV2.msk(password, ntResponse);
    }

    /** Says who, not the proof. */
    @Override
    public String toString() {
        return "MsChapV2Login[" + userName + "]";
    }
}
