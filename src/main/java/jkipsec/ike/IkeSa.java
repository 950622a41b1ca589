package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ip.IpAddress;

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

    private final IkeSettings settings;

    // Its parts: each does one thing and owns the state for it. What stands between them is here.
    private final Exchanges exchanges;
    private final Lifecycle life = new Lifecycle(this);
    private final Succession succession = new Succession(this);
    private final FollowUpResponder followUps = new FollowUpResponder(this);
    private final Vitality vitality = new Vitality(this);
    private final Mobility mobility = new Mobility(this);
    private final Redirection redirection = new Redirection(this);
    private final NatTraversal nat = new NatTraversal(this);
    private ChildSas children = new ChildSas();

    // What the handshake has found out.
    private Identification peerIdentity;
    private NegotiatedIke negotiated;
    private boolean initialContact;

    private boolean began;
    private Object attachment;

    private IkeSa(IkeSettings settings, Exchanges exchanges) {
        this.settings = settings;
        this.exchanges = exchanges;
        this.began = exchanges.initiator();
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
        var own = new IkeSettings(
                config.policy(), config.identity(), settings.random(), settings.host(), config.login().certificates(),
                PpkPolicy.none());
        IkeSa sa = ofInitiator(own, spi, config.ike());
        var handshake = new InitiatorHandshake(sa, config);
        sa.life.begin(handshake);
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
            begun.sa().life.expireAt(now + settings.policy().limits().handshake().toNanos());
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
        if (state() == State.RELEASED) {
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
        if (state() == State.HANDSHAKE && life.handshake() instanceof ResponderHandshake responder) {
            responder.repeatedInit(octets, from);
        } else {
            drop(IkeDrop.CHANGED_REPEAT);
        }
    }

    /**
     * Takes the application's decision about the device that this IKE SA asked about.
     *
     * @param verdict the decision
     * @param now the time in nanoseconds
     */
    public void decided(AuthVerdict verdict, long now) {
        if (state() == State.HANDSHAKE) {
            life.handshake().decided(verdict, now);
            pump(now);
        }
    }

    /**
     * A packet came in, verified, over one of the Child SAs.
     *
     * @param child the Child SA
     * @param from where it came from
     * @param newest whether none with a higher sequence number came before: only such a one can show a new address
     * @param now the time in nanoseconds
     */
    public void heard(ChildSa child, Path from, boolean newest, long now) {
        if (state() == State.ESTABLISHED) {
            vitality.heard(now);
            vitality.traffic(now);
            if (newest && !from.equals(exchanges.path())) {
                mobility.follow(from, now);
            }
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
        if (state() == State.ESTABLISHED) {
            vitality.traffic(now);
            vitality.sent(now);
            ChildKeeper.sent(this, octets, now);
        }
    }

    /**
     * This side has moved: from now on the peer is reached over another path, and is told so (RFC 4555 §3.5).
     *
     * @param path the new path, over a NAT-T socket
     * @param now the time in nanoseconds
     */
    public void move(Path path, long now) {
        if (governs()) {
            mobility.move(path, now);
            pump(now);
        }
    }

    /**
     * Tells the peer the additional addresses of this side, which are others now (RFC 4555 §3.6), if it supports MOBIKE.
     *
     * @param now the time in nanoseconds
     */
    public void tellAddresses(long now) {
        if (governs()) {
            mobility.tellAddresses();
            pump(now);
        }
    }

    /**
     * Asks the peer whether it lives (RFC 7296 §2.4), if nothing that asks just as well is outstanding.
     *
     * @param now the time in nanoseconds
     */
    public void probe(long now) {
        if (governs() && exchanges.requests().idle()) {
            vitality.probe(now);
            pump(now);
            host().rescheduled(this);
        }
    }

    /**
     * Replaces this IKE SA by a new one that takes over its Child SAs (RFC 7296 §2.8); nothing happens while it is being
     * replaced already, or is not established.
     *
     * @param now the time in nanoseconds
     */
    public void rekey(long now) {
        succession.rekey(now);
        pump(now);
    }

    /**
     * Replaces the Child SA that sends by a new one (RFC 7296 §2.8); nothing happens while that is under way already.
     *
     * @param now the time in nanoseconds
     */
    public void rekeyChild(long now) {
        ChildSas.Entry sender = children.sender();
        if (state() == State.ESTABLISHED && sender != null && sender.state() == ChildSas.State.ACTIVE) {
            ChildKeeper.rekey(this, sender, now);
        }
    }

    /**
     * As a gateway, sends the device to another one (RFC 5685 §5).
     *
     * @param target where to
     * @param until when this side ends the tunnel if the device has not by then, in nanoseconds
     * @param now the time in nanoseconds
     * @return false when the device did not say that it follows redirects, or this side is no gateway
     */
    public boolean redirect(RedirectTarget target, long until, long now) {
        boolean begun = governs() && redirection.begin(target, until);
        pump(now);
        return begun;
    }

    /**
     * Ends this IKE SA because the same identity has another one: the peer is told by DELETE.
     *
     * @param cause why
     * @param now the time in nanoseconds
     */
    public void supersede(TerminationCause cause, long now) {
        life.terminate(cause, now);
        pump(now);
        host().rescheduled(this);
    }

    /**
     * Ends the IKE SA and tells the peer by DELETE (RFC 7296 §1.4.1). {@link IkeHost#ended} follows at once; the DELETE
     * is repeated until it is answered or given up.
     *
     * @param now the time in nanoseconds
     */
    public void close(long now) {
        life.close(now);
    }

    /**
     * When {@link #tick} is to be called at the latest.
     *
     * @return a time in nanoseconds, or {@link Long#MAX_VALUE} for never
     */
    public long nextDeadline() {
        if (state() == State.RELEASED) {
            return Long.MAX_VALUE;
        }
        long own = Math.min(
                Math.min(life.expiry(), succession.nextDeadline()),
                Math.min(exchanges.requests().deadline(), exchanges.fragments().deadline()));
        own = Math.min(own, followUps.deadline());
        if (!governs()) {
            return own;
        }
        return Math.min(
                Math.min(own, redirection.nextDeadline()),
                Math.min(children.nextDeadline(), vitality.nextDeadline()));
    }

    /**
     * Does what is due.
     *
     * @param now the time in nanoseconds
     */
    public void tick(long now) {
        if (state() == State.RELEASED) {
            return;
        }
        RequestQueue requests = exchanges.requests();
        exchanges.fragments().tick(now);
        followUps.tick(now);
        if (now >= life.expiry()) {
            life.expire(now);
        } else if (now >= requests.deadline()) {
            if (requests.exhausted()) {
                var cause = new TerminationCause.PeerUnreachable(requests.currentName(), requests.transmissions());
                requests.clear();
                life.end(redirection.causeOf(cause), now);
                life.release();
            } else {
                exchanges.retransmit(now);
                mobility.repeated();
            }
        } else {
            succession.tick(now);
        }
        if (governs()) {
            ChildKeeper.tick(this, now);
            vitality.tick(now);
            redirection.tick(now);
        }
        pump(now);
    }

    static IkeSa ofInitiator(IkeSettings settings, long spi, Path path) {
        return new IkeSa(settings, new Exchanges(settings, true, new Exchanges.Spis(spi, 0), path));
    }

    static IkeSa ofResponder(IkeSettings settings, long peerSpi, long ourSpi, Path path) {
        return new IkeSa(settings, new Exchanges(settings, false, new Exchanges.Spis(peerSpi, ourSpi), path));
    }

    /** An IKE SA made by rekeying another: established, but governing nothing until {@link #takeOver}. */
    static IkeSa rekeyed(IkeSa old, boolean weInitiated, Exchanges.Spis spis, IkeKeys keys) {
        var exchanges = Exchanges.rekeyed(old.settings, weInitiated, spis, old.path());
        var next = new IkeSa(old.settings, exchanges);
        exchanges.fragments().inherit(old.exchanges.fragments());
        exchanges.protect(keys);
        next.life.established();
        next.began = old.began;
        next.peerIdentity = old.peerIdentity;
        next.negotiated = new NegotiatedIke(keys.suite(), keys.prf(), old.negotiated.keyExchanges());
        next.nat.inherit(old.nat);
        return next;
    }

    /** Takes the Child SAs, and the owner's attachment, from the IKE SA that this one replaces. */
    void takeOver(IkeSa old) {
        children = old.children;
        old.children = new ChildSas();
        attachment = old.attachment;
        vitality.inherit(old.vitality);
        mobility.inherit(old);
        redirection.inherit(old.redirection);
    }

    /** Both sides are authenticated, and the first Child SA is agreed on. */
    void establish(ChildSa first, Identification peer, InnerAddresses addresses, long now) {
        peerIdentity = peer;
        life.established();
        succession.begin(now);
        vitality.begin(now);
        host().established(this, addresses);
        ChildKeeper.send(this, ChildKeeper.install(this, first, now));
        host().ready(this);
    }

    /** Authenticated, but without a Child SA: of no use to a tunnel, so it is deleted. */
    void establishChildless(Identification peer, TerminationCause cause, long now) {
        peerIdentity = peer;
        life.establishedChildless();
        life.terminate(cause, now);
    }

    /** It governs no Child SA any more. */
    void removeChildren() {
        List<ChildSas.Entry> left = children.all();
        children = new ChildSas();
        left.forEach(entry -> host().childRemoved(this, entry.sa()));
    }

    /** A request of the peer's was verified. */
    void heardRequest(Path from, long now) {
        vitality.heard(now);
        if (governs()) {
            mobility.heardRequest(from, now);
        }
    }

    /** Whether this IKE SA governs the tunnel, rather than one that replaced it or that it may replace. */
    boolean isCurrent() {
        return succession.isCurrent();
    }

    /** Whether it is established and governs the tunnel. */
    private boolean governs() {
        return state() == State.ESTABLISHED && isCurrent();
    }

    void pump(long now) {
        if (state() != State.RELEASED) {
            exchanges.pump(now);
        }
    }

    void drop(IkeDrop reason) {
        host().dropped(reason);
    }

    void negotiated(NegotiatedIke algorithms) {
        negotiated = algorithms;
    }

    void initialContact(boolean said) {
        initialContact = said;
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

    Lifecycle life() {
        return life;
    }

    Succession succession() {
        return succession;
    }

    ChildSas children() {
        return children;
    }

    FollowUpResponder followUps() {
        return followUps;
    }

    Vitality vitality() {
        return vitality;
    }

    Mobility mobility() {
        return mobility;
    }

    Redirection redirection() {
        return redirection;
    }

    NatTraversal nat() {
        return nat;
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
     * Which role this side has: that which it had in the first IKE SA, whoever began the rekeyings since (RFC 4555 §1.3).
     *
     * @return true when this side began the first one
     */
    public boolean isInitiator() {
        return began;
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
        return life.state();
    }

    /**
     * Whether a request of ours, such as DELETE, has no answer yet.
     *
     * @return true while something is outstanding or waiting
     */
    public boolean awaitsAnswer() {
        return !exchanges.requests().idle() || succession.isAgreeing();
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

    /**
     * Who the peer has proved to be.
     *
     * @return its identity, once established
     */
    public Optional<Identification> peerIdentity() {
        return Optional.ofNullable(peerIdentity);
    }

    /**
     * Whether the peer said INITIAL_CONTACT: that it has no other IKE SA with this side (RFC 7296 §2.4).
     *
     * @return what it said in IKE_AUTH
     */
    public boolean isInitialContact() {
        return initialContact;
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
     * Whether NAT detection says that the peer is behind a NAT, or wants to be treated so (RFC 7296 §2.23).
     *
     * @return true when its address was changed on the way
     */
    public boolean peerBehindNat() {
        return nat.isBeforePeer();
    }

    /**
     * Whether NAT detection says that we are behind a NAT; false also when our own address is not known.
     *
     * @return true when our address was changed on the way
     */
    public boolean localBehindNat() {
        return nat.isBeforeUs();
    }

    /**
     * At which other addresses the peer says that it can be reached (RFC 4555 §3.4).
     *
     * @return a copy of what it said last, perhaps empty
     */
    public List<IpAddress> peerAddresses() {
        return mobility.peerAddresses();
    }

    /**
     * Whether both sides support MOBIKE (RFC 4555).
     *
     * @return true when a move is announced by UPDATE_SA_ADDRESSES
     */
    public boolean isMobile() {
        return mobility.isSupported();
    }

    /**
     * When something verified, be it IKE or ESP, last came from the peer.
     *
     * @return a time in nanoseconds of the clock that the calls name
     */
    public long lastHeard() {
        return vitality.lastHeard();
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
                state());
    }
}
