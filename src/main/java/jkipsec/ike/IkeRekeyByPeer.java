package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteWriter;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.SaPayload;

/**
 * The peer replaces an IKE SA by a new one (RFC 7296 §1.3.2, §2.18); {@link IkeRekey} shows the messages, and what
 * happens when this side does so too. Confined to the thread that owns the IKE SA.
 */
final class IkeRekeyByPeer implements FollowUpResponder.Creation {
    private static final int NONCE_LENGTH = 32;

    private final IkeSa old;
    private final Negotiation.ChosenIke chosen;
    private final byte[] peerNonce;
    private final byte[] nonce;
    private final long spi;

    private IkeRekeyByPeer(IkeSa old, Negotiation.ChosenIke chosen, byte[] peerNonce) {
        this.old = old;
        this.chosen = chosen;
        this.peerNonce = peerNonce;
        this.spi = old.host().newIkeSpi();
        this.nonce = old.settings().random().bytes(NONCE_LENGTH);
    }

    static void request(IkeSa old, SaPayload offer, List<Payload> payloads, long now) {
        Exchanges exchanges = old.exchanges();
        // A peer that begins anew has given up what it began before.
        old.succession().peerCreation().ifPresent(earlier -> old.followUps().cancel(earlier.creation(), now));
        // Once our own rekeying is followed up, the peer knows of it, and waits (§2.25.2).
        if (old.succession().isHeldUp() || old.succession().peerReplacement().isPresent()
                || old.succession().isFollowedUp()) {
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
            old.life().invalidSyntax("a key exchange value of the wrong length", now);
            return;
        }
        byte[] peerNonce = Payloads.first(payloads, NoncePayload.class).orElseThrow().nonce();
        KeyExchangeWork.respond(
                old,
                method,
                peerPublicValue,
                (ours, later) -> agreed(old, chosen.get(), peerNonce, ours, later),
                later -> old.life().invalidSyntax("an invalid key exchange value", later));
    }

    private static void agreed(
            IkeSa old, Negotiation.ChosenIke chosen, byte[] peerNonce, KeyExchange.Response ours, long now) {
        var secrets = new SharedSecrets(ours.sharedSecret());
        if (old.state() != IkeSa.State.ESTABLISHED || !old.isCurrent()) {
            secrets.close();
            refuseForNow(old);
            return;
        }
        var rekey = new IkeRekeyByPeer(old, chosen, peerNonce);
        var ke = new KePayload(chosen.method().transformId(), ours.publicValue());
        var answer = new ArrayList<Payload>(List.of(chosen.answer(rekey.spi), new NoncePayload(rekey.nonce), ke));
        if (chosen.algorithms().keyExchanges().additional().isEmpty()) {
            try (secrets) {
                Work.Continuation then = rekey.make(secrets, now);
                old.exchanges().respond(answer);
                then.resume(now);
            }
        } else if (old.succession().isFollowedUp()) {
            secrets.close();
            old.exchanges().respond(NotifyType.TEMPORARY_FAILURE);
        } else {
            answer.add(old.followUps().begin(chosen.algorithms().keyExchanges(), secrets, rekey, now));
            old.succession().peerBegins(new Succession.PeerCreation(rekey, rekey.lowestNonce()));
            old.exchanges().respond(answer);
        }
    }

    /** This side's own new IKE SA took over while a key exchange was computed; one that has ended answers nothing. */
    private static void refuseForNow(IkeSa old) {
        if (old.state() == IkeSa.State.ESTABLISHED) {
            old.exchanges().respond(NotifyType.TEMPORARY_FAILURE);
        }
    }

    private byte[] lowestNonce() {
        return ChildKeeper.lower(peerNonce, nonce);
    }

    @Override
    public Optional<Work.Continuation> complete(SharedSecrets secrets, long now) {
        old.succession().peerIsDone(now);
        return old.isCurrent() && old.succession().peerReplacement().isEmpty()
                ? Optional.of(make(secrets, now))
                : Optional.empty();
    }

    @Override
    public void abandoned(long now) {
        old.succession().peerIsDone(now);
    }

    /** It governs at once, unless this side is making one too: then our answer says which. */
    private Work.Continuation make(SharedSecrets secrets, long now) {
        var seed = new IkeKeys.Seed(chosen.peerSpi(), spi, peerNonce, nonce);
        IkeKeys keys = old.exchanges().keys().rekeyed(chosen.algorithms(), secrets, seed);
        IkeSa created = old.succession().successor(false, new Exchanges.Spis(chosen.peerSpi(), spi), keys, now);
        created.negotiated(chosen.algorithms());
        return later -> {
            boolean collides = old.succession().isRekeying();
            old.succession().peerReplacement(new Succession.PeerReplacement(created, lowestNonce()));
            if (!collides) {
                old.succession().adoptPeerReplacement(later);
            }
        };
    }
}
