package jkipsec.ike;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;

/**
 * The SAs that the peer is making by CREATE_CHILD_SA and whose additional key exchanges are not all done yet (RFC 9370
 * §2.2.4): what is there of each, and the IKE_FOLLOWUP_KE requests that go on with it. A peer that does not go on is not
 * waited for, and is told STATE_NOT_FOUND if it does so later.
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class FollowUpResponder {
    /** How long the peer's next request is awaited. */
    private static final long PATIENCE = 30_000_000_000L;

    /** So many may be under way at once; with one more the oldest is given up. */
    private static final int MOST = 4;

    private static final int LINK_LENGTH = 16;

    /** What becomes of an SA that the peer makes. */
    interface Creation {
        /**
         * Makes it: all key exchanges are done.
         *
         * @param secrets theirs, closed afterwards
         * @return what to do once the peer's request is answered; nothing when it cannot be made now
         */
        Optional<Work.Continuation> complete(SharedSecrets secrets, long now);

        /** The peer did not go on, or what it makes is not wanted any more. */
        void abandoned(long now);
    }

    private static final class Pending {
        private final Creation creation;
        private final SharedSecrets secrets;
        private final Deque<KeyExchangeMethod> left;
        private byte[] link;
        private long deadline;

        Pending(Creation creation, SharedSecrets secrets, KeyExchanges keyExchanges) {
            this.creation = creation;
            this.secrets = secrets;
            this.left = new ArrayDeque<>(keyExchanges.inOrder());
        }
    }

    private final IkeSa sa;
    private final List<Pending> pendings = new ArrayList<>();

    FollowUpResponder(IkeSa sa) {
        this.sa = sa;
    }

    /**
     * Awaits the additional key exchanges of an SA; what is returned goes into the answer to CREATE_CHILD_SA.
     *
     * @param secrets with that of the first key exchange; taken over
     */
    NotifyPayload begin(KeyExchanges keyExchanges, SharedSecrets secrets, Creation creation, long now) {
        if (pendings.size() == MOST) {
            abandon(pendings.get(0), now);
        }
        var pending = new Pending(creation, secrets, keyExchanges);
        pendings.add(pending);
        return link(pending, now);
    }

    private NotifyPayload link(Pending pending, long now) {
        pending.link = sa.settings().random().bytes(LINK_LENGTH);
        pending.deadline = now + PATIENCE;
        return NotifyPayload.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, pending.link);
    }

    /** An IKE_FOLLOWUP_KE request. */
    void request(List<Payload> payloads, long now) {
        Optional<Pending> named = FollowUpInitiator.link(payloads)
                .flatMap(link -> pendings.stream().filter(one -> Arrays.equals(one.link, link)).findFirst());
        if (named.isEmpty()) {
            sa.exchanges().respond(NotifyType.STATE_NOT_FOUND);
            return;
        }
        Pending pending = named.get();
        KeyExchangeMethod method = pending.left.element();
        Optional<byte[]> peerPublicValue = Payloads.publicValue(payloads, method);
        if (peerPublicValue.isEmpty()) {
            sa.life().invalidSyntax("IKE_FOLLOWUP_KE without a value for " + method, now);
            return;
        }
        KeyExchangeWork.respond(
                sa,
                method,
                peerPublicValue.get(),
                (ours, later) -> agreed(pending, method, ours, later),
                this::refuse);
    }

    private void refuse(long now) {
        sa.life().invalidSyntax("an invalid key exchange value in IKE_FOLLOWUP_KE", now);
    }

    private void agreed(Pending pending, KeyExchangeMethod method, KeyExchange.Response ours, long now) {
        Secret shared = ours.sharedSecret();
        if (sa.state() != IkeSa.State.ESTABLISHED) {
            shared.destroy();
            return;
        }
        if (!pendings.contains(pending)) {
            // Given up while the key exchange was computed.
            shared.destroy();
            sa.exchanges().respond(NotifyType.STATE_NOT_FOUND);
            return;
        }
        pending.secrets.add(shared);
        pending.left.remove();
        var answer = new KePayload(method.transformId(), ours.publicValue());
        if (!pending.left.isEmpty()) {
            sa.exchanges().respond(List.of(answer, link(pending, now)));
            return;
        }
        pendings.remove(pending);
        try (SharedSecrets all = pending.secrets) {
            Optional<Work.Continuation> then = pending.creation.complete(all, now);
            if (then.isPresent()) {
                sa.exchanges().respond(List.of(answer));
                then.get().resume(now);
            } else {
                sa.exchanges().respond(NotifyType.TEMPORARY_FAILURE);
            }
        }
    }

    /** Gives up what the peer is making, if it is still under way. */
    void cancel(Creation creation, long now) {
        List.copyOf(pendings).stream()
                .filter(pending -> pending.creation == creation)
                .forEach(pending -> abandon(pending, now));
    }

    private void abandon(Pending pending, long now) {
        pendings.remove(pending);
        pending.secrets.close();
        pending.creation.abandoned(now);
    }

    /** Gives up everything: the IKE SA has ended, or was replaced. */
    void clear(long now) {
        List.copyOf(pendings).forEach(pending -> abandon(pending, now));
    }

    /** When {@link #tick} is to be called. */
    long deadline() {
        long earliest = Long.MAX_VALUE;
        for (Pending pending : pendings) {
            earliest = Math.min(earliest, pending.deadline);
        }
        return earliest;
    }

    /** Gives up what the peer did not go on with. */
    void tick(long now) {
        List.copyOf(pendings).stream()
                .filter(pending -> now >= pending.deadline)
                .forEach(pending -> abandon(pending, now));
    }
}
