package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;

/**
 * A post-quantum pre-shared key in the initiator's IKE_AUTH (RFC 8784 §3): AUTH is made with keys into which it is mixed,
 * and if we can do without it, once more without, in NO_PPK_AUTH. The gateway's answer says which it took.
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class InitiatorPpk {
    private final IkeSa sa;
    private final Optional<PpkUse> use;
    private final Optional<IkeKeys> mixed;

    /**
     * Prepares the keys.
     *
     * @param use what both sides agreed to use; nothing when they did not
     */
    InitiatorPpk(IkeSa sa, Optional<PpkUse> use) {
        this.sa = sa;
        this.use = use;
        this.mixed = use.map(ppk -> sa.exchanges().keys().mixedWith(ppk.key()));
    }

    /** The keys to make AUTH with. */
    IkeKeys keys() {
        return mixed.orElseGet(() -> sa.exchanges().keys());
    }

    /** Whether AUTH is to be made without it too. */
    boolean needsPlainProof() {
        return use.isPresent() && !use.get().mandatory();
    }

    /**
     * What goes into the request beside AUTH.
     *
     * @param plain AUTH made without it, if that {@link #needsPlainProof}
     */
    List<Payload> payloads(Optional<AuthPayload> plain) {
        var payloads = new ArrayList<Payload>();
        use.ifPresent(ppk -> payloads.add(NotifyPayload.of(NotifyType.PPK_IDENTITY, ppk.key().id().data())));
        plain.ifPresent(auth -> payloads.add(NotifyPayload.of(NotifyType.NO_PPK_AUTH, auth.data())));
        return payloads;
    }

    /** Takes the answer: from now on the keys are those that the gateway uses; false when it must not do without. */
    boolean settle(List<Payload> answer) {
        if (use.isEmpty()) {
            return true;
        }
        boolean used = Payloads.notify(answer, NotifyType.PPK_IDENTITY).isPresent();
        if (used) {
            sa.exchanges().mix(mixed.orElseThrow());
        } else {
            destroy();
        }
        return used || !use.get().mandatory();
    }

    /** Wipes the keys that were not taken. */
    void destroy() {
        mixed.filter(keys -> keys != sa.exchanges().keys()).ifPresent(IkeKeys::destroy);
    }
}
