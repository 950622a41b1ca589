package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyType;

/**
 * One IKE SA (RFC 7296), in either role, as a state machine: messages, finished work, decisions and ticks go in; what it
 * wants done goes out through {@link IkeHost}.
 *
 * <pre>
 *   HANDSHAKE --(IKE_AUTH done)--&gt; ESTABLISHED --(DELETE, failure)--&gt; ENDED --(nothing left to say)--&gt; RELEASED
 * </pre>
 *
 * <p>Confined to one thread. Times are nanoseconds of one monotonic clock.
 */
public final class IkeSa {
    /** Where in its life an IKE SA is. */
    public enum State {
        /** IKE_SA_INIT or IKE_AUTH is under way. */
        HANDSHAKE,
        /** Both sides are authenticated. */
        ESTABLISHED,
        /** Over; it only repeats its last answer, or awaits the answer to its DELETE. */
        ENDED,
        /** Forgotten; every further call does nothing. */
        RELEASED
    }

    /** How long a replaced SA awaits the DELETE of the side that replaced it. */
    private static final long REPLACED_LIFE = 120_000_000_000L;

    /** How long an ended SA still repeats its last answer for a peer that did not get it. */
    private static final long LINGER = 10_000_000_000L;

    private final IkeSettings settings;
    private final Exchanges exchanges;
    private Handshake handshake;
    private ChildSas children = new ChildSas();
    private boolean current = true;
    private boolean rekeying;
    private PeerReplacement peerReplacement;
    private Identification peerIdentity;
    private NegotiatedIke negotiated;
    private State state = State.HANDSHAKE;
    private long expiry = Long.MAX_VALUE;
    private long softAt = Long.MAX_VALUE;
    private long hardAt = Long.MAX_VALUE;
    private IkeSa governing = this;
    private boolean peerBehindNat;
    private boolean localBehindNat;
    private Object attachment;

    /**
     * An IKE SA that the peer made to replace this one, while this side was replacing it too (RFC 7296 §2.8.2).
     *
     * @param sa the new IKE SA
     * @param lowestNonce the lower of the two nonces it was made with
     */
    record PeerReplacement(IkeSa sa, byte[] lowestNonce) {}

    private IkeSa(IkeSettings settings, Exchanges exchanges) {
        this.settings = settings;
        this.exchanges = exchanges;
    }

    static IkeSa ofInitiator(IkeSettings settings, long spi, Path path) {
        return new IkeSa(settings, new Exchanges(settings, true, new Exchanges.Spis(spi, 0), path));
    }

    static IkeSa ofResponder(IkeSettings settings, long peerSpi, long ourSpi, Path path) {
        return new IkeSa(settings, new Exchanges(settings, false, new Exchanges.Spis(peerSpi, ourSpi), path));
    }

    /**
     * Begins a handshake as initiator.
     *
     * @param config whom to connect to, and as whom
     * @param settings what the endpoint's IKE SAs share; the identity and policy are the config's
     * @param spi our SPI, unique among the endpoint's IKE SAs, not 0
     * @param now the time in nanoseconds
     * @return the IKE SA, in its handshake
     */
    public static IkeSa initiate(Initiation config, IkeSettings settings, long spi, long now) {
        var own = new IkeSettings(config.policy(), config.identity(), settings.random(), settings.host());
        IkeSa sa = ofInitiator(own, spi, config.ike());
        var handshake = new InitiatorHandshake(sa, config);
        sa.handshake = handshake;
        handshake.start(now);
        return sa;
    }

    /**
     * Takes an IKE_SA_INIT request that belongs to no handshake under way.
     *
     * @param message the parsed request
     * @param octets the request as received, from the IKE header on
     * @param from where it came from
     * @param settings what the endpoint's IKE SAs share
     * @param spi the SPI for the new IKE SA, unique among the endpoint's IKE SAs, not 0
     * @param now the time in nanoseconds
     * @return what becomes of it
     */
    public static InitOutcome respond(
            IkeMessage message, byte[] octets, Path from, IkeSettings settings, long spi, long now) {
        InitOutcome outcome = ResponderHandshake.begin(message, octets, from, settings, spi);
        if (outcome instanceof InitOutcome.Begun begun) {
            begun.sa().expiry = now + settings.policy().limits().handshake().toNanos();
        }
        return outcome;
    }

    /**
     * Takes a message that names this IKE SA by its SPIs.
     *
     * @param message the message, parsed without decrypting
     * @param octets the message as received, from the IKE header on; not changed
     * @param from where it came from
     * @param now the time in nanoseconds
     */
    public void receive(IkeMessage message, byte[] octets, Path from, long now) {
        if (state == State.RELEASED) {
            return;
        }
        Intake.receive(this, new Intake.Arrival(message, octets, from), now);
        pump(now);
    }

