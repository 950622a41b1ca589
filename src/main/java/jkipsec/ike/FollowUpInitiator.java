package jkipsec.ike;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;

/**
 * This side's IKE_FOLLOWUP_KE exchanges after its CREATE_CHILD_SA, one for each additional key exchange that was agreed
 * on, in their order (RFC 9370 §2.2.4). Each answer but the last says how the next request is linked to it:
 *
 * <pre>
 *   HDR(CREATE_CHILD_SA), SK {SA, Ni, KEi ...}                --&gt;
 *                          &lt;--  HDR(CREATE_CHILD_SA), SK {SA, Nr, KEr ..., N(ADDITIONAL_KEY_EXCHANGE)(link1)}
 *   HDR(IKE_FOLLOWUP_KE), SK {KEi(1), N(ADDITIONAL_KEY_EXCHANGE)(link1)}  --&gt;
 *                          &lt;--  HDR(IKE_FOLLOWUP_KE), SK {KEr(1)}
 * </pre>
 *
 * <p>The new SA is made when all are done. Confined to the thread that owns the IKE SA.
 */
final class FollowUpInitiator {
    /**
     * What the answer to CREATE_CHILD_SA said.
     *
     * @param keyExchanges which were agreed on
     * @param link what links the first request to it; not looked at when there is none to do
     */
    record Agreed(KeyExchanges keyExchanges, Optional<byte[]> link) {}

    /** How to go on. */
    interface Outcome {
        /** The peer has answered the last one, and so has the new SA; whether this side still wants it, or has to have it. */
        default boolean lastAnswered() {
            return false;
        }

        /** All are done; the secrets are closed afterwards. */
        void done(SharedSecrets secrets, long now);

        /** The peer cannot go on, or the IKE SA is not what it was: there will be no new SA. */
        void failed(long now);
    }

    private final IkeSa sa;
    private final Deque<KeyExchangeMethod> left;
    private final SharedSecrets secrets;
    private final Outcome outcome;
    private byte[] link;

    private FollowUpInitiator(IkeSa sa, Agreed agreed, SharedSecrets secrets, Outcome outcome) {
        this.sa = sa;
        this.left = new ArrayDeque<>(agreed.keyExchanges().inOrder());
        this.link = agreed.link().orElse(null);
        this.secrets = secrets;
        this.outcome = outcome;
    }

    /**
     * Does all that were agreed on; goes on at once when that is none.
     *
     * @param secrets with that of the first key exchange; taken over
     */
    static void run(IkeSa sa, Agreed agreed, SharedSecrets secrets, Outcome outcome, long now) {
        new FollowUpInitiator(sa, agreed, secrets, outcome).next(now);
    }

    /** What links a request to the message that said so. */
    static Optional<byte[]> link(List<Payload> payloads) {
        return payloads.stream()
                .filter(NotifyPayload.class::isInstance)
                .map(NotifyPayload.class::cast)
                .filter(notify -> notify.type() == NotifyType.ADDITIONAL_KEY_EXCHANGE)
                .map(NotifyPayload::data)
                .findFirst();
    }

    private void next(long now) {
        if (left.isEmpty()) {
            try (secrets) {
                outcome.done(secrets, now);
            }
            return;
        }
        KeyExchangeMethod method = left.remove();
        KeyExchangeWork.generate(sa, method, this::generated, this::fail);
    }

    private void generated(KeyExchange generated, long now) {
        if (sa.state() == IkeSa.State.RELEASED) {
            forget(generated);
            return;
        }
        sa.exchanges().requests().add(new RequestQueue.Request(
                "IKE_FOLLOWUP_KE",
                (id, when) -> encode(generated, id, when),
                (payloads, when) -> answered(generated, payloads, when),
                () -> forget(generated)));
        sa.pump(now);
    }

    private Outgoing encode(KeyExchange ours, int messageId, long now) {
        if (!isWanted()) {
            ours.destroy();
            fail(now);
            return null;
        }
        return sa.exchanges().seal(ExchangeType.IKE_FOLLOWUP_KE, false, messageId, List.of(
                new KePayload(ours.method().transformId(), ours.publicValue()),
                NotifyPayload.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, link)));
    }

    /** The IKE SA is over. */
    private void forget(KeyExchange ours) {
        ours.destroy();
        secrets.close();
    }

    private boolean isWanted() {
        return sa.state() == IkeSa.State.ESTABLISHED && sa.isCurrent();
    }

    private void answered(KeyExchange ours, List<Payload> payloads, long now) {
        Optional<KePayload> ke = Payloads.first(payloads, KePayload.class)
                .filter(payload -> payload.group() == ours.method().transformId());
        Optional<byte[]> following = link(payloads);
        boolean error = Payloads.firstError(payloads).isPresent();
        boolean insists = !error && left.isEmpty() && ke.isPresent() && outcome.lastAnswered();
        if (error || !isWanted() && !insists) {
            ours.destroy();
            fail(now);
        } else if (ke.isEmpty() || following.isEmpty() && !left.isEmpty()) {
            ours.destroy();
            breach("the answer to IKE_FOLLOWUP_KE does not fit the request", now);
        } else {
            link = following.orElse(null);
            KeyExchangeWork.agree(sa, ours, ke.get().data(), this::agreed, this::invalidPublicValue);
        }
    }

    private void agreed(Secret shared, long now) {
        secrets.add(shared);
        next(now);
    }

    private void invalidPublicValue(long now) {
        breach("invalid key exchange value in IKE_FOLLOWUP_KE", now);
    }

    private void breach(String why, long now) {
        fail(now);
        sa.life().terminate(new TerminationCause.ProtocolError(why), now);
        sa.pump(now);
    }

    private void fail(long now) {
        secrets.close();
        outcome.failed(now);
    }
}
