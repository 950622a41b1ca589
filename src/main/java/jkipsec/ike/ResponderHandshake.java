package jkipsec.ike;

import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Secret;
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
import jkipsec.ike.message.UnknownPayload;

/**
 * The responder's side of IKE_SA_INIT (RFC 7296 §1.2); {@link ResponderIntermediate} goes on with IKE_INTERMEDIATE if that
 * was agreed on, and {@link ResponderAuth} with IKE_AUTH.
 *
 * <p>What can be refused is refused before any state is made. The key exchange runs as {@link Work}. Confined to the
 * thread that owns the IKE SA.
 */
final class ResponderHandshake implements Handshake {
    private static final int NONCE_LENGTH = 32;

    /** A device gives up long before; whoever forges its address would have it sent answers for ever. */
    private static final int MOST_REPEATS = 20;

    private final IkeSa sa;
    private final byte[] initRequest;
    private final byte[] peerNonce;
    private final byte[] nonce;
    private final Set<SignatureHash> peerHashes;
    private byte[] initResponse;
    private int repeats;
    private final ResponderPpk ppk;
    private ResponderIntermediate intermediate;
    private ResponderAuth auth;

    private ResponderHandshake(IkeSa sa, byte[] initRequest, byte[] peerNonce, IkeMessage request) {
        this.sa = sa;
        this.initRequest = initRequest;
        this.peerNonce = peerNonce;
        this.nonce = sa.settings().random().bytes(NONCE_LENGTH);
        this.peerHashes = Transcript.hashesOf(request);
        this.ppk = new ResponderPpk(sa, request);
    }

    static InitOutcome begin(IkeMessage message, byte[] octets, Path from, IkeSettings settings, long spi) {
        Optional<UnknownPayload> critical = Payloads.criticalUnknown(message.payloads());
        if (critical.isPresent()) {
            return refuse(message, NotifyPayload.of(
                    NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, new byte[] {(byte) critical.get().type()}));
        }
        Optional<SaPayload> offer = message.first(SaPayload.class);
        Optional<KePayload> ke = message.first(KePayload.class);
        Optional<NoncePayload> peerNonce = message.first(NoncePayload.class);
        if (offer.isEmpty() || ke.isEmpty() || peerNonce.isEmpty()) {
            return new InitOutcome.Ignored(IkeDrop.MALFORMED);
        }
        Optional<NotifyPayload> redirect = Redirection.atInit(message, octets.length, from, settings);
        if (redirect.isPresent()) {
            return refuse(message, redirect.get());
        }
        Optional<Negotiation.ChosenIke> chosen = message.notify(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED).isPresent()
                ? Negotiation.chooseIke(offer.get(), settings.policy())
                : Negotiation.chooseIkeWithoutIntermediate(offer.get(), settings.policy());
        if (chosen.isEmpty()) {
            return refuse(message, NotifyPayload.of(NotifyType.NO_PROPOSAL_CHOSEN));
        }
        int group = chosen.get().method().transformId();
        if (ke.get().group() != group) {
            byte[] wanted = new ByteWriter(2).u16(group).toByteArray();
            return refuse(message, NotifyPayload.of(NotifyType.INVALID_KE_PAYLOAD, wanted));
        }
        if (ke.get().data().length != chosen.get().method().initiatorValueLength()) {
            return new InitOutcome.Ignored(IkeDrop.MALFORMED);
        }
        IkeSa sa = IkeSa.ofResponder(settings, message.header().initiatorSpi(), spi, from);
        var handshake = new ResponderHandshake(sa, octets, peerNonce.get().nonce(), message);
        sa.life().begin(handshake);
        sa.nat().detect(message, from);
        sa.exchanges().fragments().agree(message);
        sa.redirection().agree(message);
        sa.negotiated(chosen.get().algorithms());
        handshake.agree(chosen.get(), ke.get().data());
        return new InitOutcome.Begun(sa);
    }

    private static InitOutcome refuse(IkeMessage request, NotifyPayload why) {
        var header = new IkeHeader(
                request.header().initiatorSpi(), 0, ExchangeType.IKE_SA_INIT, false, true, request.header().messageId());
        return new InitOutcome.Refused(new IkeMessage(header, List.of(why)).write());
    }

    private void agree(Negotiation.ChosenIke chosen, byte[] peerPublicValue) {
        KeyExchangeWork.respond(
                sa,
                chosen.method(),
                peerPublicValue,
                (ours, now) -> agreed(chosen, ours.publicValue(), ours.sharedSecret()),
                this::abandon);
    }

