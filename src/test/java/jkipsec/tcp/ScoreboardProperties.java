package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The scoreboard does what a list of segments, searched from end to end, would do. */
class ScoreboardProperties {
    private static final int START = -3000;

    /** A segment of the model. */
    private static final class Segment {
        int start;
        int end;
        long time;
        int order;
        boolean sacked;
        boolean lost;
        boolean again;

        int length() {
            return end - start;
        }
    }

    private final List<Segment> model = new ArrayList<>();
    private final List<Integer> delivered = new ArrayList<>();
    private int una = START;
    private int next = START;
    private int transmissions;

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    @Label("whatever is sent, sacked, lost and acknowledged, it agrees with a plain list")
    void agreesWithAList(@ForAll long seed) {
        var random = new Random(seed);
        model.clear();
        una = START;
        next = START;
        transmissions = 0;
        var board = new Scoreboard(START);
        long now = 0;
        for (int step = 0; step < 400; step++) {
            now += random.nextInt(3);
            delivered.clear();
            List<Integer> reported = new ArrayList<>();
            Scoreboard.Deliveries listener = (end, sentAt, order, again) -> reported.add(end);
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> {
                    int end = next + 1 + random.nextInt(50);
                    board.sent(end, now);
                    add(end, now);
                }
                case 3 -> {
                    int to = una + random.nextInt(next - una + 1) / (1 + random.nextInt(4));
                    board.acknowledge(to, listener);
                    acknowledge(to);
                }
                case 4, 5 -> {
                    int left = una + random.nextInt(next - una + 1);
                    int right = left + random.nextInt(next - left + 1);
                    board.sack(left, right, listener);
                    sack(left, right);
                }
                case 6 -> {
                    int order = transmissions == 0 ? 0 : random.nextInt(transmissions + 1);
                    long patience = random.nextInt(40);
                    assertEquals(lose(order, patience, now), board.detectLosses(order, patience, now));
                }
                case 7 -> {
                    int slot = board.firstLost();
                    Segment lost = model.stream().filter(s -> s.lost).findFirst().orElse(null);
                    assertEquals(lost == null, slot == Scoreboard.NONE);
                    if (lost != null) {
                        assertEquals(lost.start, board.start(slot));
                        assertEquals(lost.end, board.end(slot));
                        board.sentAgain(slot, now);
                        lost.lost = false;
                        lost.again = true;
                        lost.time = now;
                        lost.order = transmissions++;
                    }
                }
                default -> rare(board, random, now);
            }
            assertEquals(delivered, reported);
            check(board);
        }
    }

    private void rare(Scoreboard board, Random random, long now) {
        switch (random.nextInt(4)) {
            case 0 -> {
                board.forgetSacks();
                for (Segment segment : model) {
                    segment.lost |= segment.sacked;
                    segment.sacked = false;
                }
            }
            case 1 -> {
                board.timedOut(20, now);
                for (int i = 0; i < model.size(); i++) {
                    Segment segment = model.get(i);
                    segment.lost |= !segment.sacked && (i == 0 || now - segment.time >= 20);
                }
            }
            case 2 -> {
                int size = 1 + random.nextInt(60);
                board.cut(size);
                List<Segment> former = List.copyOf(model);
                model.clear();
                for (Segment segment : former) {
                    while (!segment.sacked && segment.length() > size) {
                        var piece = new Segment();
                        piece.start = segment.start;
                        piece.end = segment.start + size;
                        piece.time = segment.time;
                        piece.order = segment.order;
                        piece.lost = segment.lost;
                        piece.again = segment.again;
                        segment.start += size;
                        model.add(piece);
                    }
                    model.add(segment);
                }
            }
            default -> {
                if (random.nextInt(10) == 0) {
                    board.clear();
                    una = next;
                    model.clear();
                }
            }
        }
    }

    private void add(int end, long now) {
        var segment = new Segment();
        segment.start = next;
        segment.end = end;
        segment.time = now;
        segment.order = transmissions++;
        model.add(segment);
        next = end;
    }

    private void acknowledge(int to) {
        while (!model.isEmpty() && model.get(0).end - to <= 0) {
            Segment first = model.remove(0);
            if (!first.sacked) {
                delivered.add(first.end);
            }
        }
        if (!model.isEmpty()) {
            model.get(0).start = to;
        }
        una = to;
    }

    private void sack(int left, int right) {
        for (Segment segment : model) {
            if (!segment.sacked && segment.start - left >= 0 && segment.end - right <= 0) {
                delivered.add(segment.end);
                segment.sacked = true;
                segment.lost = false;
            }
        }
    }

    private long lose(int order, long patience, long now) {
        long wait = 0;
        for (Segment segment : model) {
            if (!segment.sacked && !segment.lost && segment.order < order) {
                long remaining = segment.time + patience - now;
                segment.lost = remaining <= 0;
                wait = remaining <= 0 ? wait : wait == 0 ? remaining : Math.min(wait, remaining);
            }
        }
        return wait;
    }

    private void check(Scoreboard board) {
        int sacked = model.stream().filter(s -> s.sacked).mapToInt(Segment::length).sum();
        int lost = model.stream().filter(s -> s.lost).mapToInt(Segment::length).sum();
        assertEquals(model.size(), board.segments());
        assertEquals(next - una, board.octets());
        assertEquals(sacked, board.sackedOctets());
        assertEquals(model.stream().filter(s -> s.sacked).count(), board.sackedSegments());
        assertEquals(lost, board.lostOctets());
        assertEquals(next - una - sacked - lost, board.pipe());
        assertEquals(!model.isEmpty() && model.get(0).sacked, board.isFirstSacked());
    }

    @Example
    void losesNothingWhenLossesAreForgotten() {
        var board = new Scoreboard(0);
        for (int i = 1; i <= 10; i++) {
            board.sent(100 * i, i);
        }
        board.timedOut(0, 100);
        assertEquals(1000, board.lostOctets());
        board.sentAgain(board.firstLost(), 100);
        board.forgetLosses();
        assertEquals(0, board.lostOctets());
        assertEquals(1000, board.pipe());
        // The order of transmission is as it was: what was sent again comes last.
        assertEquals(3, board.detectLosses(3, 101, 100));
        assertEquals(0, board.lostOctets());
        assertEquals(1, board.detectLosses(9, 97, 100), "those sent at 2 and 3 are lost, the one sent at 4 soon");
        assertEquals(200, board.lostOctets());
    }

    @Example
    void blocksSaidAgainAndAgainCostLittle() {
        var board = new Scoreboard(0);
        int segments = Scoreboard.MOST_SEGMENTS;
        for (int i = 1; i <= segments; i++) {
            assertTrue(!board.isFull());
            board.sent(i, 0);
        }
        assertTrue(board.isFull());
        int[] calls = new int[1];
        for (int i = 2; i <= segments; i++) {
            board.sack(1, i, (end, sentAt, order, again) -> calls[0]++);
        }
        assertEquals(segments - 1, calls[0]);
        assertTrue(board.footprint() <= 1 << 20, "a megabyte at most: " + board.footprint());
    }
}
