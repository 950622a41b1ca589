package jkipsec;

/**
 * The application's decision about who may come in.
 *
 * <p>It is asked once for each device that gets as far as proving who it is, on a virtual thread of its own: it may
 * block on a file or a database, several may run at once, and none holds up tunnels that are already open. A device
 * does not wait for ever, though: after a time, see {@link ServerConfig.Builder#decisionTimeout}, it is refused, the
 * thread is interrupted, and what is decided later has no effect. When as many decisions are under way as {@link
 * ServerConfig.Builder#decisionsAtOnce} allows, further devices wait.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Decides about one device, typically by looking its identity up and verifying it with the key found there.
     *
     * {@snippet :
     * AuthDecision authenticate(AuthChallenge challenge) {
     *     AuthKey key = keys.get(challenge.identity());
     *     return key == null ? AuthDecision.reject("unknown identity") : challenge.approveWith(key);
     * }
     * }
     *
     * @param challenge who asks, and the means to verify it
     * @return what one of the approvals of the {@link AuthChallenge} returned, or a rejection; {@code null} counts as a
     *     rejection
     * @throws Exception when no decision can be made; counts as a rejection and is logged by its class
     */
    AuthDecision authenticate(AuthChallenge challenge) throws Exception;
}
