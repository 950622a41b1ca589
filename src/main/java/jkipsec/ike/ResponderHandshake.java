package jkipsec.ike;

import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Secret;
import jkipsec.crypto.InvalidPublicValue;
import jkipsec.crypto.KeyExchange;
import jkipsec.ike.message.AuthMethod;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IdPayload;
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
 * The responder's side of IKE_SA_INIT and IKE_AUTH (RFC 7296 §1.2).
 *
 * <p>What can be refused is refused before any state is made. The key exchange runs as {@link Work}; so does the
 * application's decision, and the Child SA is negotiated only after the device has proved who it is. Confined to the
 * thread that owns the IKE SA.
 */
final class ResponderHandshake implements Handshake {
    private static final int NONCE_LENGTH = 32;

    private final IkeSa sa;
    private final byte[] initRequest;
    private final byte[] peerNonce;
    private final byte[] nonce;
    private byte[] initResponse;
    private IdPayload peerId;
    private Optional<IdPayload> wantedId = Optional.empty();
    private AuthRequest authRequest;
    private List<Payload> authPayloads;

    private ResponderHandshake(IkeSa sa, byte[] initRequest, byte[] peerNonce, byte[] nonce) {
        this.sa = sa;
        this.initRequest = initRequest;
        this.peerNonce = peerNonce;
        this.nonce = nonce;
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
        Optional<Negotiation.ChosenIke> chosen = Negotiation.chooseIke(offer.get(), settings.policy());
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
        byte[] nonce = settings.random().bytes(NONCE_LENGTH);
        var handshake = new ResponderHandshake(sa, octets, peerNonce.get().nonce(), nonce);
        sa.handshake(handshake);
        sa.detectNat(message, from);
        sa.exchanges().fragments().agree(message);
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
        IkeSettings settings = sa.settings();
        sa.host().offload(new Work(
                sa,
                () -> {
                    try {
                        KeyExchange.Response ours = chosen.method().respond(peerPublicValue, settings.random());
                        return now -> agreed(chosen, ours.publicValue(), ours.sharedSecret());
                    } catch (InvalidPublicValue e) {
                        return this::abandon;
                    }
                },
                this::abandon));
    }

    /** A public value off the curve gets no answer: it is an attack (RFC 6989 §2.5), or nothing worth answering. */
    private void abandon(long now) {
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.drop(IkeDrop.MALFORMED);
            sa.end(new TerminationCause.ProtocolError("invalid key exchange value"), now);
        }
        sa.release();
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
        } else {
            sa.host().transmit(from, initResponse);
        }
    }

    @Override
    public void initResponse(IkeMessage message, byte[] octets, long now) {
        sa.drop(IkeDrop.UNEXPECTED_RESPONSE);
    }

    @Override
    public void authRequest(List<Payload> payloads, long now) {
        Optional<IdPayload> idi = Payloads.id(payloads, true);
        Optional<AuthPayload> auth = Payloads.first(payloads, AuthPayload.class);
        if (idi.isEmpty() || !ChildResponder.isComplete(payloads)) {
            sa.invalidSyntax("IKE_AUTH without IDi, SA, TSi or TSr", now);
            return;
        }
        peerId = idi.get();
        wantedId = Payloads.id(payloads, false);
        if (auth.isEmpty() || auth.get().method() != AuthMethod.SHARED_KEY_MIC) {
            refuse("the device does not authenticate by pre-shared key", now);
            return;
        }
        Identification own = sa.settings().identity();
        Optional<Identification> wanted = wantedId.map(id -> new Identification(id.idType(), id.data()));
        if (wanted.isPresent() && !wanted.get().names(own)) {
            refuse("the device asks for " + wanted.get() + ", this is " + own, now);
            return;
        }
        authPayloads = payloads;
        IkeKeys keys = sa.exchanges().keys();
        byte[] signed = PskAuth.signedOctets(keys.prf(), initRequest, nonce, keys.pi(), peerId);
        authRequest = new AuthRequest(sa, new Identification(peerId.idType(), peerId.data()), signed, auth.get());
        sa.expireAt(now + sa.settings().policy().limits().authenticator().toNanos());
        sa.host().authenticate(authRequest);
    }

    @Override
    public void decided(AuthVerdict verdict, long now) {
        if (authRequest == null) {
            return;
        }
        switch (verdict) {
            case AuthVerdict.Rejected rejected -> refuse(authRequest.identity() + ": " + rejected.why(), now);
            case AuthVerdict.Approved approved -> {
                if (authRequest.matches(approved.authKey())) {
                    approve(approved.authKey(), now);
                } else {
                    refuse(authRequest.identity() + " has another key", now);
                }
            }
        }
    }

    /** Proves who we are, and makes the Child SA or says why there is none (RFC 7296 §2.21.2). */
    private void approve(Secret authKey, long now) {
        IkeKeys keys = sa.exchanges().keys();
        Identification own = sa.settings().identity();
        // A device that named us in its own type of ID compares what comes back with what it sent.
        IdPayload idr = wantedId.orElseGet(() -> new IdPayload(false, own.type(), own.data()));
        byte[] signed = PskAuth.signedOctets(keys.prf(), initResponse, peerNonce, keys.pr(), idr);
        var answer = new ArrayList<Payload>();
        answer.add(idr);
        answer.add(PskAuth.sign(keys.prf(), authKey, signed));
        ChildOutcome outcome = ChildResponder.answer(sa, authPayloads, peerNonce, nonce);
        switch (outcome) {
            case ChildOutcome.Agreed agreed -> {
                answer.addAll(agreed.payloads());
                sa.exchanges().respond(answer);
                sa.establish(agreed.child(), authRequest.identity(), agreed.addresses(), now);
            }
            case ChildOutcome.Refused refused -> {
                answer.add(NotifyPayload.of(refused.notifyType()));
                sa.exchanges().respond(answer);
                sa.establishChildless(authRequest.identity(), refused.cause(), now);
            }
        }
    }

    private void refuse(String why, long now) {
        sa.exchanges().respond(NotifyType.AUTHENTICATION_FAILED);
        sa.end(new TerminationCause.AuthenticationFailed(why), now);
    }

    @Override
    public void expired(long now) {
        if (authRequest != null) {
            refuse("no decision about " + authRequest.identity() + " in time", now);
        } else {
            sa.end(new TerminationCause.Expired("IKE_AUTH"), now);
            sa.release();
        }
    }

    @Override
    public void destroy() {
        authRequest = null;
        authPayloads = null;
    }
}
