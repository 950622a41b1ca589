package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MailboxTest {
    private final Mailbox<String> mailbox = new Mailbox<>(2 * (100 + 128));

    @Test
    void packetsBeyondTheBoundAreRefusedAndControlIsNot() {
        assertTrue(mailbox.offer("p1", 100));
        assertTrue(mailbox.offer("p2", 100));
        assertFalse(mailbox.offer("p3", 100));
        assertTrue(mailbox.put("c1"));
        assertTrue(mailbox.put("c2"));
        assertEquals(List.of("p1", "p2", "c1", "c2"), takeAll());
        assertTrue(mailbox.offer("p4", 100), "what was taken makes room");
        assertFalse(mailbox.offer("long", 129), "octets count, not packets");
    }

    @Test
    void aClosedMailboxAcceptsNothingAndHandsOverWhatWaited() {
        mailbox.put("before");
        var leftover = new ArrayList<String>();
        mailbox.close(leftover::add);
        assertEquals(List.of("before"), leftover);
        assertFalse(mailbox.put("after"));
        assertFalse(mailbox.offer("after", 100));
        assertNull(mailbox.poll());
    }

    @Test
    void theOwnerIsWoken() throws Exception {
        var owner = Waiter.start(() -> {
            String event = mailbox.poll();
            while (event == null) {
                mailbox.await(Long.MAX_VALUE);
                event = mailbox.poll();
            }
            return event;
        });
        owner.awaitWaiting();
        mailbox.put("come");
        assertEquals("come", owner.result());
    }

    @Test
    void anInterruptDoesNotMakeTheOwnerSpin() throws Exception {
        var owner = Waiter.start(() -> {
            Thread.currentThread().interrupt();
            mailbox.await(Long.MAX_VALUE);
            assertFalse(Thread.currentThread().isInterrupted());
            return null;
        });
        owner.result();
    }

    /** Whatever the timing of closing, each event is either refused to its sender or seen by the owner, never lost. */
    @Test
    void nothingIsLostWhenClosingMeetsSending() throws Exception {
        for (int round = 0; round < 200; round++) {
            var box = new Mailbox<Integer>(1_000);
            var refused = new AtomicInteger();
            var senders = new ArrayList<Waiter<Void>>();
            for (int i = 0; i < 3; i++) {
                senders.add(Waiter.start(() -> {
                    for (int n = 0; n < 20; n++) {
                        if (!box.put(n)) {
                            refused.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            var seen = new AtomicInteger();
            for (int n = 0; n < round % 40; n++) {
                if (box.poll() != null) {
                    seen.incrementAndGet();
                }
            }
            box.close(event -> seen.incrementAndGet());
            for (var sender : senders) {
                sender.result();
            }
            assertNull(box.poll());
            assertEquals(60, seen.get() + refused.get());
        }
    }

    private List<String> takeAll() {
        var all = new ArrayList<String>();
        for (String event = mailbox.poll(); event != null; event = mailbox.poll()) {
            all.add(event);
        }
        return all;
    }
}
