package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
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
            if (payload instanceof DeletePayload delete) {
                if (delete.protocolId() == ProtocolId.IKE) {
                    deletesIke = true;
                } else if (deletesChild(sa, delete)) {
                    deletesChild = true;
                    int ours = sa.child().orElseThrow().inbound().spi();
                    answer.add(DeletePayload.esp(ours));
                }
            }
        }
        // The answer to the deletion of the IKE SA is empty, whatever else was asked (§1.4.1).
        sa.exchanges().respond(deletesIke ? List.of() : answer);
        if (deletesIke) {
            sa.exchanges().requests().clear();
            sa.end(new TerminationCause.DeletedByPeer(), now);
        } else if (deletesChild) {
            sa.terminate(new TerminationCause.DeletedByPeer(), now);
        } else {
            fatalNotify(sa, payloads, now);
        }
    }

    /** A peer deletes by naming the SPIs under which it receives (§1.4.1). */
    private static boolean deletesChild(IkeSa sa, DeletePayload delete) {
        return delete.protocolId() == ProtocolId.ESP
                && sa.child().map(child -> delete.spis().contains(child.outbound().spi())).orElse(false);
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
            sa.end(new TerminationCause.AuthenticationFailed("the peer does not accept our proof"), now);
        } else if (followsAuth
                && (type == NotifyType.INVALID_SYNTAX || type == NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD)) {
            sa.end(new TerminationCause.ProtocolError(
                    "the peer answers IKE_AUTH with " + NotifyType.nameOf(type)), now);
        }
    }

    /** The request that deletes the IKE SA and all beneath it; its answer, whatever it says, ends everything. */
    static RequestQueue.Request deleteIkeSa(IkeSa sa) {
        List<Payload> delete = List.of(DeletePayload.ikeSa());
        return new RequestQueue.Request(
                "DELETE",
                id -> sa.exchanges().seal(ExchangeType.INFORMATIONAL, false, id, delete),
                (payloads, now) -> sa.release());
    }
}
