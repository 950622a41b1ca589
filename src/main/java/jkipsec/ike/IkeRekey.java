package jkipsec.ike;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Secret;
import jkipsec.crypto.InvalidPublicValue;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.SaPayload;

/**
 * An IKE SA is replaced by a new one that takes over its Child SAs (RFC 7296 §1.3.2, §2.18), begun by either side:
 *
 * <pre>
 *   HDR, SK {SA, Ni, KEi}   --&gt;
 *                           &lt;--  HDR, SK {SA, Nr, KEr}
 *   HDR, SK {D(IKE)}        --&gt;       the last request over the old one
 * </pre>
 *
 * <p>When both begin at once, the new IKE SA with the lowest of the four nonces is deleted by the side that began it, and
 * the other one gets the Child SAs (§2.8.2). Confined to the thread that owns the IKE SA.
 */
final class IkeRekey {
    private static final int NONCE_LENGTH = 32;

    private final IkeSa old;
    private final long ourSpi;
    private final byte[] nonce;
    private final KeyExchange keyExchange;

    private IkeRekey(IkeSa old, KeyExchange keyExchange) {
        this.old = old;
        this.keyExchange = keyExchange;
        this.ourSpi = old.host().newIkeSpi();
        this.nonce = old.settings().random().bytes(NONCE_LENGTH);
    }

    /** This side begins. */
    static void start(IkeSa old, long now) {
        KeyExchangeMethod method = old.negotiated().orElseThrow().method();
        old.succession().rekeying(true);
        old.host().offload(new Work(
                old,
                () -> {
                    KeyExchange generated = method.generate(old.settings().random());
                    return later -> {
                        var rekey = new IkeRekey(old, generated);
                        old.exchanges().requests().add(
                                new RequestQueue.Request("CREATE_CHILD_SA", rekey::encode, rekey::answer));
                        old.pump(later);
                    };
                },
                later -> old.succession().retryLater(later)));
    }

    /** The request; none when the peer was first, or the IKE SA ended meanwhile. */
    private Outgoing encode(int messageId, long now) {
        if (old.state() != IkeSa.State.ESTABLISHED || !old.isCurrent() || old.succession().peerReplacement().isPresent()) {
            keyExchange.destroy();
            old.succession().rekeying(false);
            if (old.state() == IkeSa.State.ESTABLISHED && old.isCurrent()) {
                old.succession().adoptPeerReplacement(now);
            }
            return null;
        }
        List<Payload> payloads = List.of(
                Negotiation.offerIkeAgain(old.negotiated().orElseThrow().withoutAdditional(), ourSpi),
                new NoncePayload(nonce),
                new KePayload(keyExchange.method().transformId(), keyExchange.publicValue()));
        return old.exchanges().seal(ExchangeType.CREATE_CHILD_SA, false, messageId, payloads);
    }

    private void answer(List<Payload> payloads, long now) {
        old.succession().rekeying(false);
        Optional<Negotiation.ChosenIke> chosen = Payloads.first(payloads, SaPayload.class)
                .filter(Negotiation::isOneChoice)
                .flatMap(offer -> Negotiation.chooseIkeAgain(offer, old.settings().policy()))
                .filter(choice -> choice.algorithms().equals(old.negotiated().orElseThrow().withoutAdditional()));
        Optional<NoncePayload> peerNonce = Payloads.first(payloads, NoncePayload.class);
        Optional<KePayload> ke = Payloads.first(payloads, KePayload.class)
                .filter(payload -> payload.group() == keyExchange.method().transformId());
        if (Payloads.firstError(payloads).isPresent() || old.state() != IkeSa.State.ESTABLISHED || !old.isCurrent()) {
            keyExchange.destroy();
            notReplacedByUs(now);
        } else if (chosen.isEmpty() || peerNonce.isEmpty() || ke.isEmpty()) {
            keyExchange.destroy();
            old.terminate(new TerminationCause.ProtocolError("the answer to IKE rekeying does not fit the offer"), now);
        } else {
            old.succession().rekeying(true);
            agree(chosen.get(), ke.get().data(), peerNonce.get().nonce());
        }
    }

    /** The peer could not: because it was first itself, or for a reason that may pass (§2.25.2). */
    private void notReplacedByUs(long now) {
        if (old.succession().peerReplacement().isPresent()) {
            old.succession().adoptPeerReplacement(now);
        } else if (old.state() == IkeSa.State.ESTABLISHED && old.isCurrent()) {
            old.succession().retryLater(now);
        }
    }

    private void agree(Negotiation.ChosenIke chosen, byte[] peerPublicValue, byte[] peerNonce) {
        old.host().offload(new Work(
                old,
                () -> {
                    try {
                        Secret shared = keyExchange.agree(peerPublicValue);
                        return now -> {
                            try (shared) {
                                replace(chosen, shared, peerNonce, now);
                            }
                        };
                    } catch (InvalidPublicValue e) {
                        return this::invalidPublicValue;
                    } finally {
                        keyExchange.destroy();
                    }
                },
                this::invalidPublicValue));
    }

