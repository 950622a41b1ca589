package jkipsec.ike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.Octets;
import jkipsec.bytes.Secret;
import jkipsec.crypto.InvalidPublicValue;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.SignatureHash;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.SaPayload;

/**
 * The initiator's side of IKE_SA_INIT (RFC 7296 §1.2), with the retries that COOKIE and INVALID_KE_PAYLOAD demand (§2.6,
 * §2.6.1), and the move to port 4500 (§2.23); {@link InitiatorIntermediate} goes on with IKE_INTERMEDIATE if that
 * was agreed on, and {@link InitiatorAuth} with IKE_AUTH. Confined to the thread that
 * owns the IKE SA.
 */
final class InitiatorHandshake implements Handshake {
    private static final int NONCE_LENGTH = 32;

    private static final int LONGEST_COOKIE = 64;

    /** How often a gateway may ask for another cookie before it counts as broken. */
    private static final int MOST_COOKIES = 4;

    /** After an unprotected error: how long an honest answer may still come (§2.21.1). */
    private static final long ERROR_GRACE = 1_000_000_000L;

    private final IkeSa sa;
    private final Initiation config;
    private final byte[] nonce;
    private final Set<KeyExchangeMethod> tried = EnumSet.noneOf(KeyExchangeMethod.class);
    private KeyExchange keyExchange;
    private Optional<byte[]> cookie = Optional.empty();
    private int cookies;
    private boolean generating;
    private List<NotifyPayload> natDetection = List.of();
    private byte[] initRequest;
    private byte[] initResponse;
    private byte[] peerNonce;
    private TerminationCause reported;
    private Set<SignatureHash> peerHashes = Set.of();
    private Optional<PpkUse> ppk = Optional.empty();
    private InitiatorIntermediate intermediate;
    private InitiatorAuth auth;

    InitiatorHandshake(IkeSa sa, Initiation config) {
        this.sa = sa;
        this.config = config;
        this.nonce = sa.settings().random().bytes(NONCE_LENGTH);
    }

    void start(long now) {
        generate(config.policy().groups().get(0));
    }

    private void generate(KeyExchangeMethod method) {
        tried.add(method);
        generating = true;
        KeyExchangeWork.generate(sa, method, this::generated, now -> fail("key generation failed", now));
    }

    private void generated(KeyExchange generated, long now) {
        if (sa.state() != IkeSa.State.HANDSHAKE) {
            generated.destroy();
            return;
        }
        generating = false;
        if (keyExchange != null) {
            keyExchange.destroy();
        }
        keyExchange = generated;
        sendInit(now);
    }

