package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Secret;
import jkipsec.eap.ClientStep;
import jkipsec.eap.EapClient;
import jkipsec.eap.EapPacket;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.EapPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.pki.CertificateUse;
import jkipsec.pki.Trust;

/**
 * The initiator's side of IKE_AUTH, by whatever {@link Login} (RFC 7296 §1.2, §2.15, §2.16); {@link ResponderAuth}
 * shows the messages. A gateway that does not prove itself learns nothing but our identity. Confined to the thread that
 * owns the IKE SA.
 */
final class InitiatorAuth {
    private final IkeSa sa;
    private final Initiation config;
    private final Transcript transcript;
    private final InitiatorPpk ppk;
    private final ChildInitiator child;
    private final IdPayload idi;
    private IdPayload idr;
    private EapClient eap;
    private Secret eapKey;

    InitiatorAuth(IkeSa sa, Initiation config, Transcript transcript, InitiatorPpk ppk) {
        this.sa = sa;
        this.config = config;
        this.transcript = transcript;
        this.ppk = ppk;
        this.child = new ChildInitiator(sa, config.families());
        this.idi = new IdPayload(true, config.identity().type(), config.identity().data());
    }

    void start(long now) {
        switch (config.login()) {
            case Login.SharedKey login ->
                ask(firstRequest(List.of(), sharedKeyAuth(login.authKey())), this::answered, now);
            case Login.Password login -> {
                eap = new EapClient(login.userName(), login.password(), sa.settings().random());
                ask(firstRequest(CertificateAuth.request(login.certificates()), List.of()), this::answered, now);
            }
            case Login.Certificate login -> prove(login);
        }
    }

    private void prove(Login.Certificate login) {
        byte[] octets = transcript.initiatorOctets(ppk.keys(), idi);
        Optional<byte[]> plain = ppk.needsPlainProof()
                ? Optional.of(transcript.initiatorOctets(sa.exchanges().keys(), idi))
                : Optional.empty();
        work(() -> {
            Optional<List<Payload>> signed = sign(login, octets);
            Optional<AuthPayload> without = plain.flatMap(unmixed -> sign(login, unmixed))
                    .flatMap(payloads -> Payloads.first(payloads, AuthPayload.class));
            Optional<List<Payload>> proved = signed.map(payloads -> {
                var all = new ArrayList<>(payloads);
                all.addAll(ppk.payloads(without));
                return all;
            });
            return now -> {
                if (proved.isEmpty()) {
                    abandon("the gateway verifies no signature that our key makes", now);
                } else if (sa.state() == IkeSa.State.HANDSHAKE) {
                    ask(firstRequest(CertificateAuth.request(login.certificates()), proved.get()), this::answered, now);
                } else {
                    sa.life().release();
                }
            };
        });
    }

    private Optional<List<Payload>> sign(Login.Certificate login, byte[] octets) {
        return CertificateAuth.prove(login.certificates(), transcript, octets, sa.settings().random());
    }

    private List<Payload> firstRequest(List<Payload> certificateRequest, List<Payload> proof) {
        var payloads = new ArrayList<Payload>();
        payloads.add(idi);
        payloads.addAll(certificateRequest);
        config.gatewayIdentity().ifPresent(id -> payloads.add(new IdPayload(false, id.type(), id.data())));
        payloads.addAll(proof);
        payloads.add(NotifyPayload.of(NotifyType.INITIAL_CONTACT));
        payloads.addAll(child.offer());
        return payloads;
    }

    private List<Payload> sharedKeyAuth(Secret authKey) {
        var payloads = new ArrayList<Payload>();
        payloads.add(sharedKeyAuth(authKey, ppk.keys()));
        payloads.addAll(ppk.payloads(ppk.needsPlainProof()
                ? Optional.of(sharedKeyAuth(authKey, sa.exchanges().keys()))
                : Optional.empty()));
        return payloads;
    }

    private AuthPayload sharedKeyAuth(Secret authKey, IkeKeys keys) {
        return PskAuth.sign(keys.prf(), authKey, transcript.initiatorOctets(keys, idi));
    }

