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

/**
 * A peer's, or this side's, change of address: by MOBIKE (RFC 4555) where both support it, else, and for ESP packets in
 * any case, by following the peer's last verified packet (RFC 7296 §2.23, RFC 4555 §3.8).
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class Mobility {
    private static final int COOKIE2_LENGTH = 16;

    private final IkeSa sa;
    private boolean supported;
    private boolean unannounced;
    /** The hash over the address from which the peer last said that we were heard; null when it is not known. */
    private byte[] seenAs;

    Mobility(IkeSa sa) {
        this.sa = sa;
    }

    /** Both sides said MOBIKE_SUPPORTED in IKE_AUTH (RFC 4555 §3.1). */
    void supported(boolean byBoth) {
        supported = byBoth;
    }

    boolean isSupported() {
        return supported;
    }

    /** Goes on where the IKE SA that this one replaces was: at its path, and with a move that the peer may not know. */
    void inherit(IkeSa old) {
        supported = old.mobility().supported;
        sa.exchanges().moveTo(old.path());
        if (old.mobility().unannounced) {
            announce();
        }
    }

    /** What each side says of itself in IKE_AUTH; the responder only in answer to an initiator that does. */
    static Payload announcement() {
        return NotifyPayload.of(NotifyType.MOBIKE_SUPPORTED);
    }

    static boolean isAnnounced(List<Payload> payloads) {
        return Payloads.notify(payloads, NotifyType.MOBIKE_SUPPORTED).isPresent();
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
        boolean moves = Payloads.notify(payloads, NotifyType.UPDATE_SA_ADDRESSES).isPresent() && from.role() == PortRole.NAT_T;
        if (moves && sa.isCurrent() && !from.equals(sa.path())) {
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
        // Who is behind a NAT itself must not be led away by a single packet (§2.23).
        if (!sa.localBehindNat() && !from.equals(sa.path())) {
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
        Optional<NotifyPayload> seen = Payloads.notify(payloads, NotifyType.NAT_DETECTION_DESTINATION_IP);
        seenAs(seen);
        seen.ifPresent(hash -> sa.host().localEndpoint(sa.path().socket()).ifPresent(
                us -> sa.localBehindNat(NatDetection.differs(hash, sa, us))));
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
        return supported && sa.isInitiator() ? List.copyOf(detection(sa.path())) : List.of();
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
                        sa.terminate(new TerminationCause.ProtocolError("the peer did not return COOKIE2"), when);
                    }
                }));
    }
}
