package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import jkipsec.ip.Endpoint;
import org.junit.jupiter.api.Test;

/** Numbers at the ends of their ranges: clocks and sequences that wrap around, the smallest segments, the widest window. */
class ExtremesTest {
    private static final long MILLIS = TcpPair.MILLIS;
    private static final long ROUND = 1L << 32;
    private static final long SEQUENCE_TICK = 4_000;

    /** When the connection from a to b begins, as it would be from the beginning of the clock. */
    private static TcpConnection sample() throws PortInUse {
        var pair = new TcpPair(3);
        pair.b.listen(80);
        return pair.a.connect(80).connection;
    }

    /** How long a number that grows takes to get to a distance before its round is over. */
    private static long until(int number, long before) {
        return Math.floorMod(-before - Integer.toUnsignedLong(number), ROUND);
    }

    private static TcpPair lossy(long now) throws PortInUse {
        var pair = new TcpPair(3);
        pair.now = now;
        for (TcpPair.Link link : new TcpPair.Link[] {pair.a.link, pair.b.link}) {
            link.delay = 20 * MILLIS;
            link.loss = 0.03;
            link.duplication = 0.02;
            link.rate = 20_000_000;
        }
        pair.b.listen(80);
        return pair;
    }

    private static void transfer(TcpPair pair, TcpPair.App client, byte[] data) {
        client.toWrite = data;
        client.shutdownWhenWritten = true;
        pair.run(60 * TcpPair.SECOND);
        assertArrayEquals(data, pair.b.accepted.get(0).received());
        assertTrue(pair.b.accepted.get(0).endOfStream);
    }

    @Test
    void sequenceNumbersWrapAroundInTheMiddleOfARecovery() throws PortInUse {
        TcpConnection sample = sample();
        for (long before : new long[] {1, 1_000, 60_000, 300_000, 700_000}) {
            TcpPair pair = lossy(TcpPair.SECOND + until(sample.send.initial, before) * SEQUENCE_TICK);
            TcpPair.App client = pair.a.connect(80);
            assertEquals(-before, client.connection.send.initial);
            transfer(pair, client, TcpPair.octets(before, 1_000_000));
        }
    }

    @Test
    void timestampsWrapAroundInTheMiddleOfATransfer() throws PortInUse {
        TcpConnection sample = sample();
        for (long before : new long[] {0, 1, 30, 200, 1_000}) {
            long shift = until(sample.timestamps.value(TcpPair.SECOND), before) * MILLIS;
            TcpPair pair = lossy(TcpPair.SECOND + shift);
            TcpPair.App client = pair.a.connect(80);
            assertEquals(-before, client.connection.timestamps.value(pair.now));
            transfer(pair, client, TcpPair.octets(before, 2_000_000));
            assertEquals(0, pair.b.stack.drops().getOrDefault(TcpDrop.OLD_TIMESTAMP, 0L));
        }
    }

    @Test
    void theWidestWindowAndTheSmallestSegmentsStayWithinTheBounds() {
        TcpConfig config = TcpConfig.defaults().withBuffers(4 << 20, 4 << 20).withMemory(4 << 20, 16 << 20);
        var peer = new ScriptedPeer(config);
        peer.window = 0xffff;
        peer.listening();
        peer.raw(SYN, ISS, 0, new TcpOptions(1, 14).withSackPermitted(), 0);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        peer.ack(0);
        TcpConnection connection = peer.lastAccepted();
        connection.sendBuffer(4 << 20);
        byte[] data = ScriptedPeer.stream(connection.sendSpace());
        connection.write(data, 0, data.length, peer.now);
        int acknowledged = 0;
        int most = 0;
        for (int i = 0; i < 100_000 && acknowledged < data.length; i++) {
            int end = acknowledged;
            for (TcpSegment segment : peer.sent) {
                assertTrue(segment.payloadLength() <= connection.segmentSize());
                end = Math.max(end, segment.sequence() + segment.payloadLength() - peer.hostIss - 1);
            }
            peer.sent.clear();
            most = Math.max(most, connection.send.scoreboard.segments());
            acknowledged = end;
            peer.now += 10 * MILLIS;
            peer.ack(acknowledged);
            peer.pass(10);
        }
        assertEquals(data.length, acknowledged);
        assertTrue(most <= Scoreboard.MOST_SEGMENTS, most + " segments");
    }

