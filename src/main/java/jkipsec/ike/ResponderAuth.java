package jkipsec.ike;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Secret;
import jkipsec.eap.EapServer;
import jkipsec.eap.ServerStep;
import jkipsec.ike.message.AuthMethod;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.EapPayload;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.IdType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.ProtocolId;
import jkipsec.pki.CertificateUse;
import jkipsec.pki.Trust;

/**
 * The responder's side of IKE_AUTH, whatever the device proves itself with (RFC 7296 §1.2, §2.15, §2.16):
 *
 * <pre>
 *   pre-shared key   IDi AUTH SA TS    -&gt; application -&gt;                      IDr AUTH SA TS
 *   certificate      IDi CERT AUTH ... -&gt; verified    -&gt; application -&gt; IDr CERT AUTH SA TS
 *   password         IDi SA TS         -&gt;                              IDr CERT AUTH EAP
 *                    EAP               -&gt; application -&gt;                      EAP             (some rounds)
 *                    AUTH              -&gt;                                     AUTH SA TS
 * </pre>
 *
 * <p>Signing and verifying run as {@link Work}, and the application decides on its own thread; a device's next request
 * is not taken before the last is answered. Confined to the thread that owns the IKE SA.
 */
final class ResponderAuth {
    private enum State {
        /** The first request is awaited. */
        FIRST,
        /** Something is being computed. */
        WORKING,
        /** The application is deciding. */
        DECIDING,
        /** The device's next EAP response is awaited. */
        EAP,
        /** EAP has succeeded; the AUTH that its key makes is awaited. */
        EAP_SUCCEEDED
    }

    /** What we call ourselves in a challenge; nobody verifies it. */
    private static final String EAP_NAME = "jkipsec";

    private final IkeSa sa;
    private final Transcript transcript;
    private final ResponderPpk ppk;
    private final CertificateConfig certificates;
    private State state = State.FIRST;
    private IdPayload idi;
    private IdPayload idr;
    private List<Payload> childRequest = List.of();
    private Identification identity;
    private AuthProof proof;
    private EapServer eap;
    private Secret eapKey;
    private String refusal;
    private AuthRequest undecided;

    ResponderAuth(IkeSa sa, Transcript transcript, ResponderPpk ppk) {
        this.sa = sa;
        this.transcript = transcript;
        this.ppk = ppk;
        this.certificates = sa.settings().certificates().forPeer(transcript.peerHashes());
    }

    void request(List<Payload> payloads, long now) {
        switch (state) {
            case FIRST -> first(payloads, now);
            case EAP -> eapRound(payloads, now);
            case EAP_SUCCEEDED -> eapAuth(payloads, now);
            case WORKING, DECIDING -> sa.drop(IkeDrop.IN_PROGRESS);
        }
    }

    boolean betweenRounds() {
        return state == State.EAP || state == State.EAP_SUCCEEDED;
    }

    /** Whatever a device says between the rounds is answered; an error or a DELETE means that it gives up (§2.21.2). */
    void informational(List<Payload> payloads, long now) {
        sa.exchanges().respond(List.of());
        Optional<NotifyPayload> error = Payloads.firstError(payloads);
        boolean deleted = Payloads.first(payloads, DeletePayload.class)
                .filter(delete -> delete.protocolId() == ProtocolId.IKE)
                .isPresent();
        if (deleted || error.isPresent()) {
            String why = identity + " gave up with "
                    + error.map(notify -> NotifyType.nameOf(notify.type())).orElse("DELETE");
            sa.life().end(new TerminationCause.AuthenticationFailed(refusal != null ? refusal : why), now);
        }
    }

    private void first(List<Payload> payloads, long now) {
        Optional<IdPayload> own = Payloads.id(payloads, true);
        if (own.isEmpty() || !ChildResponder.isComplete(payloads)) {
            sa.life().invalidSyntax("IKE_AUTH without IDi, SA, TSi or TSr", now);
            return;
        }
        idi = own.get();
        identity = new Identification(idi.idType(), idi.data());
        Identification us = sa.settings().identity();
        Optional<IdPayload> wanted = Payloads.id(payloads, false);
        if (wanted.isPresent() && !new Identification(wanted.get().idType(), wanted.get().data()).names(us)) {
            refuse("the device asks for " + new Identification(wanted.get().idType(), wanted.get().data())
                    + ", this is " + us, now);
            return;
        }
        // A device that named us in its own type of ID compares what comes back with what it sent.
        idr = wanted.orElseGet(() -> new IdPayload(false, us.type(), us.data()));
        childRequest = payloads;
        sa.initialContact(Payloads.notify(payloads, NotifyType.INITIAL_CONTACT).isPresent());
        if (Payloads.first(payloads, AuthPayload.class).isEmpty()) {
            prove(payloads, now);
        } else {
            settlePpk(payloads, this::prove, now);
        }
    }

    private void settlePpk(List<Payload> payloads, Proven then, long now) {
        switch (ppk.settle(payloads)) {
            case ResponderPpk.Outcome.Proof settled -> then.accept(settled.request(), now);
            case ResponderPpk.Outcome.Refused refused -> refuse(identity + ": " + refused.why(), now);
        }
    }

