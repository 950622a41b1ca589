package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void distanceCountsInsertionsDeletionsAndReplacements() {
        assertEquals(0, Nearest.distance("serve", "serve"));
        assertEquals(3, Nearest.distance("kitten", "sitting"));
        assertEquals(5, Nearest.distance("", "serve"));
        assertEquals(5, Nearest.distance("serve", ""));
    }

    @Test
    void theNearestIsSuggestedFirst() {
        assertEquals("; did you mean '--dns' or '--pns'?", Nearest.suggestion("--dnss", List.of("--pns", "--dns")));
    }

    @Test
    void aBeginningIsEnough() {
        assertEquals("; did you mean '--public-address'?",
                Nearest.suggestion("--pub", List.of("--pool", "--public-address")));
    }

    @Test
    void nothingNearSuggestsNothing() {
        assertEquals("", Nearest.suggestion("--colour", List.of("--bind", "--identity")));
    }
}