    private void sendInit(long now) {
        var payloads = new ArrayList<Payload>();
        cookie.ifPresent(c -> payloads.add(NotifyPayload.of(NotifyType.COOKIE, c)));
        payloads.add(Negotiation.offerIke(config.policy()));
        payloads.add(new KePayload(keyExchange.method().transformId(), keyExchange.publicValue()));
        payloads.add(new NoncePayload(nonce));
        if (natDetection.isEmpty()) {
            natDetection = NatDetection.notifications(
                    sa.exchanges().initiatorSpi(), 0, config.ike().peer(), sa.settings().random());
        }
        payloads.addAll(natDetection);
        payloads.addAll(Fragments.offer(config.policy()));
        payloads.addAll(sa.redirection().offer(config.redirectedFrom()));
        payloads.addAll(CertificateAuth.offer(config.login().certificates()));
        if (config.policy().usesIntermediate()) {
            payloads.add(NotifyPayload.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
        }
        config.ppk().ifPresent(use -> payloads.add(NotifyPayload.of(NotifyType.USE_PPK)));
        var header = new IkeHeader(sa.exchanges().initiatorSpi(), 0, ExchangeType.IKE_SA_INIT, true, false, 0);
        boolean first = initRequest == null;
        initRequest = new IkeMessage(header, payloads).write();
        Outgoing request = Outgoing.unprotected(header, initRequest);
        if (first) {
            sa.exchanges().requests().add(new RequestQueue.Request("IKE_SA_INIT", (id, when) -> request, (p, t) -> {}));
            sa.pump(now);
        } else {
            sa.exchanges().restart(request, now);
        }
    }

    @Override
    public void initResponse(IkeMessage message, byte[] octets, long now) {
        if (generating) {
            sa.drop(IkeDrop.IN_PROGRESS);
            return;
        }
        Optional<SaPayload> chosen = message.first(SaPayload.class);
        if (chosen.isEmpty()) {
            errorOrRetry(message, now);
            return;
        }
        Optional<KePayload> ke = message.first(KePayload.class);
        Optional<NoncePayload> peer = message.first(NoncePayload.class);
        Optional<Negotiation.ChosenIke> choice = Negotiation.isOneChoice(chosen.get())
                ? choice(message, chosen.get())
                : Optional.empty();
        boolean usable = Payloads.criticalUnknown(message.payloads()).isEmpty()
                && choice.isPresent()
                && ke.isPresent()
                && peer.isPresent()
                && message.header().responderSpi() != 0
                && choice.get().method() == keyExchange.method()
                && ke.get().group() == keyExchange.method().transformId();
        if (!usable) {
            sa.drop(IkeDrop.MALFORMED);
            report(new TerminationCause.ProtocolError("the gateway's IKE_SA_INIT answer does not fit the offer"), now);
            return;
        }
        if (!NatDetection.supported(message)) {
            report(new TerminationCause.NegotiationFailed(
                    "NAT_DETECTION_SOURCE_IP", "the gateway does not support UDP encapsulation"), now);
            return;
        }
        ppk = config.ppk().filter(use -> message.notify(NotifyType.USE_PPK).isPresent());
        if (ppk.isEmpty() && config.ppk().map(PpkUse::mandatory).orElse(false)) {
            report(new TerminationCause.NegotiationFailed(
                    "USE_PPK", "the gateway has no PPK, and ours is mandatory"), now);
            return;
        }
        sa.exchanges().requests().answered();
        sa.life().expireAt(Long.MAX_VALUE);
        sa.exchanges().responderSpi(message.header().responderSpi());
        sa.nat().detect(message, config.ike());
        sa.exchanges().fragments().agree(message);
        sa.negotiated(choice.get().algorithms());
        initResponse = octets;
        peerNonce = peer.get().nonce();
        peerHashes = Transcript.hashesOf(message);
        agree(choice.get(), ke.get().data());
    }

    private Optional<Negotiation.ChosenIke> choice(IkeMessage message, SaPayload chosen) {
        return message.notify(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED).isPresent()
                ? Negotiation.chooseIke(chosen, config.policy())
                : Negotiation.chooseIkeWithoutIntermediate(chosen, config.policy());
    }

    /** What an unprotected answer without SA can ask for; all else is only remembered, since anyone can forge it. */
    private void errorOrRetry(IkeMessage message, long now) {
        Optional<NotifyPayload> asked = message.notify(NotifyType.COOKIE);
        if (asked.isPresent()) {
            repeatWithCookie(asked.get().data(), now);
            return;
        }
        Optional<RedirectTarget> elsewhere = message.notify(NotifyType.REDIRECT)
                .flatMap(redirect -> Redirection.fromInit(redirect, nonce));
        if (elsewhere.isPresent()) {
            sa.life().end(new TerminationCause.Redirected(elsewhere.get()), now);
            sa.life().release();
            return;
        }
        Optional<NotifyPayload> group = message.notify(NotifyType.INVALID_KE_PAYLOAD);
        if (group.isPresent() && group.get().data().length == 2) {
            Optional<KeyExchangeMethod> method = KeyExchangeMethod.of(Octets.u16(group.get().data(), 0))
                    .filter(m -> config.policy().groups().contains(m))
                    .filter(m -> !tried.contains(m));
            if (method.isPresent()) {
                generate(method.get());
                return;
            }
        }
        sa.drop(IkeDrop.UNPROTECTED_ERROR);
        message.all(NotifyPayload.class).stream()
                .filter(NotifyPayload::isError)
                .findFirst()
                .ifPresent(error -> report(
                        new TerminationCause.NegotiationFailed(
                                NotifyType.nameOf(error.type()), "the gateway refused IKE_SA_INIT"),
                        now));
    }

    /**
     * Sends the request again with the cookie in front and all else unchanged (§2.6). A cookie that was sent already is
     * asked for by the answer to an earlier copy of the request; one of impossible length was not made by a gateway.
     */
    private void repeatWithCookie(byte[] wanted, long now) {
        boolean possible = wanted.length >= 1 && wanted.length <= LONGEST_COOKIE;
        boolean sent = cookie.isPresent() && Arrays.equals(cookie.get(), wanted);
        if (!possible || sent || cookies == MOST_COOKIES) {
            sa.drop(IkeDrop.UNPROTECTED_ERROR);
            return;
        }
        cookies++;
        cookie = Optional.of(wanted);
        sendInit(now);
    }

    private void report(TerminationCause cause, long now) {
        if (reported == null) {
            reported = cause;
            sa.life().expireAt(now + ERROR_GRACE);
        }
    }

    private void agree(Negotiation.ChosenIke choice, byte[] peerPublicValue) {
        KeyExchange ours = keyExchange;
        keyExchange = null;
        sa.host().offload(new Work(
                sa,
                () -> {
                    try {
                        Secret shared = ours.agree(peerPublicValue);
                        return now -> agreed(choice, shared, now);
                    } catch (InvalidPublicValue e) {
                        return now -> fail("the gateway's key exchange value is invalid", now);
                    } finally {
                        ours.destroy();
                    }
                },
                now -> fail("key agreement failed", now)));
    }

    private void agreed(Negotiation.ChosenIke choice, Secret shared, long now) {
        try (shared) {
            if (sa.state() != IkeSa.State.HANDSHAKE) {
                return;
            }
            var seed = new IkeKeys.Seed(sa.exchanges().initiatorSpi(), sa.exchanges().responderSpi(), nonce, peerNonce);
            sa.exchanges().protect(IkeKeys.derive(choice.algorithms().prf(), choice.suite(), shared, seed));
            intermediate = new InitiatorIntermediate(
                    sa, choice.algorithms().keyExchanges(), seed, this::authenticate);
        }
        sa.exchanges().moveTo(config.natT());
        intermediate.next(now);
    }

    private void authenticate(long now) {
        var transcript = new Transcript(
                initRequest, initResponse, nonce, peerNonce, peerHashes, intermediate.intAuth().octets());
        auth = new InitiatorAuth(sa, config, transcript, new InitiatorPpk(sa, ppk));
        auth.start(now);
    }

    private void fail(String why, long now) {
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.life().end(new TerminationCause.ProtocolError(why), now);
        }
        sa.life().release();
    }

    @Override
    public void authRequest(List<Payload> payloads, long now) {
        throw new IllegalStateException("an initiator takes no IKE_AUTH request");
    }

    @Override
    public boolean awaits(int exchangeType) {
        return false;
    }

    @Override
    public void intermediateRequest(List<Payload> payloads, long now) {
        throw new IllegalStateException("an initiator takes no IKE_INTERMEDIATE request");
    }

    @Override
    public void informational(List<Payload> payloads, long now) {
        throw new IllegalStateException("an initiator takes no request before it is authenticated");
    }

    @Override
    public void decided(AuthVerdict verdict, long now) {
        throw new IllegalStateException("an initiator asks the application nothing");
    }

    @Override
    public void expired(long now) {
        sa.life().end(reported, now);
        sa.life().release();
    }

    @Override
    public void destroy() {
        if (keyExchange != null) {
            keyExchange.destroy();
            keyExchange = null;
        }
        if (intermediate != null) {
            intermediate.destroy();
        }
        if (auth != null) {
            auth.destroy();
        }
    }
}
