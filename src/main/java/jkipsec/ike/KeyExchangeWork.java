package jkipsec.ike;

import jkipsec.bytes.Secret;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;

/**
 * What a key exchange has to compute, as {@link Work}. A peer's public value that is not allowed, and an exception that
 * nobody expected, are answered alike.
 */
final class KeyExchangeWork {
    /** What to do with the result, on the state machine's own thread. */
    @FunctionalInterface
    interface Then<T> {
        void resume(T result, long now);
    }

    private KeyExchangeWork() {}

    /** As initiator, makes our part. */
    static void generate(IkeSa sa, KeyExchangeMethod method, Then<KeyExchange> then, Work.Continuation failed) {
        sa.host().offload(new Work(
                sa,
                () -> {
                    KeyExchange generated = method.generate(sa.settings().random());
                    return now -> then.resume(generated, now);
                },
                failed));
    }

    /** As responder, makes our part and the secret. */
    static void respond(
            IkeSa sa,
            KeyExchangeMethod method,
            byte[] peerPublicValue,
            Then<KeyExchange.Response> then,
            Work.Continuation failed) {
        sa.host().offload(new Work(
                sa,
                () -> {
                    KeyExchange.Response ours = method.respond(peerPublicValue, sa.settings().random());
                    return now -> then.resume(ours, now);
                },
                failed));
    }

    /** As initiator, makes the secret; our part is destroyed. */
    static void agree(
            IkeSa sa, KeyExchange ours, byte[] peerPublicValue, Then<Secret> then, Work.Continuation failed) {
        sa.host().offload(new Work(
                sa,
                () -> {
                    try {
                        Secret shared = ours.agree(peerPublicValue);
                        return now -> then.resume(shared, now);
                    } finally {
                        ours.destroy();
                    }
                },
                failed));
    }
}