    /** A public value off the curve gets no answer: it is an attack (RFC 6989 §2.5), or nothing worth answering. */
    private void abandon(long now) {
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.drop(IkeDrop.MALFORMED);
            sa.life().end(new TerminationCause.ProtocolError("invalid key exchange value"), now);
        }
        sa.life().release();
    }

    private void agreed(Negotiation.ChosenIke chosen, byte[] publicValue, Secret shared) {
        try (shared) {
            if (sa.state() != IkeSa.State.HANDSHAKE) {
                return;
            }
            var seed = new IkeKeys.Seed(sa.exchanges().initiatorSpi(), sa.exchanges().responderSpi(), peerNonce, nonce);
            sa.exchanges().protect(IkeKeys.derive(chosen.algorithms().prf(), chosen.suite(), shared, seed));
            var payloads = new ArrayList<Payload>();
            payloads.add(chosen.answer());
            payloads.add(new KePayload(chosen.method().transformId(), publicValue));
            payloads.add(new NoncePayload(nonce));
            payloads.addAll(NatDetection.notifications(
                    sa.exchanges().initiatorSpi(), sa.exchanges().responderSpi(), sa.exchanges().path().peer(), sa.settings().random()));
            if (sa.exchanges().fragments().agreed()) {
                payloads.addAll(Fragments.offer(sa.settings().policy()));
            }
            if (!peerHashes.isEmpty()) {
                payloads.addAll(CertificateAuth.offer(sa.settings().certificates()));
            }
            payloads.addAll(CertificateAuth.request(sa.settings().certificates()));
            payloads.addAll(ppk.announcement());
            intermediate = new ResponderIntermediate(sa, chosen.algorithms().keyExchanges(), seed);
            if (!intermediate.isDone()) {
                payloads.add(NotifyPayload.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
            }
            var header = new IkeHeader(
                    sa.exchanges().initiatorSpi(), sa.exchanges().responderSpi(), ExchangeType.IKE_SA_INIT, false, true, 0);
            initResponse = new IkeMessage(header, payloads).write();
            sa.host().transmit(sa.exchanges().path(), initResponse);
        }
    }

    void repeatedInit(byte[] octets, Path from) {
        if (!Arrays.equals(octets, initRequest)) {
            sa.drop(IkeDrop.CHANGED_REPEAT);
        } else if (initResponse == null) {
            sa.drop(IkeDrop.IN_PROGRESS);
        } else if (repeats == MOST_REPEATS) {
            sa.drop(IkeDrop.RATE_LIMITED);
        } else {
            repeats++;
            sa.host().transmit(from, initResponse);
        }
    }

    @Override
    public void initResponse(IkeMessage message, byte[] octets, long now) {
        sa.drop(IkeDrop.UNEXPECTED_RESPONSE);
    }

    @Override
    public boolean awaits(int exchangeType) {
        return switch (exchangeType) {
            case ExchangeType.IKE_INTERMEDIATE -> !intermediate.isDone();
            case ExchangeType.IKE_AUTH -> intermediate.isDone();
            // Between the rounds of IKE_AUTH a device says that it gives up (§2.21.2).
            case ExchangeType.INFORMATIONAL -> auth != null && auth.betweenRounds();
            default -> false;
        };
    }

    @Override
    public void intermediateRequest(List<Payload> payloads, long now) {
        intermediate.request(payloads, now);
    }

    @Override
    public void authRequest(List<Payload> payloads, long now) {
        if (auth == null) {
            var transcript = new Transcript(
                    initRequest, initResponse, peerNonce, nonce, peerHashes, intermediate.intAuth().octets());
            auth = new ResponderAuth(sa, transcript, ppk);
        }
        auth.request(payloads, now);
    }

    @Override
    public void informational(List<Payload> payloads, long now) {
        auth.informational(payloads, now);
    }

    @Override
    public void decided(AuthVerdict verdict, long now) {
        if (auth != null) {
            auth.decided(verdict, now);
        }
    }

    @Override
    public void expired(long now) {
        if (auth != null) {
            auth.expired(now);
        } else {
            sa.life().end(new TerminationCause.Expired("IKE_AUTH"), now);
            sa.life().release();
        }
    }

    @Override
    public void destroy() {
        if (auth != null) {
            auth.destroy();
        }
    }
}
