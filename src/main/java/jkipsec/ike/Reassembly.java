package jkipsec.ike;

import java.util.Optional;
import java.util.TreeMap;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.EncryptedFragmentPayload;
import jkipsec.ike.message.IkeHeader;

/**
 * Puts the fragments of one message together, in whatever order they come (RFC 7383 §2.6).
 *
 * <p>It only ever keeps what passed its integrity check, of one message at a time, within the bounds of policy, and for
 * no longer than a peer goes on sending. Confined to the thread that owns the IKE SA.
 */
final class Reassembly {
    private static final String SECTION = "RFC 7383 §2.6";

    private final IkePolicy.Fragmentation policy;
    private final long patience;
    private final TreeMap<Integer, byte[]> parts = new TreeMap<>();
    private int messageId;
    private int exchangeType;
    private int total;
    private int octets;
    private int firstInner;
    private byte[] firstMessage;
    private int longest;
    private long deadline = Long.MAX_VALUE;

    /**
     * For the messages of one direction.
     *
     * @param policy the bounds
     * @param patience how long fragments wait for the rest, in nanoseconds
     */
    Reassembly(IkePolicy.Fragmentation policy, long patience) {
        this.policy = policy;
        this.patience = patience;
    }

    /**
     * A fragment as received.
     *
     * @param header its message's header
     * @param payload its number, the total, and the first payload's type
     * @param message the message as received
     */
    record Fragment(IkeHeader header, EncryptedFragmentPayload payload, byte[] message) {
        private static final int NUMBERS = 4;

        /** How long its message's end is that begins with the IV. */
        int sealedLength() {
            return payload.bodyLength() - NUMBERS;
        }
    }

    /**
     * A message put together.
     *
     * @param firstInner the type of the first payload inside
     * @param contents the payloads inside
     * @param firstMessage the first fragment as received, by which a repetition is known
     * @param longest the length of the longest fragment's message
     */
    record Whole(int firstInner, ByteReader contents, byte[] firstMessage, int longest) {}

    /** Why a fragment is not worth decrypting; nothing when it is. It is not yet verified, so nothing changes. */
    Optional<IkeDrop> objection(Fragment fragment) {
        EncryptedFragmentPayload payload = fragment.payload();
        if (payload.total() > policy.mostFragments()) {
            return Optional.of(IkeDrop.FRAGMENT_LIMIT);
        }
        if (!continues(fragment) || payload.total() > total) {
            return Optional.empty();
        }
        if (payload.total() < total) {
            return Optional.of(IkeDrop.FRAGMENT_OUTDATED);
        }
        return parts.containsKey(payload.number()) ? Optional.of(IkeDrop.FRAGMENT_REPEATED) : Optional.empty();
    }

    private boolean continues(Fragment fragment) {
        return !parts.isEmpty()
                && fragment.header().messageId() == messageId
                && fragment.header().exchangeType() == exchangeType;
    }

    /**
     * Adds a fragment against which there was no objection, and whose integrity was verified.
     *
     * @param contents its part of the contents, decrypted
     * @param now the time in nanoseconds
     * @return the whole message, when this was the last that missed
     * @throws MalformedMessage when there is more than policy allows: an attack or a broken peer, to be given up (RFC
     *     7383 §5)
     */
    Optional<Whole> add(Fragment fragment, ByteReader contents, long now) throws MalformedMessage {
        EncryptedFragmentPayload payload = fragment.payload();
        // Also when the peer divided the message anew, into more fragments.
        if (!continues(fragment) || payload.total() > total) {
            start(fragment, now);
        }
        if (contents.remaining() > policy.mostOctets() - octets) {
            clear();
            throw new MalformedMessage("fragments of more than " + policy.mostOctets() + " octets", 0, SECTION);
        }
        byte[] part = contents.rest();
        parts.put(payload.number(), part);
        octets += part.length;
        longest = Math.max(longest, fragment.message().length);
        if (payload.number() == 1) {
            firstInner = payload.firstInner();
            firstMessage = fragment.message();
        }
        return parts.size() == total ? Optional.of(finish()) : Optional.empty();
    }

    private void start(Fragment first, long now) {
        clear();
        messageId = first.header().messageId();
        exchangeType = first.header().exchangeType();
        total = first.payload().total();
        deadline = now + patience;
    }

    private Whole finish() {
        var whole = new ByteWriter(octets);
        parts.values().forEach(whole::bytes);
        var result = new Whole(firstInner, new ByteReader(whole.toByteArray(), SECTION), firstMessage, longest);
        clear();
        return result;
    }

    /** Forgets what is there. */
    void clear() {
        parts.clear();
        total = 0;
        octets = 0;
        longest = 0;
        firstMessage = null;
        deadline = Long.MAX_VALUE;
    }

    /** Forgets a message whose rest did not come in time. */
    void tick(long now) {
        if (now >= deadline) {
            clear();
        }
    }

    /** When {@link #tick} is to be called. */
    long deadline() {
        return deadline;
    }

    /** How many octets of contents are kept. */
    int octets() {
        return octets;
    }

    /** How many fragments are kept. */
    int fragments() {
        return parts.size();
    }
}
