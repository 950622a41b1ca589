package jkipsec;

import java.net.InetSocketAddress;
import java.util.Objects;
import jkipsec.bytes.Secret;
import jkipsec.ike.AuthRequest;

/**
 * A device that asks to be let in: who it says it is, and the means to verify that. Given to an {@link Authenticator}.
 * Immutable and safe to use on any thread.
 */
public final class AuthChallenge {
    private final AuthRequest request;

    AuthChallenge(AuthRequest request) {
        this.request = request;
    }

    /**
     * Who the device says it is, as text: its <i>Local ID</i>. A name is itself, an address is written as a literal,
     * and what is not printable text is written as {@code hex:} and digits. Not yet verified.
     *
     * @return the identity
     */
    public String identity() {
        return request.identity().text();
    }

    /**
     * Who the device says it is, as sent (RFC 7296 §3.5).
     *
     * @return a copy of the identification data
     */
    public byte[] identityBytes() {
        return request.identity().data();
    }

    /**
     * How the identity is to be understood (RFC 7296 §3.5): 1 an IPv4 address, 2 a domain name, 3 a mail address, 5 an
     * IPv6 address, 9 a distinguished name, 11 any octets.
     *
     * @return the ID type, 0 to 255
     */
    public int identityType() {
        return request.identity().type();
    }

    /**
     * Where the device is: the outer address and port, which may be those of a NAT.
     *
     * @return an IP address and a UDP port
     */
    public InetSocketAddress peer() {
        return request.peer().toInetSocketAddress();
    }

    /**
     * Verifies the device's proof with a key: approves when the device has the same key, rejects when not.
     *
     * @param key the key of the device that has this identity
     * @return the decision, to be returned from the {@link Authenticator}; an approval is good for this challenge only
     */
    public AuthDecision approveWith(AuthKey key) {
        Objects.requireNonNull(key, "key");
        try (Secret secret = key.secret()) {
            return request.matches(secret)
                    ? new AuthApproval(this, key)
                    : AuthDecision.reject("the device's proof was made with another key");
        }
    }

    /** Says who asks and from where. */
    @Override
    public String toString() {
        return "AuthChallenge[" + request.identity() + " from " + request.peer() + "]";
    }
}
