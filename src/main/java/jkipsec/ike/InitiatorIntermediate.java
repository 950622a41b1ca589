package jkipsec.ike;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.crypto.InvalidPublicValue;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;

/**
 * The initiator's side of the IKE_INTERMEDIATE exchanges between IKE_SA_INIT and IKE_AUTH (RFC 9242, RFC 9370 §2.2.2):
 *
 * <pre>
 *   HDR(IKE_INTERMEDIATE), SK {KEi(1)}  --&gt;
 *                                       &lt;--  HDR(IKE_INTERMEDIATE), SK {KEr(1)}     and so on, with new keys each time
 * </pre>
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class InitiatorIntermediate {
    private final IkeSa sa;
    private final IkeKeys.Seed seed;
    private final Deque<KeyExchangeMethod> left;
    private final Work.Continuation then;
    private final IntAuth intAuth = new IntAuth();
    private KeyExchange keyExchange;
    private Outgoing request;

    /**
     * Prepares the exchanges.
     *
     * @param then how to go on when all are done
     */
    InitiatorIntermediate(IkeSa sa, KeyExchanges keyExchanges, IkeKeys.Seed seed, Work.Continuation then) {
        this.sa = sa;
        this.seed = seed;
        this.left = new ArrayDeque<>(keyExchanges.inOrder());
        this.then = then;
    }

    /** What IKE_AUTH proves of them. */
    IntAuth intAuth() {
        return intAuth;
    }

    /** Does the next one, or goes on when there is none. */
    void next(long now) {
        if (left.isEmpty()) {
            then.resume(now);
            return;
        }
        KeyExchangeMethod method = left.remove();
        KeyExchangeWork.generate(sa, method, this::generated, later -> fail("key generation failed", later));
    }

    private void generated(KeyExchange generated, long now) {
        keyExchange = generated;
        if (sa.state() != IkeSa.State.HANDSHAKE) {
            destroy();
            sa.life().release();
            return;
        }
        List<Payload> payloads =
                List.of(new KePayload(generated.method().transformId(), generated.publicValue()));
        sa.exchanges().requests().add(new RequestQueue.Request(
                "IKE_INTERMEDIATE",
                (id, when) -> request = sa.exchanges().seal(ExchangeType.IKE_INTERMEDIATE, false, id, payloads),
                this::answered));
        sa.pump(now);
    }

    private void answered(List<Payload> payloads, long now) {
        Optional<NotifyPayload> error = Payloads.firstError(payloads);
        Optional<KePayload> ke = Payloads.first(payloads, KePayload.class);
        KeyExchange ours = keyExchange;
        if (sa.state() != IkeSa.State.HANDSHAKE) {
            // Closed meanwhile. The gateway has let nobody in yet, so there is nothing to delete there.
            destroy();
            sa.life().release();
        } else if (error.isPresent()) {
            end(new TerminationCause.NegotiationFailed(
                    NotifyType.nameOf(error.get().type()), "the gateway refused IKE_INTERMEDIATE"), now);
        } else if (ke.isEmpty() || ke.get().group() != ours.method().transformId()) {
            fail("the gateway's IKE_INTERMEDIATE answer has no value for " + ours.method(), now);
        } else {
            keyExchange = null;
            agree(ours, ke.get().data(), sa.exchanges().received());
        }
    }

    private void agree(KeyExchange ours, byte[] peerPublicValue, byte[] response) {
        sa.host().offload(new Work(
                sa,
                () -> {
                    try {
                        Secret shared = ours.agree(peerPublicValue);
                        return now -> agreed(shared, response, now);
                    } catch (InvalidPublicValue e) {
                        return now -> fail("the gateway's key exchange value is invalid", now);
                    } finally {
                        ours.destroy();
                    }
                },
                now -> fail("key agreement failed", now)));
    }

    private void agreed(Secret shared, byte[] response, long now) {
        try (shared) {
            if (sa.state() != IkeSa.State.HANDSHAKE) {
                sa.life().release();
                return;
            }
            Exchanges exchanges = sa.exchanges();
            intAuth.add(exchanges.keys(), request.authenticated(), response);
            exchanges.protect(exchanges.keys().after(shared, seed));
        }
        next(now);
    }

    private void fail(String why, long now) {
        end(new TerminationCause.ProtocolError(why), now);
    }

    /** The gateway's half of the handshake expires by itself. */
    private void end(TerminationCause cause, long now) {
        destroy();
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.life().end(cause, now);
        }
        sa.life().release();
    }

    void destroy() {
        if (keyExchange != null) {
            keyExchange.destroy();
            keyExchange = null;
        }
    }
}