    @Test
    void acknowledgingEachOctetGrowsTheWindowNoFasterThanTheOctets() {
        var whole = new ScriptedPeer().accepted();
        var divided = new ScriptedPeer().accepted();
        for (ScriptedPeer peer : new ScriptedPeer[] {whole, divided}) {
            peer.write(40_000);
            peer.pass(50);
        }
        int before = divided.connection.recovery.control().window();
        int step = 10;
        for (int acknowledged = step; acknowledged <= 4_000; acknowledged += step) {
            divided.ack(acknowledged);
            if (acknowledged % 1_000 == 0) {
                whole.ack(acknowledged);
            }
        }
        int grown = divided.connection.recovery.control().window() - before;
        assertTrue(grown > 0 && grown <= 4_000, "by " + grown);
        assertEquals(whole.connection.recovery.control().window(), divided.connection.recovery.control().window());
    }

    @Test
    void bothCloseAtTheSameTimeOverABadLink() throws PortInUse {
        for (long seed = 0; seed < 200; seed++) {
            // Long enough for a FIN to come again after its time-out has doubled several times.
            var pair = new TcpPair(seed,
                    TcpConfig.defaults().withTimeWait(Duration.ofMinutes(4), Duration.ofMinutes(10)));
            pair.b.listen(80);
            TcpPair.App client = pair.a.connect(80);
            pair.run(TcpPair.SECOND);
            TcpPair.App server = pair.b.accepted.get(0);
            pair.a.link.loss = 0.3;
            pair.b.link.loss = 0.3;
            pair.a.link.jitter = 20 * MILLIS;
            byte[] data = TcpPair.octets(seed, (int) (seed * 100));
            for (TcpPair.App app : new TcpPair.App[] {client, server}) {
                app.shutdownWhenWritten = true;
            }
            pair.a.write(client, data);
            pair.b.write(server, data);
            pair.run(400 * TcpPair.SECOND);
            assertArrayEquals(data, server.received(), "seed " + seed);
            assertArrayEquals(data, client.received(), "seed " + seed);
            assertEquals(TcpEnd.NORMAL, client.end, "seed " + seed);
            assertEquals(TcpEnd.NORMAL, server.end, "seed " + seed);
            pair.settle(400 * TcpPair.SECOND);
            assertEquals(0, pair.a.stack.connectionCount() + pair.b.stack.connectionCount(), "seed " + seed);
        }
    }

    @Test
    void bothOpenAtTheSameTimeOverABadLink() throws PortInUse {
        for (long seed = 0; seed < 200; seed++) {
            var pair = new TcpPair(seed);
            var one = new Endpoint(pair.a.address.address(), 1000);
            var other = new Endpoint(pair.b.address.address(), 2000);
            pair.a.link.loss = 0.3;
            pair.b.link.loss = 0.3;
            TcpPair.App client = pair.a.app(pair.a.stack.connect(one, other, pair.now));
            TcpPair.App server = pair.b.app(pair.b.stack.connect(other, one, pair.now));
            byte[] data = TcpPair.octets(seed, 5_000);
            for (TcpPair.App app : new TcpPair.App[] {client, server}) {
                app.toWrite = data;
                app.shutdownWhenWritten = true;
            }
            pair.run(400 * TcpPair.SECOND);
            assertArrayEquals(data, server.received(), "seed " + seed);
            assertArrayEquals(data, client.received(), "seed " + seed);
        }
    }
}
