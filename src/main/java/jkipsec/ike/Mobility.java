package jkipsec.ike;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.IpAddress;

/**
 * A peer's, or this side's, change of address: by MOBIKE (RFC 4555) where both support it, else, and for ESP packets in
 * any case, by following the peer's last verified packet (RFC 7296 §2.23, RFC 4555 §3.8).
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class Mobility {
    private static final int COOKIE2_LENGTH = 16;

    /** So often a request is sent over the present path alone. */
    private static final int BEFORE_PROBING = 2;

    private final IkeSa sa;
    private boolean supported;
    private boolean unannounced;
    /** The hash over the address from which the peer last said that we were heard; null when it is not known. */
    private byte[] seenAs;

    private final PeerAddresses addresses = new PeerAddresses();
    private boolean addressesUnannounced;
    /** Where we were before the last move; null when there was none. */
    private Path refuge;
    /** Which path the peer said that it has left: packets that were under way then do not lead us back. Null at first. */
    private Path left;

    Mobility(IkeSa sa) {
        this.sa = sa;
    }

    boolean isSupported() {
        return supported;
    }

    /** Goes on where the IKE SA that this one replaces was: at its path, and with a move that the peer may not know. */
    void inherit(IkeSa old) {
        supported = old.mobility().supported;
        left = old.mobility().left;
        addresses.inherit(old.mobility().addresses);
        sa.exchanges().moveTo(old.path());
        if (old.mobility().unannounced) {
            announce();
        }
        if (old.mobility().addressesUnannounced) {
            tellAddresses();
        }
    }

    /** What each side says of itself in IKE_AUTH; the responder only in answer to an initiator that does. */
    List<Payload> announcement() {
        var said = new ArrayList<Payload>();
        said.add(NotifyPayload.of(NotifyType.MOBIKE_SUPPORTED));
        said.addAll(PeerAddresses.inAuth(sa.host().additionalAddresses()));
        return said;
    }

    /** What the other side says of itself in IKE_AUTH (RFC 4555 §3.1, §3.4). */
    void announcedBy(List<Payload> payloads) {
        supported = Payloads.notify(payloads, NotifyType.MOBIKE_SUPPORTED).isPresent();
        if (supported) {
            addresses.learn(payloads);
        }
    }

    /** The additional addresses of the peer, as it said last. */
    List<IpAddress> peerAddresses() {
        return addresses.all();
    }

    /**
     * What an INFORMATIONAL request says about addresses: the path moves when it asks so, and the answer's part is returned
     * (RFC 4555 §3.5, §3.7, §3.8).
     */
    List<Payload> request(List<Payload> payloads, Path from, long now) {
        var answer = new ArrayList<Payload>();
        if (!supported || sa.state() != IkeSa.State.ESTABLISHED) {
            return answer;
        }
        if (Payloads.notify(payloads, NotifyType.NO_NATS_ALLOWED).isPresent()) {
            // This side always says that there is a NAT before it, since it can receive ESP in UDP only (§3.9).
            answer.add(NotifyPayload.of(NotifyType.UNEXPECTED_NAT_DETECTED));
            return answer;
        }
        Payloads.notify(payloads, NotifyType.COOKIE2).ifPresent(answer::add);
        if (Payloads.notify(payloads, NotifyType.NAT_DETECTION_SOURCE_IP).isPresent()) {
            answer.addAll(detection(from));
        }
        addresses.learn(payloads);
        // The initiator alone decides which addresses are used (§3.5).
        boolean moves = !sa.isInitiator() && Payloads.notify(payloads, NotifyType.UPDATE_SA_ADDRESSES).isPresent();
        if (moves && from.role() != PortRole.NAT_T) {
            // ESP can be received and sent in UDP at the NAT-T port only.
            answer.add(NotifyPayload.of(NotifyType.UNACCEPTABLE_ADDRESSES));
        } else if (moves && sa.isCurrent() && !from.equals(sa.path())) {
            left = sa.path();
            moveTo(from, now);
            if (sa.settings().policy().liveness().checkMoves()) {
                check(now);
            }
        }
        return answer;
    }

    private List<NotifyPayload> detection(Path path) {
        return NatDetection.notifications(
                sa.exchanges().initiatorSpi(), sa.exchanges().responderSpi(), path.peer(), sa.settings().random());
    }

    /** A verified request came from elsewhere; with MOBIKE that alone changes nothing (RFC 4555 §3.8). */
    void heardRequest(Path from, long now) {
        if (!supported) {
            follow(from, now);
        }
    }

    /** The newest verified ESP packet came from elsewhere: the peer's NAT has forgotten it, or it has moved. */
    void follow(Path from, long now) {
        // An initiator chooses its own address: what was under way to a socket that it left does not lead it back.
        boolean toSocketLeft = sa.isInitiator() && from.socket() != sa.path().socket();
        // Who is behind a NAT itself must not be led away by a single packet (§2.23).
        if (!sa.nat().isBeforeUs() && !toSocketLeft && !from.equals(sa.path()) && !from.equals(left)) {
            moveTo(from, now);
        }
    }

    private void moveTo(Path path, long now) {
        if (!path.equals(sa.path())) {
            sa.exchanges().moveTo(path);
            sa.host().moved(sa, path);
        }
    }

    /** This side has a new address: the peer is told, and what is outstanding goes over the new path (§3.5). */
    void move(Path path, long now) {
        if (!path.equals(sa.path())) {
            refuge = sa.path();
        }
        moveTo(path, now);
        RequestQueue requests = sa.exchanges().requests();
        if (requests.isOutstanding()) {
            sa.exchanges().retransmit(now);
        }
        if (!supported) {
            sa.vitality().probe(now);
            return;
        }
        announce();
    }

    /**
     * The announcement may not get through for a while: the peer may not know yet of the IKE SA that it goes over, while it
     * repeats to our old address what would tell it. A packet inside the tunnel gets through, and is followed.
     */
    void repeated() {
        if (unannounced) {
            sa.host().showAddress(sa);
        }
        if (mayMove() && sa.exchanges().requests().transmissions() > BEFORE_PROBING) {
            addresses.insteadOf(sa.path()).forEach(sa.exchanges()::repeatOver);
        }
    }

    /** Only the initiator decides which addresses are used (RFC 4555 §3.5). */
    private boolean mayMove() {
        return supported && sa.isInitiator() && sa.isCurrent() && sa.state() == IkeSa.State.ESTABLISHED;
    }

    /** An answer was verified: when it came over another path that was probed, that one works (RFC 4555 §3.10). */
    void heardResponse(Path from, long now) {
        Path before = sa.path();
        if (mayMove() && addresses.insteadOf(before).contains(from)) {
            addresses.add(before.peer().address());
            move(from, now);
        }
    }

    /** This endpoint's additional addresses are others now (RFC 4555 §3.6). */
    void tellAddresses() {
        if (!supported) {
            return;
        }
        addressesUnannounced = true;
        sa.exchanges().requests().add(new RequestQueue.Request(
                "ADDITIONAL_ADDRESSES",
                (id, when) -> sa.exchanges().seal(ExchangeType.INFORMATIONAL, false, id,
                        PeerAddresses.inUpdate(sa.host().additionalAddresses())),
                (payloads, when) -> addressesUnannounced = false));
    }

    private void announce() {
        sa.host().showAddress(sa);
        enqueueAnnouncement();
    }

    private void enqueueAnnouncement() {
        unannounced = true;
        sa.exchanges().requests().add(new RequestQueue.Request(
                "UPDATE_SA_ADDRESSES",
                (id, when) -> {
                    var payloads = new ArrayList<Payload>();
                    payloads.add(NotifyPayload.of(NotifyType.UPDATE_SA_ADDRESSES));
                    payloads.addAll(detection(sa.path()));
                    return sa.exchanges().seal(ExchangeType.INFORMATIONAL, false, id, payloads);
                },
                this::announced));
    }

    private void announced(List<Payload> payloads, long now) {
        unannounced = false;
        boolean refused = Payloads.notify(payloads, NotifyType.UNACCEPTABLE_ADDRESSES).isPresent()
                || Payloads.notify(payloads, NotifyType.UNEXPECTED_NAT_DETECTED).isPresent();
        if (refused) {
            refused(now);
            return;
        }
        Optional<NotifyPayload> seen = Payloads.notify(payloads, NotifyType.NAT_DETECTION_DESTINATION_IP);
        seenAs(seen);
        seen.ifPresent(hash -> sa.host().localEndpoint(sa.path().socket()).ifPresent(
                us -> sa.nat().beforeUs(NatDetection.differs(hash, sa, us))));
    }

    /**
     * The peer will not have us where we are: another address of its is tried, of those it has not refused yet. Without any
     * we go back, since the peer goes on with our old address; liveness checks say whether that works.
     */
    private void refused(long now) {
        List<Path> others = addresses.insteadOf(sa.path());
        if (mayMove() && !others.isEmpty()) {
            addresses.remove(others.get(0).peer().address());
            move(others.get(0), now);
        } else if (mayMove() && refuge != null) {
            moveTo(refuge, now);
        }
    }

    /** From where the peer heard a message of ours. */
    void seenAs(Optional<NotifyPayload> destination) {
        seenAs = destination.map(NotifyPayload::data).orElse(null);
    }

    /**
     * What a liveness check asks besides: whether a NAT before the initiator has given it another address meanwhile, of
     * which it gets to know in no other way (RFC 4555 §3.8).
     */
    List<Payload> detectionInProbe() {
        return watchesNats() ? List.copyOf(detection(sa.path())) : List.of();
    }

    /** Whether it is up to this side to find out that a NAT has given it another address (RFC 4555 §3.8). */
    boolean watchesNats() {
        return supported && sa.isInitiator();
    }

    /**
     * The answer to that. With a new path or a new IKE SA, whose SPIs are in the hash, there is nothing to compare it with;
     * then to announce ourselves does no harm.
     */
    void probed(List<Payload> payloads, long now) {
        Optional<NotifyPayload> seen = Payloads.notify(payloads, NotifyType.NAT_DETECTION_DESTINATION_IP);
        if (supported && sa.isInitiator() && sa.isCurrent() && sa.state() == IkeSa.State.ESTABLISHED
                && seen.isPresent() && !Arrays.equals(seenAs, seen.get().data())) {
            if (seenAs != null) {
                sa.host().showAddress(sa);
            }
            enqueueAnnouncement();
        }
    }

    /** Return routability: whoever answers this at the new address can receive there (§3.7). */
    private void check(long now) {
        byte[] cookie = sa.settings().random().bytes(COOKIE2_LENGTH);
        sa.exchanges().requests().add(new RequestQueue.Request(
                "a return routability check",
                (id, when) -> sa.exchanges().seal(
                        ExchangeType.INFORMATIONAL, false, id, List.of(NotifyPayload.of(NotifyType.COOKIE2, cookie))),
                (payloads, when) -> {
                    boolean same = Payloads.notify(payloads, NotifyType.COOKIE2)
                            .map(echo -> MessageDigest.isEqual(cookie, echo.data()))
                            .orElse(false);
                    if (!same && sa.isCurrent()) {
                        sa.life().terminate(
                                new TerminationCause.ProtocolError("the peer did not return COOKIE2"), when);
                    }
                }));
    }
}