    private void ask(List<Payload> payloads, RequestQueue.Answer answer, long now) {
        sa.exchanges().requests().add(new RequestQueue.Request(
                "IKE_AUTH", (id, when) -> sa.exchanges().seal(ExchangeType.IKE_AUTH, false, id, payloads), answer));
        sa.pump(now);
    }

    /** Computes elsewhere, then goes on. */
    private void work(Callable<Work.Continuation> computation) {
        sa.host().offload(new Work(sa, computation, now -> abandon("signing or verifying failed", now)));
    }

    /** Takes the answer to the first request. */
    private void answered(List<Payload> payloads, long now) {
        Optional<NotifyPayload> failed = Payloads.firstError(payloads);
        Optional<IdPayload> id = Payloads.id(payloads, false);
        if (id.isEmpty() || Payloads.first(payloads, AuthPayload.class).isEmpty()) {
            refused(failed, now);
            return;
        }
        idr = id.get();
        if (!(config.login() instanceof Login.Password) && !ppk.settle(payloads)) {
            protest("the gateway does not have our PPK", now);
            return;
        }
        switch (config.login()) {
            case Login.SharedKey login -> completeShared(login.authKey(), payloads, now);
            case Login.Password login -> verify(payloads, this::eapRound, this::protest);
            case Login.Certificate login -> verify(payloads, this::complete, this::unproven);
        }
    }

    private Identification gateway() {
        return new Identification(idr.idType(), idr.data());
    }

    private boolean isOtherThanWanted() {
        return config.gatewayIdentity().isPresent() && !config.gatewayIdentity().get().names(gateway());
    }

    /** What goes on with the reason why the gateway is not believed. */
    private interface Fault {
        void accept(String why, long now);
    }

    private void verify(List<Payload> payloads, RequestQueue.Answer then, Fault otherwise) {
        byte[] octets = transcript.responderOctets(sa.exchanges().keys(), idr);
        CertificateConfig certificates = config.login().certificates().forPeer(transcript.peerHashes());
        work(() -> {
            Trust trust = CertificateAuth.verify(payloads, certificates, CertificateUse.GATEWAY, idr, octets);
            return now -> {
                if (trust instanceof Trust.Distrusted distrusted) {
                    otherwise.accept("the gateway: " + distrusted.why(), now);
                } else if (isOtherThanWanted()) {
                    otherwise.accept("the gateway is " + gateway() + ", not " + config.gatewayIdentity().get(), now);
                } else {
                    then.accept(payloads, now);
                }
                sa.pump(now);
            };
        });
    }

    private void eapRound(List<Payload> payloads, long now) {
        Optional<EapPayload> message = Payloads.first(payloads, EapPayload.class);
        if (message.isEmpty()) {
            refused(Payloads.firstError(payloads), now);
            return;
        }
        if (sa.state() != IkeSa.State.HANDSHAKE) {
            // Closed meanwhile. The gateway has let nobody in yet, so there is nothing to delete there.
            sa.life().release();
            return;
        }
        try {
            switch (eap.receive(message.get().message())) {
                case ClientStep.Send send -> ask(List.of(new EapPayload(send.packet())), this::eapRound, now);
                case ClientStep.Failed failure -> {
                    if (message.get().message()[0] == EapPacket.FAILURE) {
                        abandon(failure.why(), now);
                    } else {
                        protest(failure.why(), now);
                    }
                }
                case ClientStep.Succeeded success -> {
                    try (Secret msk = success.msk()) {
                        eapKey = PskAuth.keyOf(sa.exchanges().keys().prf(), msk);
                    }
                    ask(sharedKeyAuth(eapKey), this::eapAnswered, now);
                }
            }
        } catch (MalformedMessage e) {
            protest("malformed EAP: " + e.getMessage(), now);
        }
    }

    private void eapAnswered(List<Payload> payloads, long now) {
        if (Payloads.first(payloads, AuthPayload.class).isPresent() && !ppk.settle(payloads)) {
            protest("the gateway does not have our PPK", now);
        } else {
            completeShared(eapKey, payloads, now);
        }
    }

