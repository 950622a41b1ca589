package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as a measurement of the round trip, and how much (RFC 6298 §3, RFC 7323 §4.1, §4.2 and appendix G). */
class RoundTripTest {
    private static final long MS = TcpPair.MILLIS;

    /** The payload of a full segment with a timestamp. */
    private static final int STAMPED = MSS - TcpOptions.TIMESTAMP_ROOM;

    /** An open connection whose handshake took no time. */
    private static ScriptedPeer accepted(boolean timestamps, boolean selective) {
        var offer = new TcpOptions(MSS, 0);
        offer = selective ? offer.withSackPermitted() : offer;
        offer = timestamps ? offer.withTimestamp(5000, 0) : offer;
        var peer = new ScriptedPeer().listening();
        peer.raw(SYN, ISS, 0, offer, 0);
        TcpSegment answer = peer.expect(SYN | ACK);
        peer.hostIss = answer.sequence();
        acknowledge(peer, 0, timestamps ? TcpOptions.timestamp(5000, stamp(answer)) : TcpOptions.NONE);
        peer.connection = peer.lastAccepted();
        assertEquals(new RttEstimate(0, 0), peer.connection.roundTrip());
        return peer;
    }

    private static int stamp(TcpSegment segment) {
        return segment.header().options().timestampValue();
    }

    private static void acknowledge(ScriptedPeer peer, int octets, TcpOptions options) {
        peer.raw(ACK, ISS + 1, peer.hostIss + 1 + octets, options, 0);
    }

    private static void echo(ScriptedPeer peer, int octets, int echoed) {
        acknowledge(peer, octets, TcpOptions.timestamp(5000, echoed));
    }

    private static void assertMeasured(ScriptedPeer peer, RttEstimate before, int millis) {
        assertEquals(before.sample(millis * MS), peer.connection.roundTrip());
    }

    /** ExpectedSamples = ceiling(FlightSize / (SMSS * 2)). */
    @ParameterizedTest
    @CsvSource({
        "1, 1", "1000, 1", "1001, 1", "2000, 1", "2001, 2", "3000, 2", "4000, 2", "4001, 3", "5000, 3", "6000, 3",
        "7000, 4", "9999, 5", "10000, 5"})
    void oneOfSeveralMeasurementsInAWindowCountsLess(int flight, int expected) {
        ScriptedPeer peer = accepted(false, false);
        peer.connection.noDelay(true);
        peer.write(flight);
        assertEquals(flight, peer.connection.send.outstanding());
        peer.pass(80);
        peer.ack(Math.min(flight, MSS));
        assertEquals(new RttEstimate(80 * MS / (8 * expected), 80 * MS / (4 * expected)), peer.connection.roundTrip());
    }

    @Test
    void aWindowOfMeasurementsWeighsAboutAsMuchAsOne() {
        var before = new RttEstimate(100 * MS, 10 * MS);
        var one = before.sample(180 * MS);
        for (int expected : new int[] {2, 5, 50, 2_000}) {
            RttEstimate many = before;
            for (int i = 0; i < expected; i++) {
                many = many.sample(180 * MS, expected);
            }
            assertEquals(one.smoothed(), many.smoothed(), MS, "SRTT after " + expected);
            assertEquals(one.variation(), many.variation(), 4 * MS, "RTTVAR after " + expected);
        }
    }

    @Test
    void theFirstMeasurementCountsWholly() {
        assertEquals(new RttEstimate(80 * MS, 40 * MS), RttEstimate.UNKNOWN.sample(80 * MS, 50));
    }

