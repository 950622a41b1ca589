package jkipsec.ike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Octets;
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
    private Optional<KeyExchange> keyExchange = Optional.empty();

    private ChildRekey(IkeSa sa, ChildSas.Entry old) {
        this.sa = sa;
        this.old = old;
        this.ourSpi = sa.host().newInboundSpi();
        this.nonce = sa.settings().random().bytes(NONCE_LENGTH);
    }

    static void start(IkeSa sa, ChildSas.Entry old, long now) {
        old.state(ChildSas.State.REKEYING);
        sa.children().creating(true);
        var rekey = new ChildRekey(sa, old);
        Optional<KeyExchangeMethod> method = old.sa().algorithms().method();
        if (sa.settings().policy().children().pfs() != ChildPolicy.Pfs.ACCEPTED) {
            method = method.or(() -> sa.negotiated().map(NegotiatedIke::method));
        }
        if (method.isPresent()) {
            rekey.generate(method.get());
        } else {
            rekey.enqueue();
            sa.pump(now);
        }
    }

    private void generate(KeyExchangeMethod method) {
        tried.add(method);
        sa.host().offload(new Work(
                sa,
                () -> {
                    KeyExchange generated = method.generate(sa.settings().random());
                    return now -> {
                        keyExchange = Optional.of(generated);
                        enqueue();
                        sa.pump(now);
                    };
                },
                this::giveUpForNow));
    }

    private void enqueue() {
        sa.exchanges().requests().add(new RequestQueue.Request("CREATE_CHILD_SA", this::encode, this::answer));
    }

    /** The request; none when the old Child SA or its IKE SA went meanwhile. */
    private Outgoing encode(int messageId, long now) {
        if (old.state() != ChildSas.State.REKEYING || !sa.isCurrent() || sa.state() != IkeSa.State.ESTABLISHED) {
            keyExchange.ifPresent(KeyExchange::destroy);
            sa.children().creating(false);
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

    /** Those of the old one, but for the key exchange. */
    private NegotiatedChild algorithms() {
        NegotiatedChild before = old.sa().algorithms();
        return new NegotiatedChild(before.suite(), keyExchange.map(KeyExchange::method), before.extended());
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
                .filter(choice -> choice.algorithms().equals(algorithms()));
        Optional<NoncePayload> peerNonce = Payloads.first(payloads, NoncePayload.class);
        Optional<KePayload> ke = Payloads.first(payloads, KePayload.class);
        List<TrafficSelector> local = Payloads.selectors(payloads, true);
        List<TrafficSelector> remote = Payloads.selectors(payloads, false);
        boolean fits = chosen.isPresent()
                && peerNonce.isPresent()
                && ke.isPresent() == keyExchange.isPresent()
                && !local.isEmpty()
                && !remote.isEmpty()
                && Selectors.within(local, old.sa().local())
                && Selectors.within(remote, old.sa().remote());
        if (!fits) {
            sa.terminate(new TerminationCause.ProtocolError("the answer to CREATE_CHILD_SA does not fit the offer"), now);
            return;
        }
        var terms = new ChildTerms(chosen.get().algorithms(), ourSpi, chosen.get().peerSpi(), local, remote);
        if (keyExchange.isPresent()) {
            agree(keyExchange.get(), ke.get().data(), terms, peerNonce.get().nonce());
        } else {
            install(terms, Optional.empty(), peerNonce.get().nonce(), now);
        }
    }

    private void agree(KeyExchange ours, byte[] peerPublicValue, ChildTerms terms, byte[] peerNonce) {
        sa.host().offload(new Work(
                sa,
                () -> {
                    try {
                        Secret shared = ours.agree(peerPublicValue);
                        return now -> {
                            try (shared) {
                                install(terms, Optional.of(shared), peerNonce, now);
                            }
                        };
                    } catch (InvalidPublicValue e) {
                        return this::invalidPublicValue;
                    } finally {
                        ours.destroy();
                    }
                },
                this::invalidPublicValue));
    }

    private void invalidPublicValue(long now) {
        sa.terminate(new TerminationCause.ProtocolError("invalid key exchange value in CREATE_CHILD_SA"), now);
        sa.pump(now);
    }

    /** The new one is there; of the old one, and of one that the peer made at the same time, all but one go (§2.8.1). */
    private void install(ChildTerms terms, Optional<Secret> shared, byte[] peerNonce, long now) {
        sa.children().creating(false);
        if (sa.state() != IkeSa.State.ESTABLISHED) {
            return;
        }
        IkeKeys keys = sa.exchanges().keys();
        ChildKeys derived = shared.isPresent()
                ? ChildKeys.derive(keys, old.sa().suite(), shared.get(), nonce, peerNonce)
                : ChildKeys.derive(keys, old.sa().suite(), nonce, peerNonce);
        ChildSas.Entry ours = ChildKeeper.install(
                sa, derived.toChildSa(true, terms, sa.settings().random()), now);
        Optional<ChildSas.PeerRekey> collision = old.peerRekey();
        boolean redundant = collision.isPresent()
                && Arrays.compareUnsigned(ChildKeeper.lower(nonce, peerNonce), collision.get().lowestNonce()) < 0;
        if (redundant || old.state() == ChildSas.State.GONE) {
            ChildKeeper.close(sa, ours, now);
            if (old.state() == ChildSas.State.REKEYING) {
                old.state(ChildSas.State.REPLACED);
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
        sa.children().creating(false);
        if (old.peerRekey().isPresent()) {
            // The peer was first, and may already have closed what we wanted to replace.
            if (old.state() == ChildSas.State.REKEYING) {
                old.state(ChildSas.State.REPLACED);
            }
        } else if (old.state() != ChildSas.State.REKEYING) {
            // Closed meanwhile: nothing is left to replace.
            return;
        } else if (wanted.isPresent()) {
            sa.children().creating(true);
            generate(wanted.get());
        } else if (error.type() == NotifyType.CHILD_SA_NOT_FOUND) {
            sa.children().gone(old, now);
            if (sa.children().usableCount() == 0) {
                sa.terminate(new TerminationCause.ProtocolError("the peer has lost the Child SA"), now);
            }
        } else {
            retryLater(now);
        }
    }

    /** It is tried again later, until the hard limit of the old one ends all. */
    private void giveUpForNow(long now) {
        sa.children().creating(false);
        retryLater(now);
    }

    private void retryLater(long now) {
        if (old.state() == ChildSas.State.REKEYING) {
            ChildKeeper.retryLater(sa, old, now);
        }
    }
}
