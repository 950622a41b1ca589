package jkipsec.ike;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.Secret;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.Payload;

/**
 * The responder's side of the IKE_INTERMEDIATE exchanges (RFC 9242), one for each additional key exchange that was agreed
 * on, in their order (RFC 9370 §2.2.2). The messages of each are protected with the keys of before, and leave new ones.
 *
 * <p>There are as many as were agreed on and no more, so that a device which does not authenticate itself costs no more
 * than that. Confined to the thread that owns the IKE SA.
 */
final class ResponderIntermediate {
    private final IkeSa sa;
    private final IkeKeys.Seed seed;
    private final Deque<KeyExchangeMethod> left;
    private final IntAuth intAuth = new IntAuth();

    ResponderIntermediate(IkeSa sa, KeyExchanges keyExchanges, IkeKeys.Seed seed) {
        this.sa = sa;
        this.seed = seed;
        this.left = new ArrayDeque<>(keyExchanges.inOrder());
    }

    /** Whether all are done. */
    boolean isDone() {
        return left.isEmpty();
    }

    /** What IKE_AUTH proves of them. */
    IntAuth intAuth() {
        return intAuth;
    }

    void request(List<Payload> payloads, long now) {
        KeyExchangeMethod method = left.element();
        Optional<byte[]> peerPublicValue = Payloads.publicValue(payloads, method);
        if (peerPublicValue.isEmpty()) {
            sa.life().invalidSyntax("IKE_INTERMEDIATE without a value for " + method, now);
            return;
        }
        byte[] request = sa.exchanges().received();
        KeyExchangeWork.respond(
                sa,
                method,
                peerPublicValue.get(),
                (ours, later) -> agreed(method, ours, request),
                this::refuse);
    }

    private void refuse(long now) {
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.life().invalidSyntax("an invalid key exchange value in IKE_INTERMEDIATE", now);
        }
    }

    private void agreed(KeyExchangeMethod method, KeyExchange.Response ours, byte[] request) {
        try (Secret shared = ours.sharedSecret()) {
            if (sa.state() != IkeSa.State.HANDSHAKE) {
                return;
            }
            left.remove();
            Exchanges exchanges = sa.exchanges();
            exchanges.respond(List.of(new KePayload(method.transformId(), ours.publicValue())));
            intAuth.add(exchanges.keys(), request, exchanges.responses().response().authenticated());
            exchanges.protect(exchanges.keys().after(shared, seed));
        }
    }
}
