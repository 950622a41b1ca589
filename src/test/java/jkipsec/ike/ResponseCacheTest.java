package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.ike.ResponseCache.Verdict;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import org.junit.jupiter.api.Test;

/** The peer's requests, one at a time (RFC 7296 §2.2, §2.3). */
class ResponseCacheTest {
    private static final byte[] REQUEST = {1, 2, 3};
    private static final byte[] OTHER = {1, 2, 4};
    private static final Outgoing ANSWER = Outgoing.unprotected(
            new IkeHeader(1, 2, ExchangeType.INFORMATIONAL, false, true, 5), new byte[] {9});

    private final ResponseCache cache = new ResponseCache(5);

    private void answered() {
        cache.accept(REQUEST);
        cache.answered(ANSWER);
    }

    @Test
    void onlyTheExpectedMessageIdIsNew() {
        assertEquals(Verdict.NEW, cache.classify(5, REQUEST));
        for (int id : new int[] {4, 6, 0, -1, Integer.MAX_VALUE}) {
            assertEquals(Verdict.OUT_OF_WINDOW, cache.classify(id, REQUEST));
        }
    }

    @Test
    void lookingChangesNothing() {
        cache.classify(5, REQUEST);
        assertEquals(Verdict.NEW, cache.classify(5, OTHER), "what was not accepted was perhaps forged");
    }

    @Test
    void whileTheAnswerIsWorkedOutARepeatWaitsAndNothingElseIsTaken() {
        cache.accept(REQUEST);
        assertTrue(cache.isAnswering());
        assertEquals(5, cache.lastMessageId());
        assertEquals(Verdict.IN_PROGRESS, cache.classify(5, REQUEST));
        assertEquals(Verdict.CHANGED, cache.classify(5, OTHER));
        assertEquals(Verdict.OUT_OF_WINDOW, cache.classify(6, REQUEST));
    }

    @Test
    void onceAnsweredARepeatGetsTheAnswerAndTheNextIsNew() {
        answered();
        assertFalse(cache.isAnswering());
        assertEquals(Verdict.REPEATED, cache.classify(5, REQUEST.clone()));
        assertSame(ANSWER, cache.response());
        assertEquals(Verdict.CHANGED, cache.classify(5, OTHER));
        assertEquals(Verdict.NEW, cache.classify(6, OTHER));
        assertEquals(Verdict.OUT_OF_WINDOW, cache.classify(4, REQUEST));
        assertEquals(Verdict.OUT_OF_WINDOW, cache.classify(7, REQUEST));
    }

    @Test
    void onlyTheLastAnswerIsKept() {
        answered();
        cache.accept(OTHER);
        cache.answered(ANSWER);
        assertEquals(Verdict.OUT_OF_WINDOW, cache.classify(5, REQUEST));
        assertEquals(Verdict.REPEATED, cache.classify(6, OTHER));
    }

    @Test
    void repeatsAreCountedPerRequest() {
        answered();
        assertEquals(1, cache.countRepeat());
        assertEquals(2, cache.countRepeat());
        cache.accept(OTHER);
        assertEquals(1, cache.countRepeat());
    }
}
