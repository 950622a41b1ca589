package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Octets;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.TsPayload;

/**
 * The peer asks for a Child SA by CREATE_CHILD_SA: one that replaces another, or one more (RFC 7296 §1.3.1, §1.3.3), with
 * or without key exchanges of its own. Collisions are answered as §2.25.1 says.
 */
final class CreateChild implements FollowUpResponder.Creation {
    private static final int NONCE_LENGTH = 32;

    /** Child SAs at once beneath one IKE SA; the peer is told NO_ADDITIONAL_SAS beyond. */
    private static final int MOST_CHILDREN = 8;

    private final IkeSa sa;
    private final Optional<ChildSas.Entry> replaced;
    private final ChildSas.Entry model;
    private final Negotiation.ChosenChild chosen;
    private final byte[] peerNonce;
    private final byte[] nonce;
    private final List<TrafficSelector> remote;
    private final List<TrafficSelector> local;
    private int ourSpi;

    private CreateChild(
            IkeSa sa,
            Optional<ChildSas.Entry> replaced,
            ChildSas.Entry model,
            Negotiation.ChosenChild chosen,
            List<Payload> request) {
        this.sa = sa;
        this.replaced = replaced;
        this.model = model;
        this.chosen = chosen;
        this.peerNonce = Payloads.first(request, NoncePayload.class).orElseThrow().nonce();
        this.nonce = sa.settings().random().bytes(NONCE_LENGTH);
        this.remote = Selectors.narrow(Payloads.selectors(request, true), model.sa().remote());
        this.local = Selectors.narrow(Payloads.selectors(request, false), model.sa().local());
    }

    static void request(IkeSa sa, List<Payload> payloads, long now) {
        Exchanges exchanges = sa.exchanges();
        Optional<SaPayload> offer = Payloads.first(payloads, SaPayload.class);
        if (offer.isEmpty() || offer.get().proposals().isEmpty()
                || Payloads.first(payloads, NoncePayload.class).isEmpty()) {
            sa.life().invalidSyntax("CREATE_CHILD_SA without SA or nonce", now);
        } else if (sa.state() != IkeSa.State.ESTABLISHED || !sa.isCurrent()) {
            exchanges.respond(NotifyType.TEMPORARY_FAILURE);
        } else if (offer.get().proposals().get(0).protocolId() == ProtocolId.IKE) {
            IkeRekeyByPeer.request(sa, offer.get(), payloads, now);
        } else if (Payloads.first(payloads, TsPayload.class).isEmpty()) {
            sa.life().invalidSyntax("CREATE_CHILD_SA without TSi and TSr", now);
        } else if (sa.succession().isRekeying()) {
            exchanges.respond(NotifyType.TEMPORARY_FAILURE);
        } else {
            child(sa, offer.get(), payloads, now);
        }
    }

