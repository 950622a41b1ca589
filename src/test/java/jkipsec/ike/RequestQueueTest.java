package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import org.junit.jupiter.api.Test;

/** Our requests, one at a time (RFC 7296 §2.1 to §2.3). */
class RequestQueueTest {
    private static final long SECOND = 1_000_000_000L;

    private final RequestQueue queue =
            new RequestQueue(new IkePolicy.Retransmission(Duration.ofSeconds(1), 2, Duration.ofSeconds(3), 4));
    private final List<String> answered = new ArrayList<>();

    private static Outgoing message(int messageId) {
        var header = new IkeHeader(1, 2, ExchangeType.INFORMATIONAL, true, false, messageId);
        return Outgoing.unprotected(header, new byte[] {(byte) messageId});
    }

    private void add(String name) {
        queue.add(new RequestQueue.Request(name, (id, now) -> message(id), (payloads, now) -> answered.add(name)));
    }

    @Test
    void anEmptyQueueSendsNothingAndNeverWantsToBeCalled() {
        assertNull(queue.startNext(0));
        assertEquals(Long.MAX_VALUE, queue.deadline());
        assertTrue(queue.idle());
        assertFalse(queue.awaits(0));
    }

    @Test
    void oneRequestIsOutstandingAtATimeAndIdsCountUp() {
        add("first");
        add("second");
        assertEquals(0, queue.startNext(0).header().messageId());
        assertNull(queue.startNext(0), "the second waits for the answer to the first");
        assertTrue(queue.awaits(0));
        assertFalse(queue.awaits(1));
        queue.answered().accept(List.of(), 0);
        assertEquals(1, queue.startNext(5).header().messageId());
        assertTrue(queue.awaits(1));
        assertFalse(queue.awaits(0), "an answer counts once");
        queue.answered().accept(List.of(), 0);
        assertEquals(List.of("first", "second"), answered);
        assertTrue(queue.idle());
    }

    @Test
    void theSameMessageIsSentAtGrowingIntervalsAndThenGivenUp() {
        add("only");
        Outgoing sent = queue.startNext(10 * SECOND);
        var deadlines = new ArrayList<Long>();
        while (!queue.exhausted()) {
            deadlines.add(queue.deadline() / SECOND);
            assertSame(sent, queue.retransmit(queue.deadline()));
        }
        deadlines.add(queue.deadline() / SECOND);
        assertEquals(List.of(11L, 13L, 16L, 19L), deadlines, "after 1, 2, 3 and 3 seconds");
        assertEquals(4, queue.transmissions());
        assertEquals("only", queue.currentName());
    }

    @Test
    void whatIsForgottenCanWipeItsKeysButWhatWasAnsweredHasDoneSoItself() {
        var wiped = new ArrayList<String>();
        for (String name : List.of("answered", "outstanding", "waiting")) {
            queue.add(new RequestQueue.Request(
                    name, (id, now) -> message(id), (payloads, now) -> {}, () -> wiped.add(name)));
        }
        queue.startNext(0);
        queue.answered();
        queue.startNext(0);
        queue.clearWaiting();
        assertEquals(List.of("waiting"), wiped);
        queue.clear();
        assertEquals(List.of("waiting", "outstanding"), wiped);
        queue.clear();
        assertEquals(List.of("waiting", "outstanding"), wiped);
    }

    @Test
    void anAnsweredRequestHasNoDeadline() {
        add("only");
        queue.startNext(0);
        queue.answered();
        assertEquals(Long.MAX_VALUE, queue.deadline());
    }

    @Test
    void aRestartKeepsTheMessageIdAndBeginsItsRepetitionsAnew() {
        add("only");
        queue.startNext(0);
        queue.retransmit(SECOND);
        Outgoing other = message(0);
        assertSame(other, queue.restart(other, 2 * SECOND));
        assertEquals(3 * SECOND, queue.deadline());
        assertEquals(1, queue.transmissions());
        assertSame(other, queue.retransmit(3 * SECOND));
        assertTrue(queue.awaits(0));
    }

    @Test
    void aRequestNoLongerWantedIsPassedOverWithoutAMessageId() {
        queue.add(new RequestQueue.Request("gone", (id, now) -> null, (payloads, now) -> answered.add("gone")));
        add("wanted");
        assertEquals(0, queue.startNext(0).header().messageId());
        assertEquals("wanted", queue.currentName());
    }

    @Test
    void clearingForgetsWhatIsOutstandingAndWhatWaitsButNotTheCount() {
        add("first");
        add("second");
        queue.startNext(0);
        queue.clear();
        assertTrue(queue.idle());
        assertEquals(Long.MAX_VALUE, queue.deadline());
        assertFalse(queue.awaits(0));
        add("third");
        assertEquals(1, queue.startNext(0).header().messageId(), "no message ID is used twice");
    }

    @Test
    void clearingWhatWaitsLeavesWhatIsOutstanding() {
        add("first");
        add("second");
        queue.startNext(0);
        queue.clearWaiting();
        assertTrue(queue.awaits(0));
        assertNotNull(queue.answered());
        assertTrue(queue.idle());
    }
}
