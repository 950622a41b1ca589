package jkipsec.ike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Octets;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.ExchangeType;
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
 * This side replaces a Child SA by a new one (RFC 7296 §1.3.3, §2.8):
 *
 * <pre>
 *   HDR, SK {N(REKEY_SA), SA, Ni, [KEi,] TSi, TSr}  --&gt;
 *                                                   &lt;--  HDR, SK {SA, Nr, [KEr,] TSi, TSr}
 *   HDR, SK {D(the old one)}                        --&gt;
 *                                                   &lt;--  HDR, SK {D(the old one)}
 * </pre>
 *
 * <p>The new one has the algorithms and selectors of the old, and a key exchange of its own if the old had one. Confined
 * to the thread that owns the IKE SA.
 */
final class ChildRekey {
    private static final int NONCE_LENGTH = 32;

    private final IkeSa sa;
    private final ChildSas.Entry old;
    private final int ourSpi;
    private final byte[] nonce;
    private final Set<KeyExchangeMethod> tried = EnumSet.noneOf(KeyExchangeMethod.class);
    private Optional<KeyExchanges> wanted = Optional.empty();
    private Optional<KeyExchange> keyExchange = Optional.empty();

    private ChildRekey(IkeSa sa, ChildSas.Entry old) {
        this.sa = sa;
        this.old = old;
        this.ourSpi = sa.host().newInboundSpi();
        this.nonce = sa.settings().random().bytes(NONCE_LENGTH);
    }

    static void start(IkeSa sa, ChildSas.Entry old, long now) {
        old.state(ChildSas.State.REKEYING);
        sa.succession().makingChild(true);
        var rekey = new ChildRekey(sa, old);
        old.followedUp(false);
        rekey.wanted = old.sa().algorithms().keyExchanges();
        if (sa.settings().policy().children().pfs() != ChildPolicy.Pfs.ACCEPTED) {
            rekey.wanted = rekey.wanted.or(() -> sa.negotiated().map(NegotiatedIke::keyExchanges));
        }
        if (rekey.wanted.isPresent()) {
            rekey.generate(rekey.wanted.get().first());
        } else {
            rekey.enqueue();
            sa.pump(now);
        }
    }

    private void generate(KeyExchangeMethod method) {
        tried.add(method);
        KeyExchangeWork.generate(sa, method, this::generated, this::abandon);
    }

    private void generated(KeyExchange generated, long now) {
        if (sa.state() == IkeSa.State.RELEASED) {
            generated.destroy();
            return;
        }
        keyExchange = Optional.of(generated);
        enqueue();
        sa.pump(now);
    }

    private void enqueue() {
        sa.exchanges().requests().add(new RequestQueue.Request(
                "CREATE_CHILD_SA", this::encode, this::answer, () -> keyExchange.ifPresent(KeyExchange::destroy)));
    }

    /** The request; none when the old Child SA or its IKE SA went meanwhile. */
    private Outgoing encode(int messageId, long now) {
        if (old.state() != ChildSas.State.REKEYING || !sa.isCurrent() || sa.state() != IkeSa.State.ESTABLISHED) {
            keyExchange.ifPresent(KeyExchange::destroy);
            sa.succession().makingChild(false);
            return null;
        }
        var payloads = new ArrayList<Payload>();
        byte[] oldSpi = new ByteWriter(4).i32(old.sa().inbound().spi()).toByteArray();
        payloads.add(new NotifyPayload(ProtocolId.ESP, oldSpi, NotifyType.REKEY_SA, new byte[0]));
        payloads.add(Negotiation.offerChildAgain(algorithms(), ourSpi));
        payloads.add(new NoncePayload(nonce));
        keyExchange.ifPresent(ke -> payloads.add(new KePayload(ke.method().transformId(), ke.publicValue())));
        payloads.add(new TsPayload(true, old.sa().local()));
        payloads.add(new TsPayload(false, old.sa().remote()));
        return sa.exchanges().seal(ExchangeType.CREATE_CHILD_SA, false, messageId, payloads);
    }

