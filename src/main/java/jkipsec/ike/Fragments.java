package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.IkePolicy.Fragmentation.Mode;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.Payload;

/**
 * IKE fragmentation of one IKE SA (RFC 7383): whether it was agreed on, into what messages are divided, and what is
 * there of the peer's next request and next response. Confined to the thread that owns the IKE SA.
 */
final class Fragments {
    /** In forced mode messages are divided at least into so many, as far as they have contents. */
    private static final int FORCED_FRAGMENTS = 2;

    private final IkePolicy.Fragmentation policy;
    private final Reassembly requests;
    private final Reassembly responses;
    private boolean agreed;
    private int requestLongest = Integer.MAX_VALUE;

    Fragments(IkePolicy policy) {
        this.policy = policy.fragmentation();
        long patience = policy.retransmission().patience();
        this.requests = new Reassembly(this.policy, patience);
        this.responses = new Reassembly(this.policy, patience);
    }

    /** What to say in IKE_SA_INIT so that the peer may use fragments, and knows that we do (§2.3). */
    static List<Payload> offer(IkePolicy policy) {
        return policy.fragmentation().mode() == Mode.OFF
                ? List.of()
                : List.of(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
    }

    /** Takes the peer's message of IKE_SA_INIT; fragments are used when both sides said so. */
    void agree(IkeMessage init) {
        agreed = policy.mode() != Mode.OFF && init.notify(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED).isPresent();
    }

    /** An IKE SA that replaces another has no IKE_SA_INIT of its own: what was agreed on stays. */
    void inherit(Fragments old) {
        agreed = old.agreed;
    }

    boolean agreed() {
        return agreed;
    }

    /** Seals a message, in fragments when it is too large for the path or for what the peer's fragments suggest. */
    Outgoing seal(SkProtection protection, IkeHeader header, List<Payload> payloads, Path path) {
        Contents contents = Contents.of(payloads);
        int limit = Fragmenter.messageLimit(policy.datagram(), path);
        if (header.response() && requestLongest < limit) {
            limit = Math.min(limit, Math.max(requestLongest, Fragmenter.safeLimit(path)));
        }
        // strongSwan 5.9 does not take INFORMATIONAL in fragments; and there is no point in dividing what is that small
        // (§2.4).
        boolean forced = policy.mode() == Mode.FORCED && header.exchangeType() != ExchangeType.INFORMATIONAL;
        boolean divide = agreed && (forced || protection.sealedLength(contents.octets().length) > limit);
        List<byte[]> datagrams = divide
                ? Fragmenter.seal(protection, header, contents, limit, forced ? FORCED_FRAGMENTS : 1)
                : List.of(protection.seal(header, contents.firstInner(), contents.octets()));
        return new Outgoing(datagrams, header, Optional.of(contents));
    }

    /**
     * Divides a message that perhaps does not get through into smaller fragments, which nearly every path carries; more
     * of them than before, so that the peer does not mix them up (§2.5.2).
     *
     * @return the message in smaller datagrams, or nothing when it cannot be made so
     */
    Optional<Outgoing> smaller(SkProtection protection, Outgoing message, Path path) {
        int limit = Fragmenter.safeLimit(path);
        if (!agreed || protection == null || message.contents().isEmpty() || message.longest() <= limit) {
            return Optional.empty();
        }
        Contents contents = message.contents().get();
        int least = message.datagrams().size() + 1;
        List<byte[]> datagrams = Fragmenter.seal(protection, message.header(), contents, limit, least);
        return Optional.of(new Outgoing(datagrams, message.header(), message.contents()));
    }

    /** Why a fragment is dropped before it is decrypted; nothing when it is not. */
    Optional<IkeDrop> objection(Reassembly.Fragment fragment) {
        return agreed ? direction(fragment).objection(fragment) : Optional.of(IkeDrop.FRAGMENT_UNEXPECTED);
    }

    /** Takes a fragment whose integrity was verified; the whole message, when it is the last that missed. */
    Optional<Reassembly.Whole> add(Reassembly.Fragment fragment, ByteReader contents, long now)
            throws MalformedMessage {
        return direction(fragment).add(fragment, contents, now);
    }

    private Reassembly direction(Reassembly.Fragment fragment) {
        return fragment.header().response() ? responses : requests;
    }

    /** A request was taken, whole or put together; what else there is of one is not needed any more. */
    void requestTaken(int longestFragment) {
        requests.clear();
        requestLongest = longestFragment;
    }

    /** No response is awaited any more. */
    void responseTaken() {
        responses.clear();
    }

    /** Forgets all fragments. */
    void clear() {
        requests.clear();
        responses.clear();
    }

    long deadline() {
        return Math.min(requests.deadline(), responses.deadline());
    }

    void tick(long now) {
        requests.tick(now);
        responses.tick(now);
    }
}
