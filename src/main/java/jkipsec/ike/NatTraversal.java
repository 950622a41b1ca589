package jkipsec.ike;

import jkipsec.ike.message.IkeMessage;

/**
 * Where an IKE SA has found NATs between the two sides (RFC 7296 §2.23), see {@link NatDetection}. Confined to the thread
 * that owns the IKE SA.
 */
final class NatTraversal {
    private final IkeSa sa;
    private boolean beforePeer;
    private boolean beforeUs;

    NatTraversal(IkeSa sa) {
        this.sa = sa;
    }

    /** Looks at what the peer's IKE_SA_INIT says. */
    void detect(IkeMessage message, Path from) {
        beforePeer = NatDetection.senderBehindNat(message, from.peer());
        beforeUs = NatDetection.receiverBehindNat(message, sa.host().localEndpoint(from.socket()));
    }

    /** Goes on where the IKE SA that this one replaces was. */
    void inherit(NatTraversal other) {
        beforePeer = other.beforePeer;
        beforeUs = other.beforeUs;
    }

    /** It was detected again, on another path. */
    void beforeUs(boolean is) {
        beforeUs = is;
    }

    /** Whether the peer is behind one, or wants to be treated so. */
    boolean isBeforePeer() {
        return beforePeer;
    }

    /** Whether we are behind one; false also when our own address is not known. */
    boolean isBeforeUs() {
        return beforeUs;
    }

    /** Whether a NAT is before us, or may be: an initiator seldom knows its own address. */
    boolean needsKeepalives() {
        boolean mayBe = sa.isInitiator() && sa.host().localEndpoint(sa.path().socket()).isEmpty();
        return sa.path().role() == PortRole.NAT_T && (beforeUs || mayBe);
    }
}