    /** By what the device proves itself. */
    private void prove(List<Payload> payloads, long now) {
        Optional<AuthPayload> auth = Payloads.first(payloads, AuthPayload.class);
        if (auth.isPresent() && auth.get().method() == AuthMethod.SHARED_KEY_MIC) {
            IkeKeys keys = sa.exchanges().keys();
            if (keys.prf() == PskAuth.KEPT_WITH) {
                ask(new AuthProof.SharedKey(keys.prf(), transcript.initiatorOctets(keys, idi), auth.get()), now);
            } else {
                refuse("pre-shared keys are kept for " + PskAuth.KEPT_WITH + ", not for " + keys.prf(), now);
            }
        } else if (certificates.credentials().isEmpty()) {
            refuse("the device does not authenticate by pre-shared key, and this gateway has no certificate", now);
        } else if (auth.isEmpty()) {
            beginEap();
        } else if (certificates.trusted().isPresent()) {
            verifyCertificate(payloads);
        } else {
            refuse("the device authenticates by certificate, and this gateway trusts none", now);
        }
    }

    private void ask(AuthProof given, long now) {
        proof = given;
        state = State.DECIDING;
        sa.life().expireAt(now + sa.settings().policy().limits().decisions().time().toNanos());
        undecided = new AuthRequest(sa, identity, given, ppk.used());
        sa.host().authenticate(undecided);
    }

    void decided(AuthVerdict verdict, long now) {
        if (state != State.DECIDING) {
            return;
        }
        undecided = null;
        switch (verdict) {
            case AuthVerdict.Rejected rejected -> {
                refusal = identity + ": " + rejected.why();
                if (proof instanceof AuthProof.Password) {
                    eapStep(eap.refuse(), now);
                } else {
                    refuse(refusal, now);
                }
            }
            case AuthVerdict.Approved approved when proof instanceof AuthProof.SharedKey shared -> {
                if (shared.matches(approved.authKey())) {
                    finish(List.of(idr, sharedKeyAuth(approved.authKey())), now);
                } else {
                    refuse(identity + " has another key", now);
                }
            }
            case AuthVerdict.PasswordApproved approved when proof instanceof AuthProof.Password given -> {
                if (!given.login().matches(approved.password())) {
                    refusal = identity + " has another password";
                }
                eapStep(eap.verify(approved.password()), now);
            }
            case AuthVerdict.CertificateApproved approved when proof instanceof AuthProof.Certificate ->
                proveUs(this::finish);
            default -> refuse(identity + " was approved by a proof that it did not give", now);
        }
    }

    /** What goes on with payloads that prove somebody. */
    private interface Proven {
        void accept(List<Payload> payloads, long now);
    }

    /** Signs, and goes on with IDr, CERT and AUTH. */
    private void proveUs(Proven then) {
        byte[] octets = transcript.responderOctets(sa.exchanges().keys(), idr);
        work(() -> {
            Optional<List<Payload>> proved =
                    CertificateAuth.prove(certificates, transcript, octets, sa.settings().random());
            return now -> {
                if (proved.isEmpty()) {
                    refuse("the device verifies no signature that this gateway's key makes", now);
                    return;
                }
                var payloads = new ArrayList<Payload>();
                payloads.add(idr);
                payloads.addAll(proved.get());
                then.accept(payloads, now);
            };
        });
    }

    private void verifyCertificate(List<Payload> payloads) {
        byte[] octets = transcript.initiatorOctets(sa.exchanges().keys(), idi);
        work(() -> {
            Trust trust = CertificateAuth.verify(payloads, certificates, CertificateUse.DEVICE, idi, octets);
            return now -> {
                switch (trust) {
                    case Trust.Trusted trusted -> ask(new AuthProof.Certificate(trusted.certificate()), now);
                    case Trust.Distrusted distrusted -> refuse(identity + ": " + distrusted.why(), now);
                }
            };
        });
    }

    /** Computes elsewhere, then goes on, unless the handshake ended meanwhile. */
    private void work(Callable<Work.Continuation> computation) {
        state = State.WORKING;
        sa.host().offload(new Work(
                sa,
                () -> {
                    Work.Continuation next = computation.call();
                    return now -> {
                        if (sa.state() == IkeSa.State.HANDSHAKE && state == State.WORKING) {
                            next.resume(now);
                        }
                    };
                },
                now -> {
                    if (sa.state() == IkeSa.State.HANDSHAKE && state == State.WORKING) {
                        refuse("signing or verifying failed", now);
                    }
                }));
    }

    private void beginEap() {
        eap = new EapServer(EAP_NAME, sa.settings().random());
        proveUs((payloads, now) -> {
            var answer = new ArrayList<>(payloads);
            answer.add(new EapPayload(eap.start(true)));
            respond(State.EAP, answer, now);
        });
    }

