package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NewRenoTest {
    private static final int MSS = 1000;

    private final NewReno newReno = new NewReno();

    @Test
    void theFirstPartialAcknowledgmentOfEachRecoveryRestartsTheTimer() {
        for (int recovery = 0; recovery < 2; recovery++) {
            newReno.begin(MSS);
            assertFalse(newReno.isLaterPartial(), "the fast retransmit");
            newReno.advanced(MSS, MSS, true);
            assertFalse(newReno.isLaterPartial(), "the first partial acknowledgment (RFC 6582 §3.2, step 3)");
            newReno.advanced(MSS, MSS, true);
            assertTrue(newReno.isLaterPartial());
            newReno.advanced(MSS, MSS, false);
            newReno.reset();
        }
    }
}