    /**
     * Takes an IKE_SA_INIT request that began, or pretends to have begun, this handshake: the same octets get the same
     * answer again, others change nothing (RFC 7296 §2.1).
     *
     * @param octets the request as received, from the IKE header on
     * @param from where it came from
     */
    public void repeatedInit(byte[] octets, Path from) {
        if (state == State.HANDSHAKE && handshake instanceof ResponderHandshake responder) {
            responder.repeatedInit(octets, from);
        } else {
            drop(IkeDrop.CHANGED_REPEAT);
        }
    }

    /** INVALID_SYNTAX is fatal on both sides, without a DELETE (RFC 7296 §2.21.3). */
    void invalidSyntax(String why, long now) {
        exchanges.respond(NotifyType.INVALID_SYNTAX);
        end(new TerminationCause.ProtocolError(why), now);
    }

    /**
     * Takes the application's decision about the device that this IKE SA asked about.
     *
     * @param verdict the decision
     * @param now the time in nanoseconds
     */
    public void decided(AuthVerdict verdict, long now) {
        if (state == State.HANDSHAKE) {
            handshake.decided(verdict, now);
            pump(now);
        }
    }

    /**
     * Ends the IKE SA and tells the peer by DELETE (RFC 7296 §1.4.1). {@link IkeHost#ended} follows at once; the DELETE
     * is repeated until it is answered or given up.
     *
     * @param now the time in nanoseconds
     */
    public void close(long now) {
        if (state == State.HANDSHAKE && exchanges.initiator() && exchanges.isProtected()) {
            // The gateway may be about to let us in: its answer to IKE_AUTH is awaited, and then deleted.
            state = State.ENDED;
            host().ended(this, new TerminationCause.ClosedLocally());
        } else if (state == State.HANDSHAKE) {
            exchanges.requests().clear();
            end(new TerminationCause.ClosedLocally(), now);
            release();
        } else {
            terminate(new TerminationCause.ClosedLocally(), now);
            pump(now);
        }
    }

    /** Ends an IKE SA that the peer believes in: DELETE is sent. */
    void terminate(TerminationCause cause, long now) {
        if (state == State.ESTABLISHED || state == State.HANDSHAKE) {
            if (exchanges.isProtected()) {
                exchanges.requests().add(Informational.deleteIkeSa(this));
            }
            end(cause, now);
        }
    }

    /** Ends an IKE SA whose peer knows, or will never know. */
    void end(TerminationCause cause, long now) {
        if (state == State.ENDED) {
            lingerUnlessAsking(now);
        }
        if (state == State.ENDED || state == State.RELEASED) {
            return;
        }
        state = State.ENDED;
        softAt = Long.MAX_VALUE;
        hardAt = Long.MAX_VALUE;
        handshakeDone();
        lingerUnlessAsking(now);
        if (current) {
            List<ChildSas.Entry> left = children.all();
            children = new ChildSas();
            left.forEach(entry -> host().childRemoved(this, entry.sa()));
            host().ended(this, cause);
        }
    }

    /** With nothing outstanding only the last answer is repeated, for which no key is needed. */
    private void lingerUnlessAsking(long now) {
        boolean asking = !exchanges.requests().idle();
        expiry = asking ? Long.MAX_VALUE : now + LINGER;
        if (!asking) {
            exchanges.destroyKeys();
        }
    }

    /** Forgets everything. */
    void release() {
        if (state != State.RELEASED) {
            state = State.RELEASED;
            expiry = Long.MAX_VALUE;
            exchanges.requests().clear();
            handshakeDone();
            exchanges.destroyKeys();
            host().released(this);
        }
    }

    /**
     * When {@link #tick} is to be called at the latest.
     *
     * @return a time in nanoseconds, or {@link Long#MAX_VALUE} for never
     */
    public long nextDeadline() {
        if (state == State.RELEASED) {
            return Long.MAX_VALUE;
        }
        long own = Math.min(Math.min(expiry, exchanges.requests().deadline()), Math.min(softAt, hardAt));
        own = Math.min(own, exchanges.fragments().deadline());
        return current ? Math.min(own, children.nextDeadline()) : own;
    }