    private void eapRound(List<Payload> payloads, long now) {
        Optional<EapPayload> message = Payloads.first(payloads, EapPayload.class);
        if (message.isEmpty()) {
            sa.life().invalidSyntax("IKE_AUTH without EAP in the midst of it", now);
            return;
        }
        try {
            eapStep(eap.receive(message.get().message()), now);
        } catch (MalformedMessage e) {
            sa.life().invalidSyntax("malformed EAP: " + e.getMessage(), now);
        }
    }

    private void eapStep(ServerStep step, long now) {
        switch (step) {
            case ServerStep.Send send -> respond(State.EAP, List.of(new EapPayload(send.packet())), now);
            case ServerStep.Ask ask -> {
                // Who is let in is the user; IDi is only what the device calls itself, often an address (§2.16).
                identity = new Identification(
                        IdType.ID_KEY_ID, ask.login().userName().getBytes(StandardCharsets.UTF_8));
                ask(new AuthProof.Password(ask.login()), now);
            }
            case ServerStep.Succeeded success -> {
                try (Secret msk = success.msk()) {
                    eapKey = PskAuth.keyOf(sa.exchanges().keys().prf(), msk);
                }
                respond(State.EAP_SUCCEEDED, List.of(new EapPayload(success.packet())), now);
            }
            case ServerStep.Failed failure -> {
                sa.exchanges().respond(List.of(new EapPayload(failure.packet())));
                sa.life().end(
                        new TerminationCause.AuthenticationFailed(refusal != null ? refusal : failure.why()), now);
            }
        }
    }

    private void respond(State next, List<Payload> payloads, long now) {
        state = next;
        sa.life().expireAt(now + sa.settings().policy().limits().handshake().toNanos());
        sa.exchanges().respond(payloads);
    }

    private void eapAuth(List<Payload> payloads, long now) {
        if (Payloads.first(payloads, AuthPayload.class).isEmpty()) {
            sa.life().invalidSyntax("IKE_AUTH without AUTH after EAP", now);
        } else {
            settlePpk(payloads, this::eapProof, now);
        }
    }

    private void eapProof(List<Payload> payloads, long now) {
        AuthPayload auth = Payloads.first(payloads, AuthPayload.class).orElseThrow();
        IkeKeys keys = sa.exchanges().keys();
        if (PskAuth.verify(keys.prf(), eapKey, transcript.initiatorOctets(keys, idi), auth)) {
            finish(List.of(sharedKeyAuth(eapKey)), now);
        } else {
            refuse(identity + " did not get the key that EAP made", now);
        }
    }

    private AuthPayload sharedKeyAuth(Secret authKey) {
        IkeKeys keys = sa.exchanges().keys();
        return PskAuth.sign(keys.prf(), authKey, transcript.responderOctets(keys, idr));
    }

    /** Both sides are proved; makes the Child SA, or says why there is none (RFC 7296 §2.21.2). */
    private void finish(List<Payload> ourProof, long now) {
        var answer = new ArrayList<>(ourProof);
        answer.addAll(ppk.confirmation());
        Optional<RedirectTarget> elsewhere = sa.redirection().atAuth(identity);
        if (elsewhere.isPresent()) {
            answer.add(Redirect.protectedTo(elsewhere.get()).notification());
            sa.exchanges().respond(answer);
            sa.establishChildless(identity, new TerminationCause.Redirected(elsewhere.get()), now);
            return;
        }
        ChildOutcome outcome = ChildResponder.answer(
                sa, childRequest, transcript.initiatorNonce(), transcript.responderNonce());
        switch (outcome) {
            case ChildOutcome.Agreed agreed -> {
                answer.addAll(agreed.payloads());
                sa.exchanges().respond(answer);
                sa.establish(agreed.child(), identity, agreed.addresses(), now);
            }
            case ChildOutcome.Refused refused -> {
                answer.add(NotifyPayload.of(refused.notifyType()));
                sa.exchanges().respond(answer);
                sa.establishChildless(identity, refused.cause(), now);
            }
        }
    }

    private void refuse(String why, long now) {
        sa.exchanges().respond(NotifyType.AUTHENTICATION_FAILED);
        sa.life().end(new TerminationCause.AuthenticationFailed(why), now);
    }

    void expired(long now) {
        if (state == State.DECIDING && abandon()) {
            refuse("no decision about " + identity + " in time", now);
        } else {
            if (state == State.DECIDING) {
                // Not its fault: without an answer it tries again, where a refusal would make many give up.
                sa.drop(IkeDrop.DECISIONS_LIMIT);
            }
            sa.life().end(new TerminationCause.Expired("IKE_AUTH"), now);
            sa.life().release();
        }
    }

    /** Whether the application was asked, and has not answered. */
    private boolean abandon() {
        AuthRequest request = undecided;
        undecided = null;
        return request != null && sa.host().abandon(request);
    }

    void destroy() {
        abandon();
        childRequest = List.of();
        proof = null;
        if (eap != null) {
            eap.destroy();
        }
        if (eapKey != null) {
            eapKey.destroy();
        }
    }
}
