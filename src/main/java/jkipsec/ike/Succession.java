package jkipsec.ike;

import java.util.Optional;

/**
 * One IKE SA's place in the line of those that govern a tunnel: when it is to be replaced, by whom it is being replaced,
 * and whether it governs today (RFC 7296 §2.8, §2.8.2).
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class Succession {
    /** How long a replaced, or superfluous, IKE SA awaits the DELETE of the side that has to send it. */
    private static final long AWAIT_DELETE = 120_000_000_000L;

    private final IkeSa sa;
    private boolean current = true;
    private boolean rekeying;
    private boolean followedUp;
    private boolean agreeing;
    private int childrenInTheMaking;
    private PeerReplacement peerReplacement;
    private PeerCreation peerCreation;
    private long softAt = Long.MAX_VALUE;
    private long hardAt = Long.MAX_VALUE;

    /**
     * An IKE SA that the peer made to replace this one, while this side was replacing it too (§2.8.2).
     *
     * @param sa the new IKE SA
     * @param lowestNonce the lower of the two nonces it was made with
     */
    record PeerReplacement(IkeSa sa, byte[] lowestNonce) {}

    /**
     * An IKE SA that the peer is making to replace this one: its additional key exchanges are under way (RFC 9370
     * §2.2.4).
     *
     * @param creation what makes it
     * @param lowestNonce the lower of the two nonces it is made with
     */
    record PeerCreation(FollowUpResponder.Creation creation, byte[] lowestNonce) {}

    Succession(IkeSa sa) {
        this.sa = sa;
    }

    /** Its life begins. */
    void begin(long now) {
        Lifetime lifetime = sa.settings().policy().lifetimes().ike();
        softAt = lifetime.softDeadline(now, sa.settings().random());
        hardAt = lifetime.hardDeadline(now);
    }

    /** It has ended. */
    void stop() {
        softAt = Long.MAX_VALUE;
        hardAt = Long.MAX_VALUE;
        rekeying = false;
    }

    long nextDeadline() {
        return Math.min(softAt, hardAt);
    }

    void tick(long now) {
        if (now >= hardAt) {
            sa.life().terminate(new TerminationCause.Expired("a new IKE SA"), now);
        } else if (now >= softAt) {
            softAt = Long.MAX_VALUE;
            rekey(now);
        }
    }

    /** This side replaces it, if it is not being replaced already. */
    void rekey(long now) {
        if (sa.state() != IkeSa.State.ESTABLISHED || !current || isRekeying()) {
            return;
        }
        if (isHeldUp() || sa.exchanges().responses().isAnswering()) {
            softAt = ChildKeeper.retryTime(sa, now);
        } else {
            IkeRekey.start(sa, now);
        }
    }

    /**
     * One side begins, or is done with, making a Child SA with this IKE SA's keys. What is not done when this IKE SA ends, or
     * is replaced, is not counted off, and holds up none that comes after it.
     */
    void makingChild(boolean begins) {
        childrenInTheMaking += begins ? 1 : -1;
    }

    /** Whether Child SAs are being made, rekeyed or closed, which comes to its end first (§2.25.1). */
    boolean isHeldUp() {
        return childrenInTheMaking > 0 || sa.children().isBusy();
    }

    void retryLater(long now) {
        rekeying = false;
        followedUp = false;
        softAt = ChildKeeper.retryTime(sa, now);
    }

    /** Makes an IKE SA that may replace this one; it takes over once {@link #replaceBy} says so. */
    IkeSa successor(boolean weInitiated, Exchanges.Spis spis, IkeKeys keys, long now) {
        IkeSa next = IkeSa.rekeyed(sa, weInitiated, spis, keys);
        next.succession().current = false;
        next.succession().begin(now);
        sa.host().added(next);
        return next;
    }

    /** Another IKE SA takes over; this one only awaits its own DELETE or the peer's. */
    void replaceBy(IkeSa next, long now) {
        next.takeOver(sa);
        next.succession().current = true;
        current = false;
        awaitDelete(now);
        if (peerReplacement != null && peerReplacement.sa() != next) {
            peerReplacement.sa().succession().awaitDelete(now);
        }
        peerReplacement = null;
        sa.exchanges().requests().clearWaiting();
        sa.followUps().clear(now);
        sa.host().replaced(sa, next);
        ChildKeeper.resume(next, now);
        next.pump(now);
        sa.host().rescheduled(next);
    }

    /** The IKE SA that the peer made takes over. */
    void adoptPeerReplacement(long now) {
        replaceBy(peerReplacement.sa(), now);
    }

    private void awaitDelete(long now) {
        softAt = Long.MAX_VALUE;
        hardAt = now + AWAIT_DELETE;
        sa.host().rescheduled(sa);
    }

    boolean isCurrent() {
        return current;
    }

    /** Whether this side, or the peer, or both are replacing it. */
    boolean isRekeying() {
        return rekeying || peerReplacement != null || peerCreation != null;
    }

    /** Whether this side is replacing it, and has come so far that additional key exchanges are under way. */
    boolean isFollowedUp() {
        return rekeying && followedUp;
    }

    void followedUp(boolean underWay) {
        followedUp = underWay;
    }

    Optional<PeerCreation> peerCreation() {
        return Optional.ofNullable(peerCreation);
    }

    /** The peer begins to make one to replace this one. */
    void peerBegins(PeerCreation creation) {
        peerCreation = creation;
    }

    /** The peer's is made, or given up; if it was that for which our own time passed, we try again. */
    void peerIsDone(long now) {
        peerCreation = null;
        if (!rekeying && current && sa.state() == IkeSa.State.ESTABLISHED && softAt == Long.MAX_VALUE) {
            softAt = ChildKeeper.retryTime(sa, now);
        }
    }

    /** The lowest nonce of the peer's own replacement of it, made or under way. */
    Optional<byte[]> peersLowestNonce() {
        return peerReplacement().map(PeerReplacement::lowestNonce)
                .or(() -> peerCreation().map(PeerCreation::lowestNonce));
    }

    /**
     * Whether the peer has replaced it at our request, and the keys of the new one are being computed: to end it now means
     * to end the new one too, once that can be done.
     */
    boolean isAgreeing() {
        return agreeing;
    }

    void agreeing(boolean underWay) {
        agreeing = underWay;
    }

    void rekeying(boolean underWay) {
        rekeying = underWay;
    }

    Optional<PeerReplacement> peerReplacement() {
        return Optional.ofNullable(peerReplacement);
    }

    void peerReplacement(PeerReplacement made) {
        peerReplacement = made;
    }
}