    /**
     * Does what is due.
     *
     * @param now the time in nanoseconds
     */
    public void tick(long now) {
        if (state == State.RELEASED) {
            return;
        }
        RequestQueue requests = exchanges.requests();
        exchanges.fragments().tick(now);
        if (now >= expiry) {
            if (state == State.HANDSHAKE) {
                expiry = Long.MAX_VALUE;
                handshake.expired(now);
            } else {
                release();
            }
        } else if (now >= requests.deadline()) {
            if (requests.exhausted()) {
                var cause = new TerminationCause.PeerUnreachable(requests.currentName(), requests.transmissions());
                requests.clear();
                end(cause, now);
                release();
            } else {
                exchanges.retransmit(now);
            }
        } else if (now >= hardAt) {
            terminate(new TerminationCause.Expired("a new IKE SA"), now);
        } else if (now >= softAt) {
            softAt = Long.MAX_VALUE;
            rekey(now);
        }
        if (state == State.ESTABLISHED && current) {
            ChildKeeper.tick(this, now);
        }
        pump(now);
    }

    /**
     * Replaces this IKE SA by a new one that takes over its Child SAs (RFC 7296 §2.8); nothing happens while it is being
     * replaced already, or is not established.
     *
     * @param now the time in nanoseconds
     */
    public void rekey(long now) {
        if (state != State.ESTABLISHED || !current || isRekeying()) {
            return;
        }
        // Child SAs are made with this IKE SA's keys: what is under way comes to its end first (§2.25.1).
        if (children.isBusy() || exchanges.responses().isAnswering()) {
            softAt = ChildKeeper.retryTime(this, now);
        } else {
            IkeRekey.start(this, now);
        }
    }

    /**
     * Replaces the Child SA that sends by a new one (RFC 7296 §2.8); nothing happens while that is under way already.
     *
     * @param now the time in nanoseconds
     */
    public void rekeyChild(long now) {
        ChildSas.Entry sender = children.sender();
        if (state == State.ESTABLISHED && sender != null && sender.state() == ChildSas.State.ACTIVE) {
            ChildKeeper.rekey(this, sender, now);
        }
    }

    void retryRekey(long now) {
        rekeying = false;
        softAt = ChildKeeper.retryTime(this, now);
    }

    /** A new IKE SA made by rekeying this one; it takes over once {@link #replaceBy} says so. */
    IkeSa successor(boolean weInitiated, Exchanges.Spis spis, IkeKeys keys, long now) {
        var next = new IkeSa(settings, Exchanges.rekeyed(settings, weInitiated, spis, exchanges.path()));
        next.exchanges.protect(keys);
        next.exchanges.fragments().inherit(exchanges.fragments());
        next.state = State.ESTABLISHED;
        next.current = false;
        next.peerIdentity = peerIdentity;
        next.negotiated = new NegotiatedIke(keys.suite(), keys.prf(), negotiated.method());
        next.peerBehindNat = peerBehindNat;
        next.localBehindNat = localBehindNat;
        next.startLife(now);
        host().added(next);
        return next;
    }

    /** Another IKE SA takes over; this one only awaits its own DELETE or the peer's. */
    void replaceBy(IkeSa next, long now) {
        next.children = children;
        children = new ChildSas();
        next.current = true;
        current = false;
        governing = next;
        softAt = Long.MAX_VALUE;
        hardAt = now + REPLACED_LIFE;
        if (peerReplacement != null && peerReplacement.sa() != next) {
            peerReplacement.sa().awaitDelete(now);
        }
        peerReplacement = null;
        exchanges.requests().clearWaiting();
        next.attachment = attachment;
        host().replaced(this, next);
        ChildKeeper.resume(next, now);
        next.pump(now);
    }

    /** It never came to govern anything; the side that began it deletes it (RFC 7296 §2.8.2). */
    private void awaitDelete(long now) {
        softAt = Long.MAX_VALUE;
        hardAt = now + REPLACED_LIFE;
    }

    /** The IKE SA that the peer made takes over. */
    void adoptPeerReplacement(long now) {
        replaceBy(peerReplacement.sa(), now);
    }

    private void startLife(long now) {
        Lifetime lifetime = settings.policy().lifetimes().ike();
        softAt = lifetime.softDeadline(now, settings.random());
        hardAt = lifetime.hardDeadline(now);
    }

    void pump(long now) {
        if (state != State.RELEASED) {
            exchanges.pump(now);
        }
    }

    void establish(ChildSa first, Identification peer, InnerAddresses addresses, long now) {
        state = State.ESTABLISHED;
        expiry = Long.MAX_VALUE;
        startLife(now);
        peerIdentity = peer;
        handshakeDone();
        host().established(this, addresses);
        ChildKeeper.send(this, ChildKeeper.install(this, first, now));
        host().ready(this);
    }

    /** Authenticated, but without a Child SA: of no use to a tunnel, so it is deleted. */
    void establishChildless(Identification peer, TerminationCause cause, long now) {
        state = State.ESTABLISHED;
        peerIdentity = peer;
        terminate(cause, now);
    }

    void negotiated(NegotiatedIke algorithms) {
        negotiated = algorithms;
    }