    /**
     * Those of the old one, but for the key exchanges; without the additional ones too if policy can do without, since
     * a peer's Child SAs need not have what its IKE SA has.
     */
    private List<NegotiatedChild> algorithms() {
        if (keyExchange.isEmpty()) {
            return List.of(algorithms(Optional.empty()));
        }
        KeyExchangeMethod first = keyExchange.get().method();
        NegotiatedChild all = algorithms(Optional.of(new KeyExchanges(first, wanted.orElseThrow().additional())));
        NegotiatedChild one = algorithms(Optional.of(KeyExchanges.of(first)));
        boolean dispensable = sa.settings().policy().additional().contains(List.of());
        return all.equals(one) || !dispensable ? List.of(all) : List.of(all, one);
    }

    private NegotiatedChild algorithms(Optional<KeyExchanges> keyExchanges) {
        NegotiatedChild before = old.sa().algorithms();
        return new NegotiatedChild(before.suite(), keyExchanges, before.extended());
    }

    private void answer(List<Payload> payloads, long now) {
        Optional<NotifyPayload> error = Payloads.firstError(payloads);
        if (error.isPresent()) {
            refused(error.get(), now);
            return;
        }
        Optional<Negotiation.ChosenChild> chosen = Payloads.first(payloads, SaPayload.class)
                .filter(Negotiation::isOneChoice)
                .flatMap(offer -> Negotiation.chooseChild(offer, sa.settings().policy()))
                .filter(choice -> algorithms().contains(choice.algorithms()));
        Optional<NoncePayload> peerNonce = Payloads.first(payloads, NoncePayload.class);
        Optional<KePayload> ke = Payloads.first(payloads, KePayload.class);
        boolean followed = chosen.flatMap(Negotiation.ChosenChild::keyExchanges)
                .map(all -> !all.additional().isEmpty())
                .orElse(false);
        Optional<byte[]> link = FollowUpInitiator.link(payloads);
        List<TrafficSelector> local = Payloads.selectors(payloads, true);
        List<TrafficSelector> remote = Payloads.selectors(payloads, false);
        boolean fits = chosen.isPresent()
                && peerNonce.isPresent()
                && ke.isPresent() == keyExchange.isPresent()
                && (link.isPresent() || !followed)
                && !local.isEmpty()
                && !remote.isEmpty()
                && Selectors.within(local, old.sa().local())
                && Selectors.within(remote, old.sa().remote());
        if (!fits) {
            sa.life().terminate(
                    new TerminationCause.ProtocolError("the answer to CREATE_CHILD_SA does not fit the offer"), now);
            return;
        }
        var terms = new ChildTerms(chosen.get().algorithms(), ourSpi, chosen.get().peerSpi(), local, remote);
        byte[] nonceR = peerNonce.get().nonce();
        if (followed && old.peerRekey().map(other -> lost(other, nonceR)).orElse(false)) {
            notFollowedUp(now);
        } else if (keyExchange.isPresent()) {
            old.followedUp(followed);
            if (followed) {
                // The peer's own rekeying, if there is one, has lost: it does not go on.
                old.peerRekey().filter(other -> !other.complete())
                        .ifPresent(other -> sa.followUps().cancel(other.creation(), now));
            }
            agree(keyExchange.get(), ke.get().data(), new Agreement(terms, nonceR, link));
        } else {
            install(terms, Optional.empty(), nonceR, now);
        }
    }

    private record Agreement(ChildTerms terms, byte[] peerNonce, Optional<byte[]> link) {
        FollowUpInitiator.Agreed followUps() {
            return new FollowUpInitiator.Agreed(terms.algorithms().keyExchanges().orElseThrow(), link);
        }
    }

    /** Whether of both sides' rekeyings it is ours that has the lowest nonce, and so makes what is superfluous (§2.8.1). */
    private boolean lost(ChildSas.PeerRekey other, byte[] peerNonce) {
        return Arrays.compareUnsigned(ChildKeeper.lower(nonce, peerNonce), other.lowestNonce()) < 0;
    }

    /** There is no new Child SA yet, and as our rekeying lost to the peer's there will be none. */
    private void notFollowedUp(long now) {
        keyExchange.ifPresent(KeyExchange::destroy);
        abandon(now);
    }