    private void completeShared(Secret authKey, List<Payload> payloads, long now) {
        Optional<AuthPayload> auth = Payloads.first(payloads, AuthPayload.class);
        if (auth.isEmpty()) {
            refused(Payloads.firstError(payloads), now);
            return;
        }
        IkeKeys keys = sa.exchanges().keys();
        if (!PskAuth.verify(keys.prf(), authKey, transcript.responderOctets(keys, idr), auth.get())) {
            unproven("the gateway does not know the key", now);
        } else if (isOtherThanWanted()) {
            unproven("the gateway is " + gateway() + ", not " + config.gatewayIdentity().get(), now);
        } else {
            complete(payloads, now);
        }
    }

    /** The gateway is proved and let us in; takes the Child SA. */
    private void complete(List<Payload> payloads, long now) {
        Optional<NotifyPayload> failed = Payloads.firstError(payloads);
        Optional<RedirectTarget> elsewhere = sa.redirection().from(payloads);
        if (sa.state() != IkeSa.State.HANDSHAKE) {
            // Closed while the gateway was deciding: it let us in, so it must be told.
            sa.exchanges().requests().add(Informational.deleteIkeSa(sa));
        } else if (elsewhere.isPresent()) {
            sa.establishChildless(gateway(), new TerminationCause.Redirected(elsewhere.get()), now);
        } else if (failed.isPresent()) {
            String notify = NotifyType.nameOf(failed.get().type());
            sa.establishChildless(
                    gateway(), new TerminationCause.NegotiationFailed(notify, "the gateway made no Child SA"), now);
        } else {
            switch (child.complete(payloads, transcript.initiatorNonce(), transcript.responderNonce())) {
                case ChildOutcome.Agreed agreed -> sa.establish(agreed.child(), gateway(), agreed.addresses(), now);
                case ChildOutcome.Refused refused -> sa.establishChildless(gateway(), refused.cause(), now);
            }
        }
    }

    /** The gateway did not authenticate: it said why, or broke the protocol. No DELETE: it has no IKE SA (§2.21.2). */
    private void refused(Optional<NotifyPayload> failed, long now) {
        TerminationCause cause = failed.map(error -> error.type() == NotifyType.AUTHENTICATION_FAILED
                        ? new TerminationCause.AuthenticationFailed("the gateway refused the identity or its proof")
                        : new TerminationCause.NegotiationFailed(
                                NotifyType.nameOf(error.type()), "the gateway refused IKE_AUTH"))
                .orElseGet(() -> new TerminationCause.ProtocolError("IKE_AUTH answer without IDr or AUTH"));
        sa.life().end(cause, now);
        sa.life().release();
    }

    /** The gateway takes us for authenticated, or will soon: it is told by DELETE that it is not so. */
    private void unproven(String why, long now) {
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.life().terminate(new TerminationCause.AuthenticationFailed(why), now);
        } else {
            sa.life().release();
        }
    }

    /** The gateway awaits another round, and is told that there will be none (§2.21.2). */
    private void protest(String why, long now) {
        if (sa.state() != IkeSa.State.HANDSHAKE) {
            sa.life().release();
            return;
        }
        List<Payload> failed = List.of(NotifyPayload.of(NotifyType.AUTHENTICATION_FAILED));
        sa.exchanges().requests().add(new RequestQueue.Request(
                "AUTHENTICATION_FAILED",
                (id, when) -> sa.exchanges().seal(ExchangeType.INFORMATIONAL, false, id, failed),
                (payloads, when) -> sa.life().release()));
        sa.life().end(new TerminationCause.AuthenticationFailed(why), now);
    }

    /** Neither side takes the other for authenticated, and both know. */
    private void abandon(String why, long now) {
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.life().end(new TerminationCause.AuthenticationFailed(why), now);
        }
        sa.life().release();
    }

    void destroy() {
        ppk.destroy();
        if (eap != null) {
            eap.destroy();
        }
        if (eapKey != null) {
            eapKey.destroy();
        }
    }
}