    void detectNat(IkeMessage message, Path from) {
        peerBehindNat = NatDetection.senderBehindNat(message, from.peer());
        localBehindNat = NatDetection.receiverBehindNat(message, host().localEndpoint(from.socket()));
    }

    private void handshakeDone() {
        if (handshake != null) {
            handshake.destroy();
        }
    }

    void drop(IkeDrop reason) {
        host().dropped(reason);
    }

    void handshake(ResponderHandshake begun) {
        handshake = begun;
    }

    Handshake handshake() {
        return handshake;
    }

    void expireAt(long deadline) {
        expiry = deadline;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    IkeSettings settings() {
        return settings;
    }

    IkeHost host() {
        return settings.host();
    }

    /**
     * Our SPI, by which the peer's messages find this IKE SA.
     *
     * @return the SPI, not 0
     */
    public long spi() {
        return exchanges.ownSpi();
    }

    /**
     * Which role this side has in the IKE SA.
     *
     * @return true when this side began it
     */
    public boolean isInitiator() {
        return exchanges.initiator();
    }

    /**
     * Where messages to the peer go.
     *
     * @return the present path
     */
    public Path path() {
        return exchanges.path();
    }

    /**
     * Where in its life it is.
     *
     * @return the state
     */
    public State state() {
        return state;
    }

    /**
     * Whether a request of ours, such as DELETE, has no answer yet.
     *
     * @return true while something is outstanding or waiting
     */
    public boolean awaitsAnswer() {
        return !exchanges.requests().idle();
    }

    /**
     * A packet came in, verified, over one of the Child SAs.
     *
     * @param child the Child SA
     * @param now the time in nanoseconds
     */
    public void heard(ChildSa child, long now) {
        if (state == State.ESTABLISHED) {
            ChildKeeper.heard(this, child, now);
        }
    }

    /**
     * A packet goes out over the Child SA that sends.
     *
     * @param octets the length of the inner packet
     * @param now the time in nanoseconds
     */
    public void sent(int octets, long now) {
        if (state == State.ESTABLISHED) {
            ChildKeeper.sent(this, octets, now);
        }
    }

    ChildSas children() {
        return children;
    }

    /**
     * How many Child SAs can send, those included that are about to be closed by the peer.
     *
     * @return the number; 1 when nothing is under way
     */
    public int usableChildren() {
        return children.usableCount();
    }

    /**
     * The Child SA that sends.
     *
     * @return the Child SA, while there is one
     */
    public Optional<ChildSa> sendingChild() {
        return Optional.ofNullable(children.sender()).map(ChildSas.Entry::sa);
    }

    /** Whether this IKE SA governs the tunnel, rather than one that replaced it or that it may replace. */
    boolean isCurrent() {
        return current;
    }

    /** The IKE SA that governs the Child SAs today: this one, or one that replaced it. */
    IkeSa governing() {
        return governing == this ? this : governing.governing();
    }

    boolean isRekeying() {
        return rekeying || peerReplacement != null;
    }

    void rekeying(boolean outstanding) {
        rekeying = outstanding;
    }

    Optional<PeerReplacement> peerReplacement() {
        return Optional.ofNullable(peerReplacement);
    }

    void peerReplacement(PeerReplacement made) {
        peerReplacement = made;
    }

    /**
     * The algorithms agreed on.
     *
     * @return the algorithms, once IKE_SA_INIT is done
     */
    public Optional<NegotiatedIke> negotiated() {
        return Optional.ofNullable(negotiated);
    }

    /**
     * Who the peer has proved to be.
     *
     * @return its identity, once established
     */
    public Optional<Identification> peerIdentity() {
        return Optional.ofNullable(peerIdentity);
    }

    /**
     * Whether NAT detection says that the peer is behind a NAT, or wants to be treated so (RFC 7296 §2.23).
     *
     * @return true when its address was changed on the way
     */
    public boolean peerBehindNat() {
        return peerBehindNat;
    }

    /**
     * Whether NAT detection says that we are behind a NAT; false also when our own address is not known.
     *
     * @return true when our address was changed on the way
     */
    public boolean localBehindNat() {
        return localBehindNat;
    }

    /**
     * What the owner attached.
     *
     * @return the object, or null
     */
    public Object attachment() {
        return attachment;
    }

    /**
     * Attaches an object of the owner's, such as the tunnel.
     *
     * @param object any object, or null
     */
    public void attach(Object object) {
        attachment = object;
    }

    /** Says the SPIs and the state, no keys. */
    @Override
    public String toString() {
        return "IkeSa[%016x/%016x %s %s]".formatted(
                exchanges.initiatorSpi(),
                exchanges.responderSpi(),
                exchanges.initiator() ? "initiator" : "responder",
                state);
    }
}
