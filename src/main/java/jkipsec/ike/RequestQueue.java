package jkipsec.ike;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import jkipsec.ike.message.Payload;

/**
 * Our own requests, one at a time (RFC 7296 §2.1 to §2.3 with a window of 1): the next message ID, the request without
 * an answer, when it is sent again, and the requests that wait behind it.
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class RequestQueue {
    /** Makes the message of a request whose turn has come. */
    @FunctionalInterface
    interface Encoder {
        Outgoing encode(int messageId, long now);
    }

    /** What to do with the answer. */
    @FunctionalInterface
    interface Answer {
        void accept(List<Payload> payloads, long now);
    }

    /**
     * A request to make when its turn comes.
     *
     * @param name what it is, for reports
     * @param encode makes the message for the message ID it gets; null when it is no longer wanted
     * @param answer what to do with the answer
     * @param forget what to do when it is forgotten, waiting or outstanding, and its answer does not matter any more:
     *     private keys are wiped
     */
    record Request(String name, Encoder encode, Answer answer, Runnable forget) {
        /** A request that holds nothing that would have to be wiped. */
        Request(String name, Encoder encode, Answer answer) {
            this(name, encode, answer, () -> {});
        }
    }

    private final IkePolicy.Retransmission policy;
    private final Deque<Request> waiting = new ArrayDeque<>();
    private int nextId;
    private Request current;
    private int currentId;
    private Outgoing message;
    private int transmissions;
    private long deadline = Long.MAX_VALUE;

    RequestQueue(IkePolicy.Retransmission policy) {
        this.policy = policy;
    }

    /** Adds a request; {@link #startNext} sends it when nothing is outstanding. */
    void add(Request request) {
        waiting.add(request);
    }

    /**
     * Starts the next waiting request if none is outstanding; returns the message to send, or null. A request whose reason
     * went while it waited encodes to null, and is passed over.
     */
    Outgoing startNext(long now) {
        while (current == null && !waiting.isEmpty()) {
            Request next = waiting.remove();
            Outgoing encoded = next.encode().encode(nextId, now);
            if (encoded != null) {
                current = next;
                currentId = nextId++;
                message = encoded;
                transmissions = 0;
                return transmit(now);
            }
        }
        return null;
    }

    /**
     * Replaces the outstanding message by another with the same message ID, as a repeated IKE_SA_INIT with a cookie or
     * another group does (RFC 7296 §2.6, §1.2), or smaller fragments (RFC 7383 §2.5.2), and starts its repetitions
     * anew.
     */
    Outgoing restart(Outgoing other, long now) {
        message = other;
        transmissions = 0;
        return transmit(now);
    }

    private Outgoing transmit(long now) {
        transmissions++;
        deadline = now + policy.waitAfter(transmissions);
        return message;
    }

    /** The exchange type of the outstanding request. */
    int exchangeType() {
        return message.header().exchangeType();
    }

    /** Whether a response with this message ID answers what is outstanding. */
    boolean awaits(int messageId) {
        return current != null && messageId == currentId;
    }

    /** Ends the outstanding request; returns what to do with its answer. */
    Answer answered() {
        Answer answer = current.answer();
        current = null;
        message = null;
        deadline = Long.MAX_VALUE;
        return answer;
    }

    /** When the outstanding request is to be sent again or given up. */
    long deadline() {
        return deadline;
    }

    /** Whether the outstanding request was sent as often as policy allows. */
    boolean exhausted() {
        return transmissions >= policy.transmissions();
    }

    /** The outstanding message, to be sent once more. */
    Outgoing retransmit(long now) {
        return transmit(now);
    }

    /** Whether a request awaits its answer. */
    boolean isOutstanding() {
        return current != null;
    }

    boolean idle() {
        return current == null && waiting.isEmpty();
    }

    String currentName() {
        return current == null ? "nothing" : current.name();
    }

    int transmissions() {
        return transmissions;
    }

    Outgoing message() {
        return message;
    }

    /** Forgets what waits; what is outstanding goes on. */
    void clearWaiting() {
        waiting.forEach(request -> request.forget().run());
        waiting.clear();
    }

    /** Forgets everything, outstanding or waiting. */
    void clear() {
        clearWaiting();
        if (current != null) {
            current.forget().run();
        }
        current = null;
        message = null;
        deadline = Long.MAX_VALUE;
    }
}
