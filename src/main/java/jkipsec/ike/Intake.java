package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.UnknownPayload;

/**
 * What an IKE SA does with a message from its peer: request or response, new or repeated, verified, decrypted, parsed,
 * and then to the handler of its exchange type. State is in {@link IkeSa} and {@link Exchanges} alone.
 */
final class Intake {
    private Intake() {}

    /**
     * A message and where it came from.
     *
     * @param message the message, parsed without decrypting
     * @param octets the message as received
     * @param from where it came from
     */
    record Arrival(IkeMessage message, byte[] octets, Path from) {
        IkeHeader header() {
            return message.header();
        }
    }

    static void receive(IkeSa sa, Arrival arrival, long now) {
        if (!sa.exchanges().isFromPeer(arrival.header())) {
            sa.drop(IkeDrop.WRONG_DIRECTION);
        } else if (arrival.header().response()) {
            response(sa, arrival, now);
        } else {
            request(sa, arrival, now);
        }
    }

    private static void response(IkeSa sa, Arrival arrival, long now) {
        IkeHeader header = arrival.header();
        RequestQueue requests = sa.exchanges().requests();
        if (!requests.awaits(header.messageId()) || header.exchangeType() != requests.exchangeType()) {
            sa.drop(IkeDrop.UNEXPECTED_RESPONSE);
            return;
        }
        if (!sa.exchanges().isProtected()) {
            sa.life().handshake().initResponse(arrival.message(), arrival.octets(), now);
            return;
        }
        try {
            Optional<Exchanges.Opened> opened = sa.exchanges().open(arrival.message(), arrival.octets(), now);
            if (opened.isPresent()) {
                sa.vitality().answered(now);
                List<Payload> payloads = PayloadChain.parse(opened.get().firstInner(), opened.get().inner());
                Optional<UnknownPayload> critical = Payloads.criticalUnknown(payloads);
                if (critical.isPresent()) {
                    unusable(sa, "unsupported critical payload of type " + critical.get().type(), now);
                } else {
                    requests.answered().accept(payloads, now);
                    sa.mobility().heardResponse(arrival.from(), now);
                }
            }
        } catch (MalformedMessage e) {
            unusable(sa, "malformed response: " + e.getMessage(), now);
        }
    }

    /** The two sides no longer agree on what happened (RFC 7296 §2.21.3). */
    private static void unusable(IkeSa sa, String why, long now) {
        sa.exchanges().requests().clear();
        sa.life().terminate(new TerminationCause.ProtocolError(why), now);
    }

    private static void request(IkeSa sa, Arrival arrival, long now) {
        switch (sa.exchanges().classify(arrival.message(), arrival.octets())) {
            case NEW -> newRequest(sa, arrival, now);
            case REPEATED -> sa.exchanges().repeatResponse(arrival.from());
            case IN_PROGRESS -> sa.drop(IkeDrop.IN_PROGRESS);
            case CHANGED -> sa.drop(IkeDrop.CHANGED_REPEAT);
            case FURTHER_FRAGMENT -> sa.drop(IkeDrop.FRAGMENT_REPEATED);
            case OUT_OF_WINDOW -> sa.drop(IkeDrop.OUT_OF_WINDOW);
        }
    }

    private static void newRequest(IkeSa sa, Arrival arrival, long now) {
        Exchanges exchanges = sa.exchanges();
        if (!exchanges.isProtected() || !isInSequence(sa, arrival.header().exchangeType())) {
            sa.drop(IkeDrop.UNEXPECTED_EXCHANGE);
            return;
        }
        List<Payload> payloads;
        try {
            Optional<Exchanges.Opened> opened = exchanges.open(arrival.message(), arrival.octets(), now);
            if (opened.isEmpty()) {
                return;
            }
            exchanges.accept(arrival.message(), opened.get(), arrival.from());
            sa.heardRequest(arrival.from(), now);
            payloads = PayloadChain.parse(opened.get().firstInner(), opened.get().inner());
        } catch (MalformedMessage e) {
            if (exchanges.responses().lastMessageId() != arrival.header().messageId()) {
                exchanges.accept(arrival.message(), arrival.octets(), arrival.from());
            }
            sa.life().invalidSyntax("malformed request: " + e.getMessage(), now);
            return;
        }
        Optional<UnknownPayload> critical = Payloads.criticalUnknown(arrival.message().payloads())
                .or(() -> Payloads.criticalUnknown(payloads));
        if (critical.isPresent()) {
            refuseCritical(sa, critical.get().type(), now);
            return;
        }
        switch (exchanges.requestExchange()) {
            case ExchangeType.IKE_INTERMEDIATE -> intermediateRequest(sa, payloads, now);
            case ExchangeType.IKE_AUTH -> authRequest(sa, payloads, now);
            case ExchangeType.INFORMATIONAL -> informational(sa, payloads, now);
            case ExchangeType.CREATE_CHILD_SA -> CreateChild.request(sa, payloads, now);
            case ExchangeType.IKE_FOLLOWUP_KE -> sa.followUps().request(payloads, now);
            default -> sa.life().invalidSyntax("exchange type " + exchanges.requestExchange(), now);
        }
    }

    /** Before both sides are authenticated only a responder takes requests, and those alone that may come next (§1.2). */
    private static boolean isInSequence(IkeSa sa, int exchangeType) {
        return sa.state() != IkeSa.State.HANDSHAKE || sa.life().handshake().awaits(exchangeType);
    }

    private static void informational(IkeSa sa, List<Payload> payloads, long now) {
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.life().handshake().informational(payloads, now);
        } else {
            Informational.request(sa, payloads, now);
        }
    }

    private static void intermediateRequest(IkeSa sa, List<Payload> payloads, long now) {
        if (sa.state() != IkeSa.State.HANDSHAKE) {
            sa.life().invalidSyntax("IKE_INTERMEDIATE on an established IKE SA", now);
            return;
        }
        sa.exchanges().moveToRequestPath();
        sa.life().handshake().intermediateRequest(payloads, now);
    }

    private static void authRequest(IkeSa sa, List<Payload> payloads, long now) {
        if (sa.state() != IkeSa.State.HANDSHAKE || sa.isInitiator()) {
            sa.life().invalidSyntax("IKE_AUTH on an established IKE SA", now);
            return;
        }
        sa.exchanges().moveToRequestPath();
        sa.life().handshake().authRequest(payloads, now);
    }

    /** The request is rejected in its entirety (RFC 7296 §2.5); in IKE_AUTH that ends the IKE SA (§2.21.2). */
    private static void refuseCritical(IkeSa sa, int type, long now) {
        sa.exchanges().refuseCritical(type);
        if (sa.state() == IkeSa.State.HANDSHAKE) {
            sa.life().end(new TerminationCause.ProtocolError("unsupported critical payload of type " + type), now);
        }
    }
}
