package jkipsec.ike;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.SaPayload;

/**
 * This side replaces an IKE SA by a new one that takes over its Child SAs (RFC 7296 §1.3.2, §2.18):
 *
 * <pre>
 *   HDR, SK {SA, Ni, KEi}   --&gt;
 *                           &lt;--  HDR, SK {SA, Nr, KEr}
 *   and IKE_FOLLOWUP_KE if there were additional key exchanges before: see {@link FollowUpInitiator}
 *   HDR, SK {D(IKE)}        --&gt;       the last request over the old one
 * </pre>
 *
 * <p>When both begin at once, the new IKE SA with the lowest of the four nonces is deleted by the side that began it, and
 * the other one gets the Child SAs (§2.8.2); if it is not made yet, since additional key exchanges are under way, it never
 * is. {@link IkeRekeyByPeer} is the other side. Confined to the thread that owns the IKE SA.
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
        KeyExchangeWork.generate(
                old,
                method,
                (generated, later) -> generated(old, generated, later),
                later -> {
                    old.succession().rekeying(false);
                    notReplacedByUs(old, later);
                });
    }

    private static void generated(IkeSa old, KeyExchange generated, long now) {
        if (old.state() == IkeSa.State.RELEASED) {
            generated.destroy();
            return;
        }
        var rekey = new IkeRekey(old, generated);
        old.exchanges().requests().add(new RequestQueue.Request(
                "CREATE_CHILD_SA", rekey::encode, rekey::answer, generated::destroy));
        old.pump(now);
    }

    /** The request; none when the peer was first, or the IKE SA ended meanwhile. */
    private Outgoing encode(int messageId, long now) {
        if (old.state() != IkeSa.State.ESTABLISHED || !old.isCurrent()
                || old.succession().peersLowestNonce().isPresent()) {
            keyExchange.destroy();
            old.succession().rekeying(false);
            notReplacedByUs(old, now);
            return null;
        }
        List<Payload> payloads = List.of(
                Negotiation.offerIkeAgain(algorithms(), ourSpi),
                new NoncePayload(nonce),
                new KePayload(keyExchange.method().transformId(), keyExchange.publicValue()));
        return old.exchanges().seal(ExchangeType.CREATE_CHILD_SA, false, messageId, payloads);
    }

    private void answer(List<Payload> payloads, long now) {
        old.succession().rekeying(false);
        Optional<Negotiation.ChosenIke> chosen = Payloads.first(payloads, SaPayload.class)
                .filter(Negotiation::isOneChoice)
                .flatMap(offer -> Negotiation.chooseIkeAgain(offer, old.settings().policy()))
                .filter(choice -> algorithms().contains(choice.algorithms()));
        Optional<NoncePayload> peerNonce = Payloads.first(payloads, NoncePayload.class);
        boolean followed = chosen
                .map(choice -> !choice.algorithms().keyExchanges().additional().isEmpty())
                .orElse(false);
        Optional<byte[]> link = FollowUpInitiator.link(payloads);
        Optional<KePayload> ke = Payloads.first(payloads, KePayload.class)
                .filter(payload -> payload.group() == keyExchange.method().transformId());
        // With further key exchanges to come the peer has not gone over to the new one yet: the DELETE of the old one does.
        boolean closing = isClosing() && !followed;
        if (Payloads.firstError(payloads).isPresent()
                || old.state() != IkeSa.State.ESTABLISHED && !closing
                || !old.isCurrent()) {
            keyExchange.destroy();
            notReplacedByUs(old, now);
        } else if (chosen.isEmpty() || peerNonce.isEmpty() || ke.isEmpty() || link.isEmpty() && followed) {
            keyExchange.destroy();
            old.life().terminate(
                    new TerminationCause.ProtocolError("the answer to IKE rekeying does not fit the offer"), now);
        } else if (followed && isRedundant(peerNonce.get().nonce())) {
            keyExchange.destroy();
            notReplacedByUs(old, now);
        } else {
            old.succession().rekeying(true);
            old.succession().followedUp(followed);
            if (followed) {
                // The peer's own, if there is one, has lost: it does not go on.
                old.succession().peerCreation().ifPresent(other -> old.followUps().cancel(other.creation(), now));
            }
            old.succession().agreeing(!followed);
            if (closing) {
                // Its DELETE, which waits, has to go over the new one too, once that has keys.
                old.exchanges().requests().clearWaiting();
            }
            agree(ke.get().data(), new Agreement(chosen.get(), peerNonce.get().nonce(), link));
        }
    }

    /** The same again; without the additional key exchanges too if policy can do without. */
    private List<NegotiatedIke> algorithms() {
        NegotiatedIke all = old.negotiated().orElseThrow();
        var one = new NegotiatedIke(all.suite(), all.prf(), all.method());
        boolean dispensable = old.settings().policy().additional().contains(List.of());
        return all.equals(one) || !dispensable ? List.of(all) : List.of(all, one);
    }

    /** Whether of both sides' replacements it is ours that has the lowest nonce (§2.8.2). */
    private boolean isRedundant(byte[] peerNonce) {
        return old.succession().peersLowestNonce()
                .map(lowest -> Arrays.compareUnsigned(ChildKeeper.lower(nonce, peerNonce), lowest) < 0)
                .orElse(false);
    }

    private record Agreement(Negotiation.ChosenIke chosen, byte[] peerNonce, Optional<byte[]> link) {
        FollowUpInitiator.Agreed followUps() {
            return new FollowUpInitiator.Agreed(chosen.algorithms().keyExchanges(), link);
        }
    }

    /** The peer could not: because it was first itself, or for a reason that may pass (§2.25.2). */
    private static void notReplacedByUs(IkeSa old, long now) {
        if (old.state() != IkeSa.State.ESTABLISHED) {
            // What the peer made was closed with it.
            return;
        }
        if (old.succession().peerReplacement().isPresent()) {
            old.succession().adoptPeerReplacement(now);
        } else if (old.isCurrent()) {
            old.succession().retryLater(now);
        }
    }

    private void agree(byte[] peerPublicValue, Agreement agreement) {
        KeyExchangeWork.agree(
                old,
                keyExchange,
                peerPublicValue,
                (shared, now) -> FollowUpInitiator.run(
                        old, agreement.followUps(), new SharedSecrets(shared), outcome(agreement), now),
                this::invalidPublicValue);
    }

    private FollowUpInitiator.Outcome outcome(Agreement agreement) {
        return new FollowUpInitiator.Outcome() {
            @Override
            public void done(SharedSecrets secrets, long now) {
                replace(agreement, secrets, now);
            }

            @Override
            public boolean lastAnswered() {
                old.succession().agreeing(true);
                if (isClosing()) {
                    old.exchanges().requests().clearWaiting();
                }
                return isClosing();
            }

            @Override
            public void failed(long now) {
                boolean agreeing = old.succession().isAgreeing();
                old.succession().rekeying(false);
                old.succession().agreeing(false);
                if (agreeing && isClosing()) {
                    delete(old, now);
                }
                notReplacedByUs(old, now);
            }
        };
    }

    /** Ended by this side, with the DELETE still to be sent. */
    private boolean isClosing() {
        return old.state() == IkeSa.State.ENDED && old.isCurrent() && old.exchanges().isProtected();
    }

    private void invalidPublicValue(long now) {
        old.succession().rekeying(false);
        old.succession().agreeing(false);
        if (isClosing()) {
            delete(old, now);
            return;
        }
        old.life().terminate(new TerminationCause.ProtocolError("invalid key exchange value in IKE rekeying"), now);
        old.pump(now);
    }

    private void replace(Agreement agreement, SharedSecrets secrets, long now) {
        Negotiation.ChosenIke chosen = agreement.chosen();
        old.succession().rekeying(false);
        old.succession().agreeing(false);
        boolean closing = isClosing();
        if (!closing && (old.state() != IkeSa.State.ESTABLISHED || !old.isCurrent())) {
            return;
        }
        var seed = new IkeKeys.Seed(ourSpi, chosen.peerSpi(), nonce, agreement.peerNonce());
        IkeKeys keys = old.exchanges().keys().rekeyed(chosen.algorithms(), secrets, seed);
        IkeSa ours = old.succession().successor(true, new Exchanges.Spis(ourSpi, chosen.peerSpi()), keys, now);
        ours.negotiated(chosen.algorithms());
        if (closing) {
            // The peer has gone over to the new one already, and takes no DELETE of the old for the tunnel's end.
            delete(ours, now);
            delete(old, now);
            return;
        }
        if (old.succession().peerReplacement().isPresent() && isRedundant(agreement.peerNonce())) {
            delete(ours, now);
            old.succession().adoptPeerReplacement(now);
        } else {
            old.succession().replaceBy(ours, now);
            delete(old, now);
        }
    }

    private static void delete(IkeSa sa, long now) {
        sa.exchanges().requests().add(Informational.deleteIkeSa(sa));
        sa.pump(now);
        sa.host().rescheduled(sa);
    }
}
