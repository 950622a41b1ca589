package jkipsec.ike;

import java.util.List;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;

/** What the negotiation of a Child SA came to. */
sealed interface ChildOutcome {
    /**
     * It is there.
     *
     * @param child the pair of ESP SAs
     * @param addresses the inner addresses
     * @param payloads what the answer says about it: CP, SA, TSi, TSr
     */
    record Agreed(ChildSa child, InnerAddresses addresses, List<Payload> payloads) implements ChildOutcome {}

    /**
     * There is none.
     *
     * @param notifyType the error to report
     * @param why more about it, for this side
     */
    record Refused(int notifyType, String why) implements ChildOutcome {
        TerminationCause cause() {
            return new TerminationCause.NegotiationFailed(NotifyType.nameOf(notifyType), why);
        }
    }
}
