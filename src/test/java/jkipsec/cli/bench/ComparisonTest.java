package jkipsec.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoMiddleValues() {
        assertEquals(3, Comparison.median(9, 1, 3));
        assertEquals(2, Comparison.median(9, 1, 3, 1));
    }

    @Test
    void bothWaysTakeTurnsAfterOneWarmUp() throws Exception {
        List<String> order = new ArrayList<>();
        double[] plain = {0, 10, 20, 30};
        double[] ours = {0, 5, 20, 60};
        int[] next = new int[2];
        var result = Comparison.measure(3, () -> {
            order.add("plain");
            return plain[next[0]++];
        }, () -> {
            order.add("ours");
            return ours[next[1]++];
        });
        assertEquals(new Comparison(20, 20, 1), result);
        assertEquals(List.of("plain", "ours", "plain", "ours", "ours", "plain", "plain", "ours"), order);
    }
}
