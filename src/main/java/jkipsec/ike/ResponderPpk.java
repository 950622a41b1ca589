package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;

/**
 * Post-quantum pre-shared keys in the responder's IKE_AUTH (RFC 8784 §3, table 1): whether one is used, and which proof of
 * the device's counts then.
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class ResponderPpk {
    private final IkeSa sa;
    private final PpkPolicy policy;
    private final boolean agreed;
    private Optional<PpkId> used = Optional.empty();

    /** Takes the IKE_SA_INIT request, which says whether the device has such a key. */
    ResponderPpk(IkeSa sa, IkeMessage init) {
        this.sa = sa;
        this.policy = sa.settings().ppk();
        this.agreed = policy.source().isPresent() && init.notify(NotifyType.USE_PPK).isPresent();
    }

    /** What goes into the answer to IKE_SA_INIT. */
    List<Payload> announcement() {
        return agreed ? List.of(NotifyPayload.of(NotifyType.USE_PPK)) : List.of();
    }

    /** What becomes of a request with AUTH. */
    sealed interface Outcome {
        /** The request, its AUTH the one that counts, to be verified with the keys that the IKE SA has now. */
        record Proof(List<Payload> request) implements Outcome {}

        /** The device is refused. */
        record Refused(String why) implements Outcome {}
    }

    private static List<Payload> replaced(List<Payload> request, byte[] proof) {
        return request.stream()
                .map(payload -> payload instanceof AuthPayload auth ? new AuthPayload(auth.method(), proof) : payload)
                .toList();
    }

    /** Decides by the request in which the device proves itself by AUTH; mixes the key in if it is used. */
    Outcome settle(List<Payload> request) {
        if (!agreed) {
            return policy.mandatory() ? new Outcome.Refused("the device has no PPK") : new Outcome.Proof(request);
        }
        Optional<PpkId> id = Payloads.notify(request, NotifyType.PPK_IDENTITY)
                .map(notify -> PpkId.parse(notify.data()));
        if (id.isEmpty()) {
            return new Outcome.Refused("the device agreed on a PPK and names none");
        }
        Optional<Ppk> key = policy.source().orElseThrow().find(id.get());
        if (key.isPresent()) {
            sa.exchanges().mix(sa.exchanges().keys().mixedWith(key.get()));
            used = id;
            return new Outcome.Proof(request);
        }
        Optional<NotifyPayload> without = Payloads.notify(request, NotifyType.NO_PPK_AUTH);
        return without.isPresent() && !policy.mandatory()
                ? new Outcome.Proof(replaced(request, without.get().data()))
                : new Outcome.Refused("the PPK " + id.get() + " is not known");
    }

    /** The key that is mixed in, once {@link #settle} said so. */
    Optional<PpkId> used() {
        return used;
    }

    /** What goes into the answer that proves us. */
    List<Payload> confirmation() {
        return used.isPresent() ? List.of(NotifyPayload.of(NotifyType.PPK_IDENTITY)) : List.of();
    }
}
