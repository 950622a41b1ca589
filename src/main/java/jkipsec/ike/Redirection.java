package jkipsec.ike;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ip.IpAddress;

/**
 * Redirects of one IKE SA (RFC 5685): a gateway sends the device elsewhere in IKE_SA_INIT, in IKE_AUTH, or later. Only
 * the side that began the first IKE SA follows, whoever began the ones that replaced it (§10). Confined to the thread
 * that owns the IKE SA.
 */
final class Redirection {
    /** What this side may do. */
    private enum Role {
        /** Nothing: the device did not say that it follows. */
        NONE,
        /** It is the gateway of a device that follows. */
        GATEWAY,
        /** It is the device. */
        DEVICE
    }

    /** The IKE header and the generic payload header. */
    private static final int HEADERS = 32;

    private final IkeSa sa;
    private Role role = Role.NONE;
    private Optional<IpAddress> origin = Optional.empty();
    private RedirectTarget target;
    private boolean told;
    private long deadline = Long.MAX_VALUE;

    Redirection(IkeSa sa) {
        this.sa = sa;
    }

    // At the gateway.

    /**
     * What refuses a first request whose sender is to go elsewhere (§3). Nothing that would be longer than the request,
     * since its source may be forged: then the device is told in IKE_AUTH.
     */
    static Optional<NotifyPayload> atInit(IkeMessage request, int length, Path from, IkeSettings settings) {
        Optional<NoncePayload> nonce = request.first(NoncePayload.class);
        if (nonce.isEmpty() || !isFollowed(request)) {
            return Optional.empty();
        }
        var query = new RedirectQuery(from.peer(), Optional.empty(), originOf(request));
        return settings.host().redirect(query)
                .map(target -> new Redirect(target, nonce.get().nonce()).notification())
                .filter(redirect -> HEADERS + redirect.bodyLength() <= length);
    }

    /** A device that was redirected once need not say again that it follows (§3). */
    private static boolean isFollowed(IkeMessage request) {
        return request.notify(NotifyType.REDIRECT_SUPPORTED).isPresent() || originOf(request).isPresent();
    }

    private static Optional<IpAddress> originOf(IkeMessage request) {
        return request.notify(NotifyType.REDIRECTED_FROM).flatMap(Redirect::origin);
    }

    /** Remembers what the device's first request says. */
    void agree(IkeMessage request) {
        role = isFollowed(request) ? Role.GATEWAY : Role.NONE;
        origin = originOf(request);
    }

    /** Where a device that has proved who it is goes instead of getting a Child SA (§6). */
    Optional<RedirectTarget> atAuth(Identification device) {
        return role == Role.GATEWAY
                ? sa.host().redirect(new RedirectQuery(sa.path().peer(), Optional.of(device), origin))
                : Optional.empty();
    }

    /** Sends the device elsewhere (§5); it has a while to go there before this side ends the tunnel. */
    boolean begin(RedirectTarget elsewhere, long until) {
        if (role != Role.GATEWAY) {
            return false;
        }
        target = elsewhere;
        deadline = until;
        enqueue();
        return true;
    }

    private void enqueue() {
        RedirectTarget elsewhere = target;
        sa.exchanges().requests().add(new RequestQueue.Request(
                "REDIRECT",
                (id, now) -> tell(elsewhere, id),
                (payloads, now) -> {}));
    }

    /** The request; none when the IKE SA went meanwhile, or was replaced: then its successor tells the device. */
    private Outgoing tell(RedirectTarget elsewhere, int messageId) {
        if (sa.state() != IkeSa.State.ESTABLISHED || !sa.isCurrent()) {
            return null;
        }
        told = true;
        return sa.exchanges().seal(ExchangeType.INFORMATIONAL, false, messageId,
                List.of(Redirect.protectedTo(elsewhere).notification()));
    }

    /** Why the tunnel ends when the device leaves: it does as it was told, be it without a word. */
    TerminationCause causeOf(TerminationCause departure) {
        return told ? new TerminationCause.Redirected(target) : departure;
    }

    long nextDeadline() {
        return deadline;
    }

    void tick(long now) {
        if (now >= deadline) {
            deadline = Long.MAX_VALUE;
            sa.life().terminate(new TerminationCause.Redirected(target), now);
        }
    }

    // At the device.

    /** What the first request says (§9.1, §9.3). */
    List<NotifyPayload> offer(Optional<IpAddress> redirectedFrom) {
        role = Role.DEVICE;
        NotifyPayload supported = NotifyPayload.of(NotifyType.REDIRECT_SUPPORTED);
        return redirectedFrom.map(from -> List.of(supported, Redirect.from(from))).orElse(List.of(supported));
    }

    /**
     * Where an unprotected answer to the first request sends us; nothing when its nonce is not that of the request, since
     * then whoever sent it did not see the request (§3).
     */
    static Optional<RedirectTarget> fromInit(NotifyPayload redirect, byte[] nonce) {
        try {
            Redirect read = Redirect.parse(redirect.data());
            return Arrays.equals(read.nonce(), nonce) ? Optional.of(read.target()) : Optional.empty();
        } catch (MalformedMessage e) {
            return Optional.empty();
        }
    }

    /** Where a protected message of the gateway sends us; there it has no nonce (§9.2). */
    Optional<RedirectTarget> from(List<Payload> payloads) {
        for (Payload payload : payloads) {
            if (role == Role.DEVICE && payload instanceof NotifyPayload notify
                    && notify.type() == NotifyType.REDIRECT) {
                Optional<RedirectTarget> found = fromInit(notify, new byte[0]);
                if (found.isEmpty()) {
                    sa.drop(IkeDrop.MALFORMED);
                }
                return found;
            }
        }
        return Optional.empty();
    }

    /** Takes a request of the gateway's that was answered; ends the IKE SA when it sends us elsewhere (§5). */
    void request(List<Payload> payloads, long now) {
        if (sa.state() == IkeSa.State.ESTABLISHED && sa.isCurrent()) {
            from(payloads).ifPresent(elsewhere -> sa.life().terminate(new TerminationCause.Redirected(elsewhere), now));
        }
    }

    /** Goes on where the IKE SA that this one replaces was; what the device may have missed is said again. */
    void inherit(Redirection other) {
        role = other.role;
        origin = other.origin;
        target = other.target;
        deadline = other.deadline;
        told = other.told;
        other.deadline = Long.MAX_VALUE;
        if (target != null) {
            enqueue();
        }
    }
}