    /** The peer's own rekeying has replaced it, or we try again later, until the hard limit of the old one ends all. */
    private void abandon(long now) {
        sa.succession().makingChild(false);
        if (old.state() != ChildSas.State.REKEYING) {
            return;
        }
        if (old.peerRekey().filter(ChildSas.PeerRekey::complete).isPresent()) {
            old.state(ChildSas.State.REPLACED);
        } else {
            retryLater(now);
        }
    }

    private void agree(KeyExchange ours, byte[] peerPublicValue, Agreement agreement) {
        KeyExchangeWork.agree(
                sa,
                ours,
                peerPublicValue,
                (shared, now) -> FollowUpInitiator.run(
                        sa, agreement.followUps(), new SharedSecrets(shared), outcome(agreement), now),
                this::invalidPublicValue);
    }

    private FollowUpInitiator.Outcome outcome(Agreement agreement) {
        return new FollowUpInitiator.Outcome() {
            @Override
            public void done(SharedSecrets secrets, long now) {
                install(agreement.terms(), Optional.of(secrets), agreement.peerNonce(), now);
            }

            @Override
            public void failed(long now) {
                abandon(now);
            }
        };
    }

    private void invalidPublicValue(long now) {
        sa.life().terminate(new TerminationCause.ProtocolError("invalid key exchange value in CREATE_CHILD_SA"), now);
        sa.pump(now);
    }

    /** The new one is there; of the old one, and of one that the peer made at the same time, all but one go (§2.8.1). */
    private void install(ChildTerms terms, Optional<SharedSecrets> secrets, byte[] peerNonce, long now) {
        sa.succession().makingChild(false);
        if (sa.state() != IkeSa.State.ESTABLISHED || !sa.isCurrent()) {
            return;
        }
        IkeKeys keys = sa.exchanges().keys();
        ChildKeys derived = secrets.isPresent()
                ? ChildKeys.derive(keys, old.sa().suite(), secrets.get(), nonce, peerNonce)
                : ChildKeys.derive(keys, old.sa().suite(), nonce, peerNonce);
        ChildSas.Entry ours = ChildKeeper.install(
                sa, derived.toChildSa(true, terms, sa.settings().random()), now);
        boolean redundant = old.peerRekey().map(other -> lost(other, peerNonce)).orElse(false);
        if (redundant || old.state() == ChildSas.State.GONE) {
            ChildKeeper.close(sa, ours, now);
            if (old.state() == ChildSas.State.REKEYING && old.peerRekey().map(ChildSas.PeerRekey::complete).orElse(true)) {
                old.state(ChildSas.State.REPLACED);
            } else {
                retryLater(now);
            }
        } else {
            ChildKeeper.send(sa, ours);
            ChildKeeper.close(sa, old, now);
        }
        sa.pump(now);
    }

    private void refused(NotifyPayload error, long now) {
        Optional<KeyExchangeMethod> wanted = error.type() == NotifyType.INVALID_KE_PAYLOAD && error.data().length == 2
                ? KeyExchangeMethod.of(Octets.u16(error.data(), 0))
                        .filter(m -> sa.settings().policy().groups().contains(m))
                        .filter(m -> !tried.contains(m))
                : Optional.empty();
        keyExchange.ifPresent(KeyExchange::destroy);
        keyExchange = Optional.empty();
        sa.succession().makingChild(false);
        if (old.peerRekey().filter(ChildSas.PeerRekey::complete).isPresent()) {
            // The peer was first, and may already have closed what we wanted to replace.
            if (old.state() == ChildSas.State.REKEYING) {
                old.state(ChildSas.State.REPLACED);
            }
        } else if (old.state() != ChildSas.State.REKEYING) {
            // Closed meanwhile: nothing is left to replace.
            return;
        } else if (wanted.isPresent()) {
            sa.succession().makingChild(true);
            generate(wanted.get());
        } else if (error.type() == NotifyType.CHILD_SA_NOT_FOUND) {
            sa.children().gone(old, now);
            if (sa.children().usableCount() == 0) {
                sa.life().terminate(new TerminationCause.ProtocolError("the peer has lost the Child SA"), now);
            }
        } else {
            retryLater(now);
        }
    }

    private void retryLater(long now) {
        if (old.state() == ChildSas.State.REKEYING) {
            ChildKeeper.retryLater(sa, old, now);
        }
    }
}