    private void invalidPublicValue(long now) {
        old.succession().rekeying(false);
        old.terminate(new TerminationCause.ProtocolError("invalid key exchange value in IKE rekeying"), now);
        old.pump(now);
    }

    private void replace(Negotiation.ChosenIke chosen, Secret shared, byte[] peerNonce, long now) {
        old.succession().rekeying(false);
        if (old.state() != IkeSa.State.ESTABLISHED || !old.isCurrent()) {
            return;
        }
        var seed = new IkeKeys.Seed(ourSpi, chosen.peerSpi(), nonce, peerNonce);
        IkeKeys keys = old.exchanges().keys().rekeyed(chosen.algorithms(), shared, seed);
        IkeSa ours = old.succession().successor(true, new Exchanges.Spis(ourSpi, chosen.peerSpi()), keys, now);
        ours.negotiated(chosen.algorithms());
        Optional<Succession.PeerReplacement> collision = old.succession().peerReplacement();
        boolean redundant = collision.isPresent()
                && Arrays.compareUnsigned(ChildKeeper.lower(nonce, peerNonce), collision.get().lowestNonce()) < 0;
        if (redundant) {
            ours.exchanges().requests().add(Informational.deleteIkeSa(ours));
            ours.pump(now);
            old.host().rescheduled(ours);
            old.succession().adoptPeerReplacement(now);
        } else {
            old.succession().replaceBy(ours, now);
            old.exchanges().requests().add(Informational.deleteIkeSa(old));
            old.pump(now);
        }
    }

    /** The peer begins. */
    static void request(IkeSa old, SaPayload offer, List<Payload> payloads, long now) {
        Exchanges exchanges = old.exchanges();
        if (old.children().isBusy() || old.succession().peerReplacement().isPresent()) {
            exchanges.respond(NotifyType.TEMPORARY_FAILURE);
            return;
        }
        Optional<Negotiation.ChosenIke> chosen = Negotiation.chooseIkeAgain(offer, old.settings().policy());
        if (chosen.isEmpty()) {
            exchanges.respond(NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        KeyExchangeMethod method = chosen.get().method();
        Optional<KePayload> ke = Payloads.first(payloads, KePayload.class);
        if (ke.isEmpty() || ke.get().group() != method.transformId()) {
            byte[] wanted = new ByteWriter(2).u16(method.transformId()).toByteArray();
            exchanges.respond(List.of(NotifyPayload.of(NotifyType.INVALID_KE_PAYLOAD, wanted)));
            return;
        }
        byte[] peerPublicValue = ke.get().data();
        if (peerPublicValue.length != method.initiatorValueLength()) {
            old.invalidSyntax("a key exchange value of the wrong length", now);
            return;
        }
        byte[] peerNonce = Payloads.first(payloads, NoncePayload.class).orElseThrow().nonce();
        old.host().offload(new Work(
                old,
                () -> {
                    try {
                        KeyExchange.Response ours = method.respond(peerPublicValue, old.settings().random());
                        return later -> {
                            try (Secret shared = ours.sharedSecret()) {
                                var theirs = new Contribution(peerNonce, ours.publicValue(), shared);
                                respond(old, chosen.get(), theirs, later);
                            }
                        };
                    } catch (InvalidPublicValue e) {
                        return later -> old.invalidSyntax("an invalid key exchange value", later);
                    }
                },
                later -> old.invalidSyntax("an invalid key exchange value", later)));
    }

    private record Contribution(byte[] peerNonce, byte[] publicValue, Secret shared) {}

    private static void respond(IkeSa old, Negotiation.ChosenIke chosen, Contribution theirs, long now) {
        if (old.state() != IkeSa.State.ESTABLISHED || !old.isCurrent()) {
            return;
        }
        long spi = old.host().newIkeSpi();
        byte[] nonce = old.settings().random().bytes(NONCE_LENGTH);
        var seed = new IkeKeys.Seed(chosen.peerSpi(), spi, theirs.peerNonce(), nonce);
        IkeKeys keys = old.exchanges().keys().rekeyed(chosen.algorithms(), theirs.shared(), seed);
        IkeSa created = old.succession().successor(false, new Exchanges.Spis(chosen.peerSpi(), spi), keys, now);
        created.negotiated(chosen.algorithms());
        old.exchanges().respond(List.of(
                chosen.answer(spi),
                new NoncePayload(nonce),
                new KePayload(chosen.method().transformId(), theirs.publicValue())));
        boolean collides = old.succession().isRekeying();
        old.succession().peerReplacement(new Succession.PeerReplacement(created, ChildKeeper.lower(theirs.peerNonce(), nonce)));
        if (!collides) {
            old.succession().adoptPeerReplacement(now);
        }
    }
}
