package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jkipsec.ike.message.DeletePayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.ProtocolId;

/** INFORMATIONAL exchanges (RFC 7296 §1.4, §1.5): DELETE, and the empty request that only asks whether we live. */
final class Informational {
    /** The message ID of the initiator's first request after IKE_SA_INIT and IKE_AUTH. */
    private static final int FIRST_AFTER_AUTH = 2;

    private Informational() {}

    static void request(IkeSa sa, List<Payload> payloads, long now) {
        boolean deletesIke = false;
        boolean deletesChild = false;
        var answer = new ArrayList<Payload>();
        for (Payload payload : payloads) {
            if (payload instanceof DeletePayload delete && delete.protocolId() == ProtocolId.IKE) {
                deletesIke = true;
            } else if (payload instanceof DeletePayload delete && delete.protocolId() == ProtocolId.ESP) {
                deletesChild |= deleteChildren(sa, delete, answer, now);
            }
        }
        answer.addAll(sa.mobility().request(payloads, sa.exchanges().requestPath(), now));
        // The answer to the deletion of the IKE SA is empty, whatever else was asked (§1.4.1).
        sa.exchanges().respond(deletesIke ? List.of() : answer);
        if (deletesIke) {
            deletedByPeer(sa, now);
        } else if (deletesChild && sa.children().usableCount() == 0) {
            sa.life().terminate(new TerminationCause.DeletedByPeer(), now);
        } else {
            sa.redirection().request(payloads, now);
            fatalNotify(sa, payloads, now);
        }
    }

    /** A peer deletes by naming the SPIs under which it receives, and is told those under which we did (§1.4.1). */
    private static boolean deleteChildren(IkeSa sa, DeletePayload delete, List<Payload> answer, long now) {
        var ours = new ArrayList<Integer>();
        boolean any = false;
        for (int spi : delete.spis()) {
            Optional<ChildSas.Entry> named = sa.children().named(spi);
            if (named.isPresent()) {
                any = true;
                if (ChildKeeper.closedByPeer(sa, named.get(), now)) {
                    ours.add(named.get().sa().inbound().spi());
                }
            }
        }
        if (!ours.isEmpty()) {
            answer.add(new DeletePayload(ProtocolId.ESP, ours));
        }
        return any;
    }

    /** What the peer made to replace this IKE SA takes over: it did not notice that we were replacing it too (§2.8.2). */
    private static void deletedByPeer(IkeSa sa, long now) {
        if (sa.isCurrent() && sa.succession().peerReplacement().isPresent()) {
            sa.succession().adoptPeerReplacement(now);
        }
        sa.exchanges().requests().clear();
        sa.succession().agreeing(false);
        sa.life().end(sa.redirection().causeOf(new TerminationCause.DeletedByPeer()), now);
    }

    /** An initiator that cannot accept our IKE_AUTH answer says so here, and means the IKE SA (§2.21.2). */
    private static void fatalNotify(IkeSa sa, List<Payload> payloads, long now) {
        for (Payload payload : payloads) {
            if (payload instanceof NotifyPayload notify) {
                fatalNotify(sa, notify.type(), now);
            }
        }
    }

    private static void fatalNotify(IkeSa sa, int type, long now) {
        boolean followsAuth = sa.exchanges().responses().lastMessageId() == FIRST_AFTER_AUTH;
        if (type == NotifyType.AUTHENTICATION_FAILED) {
            sa.life().end(new TerminationCause.AuthenticationFailed("the peer does not accept our proof"), now);
        } else if (followsAuth
                && (type == NotifyType.INVALID_SYNTAX || type == NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD)) {
            sa.life().end(new TerminationCause.ProtocolError(
                    "the peer answers IKE_AUTH with " + NotifyType.nameOf(type)), now);
        }
    }

    /** The request that deletes the IKE SA and all beneath it; its answer, whatever it says, ends everything. */
    static RequestQueue.Request deleteIkeSa(IkeSa sa) {
        List<Payload> delete = List.of(DeletePayload.ikeSa());
        return new RequestQueue.Request(
                "DELETE",
                (id, when) -> sa.exchanges().seal(ExchangeType.INFORMATIONAL, false, id, delete),
                (payloads, now) -> sa.life().release());
    }
}
