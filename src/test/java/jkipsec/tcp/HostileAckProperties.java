package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.ACK;
import static jkipsec.tcp.ScriptedPeer.ISS;
import static jkipsec.tcp.ScriptedPeer.MSS;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Peers whose acknowledgments lie: they may harm themselves, but no octet changes, and memory stays bounded. */
class HostileAckProperties {
    private static final int LENGTH = 150_000;

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    @Label("a peer that lies with blocks, reneges, shrinks its window and repeats itself gets the stream all the same")
    void lyingPeersGetTheStream(@ForAll long seed) {
        var random = new Random(seed);
        boolean selective = random.nextInt(4) > 0;
        var algorithm = random.nextBoolean()
                ? CongestionControl.Algorithm.CUBIC : CongestionControl.Algorithm.RENO;
        ScriptedPeer peer = new ScriptedPeer(TcpConfig.defaults().withBuffers(60_000, 60_000)
                .withNoDelay(random.nextBoolean()).withCongestionControl(algorithm)).listening();
        TcpOptions offer = new TcpOptions(MSS, 0);
        peer.raw(SYN, ISS, 0, selective ? offer.withSackPermitted() : offer, 0);
        peer.hostIss = peer.expect(SYN | ACK).sequence();
        peer.pass(random.nextInt(100));
        peer.ack(0);
        peer.connection = peer.lastAccepted();
        byte[] stream = ScriptedPeer.stream(LENGTH);
        byte[] got = new byte[LENGTH];
        boolean[] has = new boolean[LENGTH];
        int written = 0;
        int contiguous = 0;
        for (int round = 0; contiguous < LENGTH; round++) {
            assertTrue(round < 20_000, "no progress, seed " + seed);
            assertNull(peer.end(), "seed " + seed);
            written += peer.connection.write(stream, written,
                    Math.min(1 + random.nextInt(5000), LENGTH - written), peer.now);
            boolean honest = round > 400; // in the end it answers, so that there is an end
            while (!peer.sent.isEmpty()) {
                TcpSegment segment = peer.sent.poll();
                if (!honest && random.nextInt(5) == 0) {
                    continue;
                }
                int at = segment.sequence() - peer.hostIss - 1;
                for (int i = 0; i < segment.payloadLength() && at + i >= 0; i++) {
                    got[at + i] = segment.array()[segment.payloadOffset() + i];
                    has[at + i] = true;
                }
            }
            while (contiguous < LENGTH && has[contiguous]) {
                contiguous++;
            }
            peer.window = honest ? 60_000 : random.nextInt(5) == 0 ? random.nextInt(3000) : 30_000;
            answer(peer, random, contiguous, honest, selective);
            if (!honest && random.nextInt(10) == 0) { // it reneges: what was not acknowledged is gone
                Arrays.fill(has, contiguous, LENGTH, false);
            }
            if (random.nextInt(50) == 0) {
                peer.stack.mtu(300 + random.nextInt(1000));
            }
            if (random.nextInt(50) == 0) {
                peer.stack.pathChanged(peer.now);
            }
            peer.pass(random.nextInt(honest ? 500 : 60));
            bounded(peer.connection);
        }
        assertArrayEquals(stream, got, "seed " + seed);
        peer.ack(LENGTH);
        peer.connection.close(peer.now);
        peer.pass(1000);
        peer.ack(LENGTH + 1);
        peer.pass(200_000);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline(), "seed " + seed);
    }

    private static void answer(ScriptedPeer peer, Random random, int contiguous, boolean honest, boolean selective) {
        int sent = peer.connection.send.next - peer.hostIss - 1;
        int lies = honest ? 0 : random.nextInt(4);
        for (int i = 0; i < lies; i++) {
            int acknowledged = random.nextInt(3) == 0 ? random.nextInt(contiguous + 1) : contiguous;
            int[] edges = new int[2 * (1 + random.nextInt(4))];
            for (int e = 0; e < edges.length; e += 2) {
                edges[e] = peer.hostIss + 1 + random.nextInt(sent + 2000) - 1000;
                edges[e + 1] = edges[e] + random.nextInt(5000) - 200;
            }
            TcpOptions options = selective && random.nextInt(4) > 0
                    ? TcpOptions.NONE.withSack(SackBlocks.of(edges)) : TcpOptions.NONE;
            peer.raw(ACK, ISS + 1, peer.hostIss + 1 + acknowledged, options, 0);
        }
        if (honest || random.nextBoolean()) {
            peer.ack(contiguous);
        }
        if (!honest && random.nextInt(10) == 0) {
            int never = peer.connection.send.next - peer.hostIss - 1;
            peer.ack(never + 1 + random.nextInt(5000)); // must not count
        }
    }

    private static void bounded(TcpConnection connection) {
        Scoreboard board = connection.send.scoreboard;
        assertTrue(connection.send.buffer.size() <= 60_000);
        assertTrue(board.segments() <= Scoreboard.MOST_SEGMENTS);
        assertTrue(board.footprint() <= 1 << 20);
        assertTrue(board.pipe() >= 0 && board.pipe() <= board.octets(), () -> board.toString());
        assertTrue(board.lostOctets() >= 0 && board.sackedOctets() >= 0);
        assertTrue(connection.recovery.control().window() >= 1);
        assertTrue(connection.recovery.control().window() <= CongestionControl.LARGEST_WINDOW);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    @Label("a window shut for ever costs a probe now and then, and no memory")
    void aWindowShutForEver(@ForAll long seed) {
        var random = new Random(seed);
        var peer = new ScriptedPeer().acceptedWithSack();
        peer.write(50_000);
        peer.window = 0;
        peer.ack(random.nextInt(3) * MSS);
        int sent = 0;
        for (int minute = 0; minute < 60; minute++) {
            peer.pass(60_000);
            sent += peer.sent.size();
            peer.sent.clear();
            peer.ack(peer.connection.send.unacknowledged - peer.hostIss - 1);
            bounded(peer.connection);
        }
        assertNull(peer.end());
        assertTrue(sent < 200, "sent " + sent);
        peer.window = 60_000;
        peer.ack(peer.connection.send.unacknowledged - peer.hostIss - 1);
        assertTrue(!peer.sent.isEmpty(), "it goes on as soon as there is window");
    }
}