    /** After 200 ms the first segment is sent again, and 30 ms later one of the two is acknowledged. */
    @ParameterizedTest
    @CsvSource({
        "of the repetition,              0, 30",
        "of the original,             -200, 230",
        "between the two,             -100, 130",
        "of the present,                30, 0",
        "of the future,                 31, -1",
        "of two minutes ago,       -119970, 120000",
        "of a little longer ago,   -119971, -1",
        "of half the clock's round, 0x7fffffff, -1",
    })
    void whatWasSentAgainIsMeasuredByTheEchoedTimestamp(String which, String fromRepetition, int millis) {
        ScriptedPeer peer = accepted(true, false);
        peer.write(STAMPED);
        peer.expectData(0, STAMPED);
        peer.pass(200);
        int again = stamp(peer.expectData(0, STAMPED));
        RttEstimate before = peer.connection.roundTrip();
        peer.pass(30);
        echo(peer, STAMPED, again + Integer.decode(fromRepetition));
        if (millis < 0) {
            assertEquals(before, peer.connection.roundTrip(), which);
        } else {
            assertMeasured(peer, before, millis);
        }
    }

    @Test
    void withoutTimestampsItIsNot() {
        ScriptedPeer peer = accepted(false, false);
        peer.write(MSS);
        peer.pass(230);
        RttEstimate before = peer.connection.roundTrip();
        peer.ack(MSS);
        assertEquals(before, peer.connection.roundTrip());
    }

    @Test
    void whatWasSentOnceIsMeasuredByItsOwnTimeWhateverIsEchoed() {
        ScriptedPeer peer = accepted(true, false);
        peer.write(STAMPED);
        peer.pass(30);
        echo(peer, STAMPED, stamp(peer.expectData(0, STAMPED)) - 1_000);
        assertMeasured(peer, new RttEstimate(0, 0), 30);
    }

    @Test
    void whatAcknowledgesOnceAndAgainTogetherIsMeasuredByTheTimestamp() {
        ScriptedPeer peer = accepted(true, false);
        peer.write(2 * STAMPED);
        peer.expectData(0, STAMPED);
        peer.pass(200);
        peer.sent.pollFirst();
        int again = stamp(peer.expectData(0, STAMPED));
        RttEstimate before = peer.connection.roundTrip();
        peer.pass(30);
        // The second segment has waited at the peer for 200 ms, and that is no round trip.
        echo(peer, 2 * STAMPED, again);
        assertMeasured(peer, before, 30);
    }

    /** The RTTM rule (RFC 7323 §4.1): only what advances the left edge of the window. */
    @Test
    void whatAcknowledgesNothingNewMeasuresNothing() {
        ScriptedPeer peer = accepted(true, false);
        peer.write(2 * STAMPED);
        peer.pass(200);
        int again = stamp(peer.sent.peekLast());
        echo(peer, STAMPED, again);
        RttEstimate before = peer.connection.roundTrip();
        peer.pass(50);
        echo(peer, STAMPED, again); // a duplicate
        peer.window /= 2;
        echo(peer, STAMPED, again); // another window
        peer.raw(ACK, ISS + 1, peer.hostIss + 1 + STAMPED, TcpOptions.timestamp(5100, again), 10); // data after a pause
        assertEquals(before, peer.connection.roundTrip());
    }

    @Test
    void aSelectiveAcknowledgmentMeasuresWhatWasSentOnceAndOnlyThen() {
        ScriptedPeer peer = accepted(false, true);
        peer.write(3 * MSS);
        peer.pass(30);
        acknowledge(peer, 0, TcpOptions.NONE.withSack(
                SackBlocks.of(peer.hostIss + 1 + MSS, peer.hostIss + 1 + 2 * MSS)));
        RttEstimate measured = new RttEstimate(0, 0).sample(30 * MS, 2);
        assertEquals(measured, peer.connection.roundTrip());
        acknowledge(peer, 0, TcpOptions.NONE.withSack(
                SackBlocks.of(peer.hostIss + 1 + MSS, peer.hostIss + 1 + 2 * MSS)));
        assertEquals(measured, peer.connection.roundTrip());
        peer.sent.clear();
        peer.pass(300);
        assertTrue(peer.sent.stream().anyMatch(segment -> segment.sequence() == peer.hostIss + 1), "the hole is sent again");
        peer.ack(2 * MSS);
        assertEquals(measured, peer.connection.roundTrip());
    }
}
