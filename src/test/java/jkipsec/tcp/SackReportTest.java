package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.FIN;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What this side reports as received out of order (RFC 2018 §4) or twice (RFC 2883 §4). */
class SackReportTest {
    /** The next segment acknowledges so much and reports such blocks, written as offsets: "500-1000 2000-2500". */
    private static void expect(ScriptedPeer peer, int acknowledged, String blocks) {
        assertEquals(blocks, blocks(peer.expectAck(acknowledged)));
    }

    /** Five hundred octets arrive at an offset; the answer acknowledges so much and reports such blocks. */
    private static void reports(ScriptedPeer peer, int offset, int acknowledged, String blocks) {
        peer.data(offset, 500);
        expect(peer, acknowledged, blocks);
    }

    private static String blocks(TcpSegment segment) {
        SackBlocks sack = segment.header().options().sack();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < sack.count(); i++) {
            found.add((sack.left(i) - ISS - 1) + "-" + (sack.right(i) - ISS - 1));
        }
        return String.join(" ", found);
    }

    /** RFC 2018 §4 sends eight segments of 500 octets from 5000 on. */
    private static ScriptedPeer withFiveThousand() {
        var peer = new ScriptedPeer().acceptedWithSack();
        peer.data(0, 5000);
        peer.sent.clear();
        return peer;
    }

    @Test
    void dataInOrderReportsNothing() {
        var peer = withFiveThousand();
        for (int i = 0; i < 4; i++) {
            peer.data(5000 + 500 * i, 500);
        }
        peer.pass(100);
        while (!peer.sent.isEmpty()) {
            assertEquals(TcpOptions.NONE, peer.sent.poll().header().options());
        }
    }

    @Test
    void whenTheFirstSegmentIsLostEachLaterOneLengthensTheBlock() {
        var peer = withFiveThousand();
        for (int i = 1; i < 8; i++) {
            reports(peer, 5000 + 500 * i, 5000, "5500-" + (5500 + 500 * i));
        }
    }

    @Test
    void whenEverySecondSegmentIsLostTheNewestBlockComesFirst() {
        var peer = withFiveThousand();
        reports(peer, 5500, 5000, "5500-6000");
        reports(peer, 6500, 5000, "6500-7000 5500-6000");
        reports(peer, 7500, 5000, "7500-8000 6500-7000 5500-6000");
        reports(peer, 8500, 5000, "8500-9000 7500-8000 6500-7000 5500-6000");
        reports(peer, 9500, 5000, "9500-10000 8500-9000 7500-8000 6500-7000");
        // RFC 2018 §4: the fourth, then the second of those lost arrives after all.
        reports(peer, 7000, 5000, "6500-8000 9500-10000 8500-9000 5500-6000");
        reports(peer, 5000, 6000, "6500-8000 9500-10000 8500-9000");
    }

    @Test
    void aTimestampLeavesRoomForThreeBlocks() {
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, new TcpOptions(MSS, 0).withSackPermitted().withTimestamp(1, 0), 0);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        for (int offset : new int[] {0, 200, 400, 600, 800}) {
            peer.raw(ACK, ISS + 1 + offset, peer.hostIss + 1, TcpOptions.timestamp(1, 0), offset == 0 ? 0 : 100);
        }
        assertEquals("800-900 600-700 400-500", blocks(peer.sent.peekLast()));
        assertEquals(40, peer.sent.peekLast().header().options().length());
    }

    @Test
    void aPeerThatDoesNotPermitItGetsNone() {
        var peer = new ScriptedPeer().accepted();
        peer.data(500, 500);
        peer.data(500, 500);
        expect(peer, 0, "");
        expect(peer, 0, "");
    }

    @Test
    void aRepeatedSegmentIsReportedOnceBelowTheAcknowledgment() {
        var peer = withFiveThousand();
        reports(peer, 3000, 5000, "3000-3500");
        reports(peer, 5500, 5000, "5500-6000");
        peer.data(3000, 1000);
        expect(peer, 5000, "3000-4000 5500-6000");
        reports(peer, 6000, 5000, "5500-6500");
    }

    @Test
    void aRepeatedSegmentOutOfOrderIsReportedBeforeTheBlockThatHoldsIt() {
        var peer = withFiveThousand();
        peer.data(5500, 500);
        peer.data(6000, 500);
        peer.data(7000, 500);
        peer.sent.clear();
        // RFC 2883 §4.1.3 and §4.2.2
        reports(peer, 5500, 5000, "5500-6000 5500-6500 7000-7500");
        peer.data(6250, 500); // half of it is new
        expect(peer, 5000, "6250-6500 5500-6750 7000-7500");
    }

    @Test
    void theRepeatedPartOfASegmentInOrderIsReported() {
        var peer = withFiveThousand();
        peer.data(4500, 1000);
        expect(peer, 5500, "4500-5000");
        assertEquals(5500, peer.received.size());
    }

    @Test
    void ofTwoRepeatedPartsTheFirstIsReported() {
        var peer = withFiveThousand();
        peer.data(6000, 500);
        peer.data(7000, 500);
        peer.sent.clear();
        peer.data(5500, 2500);
        expect(peer, 5000, "6000-6500 5500-8000");
    }

    @Test
    void aSegmentInOrderMayRepeatWhatWasHeld() {
        var peer = withFiveThousand();
        peer.data(5200, 100);
        peer.data(7000, 500);
        peer.sent.clear();
        peer.data(5000, 1000);
        expect(peer, 6000, "5200-5300 7000-7500");
    }

    @Test
    void aFinOutOfOrderBelongsToTheBlockBeforeIt() {
        var peer = withFiveThousand();
        peer.raw(ACK | FIN, ISS + 1 + 5500, peer.hostIss + 1, TcpOptions.NONE, 500);
        expect(peer, 5000, "5500-6001");
        peer.data(5000, 500);
        assertEquals(6001, peer.expect(ACK).acknowledgment() - ISS - 1);
        assertTrue(peer.endOfStream());
        assertArrayEquals(ScriptedPeer.stream(6000), peer.received.toByteArray());
    }

    @Test
    void smallDataTakesTheReportAlongAndAFullSegmentIsFollowedByIt() {
        var peer = withFiveThousand();
        peer.connection.noDelay(true);
        peer.data(5500, 500);
        peer.sent.clear();
        peer.write(100);
        assertEquals("5500-6000", blocks(peer.expectData(0, 100)));
        peer.write(MSS);
        assertEquals(TcpOptions.NONE, peer.expectData(100, MSS).header().options());
        peer.window = 0;
        peer.connection.write(new byte[2 * MSS], 0, 2 * MSS, peer.now);
        peer.sent.clear();
        peer.window = 60_000;
        peer.data(6500, 500, 100 + MSS); // acknowledges, and so lets go what was written; it is out of order, too
        while (peer.sent.size() > 1) {
            assertTrue(peer.sent.poll().payloadLength() > 0);
        }
        expect(peer, 5000, "6500-7000 5500-6000");
    }

    @Property(tries = 300)
    void theReportAgreesWithWhatIsMissing(@ForAll long seed) {
        var random = new Random(seed);
        var peer = new ScriptedPeer().acceptedWithSack();
        boolean[] has = new boolean[6000];
        for (int i = 0; i < 60; i++) {
            int start = random.nextInt(5000);
            int length = 1 + random.nextInt(i % 3 == 0 ? 900 : 60);
            int expectedDuplicate = firstHeld(has, start, start + length);
            peer.sent.clear();
            peer.data(start, length);
            for (int at = start; at < start + length; at++) {
                has[at] = true;
            }
            if (peer.sent.isEmpty()) {
                continue; // in order: the acknowledgment waits
            }
            TcpSegment segment = peer.sent.poll();
            int next = segment.acknowledgment() - ISS - 1;
            assertEquals(gap(has, 0), next);
            SackBlocks sack = segment.header().options().sack();
            boolean duplicate = expectedDuplicate >= 0;
            int first = duplicate ? 1 : 0;
            if (duplicate) {
                assertEquals(expectedDuplicate, sack.left(0) - ISS - 1);
                assertTrue(sack.right(0) - ISS - 1 <= start + length);
            }
            int ranges = 0;
            for (int at = next; at < has.length; at++) {
                ranges += has[at] && !has[at - 1] ? 1 : 0;
            }
            assertEquals(Math.min(4, first + ranges), sack.count(), "as many blocks as there are and fit");
            var seen = new ArrayList<Integer>();
            for (int b = first; b < sack.count(); b++) {
                int left = sack.left(b) - ISS - 1;
                int right = sack.right(b) - ISS - 1;
                assertTrue(left > next && has[left] && !has[left - 1], "a block begins where data is missing before");
                assertEquals(gap(has, left), right);
                assertTrue(!seen.contains(left), "blocks are different");
                seen.add(left);
            }
            if (start > next) {
                assertTrue(sack.left(first) - ISS - 1 <= start && start < sack.right(first) - ISS - 1,
                        "the first block holds the segment that was just received");
            }
        }
    }

    private static int gap(boolean[] has, int from) {
        int at = from;
        while (has[at]) {
            at++;
        }
        return at;
    }

    private static int firstHeld(boolean[] has, int from, int to) {
        for (int at = from; at < to; at++) {
            if (has[at]) {
                return at;
            }
        }
        return -1;
    }
}
