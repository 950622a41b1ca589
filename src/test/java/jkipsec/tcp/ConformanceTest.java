package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of {@code test-vectors/tcp-conformance.txt}, a test for each of its rows. */
class ConformanceTest {
    /** One row: in a state, given something, expect exactly this. */
    private record Row(int line, String given, String event, String expect, String source) {
        static Row parse(int line, String text) {
            String[] cells = text.split("\\|", -1);
            assertEquals(4, cells.length, "line " + line + " has not four cells: " + text);
            return new Row(line, cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip());
        }

        void check() {
            var scene = new ConformanceScene(given);
            for (String step : event.split(";")) {
                scene.act(step.strip());
            }
            assertEquals(expect, scene.outcome(), () -> "line " + line + " (" + source + "): " + this);
        }

        @Override
        public String toString() {
            return given + ": " + event + " -> " + expect;
        }
    }

    private static List<Row> rows() {
        try {
            List<String> lines = Files.readAllLines(Vectors.folder().resolve("tcp-conformance.txt"));
            return IntStream.range(0, lines.size())
                    .filter(i -> !lines.get(i).isBlank() && !lines.get(i).startsWith("#"))
                    .mapToObj(i -> Row.parse(i + 1, lines.get(i)))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> inAStateGivenASegmentACallOrATimeOut() {
        return rows().stream().map(row -> DynamicTest.dynamicTest(row.toString(), row::check));
    }

    @Test
    void everyRowIsDifferentAndNamesItsSource() {
        List<Row> rows = rows();
        assertTrue(rows.size() >= 200, rows.size() + " rows");
        assertEquals(rows.size(), rows.stream().map(row -> row.given() + row.event()).distinct().count());
        rows.forEach(row -> assertTrue(row.source().matches("(\\d{4} §[\\d.]+(, )?)+"), row.toString()));
    }
}
