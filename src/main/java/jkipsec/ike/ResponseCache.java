package jkipsec.ike;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The peer's requests, one at a time (RFC 7296 §2.2, §2.3 with a window of 1): which message ID comes next, and the last
 * answer, to be sent again in the same octets when its request comes again.
 *
 * <p>Confined to the thread that owns the IKE SA.
 */
final class ResponseCache {
    /** What a request is, by its message ID and contents. */
    enum Verdict {
        /** The one expected next. */
        NEW,
        /** The last one again: send {@link ResponseCache#response()}. */
        REPEATED,
        /** The last one again, while its answer is still being worked out. */
        IN_PROGRESS,
        /** The last one's message ID with other contents. */
        CHANGED,
        /** The last one's message ID in a fragment that is not the first: it calls for no answer (RFC 7383 §2.6.1). */
        FURTHER_FRAGMENT,
        /** Any other message ID. */
        OUT_OF_WINDOW
    }

    private int expected;
    private byte[] lastDigest;
    private Outgoing lastResponse;
    private int repeats;

    /** Starts with the message ID that the peer's first request has. */
    ResponseCache(int firstExpected) {
        expected = firstExpected;
    }

    Verdict classify(int messageId, byte[] request) {
        if (messageId == expected) {
            // With a window of 1 the next request may come only after the answer to the last (§2.3).
            boolean answering = lastDigest != null && lastResponse == null;
            return answering ? Verdict.OUT_OF_WINDOW : Verdict.NEW;
        }
        if (messageId != expected - 1 || lastDigest == null) {
            return Verdict.OUT_OF_WINDOW;
        }
        return MessageDigest.isEqual(lastDigest, digest(request)) ? repeated() : Verdict.CHANGED;
    }

    /** What the last request is when it comes again. */
    Verdict repeated() {
        return lastResponse == null ? Verdict.IN_PROGRESS : Verdict.REPEATED;
    }

    /** Takes a new request whose integrity was verified; the window moves past it. */
    void accept(byte[] request) {
        lastDigest = digest(request);
        lastResponse = null;
        repeats = 0;
        expected++;
    }

    /** Keeps the answer to the request accepted last. */
    void answered(Outgoing response) {
        lastResponse = response;
    }

    /** Whether a request was accepted and is not answered yet. */
    boolean isAnswering() {
        return lastDigest != null && lastResponse == null;
    }

    /** The message ID of the request accepted last. */
    int lastMessageId() {
        return expected - 1;
    }

    Outgoing response() {
        return lastResponse;
    }

    /** Counts a repetition of the last request; returns how many there were. */
    int countRepeat() {
        return ++repeats;
    }

    private static byte[] digest(byte[] request) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(request);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }
}