    private static void child(IkeSa sa, SaPayload offer, List<Payload> payloads, long now) {
        Exchanges exchanges = sa.exchanges();
        Optional<NotifyPayload> rekeySa = payloads.stream()
                .filter(NotifyPayload.class::isInstance)
                .map(NotifyPayload.class::cast)
                .filter(notify -> notify.type() == NotifyType.REKEY_SA)
                .findFirst();
        Optional<ChildSas.Entry> replaced = rekeySa
                .filter(notify -> notify.spi().length == 4)
                .flatMap(notify -> sa.children().named(Octets.i32(notify.spi(), 0)));
        if (rekeySa.isPresent() && replaced.isEmpty()) {
            exchanges.respond(List.of(new NotifyPayload(
                    ProtocolId.ESP, rekeySa.get().spi(), NotifyType.CHILD_SA_NOT_FOUND, new byte[0])));
            return;
        }
        // Once our own rekeying of it is followed up, the peer knows of it, and waits (§2.25.1).
        if (replaced.map(entry -> entry.state() == ChildSas.State.DELETING || entry.isFollowedUp()).orElse(false)) {
            exchanges.respond(NotifyType.TEMPORARY_FAILURE);
            return;
        }
        Optional<ChildSas.Entry> model = replaced.or(() -> sa.children().youngestUsable());
        if (model.isEmpty() || sa.children().usableCount() >= MOST_CHILDREN) {
            exchanges.respond(NotifyType.NO_ADDITIONAL_SAS);
            return;
        }
        Optional<Negotiation.ChosenChild> chosen = Negotiation.chooseChild(offer, sa.settings().policy());
        if (chosen.isEmpty()) {
            exchanges.respond(NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        var creation = new CreateChild(sa, replaced, model.get(), chosen.get(), payloads);
        if (creation.remote.isEmpty() || creation.local.isEmpty()) {
            exchanges.respond(NotifyType.TS_UNACCEPTABLE);
        } else if (chosen.get().keyExchanges().isPresent()) {
            creation.withKeyExchange(Payloads.first(payloads, KePayload.class), now);
        } else {
            creation.answer(Optional.empty(), Optional.empty(), now);
        }
    }

    private void withKeyExchange(Optional<KePayload> ke, long now) {
        KeyExchangeMethod method = chosen.keyExchanges().orElseThrow().first();
        if (ke.isEmpty() || ke.get().group() != method.transformId()) {
            byte[] wanted = new ByteWriter(2).u16(method.transformId()).toByteArray();
            sa.exchanges().respond(List.of(NotifyPayload.of(NotifyType.INVALID_KE_PAYLOAD, wanted)));
            return;
        }
        byte[] peerPublicValue = ke.get().data();
        if (peerPublicValue.length != method.initiatorValueLength()) {
            sa.life().invalidSyntax("a key exchange value of the wrong length", now);
            return;
        }
        KeyExchangeWork.respond(
                sa,
                method,
                peerPublicValue,
                (ours, later) -> agreed(method, ours, later),
                later -> sa.life().invalidSyntax("an invalid key exchange value", later));
    }

    private void agreed(KeyExchangeMethod method, KeyExchange.Response ours, long now) {
        var answer = new KePayload(method.transformId(), ours.publicValue());
        var secrets = new SharedSecrets(ours.sharedSecret());
        KeyExchanges all = chosen.keyExchanges().orElseThrow();
        if (all.additional().isEmpty()) {
            try (secrets) {
                answer(Optional.of(answer), Optional.of(secrets), now);
            }
        } else if (sa.state() == IkeSa.State.ESTABLISHED && mayReplace()) {
            answerFirst(all, answer, secrets, now);
        } else {
            secrets.close();
            refuseForNow();
        }
    }

    /** Whether what it is to replace is still there: while a key exchange was computed, that may have changed. */
    private boolean mayReplace() {
        return replaced.map(entry -> entry.isUsable() && !entry.isFollowedUp()).orElse(true);
    }

    private void refuseForNow() {
        if (sa.state() == IkeSa.State.ESTABLISHED) {
            sa.exchanges().respond(NotifyType.TEMPORARY_FAILURE);
        }
    }

    /** Additional key exchanges follow before there is a Child SA (RFC 9370 §2.2.4). */
    private void answerFirst(KeyExchanges all, KePayload ke, SharedSecrets secrets, long now) {
        replaced.flatMap(ChildSas.Entry::peerRekey)
                .ifPresent(earlier -> sa.followUps().cancel(earlier.creation(), now));
        sa.succession().makingChild(true);
        ourSpi = sa.host().newInboundSpi();
        List<Payload> payloads = payloads(Optional.of(ke));
        payloads.add(sa.followUps().begin(all, secrets, this, now));
        sa.exchanges().respond(payloads);
        replaced.filter(entry -> entry.state() == ChildSas.State.REKEYING)
                .ifPresent(entry -> entry.peerRekey(peerRekey(false)));
    }

    @Override
    public Optional<Work.Continuation> complete(SharedSecrets secrets, long now) {
        sa.succession().makingChild(false);
        return sa.isCurrent() && mayReplace()
                ? Optional.of(install(Optional.of(secrets), now))
                : Optional.empty();
    }

    @Override
    public void abandoned(long now) {
        sa.succession().makingChild(false);
        replaced.filter(entry -> entry.peerRekey().filter(one -> one.creation() == this).isPresent())
                .ifPresent(entry -> entry.peerRekey(null));
    }

    private ChildSas.PeerRekey peerRekey(boolean complete) {
        return new ChildSas.PeerRekey(this, complete, ChildKeeper.lower(peerNonce, nonce));
    }

    private void answer(Optional<KePayload> ke, Optional<SharedSecrets> secrets, long now) {
        if (sa.state() != IkeSa.State.ESTABLISHED || !mayReplace()) {
            refuseForNow();
            return;
        }
        ourSpi = sa.host().newInboundSpi();
        Work.Continuation then = install(secrets, now);
        sa.exchanges().respond(payloads(ke));
        then.resume(now);
    }

    private List<Payload> payloads(Optional<KePayload> ke) {
        var payloads = new ArrayList<Payload>();
        payloads.add(chosen.answer(ourSpi));
        payloads.add(new NoncePayload(nonce));
        ke.ifPresent(payloads::add);
        payloads.add(new TsPayload(true, remote));
        payloads.add(new TsPayload(false, local));
        return payloads;
    }

    /** The new one receives before the peer hears of it, and sends once the peer has used it (§2.8). */
    private Work.Continuation install(Optional<SharedSecrets> secrets, long now) {
        IkeKeys keys = sa.exchanges().keys();
        CipherSuite suite = chosen.algorithms().suite();
        ChildKeys derived = secrets.isPresent()
                ? ChildKeys.derive(keys, suite, secrets.get(), peerNonce, nonce)
                : ChildKeys.derive(keys, suite, peerNonce, nonce);
        var terms = new ChildTerms(chosen.algorithms(), ourSpi, chosen.peerSpi(), local, remote);
        ChildKeeper.install(sa, derived.toChildSa(false, terms, sa.settings().random()), now);
        return later -> replaced.ifPresent(entry -> {
            switch (entry.state()) {
                case REKEYING -> entry.peerRekey(peerRekey(true));
                case ACTIVE -> entry.state(ChildSas.State.REPLACED);
                case REPLACED, DELETING, GONE -> {}
            }
        });
    }
}
