package jkipsec;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.eap.NtHash;
import jkipsec.ike.AuthProof;
import jkipsec.ike.AuthRequest;
import jkipsec.ike.AuthVerdict;
import jkipsec.ike.PpkId;

/**
 * A device that asks to be let in: who it says it is, and the means to verify that. Given to an {@link Authenticator}.
 * Immutable and safe to use on any thread.
 *
 * <p>The device chooses its {@link #method}, among those the {@link ServerConfig} has what is needed for: without a
 * certificate it is always {@link Method#SHARED_KEY}. Each method has its own approval; another one's is a rejection
 * that says so.
 *
 * {@snippet :
 * AuthDecision authenticate(AuthChallenge challenge) {
 *     return switch (challenge.method()) {
 *         case SHARED_KEY -> challenge.approveWith(keyOf(challenge.identity()));
 *         case PASSWORD -> challenge.approveWithPassword(passwordOf(challenge.identity()));
 *         case CERTIFICATE -> mayComeIn(challenge.identity()) ? challenge.approve() : AuthDecision.reject();
 *     };
 * }
 * }
 */
public final class AuthChallenge {
    /** How a device proves who it is. */
    public enum Method {
        /** By a pre-shared key (RFC 7296 §2.15): {@link AuthChallenge#approveWith} verifies. */
        SHARED_KEY("a pre-shared key", "approveWith(key)"),
        /** By a user's name and password, with EAP-MSCHAPv2: {@link AuthChallenge#approveWithPassword} verifies. */
        PASSWORD("a password", "approveWithPassword(password)"),
        /** By a certificate, which is verified already: {@link AuthChallenge#approve} lets the device in. */
        CERTIFICATE("a certificate", "approve()");

        private final String description;
        private final String approval;

        Method(String description, String approval) {
            this.description = description;
            this.approval = approval;
        }
    }

    private final AuthRequest request;

    AuthChallenge(AuthRequest request) {
        this.request = request;
    }

    /**
     * How the device proves who it is.
     *
     * @return which of the approvals fits
     */
    public Method method() {
        return switch (request.proof()) {
            case AuthProof.SharedKey shared -> Method.SHARED_KEY;
            case AuthProof.Password password -> Method.PASSWORD;
            case AuthProof.Certificate certificate -> Method.CERTIFICATE;
        };
    }

    /**
     * The certificate by which the device proved who it is: it comes from a trusted authority, gives the
     * {@link #identity}, and the device has its private key.
     *
     * @return the device's own certificate, or nothing with another method
     */
    public Optional<X509Certificate> certificate() {
        return request.proof() instanceof AuthProof.Certificate proof
                ? Optional.of(proof.certificate())
                : Optional.empty();
    }

    /**
     * Who the device says it is, as text: its <i>Local ID</i>, or with a password the user's name, perhaps with a
     * Windows domain and a backslash before it. A name is itself, an address is written as a literal, and what is not
     * printable text is written as {@code hex:} and digits. Not yet verified, but with a certificate.
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
     * Which post-quantum pre-shared key is mixed into the keys (RFC 8784); that the device has it is verified with its
     * proof. An application that gives each device a key of its own compares this with the {@link #identity}.
     *
     * @return the key's name; nothing without one, and with {@link Method#PASSWORD}, where the device names it later
     */
    public Optional<PpkId> ppkIdentity() {
        return request.ppk();
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
     * @return the decision, to be returned from the {@link Authenticator}; an approval is good for this challenge
     *     only, and without {@link Method#SHARED_KEY} it is a rejection
     */
    public AuthDecision approveWith(AuthKey key) {
        Objects.requireNonNull(key, "key");
        if (method() != Method.SHARED_KEY) {
            return unfit(Method.SHARED_KEY);
        }
        Secret secret = key.secret();
        if (request.matches(secret)) {
            return new AuthApproval(this, new AuthVerdict.Approved(secret));
        }
        secret.destroy();
        return AuthDecision.reject("the device's proof was made with another key");
    }

    /**
     * Verifies the user's proof with a password: approves when the user knows the same, rejects when not. The array is
     * left as it is: wipe it.
     *
     * @param password the password of the user who has this identity, at most 256 characters
     * @return the decision, to be returned from the {@link Authenticator}; an approval is good for this challenge
     *     only, and without {@link Method#PASSWORD} it is a rejection
     * @throws IllegalArgumentException when the password is longer
     */
    public AuthDecision approveWithPassword(char[] password) {
        Objects.requireNonNull(password, "password");
        if (!(request.proof() instanceof AuthProof.Password proof)) {
            return unfit(Method.PASSWORD);
        }
        return verify(proof, NtHash.of(password));
    }

    private AuthDecision verify(AuthProof.Password proof, NtHash hash) {
        if (proof.login().matches(hash)) {
            return new AuthApproval(this, new AuthVerdict.PasswordApproved(hash));
        }
        hash.destroy();
        return AuthDecision.reject("the user's proof was made with another password");
    }

    /**
     * Verifies the user's proof with a password, as {@link #approveWithPassword(char[])} does.
     *
     * @param password the password of the user who has this identity, at most 256 characters
     * @return the decision
     * @throws IllegalArgumentException when the password is longer
     */
    public AuthDecision approveWithPassword(String password) {
        return approveWithPassword(password.toCharArray());
    }

    /**
     * Verifies the user's proof with the hash of a password, as {@link #approveWithPassword(char[])} does: so that what
     * is kept need not be the password itself.
     *
     * @param password the NT hash of the password of the user who has this identity; it remains the caller's
     * @return the decision
     */
    public AuthDecision approveWithPassword(NtHash password) {
        Objects.requireNonNull(password, "password");
        return request.proof() instanceof AuthProof.Password proof
                ? verify(proof, password.copy())
                : unfit(Method.PASSWORD);
    }

    /**
     * Lets in a device that proved by certificate who it is. Every device with a certificate of a trusted authority
     * gets as far as this: look at the {@link #identity} first, unless all of them may come in.
     *
     * @return the decision, to be returned from the {@link Authenticator}; an approval is good for this challenge
     *     only, and without {@link Method#CERTIFICATE} it is a rejection
     */
    public AuthDecision approve() {
        return method() == Method.CERTIFICATE
                ? new AuthApproval(this, new AuthVerdict.CertificateApproved())
                : unfit(Method.CERTIFICATE);
    }

    /** No exception: which method it is, the device decides. */
    private AuthDecision unfit(Method approved) {
        return AuthDecision.reject("the device proves itself by " + method().description + ", not by "
                + approved.description + ": use " + method().approval);
    }

    /** Says who asks and from where. */
    @Override
    public String toString() {
        return "AuthChallenge[" + request.identity() + " from " + request.peer() + " with " + method() + "]";
    }
}
