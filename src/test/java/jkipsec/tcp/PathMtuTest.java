package jkipsec.tcp;

import static jkipsec.tcp.TcpPair.MILLIS;
import static jkipsec.tcp.TcpPair.SECOND;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that carry less than the tunnel does: told by ICMP, or found out by silence. */
class PathMtuTest {
    private static final IpAddress V4 = IpAddress.parse("10.8.0.1");
    private static final IpAddress V6 = IpAddress.parse("2001:db8::1");
    private static final long MINUTE = 60 * SECOND;

    private final TcpPair pair = new TcpPair(6);
    private TcpPair.App client;
    private TcpPair.App server;

    private void open() throws PortInUse {
        pair.a.stack.mtu(1_400);
        pair.b.stack.mtu(1_400);
        pair.b.listen(80);
        client = pair.a.connect(80);
        pair.run(500 * MILLIS);
        server = pair.b.accepted.get(0);
    }

    /** The path swallows what is larger, headers included. */
    private static boolean isLarger(TcpSegment segment, int mtu) {
        return 20 + segment.header().length() + segment.payloadLength() > mtu;
    }

    @ParameterizedTest
    @ValueSource(ints = {1_380, 1_280, 1_100, 576})
    void aPathThatSwallowsLargePacketsIsFoundOutAndTheTransferGoesOn(int mtu) throws PortInUse {
        open();
        pair.a.link.lose = segment -> isLarger(segment, mtu);
        byte[] data = TcpPair.octets(1, 200_000);
        pair.a.write(client, data);
        pair.run(2 * MINUTE);
        assertArrayEquals(data, server.received());
        assertTrue(client.connection.segmentSize() <= mtu - 40);
        assertTrue(client.connection.segmentSize() >= 576 - 40 - 12);
    }

    @Test
    void whenThePathCarriesMoreAgainThatIsFoundOutToo() throws PortInUse {
        open();
        int full = client.connection.segmentSize();
        pair.a.link.lose = segment -> isLarger(segment, 1_300);
        byte[] data = TcpPair.octets(1, 50_000);
        pair.a.write(client, data);
        pair.run(MINUTE);
        assertArrayEquals(data, server.received());
        assertTrue(client.connection.segmentSize() < full);
        pair.a.link.heal();
        pair.run(10 * MINUTE);
        pair.a.write(client, data);
        pair.run(MINUTE);
        assertEquals(100_000, server.receivedLength);
        assertEquals(full, client.connection.segmentSize());
    }

    @Test
    void silenceWithoutFullSegmentsSaysNothingOfThePath() throws PortInUse {
        open();
        int full = client.connection.segmentSize();
        pair.a.link.lose = segment -> segment.payloadLength() > 0;
        pair.a.write(client, new byte[100]);
        pair.run(20 * SECOND);
        assertTrue(client.connection.retransmission.retries() > 2);
        assertEquals(full, client.connection.segmentSize());
    }

    @Test
    void aReportAboutASegmentInFlightIsBelievedAndTheSegmentSentAgainAtOnce() {
        var peer = new ScriptedPeer().accepted();
        peer.write(3_000);
        peer.expectData(0, 1_000);
        peer.expectData(1_000, 1_000);
        peer.expectData(2_000, 1_000);
        assertTrue(peer.stack.tooBig(ScriptedPeer.HOST, peer.peer, peer.hostIss + 1, 700, peer.now));
        assertEquals(660, peer.connection.segmentSize());
        peer.expectData(0, 660);
        assertEquals(0, peer.connection.retransmission.retries());
    }

    @Test
    void aReportThatCannotBeTrueIsNot() {
        var peer = new ScriptedPeer().accepted();
        peer.write(2_000);
        peer.ack(1_000);
        peer.sent.clear();
        int first = peer.hostIss + 1;
        Endpoint host = ScriptedPeer.HOST;
        assertFalse(peer.stack.tooBig(host, peer.peer, first, 700, peer.now), "acknowledged (RFC 5927 §7.2)");
        assertFalse(peer.stack.tooBig(host, peer.peer, first + 2_000, 700, peer.now), "never sent");
        assertFalse(peer.stack.tooBig(host, new Endpoint(peer.peer.address(), 1), first + 1_000, 700, peer.now),
                "no such connection");
        assertTrue(peer.stack.tooBig(host, peer.peer, first + 1_000, 2_000, peer.now), "in flight, but not smaller");
        assertEquals(ScriptedPeer.MSS, peer.connection.segmentSize());
        assertEquals(0, peer.sent.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 67, 68, 575, 576})
    void nothingMakesPacketsSmallerThanEveryHostTakes(int mtu) {
        var path = new PathMtu(V4);
        assertTrue(path.tooBig(mtu, 1_360, 0));
        assertEquals(536, path.limit());
        var path6 = new PathMtu(V6);
        assertTrue(path6.tooBig(mtu, 1_340, 0));
        assertEquals(1_220, path6.limit());
        assertFalse(path6.tooBig(mtu, 1_220, 0));
    }

    @Test
    void aReportWithoutASizeMeansTheNextSmallerOne() {
        var path = new PathMtu(V4);
        assertTrue(path.tooBig(0, 1_360, 0));
        assertEquals(1_240, path.limit());
        assertTrue(path.tooBig(0, 1_240, 0));
        assertEquals(984, path.limit());
        assertTrue(path.tooBig(0, 984, 0));
        assertEquals(536, path.limit());
        assertFalse(path.tooBig(0, 536, 0));
    }

    @Test
    void moreAndMoreTimeoutsInARowTrySmallerSizes() {
        var path = new PathMtu(V4);
        assertFalse(path.timedOut(2, 1_360, 0));
        assertTrue(path.timedOut(3, 1_360, 0));
        assertEquals(1_240, path.limit());
        assertFalse(path.timedOut(4, 1_240, 0));
        assertTrue(path.timedOut(5, 1_240, 0));
        assertEquals(984, path.limit());
        assertTrue(path.timedOut(7, 984, 0));
        assertEquals(536, path.limit());
        assertFalse(path.timedOut(9, 536, 0));
    }

    @Test
    void whatNearlyEveryPathCarriesIsNotSuspected() {
        for (int retries = 1; retries < 15; retries++) {
            assertFalse(new PathMtu(V4).timedOut(retries, 1_240, 0));
            assertFalse(new PathMtu(V6).timedOut(retries, 1_220, 0));
        }
    }

    @Test
    void largerSizesAreTriedStepByStepAndAfterAFailureOnlyAfterTwiceAsLong() {
        var path = new PathMtu(V4);
        path.tooBig(600, 1_360, 0);
        assertFalse(path.isRaiseDue(10 * MINUTE - 1));
        assertTrue(path.isRaiseDue(10 * MINUTE));
        path.raise(10 * MINUTE);
        assertEquals(984, path.limit());
        assertTrue(path.tooBig(600, 984, 10 * MINUTE));
        assertEquals(560, path.limit());
        assertFalse(path.isRaiseDue(30 * MINUTE - 1));
        path.raise(30 * MINUTE);
        path.raise(50 * MINUTE);
        assertEquals(1_240, path.limit());
        path.raise(70 * MINUTE);
        assertEquals(PathMtu.NO_LIMIT, path.limit());
        assertFalse(path.isRaiseDue(Long.MAX_VALUE - 1));
    }
}
