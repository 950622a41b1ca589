package jkipsec.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import jkipsec.bytes.Octets;
import jkipsec.ip.Checksum;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpProtocol;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Segments nobody should send: they never throw, never corrupt a stream and never hold memory. */
class HostileProperties {
    private static final int BUFFER = 20_000;

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void randomSegmentsNeverThrowAndMemoryStaysBounded(@ForAll long seed) {
        var random = new Random(seed);
        var peer = new ScriptedPeer(TcpConfig.defaults().withBuffers(BUFFER, BUFFER).withMaximumConnections(50));
        if (random.nextBoolean()) {
            peer.accepted();
        } else {
            peer.connected().listening();
        }
        peer.connection.noDelay(random.nextBoolean());
        peer.consumes = random.nextBoolean();
        TcpConnection connection = peer.connection;
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(20) == 0) {
                peer.pass(random.nextInt(3000));
            }
            if (random.nextInt(10) == 0 && !connection.send.finQueued) {
                connection.write(new byte[BUFFER], 0, random.nextInt(BUFFER), peer.now);
            }
            if (random.nextInt(100) == 0) {
                connection.shutdownOutput(peer.now);
            }
            peer.window = random.nextInt(4) == 0 ? 0 : random.nextInt(65_536);
            int sequence = near(random, connection.receive.next);
            int acknowledgment = near(random, random.nextBoolean() ? connection.send.unacknowledged
                    : connection.send.next);
            int flags = random.nextInt(3) == 0 ? random.nextInt(256) : TcpFlags.ACK;
            var options = random.nextInt(5) == 0
                    ? new TcpOptions(random.nextInt(65_536), random.nextInt(256)) : TcpOptions.NONE;
            peer.raw(flags, sequence, acknowledgment, options, random.nextInt(4) == 0 ? 0 : random.nextInt(1400));
            peer.sent.clear();

            assertTrue(connection.receive.reassembly.footprint() <= 2 * 32_768 + 4096);
            assertTrue(connection.receive.reassembly.octets() + connection.receive.unconsumed() <= BUFFER);
            assertTrue(connection.receive.window() >= 0 && connection.receive.window() <= BUFFER);
            assertTrue(connection.send.buffer.size() <= BUFFER);
            assertTrue(peer.stack.connectionCount() <= 50);
        }
        peer.stack.abortAll(TcpEnd.TUNNEL_CLOSED);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
        assertEquals(1, peer.events.stream()
                .filter(e -> e instanceof TcpAction.Closed(TcpConnection c, TcpEnd cause) && c == connection).count());
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void anOutsiderWithoutTheSequenceNumbersDoesNotDisturbATransfer(@ForAll long seed) throws PortInUse {
        var random = new Random(seed);
        var pair = new TcpPair(seed);
        pair.a.link.jitter = 3 * TcpPair.MILLIS;
        pair.b.listen(80);
        TcpPair.App client = pair.a.connect(80);
        pair.run(TcpPair.SECOND);
        TcpPair.App server = pair.b.accepted.get(0);
        byte[] up = TcpPair.octets(seed, 100_000);
        byte[] down = TcpPair.octets(seed + 1, 100_000);
        pair.a.write(client, up);
        pair.b.write(server, down);
        for (int i = 0; i < 300; i++) {
            pair.run(random.nextInt(2) * TcpPair.MILLIS);
            TcpPair.Side victim = random.nextBoolean() ? pair.a : pair.b;
            TcpConnection target = victim == pair.a ? client.connection : server.connection;
            // Anything outside the window, or without a good acknowledgment. Inside both, one is the peer.
            boolean inWindow = random.nextBoolean();
            int sequence = inWindow
                    ? target.receive.next + 1 + random.nextInt(10_000)
                    : target.receive.next + (1 << 24) + random.nextInt(1 << 30);
            int acknowledgment = inWindow
                    ? target.send.next + 70_000 + random.nextInt(1 << 30) : random.nextInt();
            var header = new TcpHeader(target.remote().port(), target.local().port(), sequence, acknowledgment,
                    random.nextInt(256), random.nextInt(65_536), TcpOptions.NONE);
            byte[] payload = new byte[random.nextInt(1000)];
            byte[] packet = new TcpSegment(header, payload, 0, payload.length)
                    .toPacket(IpHeader.of(target.remote().address(), target.local().address(), IpProtocol.TCP))
                    .toByteArray();
            victim.stack.receive(TcpPair.packet(packet), pair.now);
        }
        pair.settle(60 * TcpPair.SECOND);
        assertArrayEquals(up, server.received());
        assertArrayEquals(down, client.received());
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void mutatedPacketsOfARealTransferAreDroppedByTheirChecksum(@ForAll long seed) {
        var random = new Random(seed);
        var peer = new ScriptedPeer().accepted();
        byte[] octets = new byte[1 + random.nextInt(100)];
        random.nextBytes(octets);
        var header = new TcpHeader(ScriptedPeer.PEER.port(), 80, ScriptedPeer.ISS + 1, peer.hostIss + 1, TcpFlags.ACK,
                1000, TcpOptions.NONE);
        byte[] good = new TcpSegment(header, octets, 0, octets.length).toPacket(
                IpHeader.of(ScriptedPeer.PEER.address(), ScriptedPeer.HOST.address(), IpProtocol.TCP)).toByteArray();
        for (int i = 0; i < 20; i++) {
            byte[] bad = good.clone();
            bad[20 + random.nextInt(bad.length - 20)] ^= (byte) (1 << random.nextInt(8));
            peer.raw(bad);
        }
        assertEquals(20, peer.dropped(TcpDrop.BAD_CHECKSUM));
        peer.raw(good);
        assertArrayEquals(octets, peer.received.toByteArray());
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void garbageWithARightChecksumNeverThrows(@ForAll long seed) {
        var random = new Random(seed);
        var peer = new ScriptedPeer().accepted();
        for (int i = 0; i < 20; i++) {
            int length = random.nextInt(100);
            byte[] packet = IpHeader.of(ScriptedPeer.PEER.address(), ScriptedPeer.HOST.address(), IpProtocol.TCP)
                    .allocate(length).toByteArray();
            byte[] garbage = new byte[length];
            random.nextBytes(garbage);
            System.arraycopy(garbage, 0, packet, 20, length);
            if (length >= 20) {
                if (random.nextBoolean()) {
                    Octets.put16(packet, 20, ScriptedPeer.PEER.port());
                    Octets.put16(packet, 22, 80);
                    packet[32] = (byte) (random.nextInt(5, 16) << 4);
                }
                Octets.put16(packet, 36, 0);
                long pseudo = Checksum.pseudoHeader(ScriptedPeer.PEER.address(), ScriptedPeer.HOST.address(),
                        IpProtocol.TCP, length);
                Octets.put16(packet, 36, Checksum.finish(Checksum.add(pseudo, packet, 20, length)));
            }
            peer.raw(packet);
        }
        assertEquals(0, peer.dropped(TcpDrop.BAD_CHECKSUM));
        peer.stack.tick(peer.now);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void optimisticAcknowledgmentsLoseNothing(@ForAll long seed) throws PortInUse {
        var random = new Random(seed);
        var peer = new ScriptedPeer().accepted();
        byte[] stream = ScriptedPeer.stream(200_000);
        int written = 0;
        int acknowledged = 0;
        byte[] seen = new byte[stream.length];
        while (acknowledged < stream.length) {
            written += peer.connection.write(stream, written, stream.length - written, peer.now);
            while (!peer.sent.isEmpty()) {
                TcpSegment s = peer.sent.poll();
                int at = s.sequence() - peer.hostIss - 1;
                System.arraycopy(s.array(), s.payloadOffset(), seen, at, s.payloadLength());
            }
            int sent = peer.connection.send.next - peer.hostIss - 1;
            peer.ack(sent + 1 + random.nextInt(1000)); // never sent: ignored
            assertEquals(acknowledged, peer.connection.send.unacknowledged - peer.hostIss - 1);
            acknowledged = Math.min(sent, acknowledged + 1 + random.nextInt(20_000));
            peer.ack(acknowledged);
            peer.pass(300);
        }
        assertTrue(Arrays.equals(stream, seen));
    }

    private static int near(Random random, int number) {
        return switch (random.nextInt(5)) {
            case 0 -> number;
            case 1 -> number + random.nextInt(3) - 1;
            case 2 -> number + random.nextInt(50_000) - 25_000;
            case 3 -> number + random.nextInt(3000);
            default -> random.nextInt();
        };
    }

    @Property(tries = 5, shrinking = ShrinkingMode.OFF)
    void aFloodOfSynsHoldsNoMoreThanTheBacklog(@ForAll long seed) {
        var random = new Random(seed);
        var peer = new ScriptedPeer().listening();
        for (int i = 0; i < 5000; i++) {
            peer.peer = new Endpoint(ScriptedPeer.PEER.address(), 1 + random.nextInt(65_535));
            peer.raw(TcpFlags.SYN, random.nextInt(), 0, TcpOptions.NONE, 0);
        }
        assertEquals(4, peer.stack.connectionCount());
        peer.pass(120_000);
        assertEquals(0, peer.stack.connectionCount());
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void everyOptionInEveryShapeNeverThrowsAndTheBudgetHolds(@ForAll long seed) {
        var random = new Random(seed);
        int budget = 1 << 17;
        var peer = new ScriptedPeer(TcpConfig.defaults().withMemory(1 << 16, budget)).listening();
        int mss = random.nextInt(4) == 0 ? random.nextInt(100) : 1000;
        var offer = new TcpOptions(mss, random.nextInt(256)).withSackPermitted().withTimestamp(1000, 0);
        peer.raw(TcpFlags.SYN | TcpFlags.ECE | TcpFlags.CWR, ScriptedPeer.ISS, 0, offer, 0);
        peer.hostIss = peer.sent.poll().sequence();
        peer.raw(TcpFlags.ACK, ScriptedPeer.ISS + 1, peer.hostIss + 1, TcpOptions.timestamp(1000, 0), 0);
        peer.connection = peer.lastAccepted();
        peer.consumes = random.nextBoolean();
        TcpConnection connection = peer.connection;
        int edge = connection.receive.edge();
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(15) == 0) {
                peer.pass(random.nextInt(3000));
            }
            if (random.nextInt(5) == 0 && !connection.send.finQueued) {
                connection.write(new byte[20_000], 0, random.nextInt(20_000), peer.now);
            }
            if (random.nextInt(50) == 0) {
                connection.sendBuffer(1 + random.nextInt(200_000));
                connection.receiveBuffer(1 + random.nextInt(200_000), peer.now);
            }
            if (random.nextInt(5) == 0) {
                connection.consumed(random.nextInt(20_000), peer.now);
            }
            peer.window = random.nextInt(4) == 0 ? 0 : random.nextInt(65_536);
            int[] edges = new int[2 * random.nextInt(4)];
            for (int j = 0; j < edges.length; j++) {
                edges[j] = near(random, random.nextBoolean() ? connection.send.unacknowledged : connection.send.next);
            }
            TcpOptions options = TcpOptions.NONE;
            if (random.nextInt(10) != 0) {
                options = TcpOptions.timestamp(1000 + i + random.nextInt(20) - 5,
                        connection.timestamps.value(peer.now) - random.nextInt(50));
            }
            options = options.withSack(SackBlocks.of(edges));
            int flags = random.nextInt(20) == 0 ? random.nextInt(256) & ~TcpFlags.RST
                    : TcpFlags.ACK | (random.nextInt(3) == 0 ? TcpFlags.ECE | TcpFlags.CWR : 0);
            peer.raw(flags, near(random, connection.receive.next), near(random,
                    random.nextBoolean() ? connection.send.unacknowledged : connection.send.next), options,
                    random.nextInt(3) == 0 ? 0 : random.nextInt(1400));
            peer.sent.clear();

            assertTrue(peer.stack.memoryInUse() <= budget, peer.stack.memoryInUse() + " octets");
            assertTrue(connection.receive.reassembly.octets() + connection.receive.unconsumed() <= budget);
            if (connection.state.canReceive()) {
                assertTrue(connection.receive.edge() - edge >= 0, "the window's right edge went back");
                edge = connection.receive.edge();
            }
        }
        peer.stack.abortAll(TcpEnd.TUNNEL_CLOSED);
        assertEquals(Long.MAX_VALUE, peer.stack.nextDeadline());
        assertEquals(0, peer.stack.memoryInUse());
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void contradictingRetransmissionsNeverChangeWhatCameFirst(@ForAll long seed) {
        var random = new Random(seed);
        var peer = new ScriptedPeer().listening();
        peer.raw(TcpFlags.SYN, ScriptedPeer.ISS, 0, new TcpOptions(1000, 0).withSackPermitted(), 0);
        peer.hostIss = peer.sent.poll().sequence();
        peer.ack(0);
        byte[] first = new byte[20_000];
        boolean[] held = new boolean[first.length];
        int next = 0;
        for (int i = 0; i < 3000 && next < first.length; i++) {
            int start = Math.max(0, next + random.nextInt(3000) - 500);
            int length = Math.min(1 + random.nextInt(1000), first.length - start);
            if (length <= 0) {
                continue;
            }
            byte[] says = new byte[length]; // every segment says something else
            random.nextBytes(says);
            peer.raw(TcpFlags.ACK, ScriptedPeer.ISS + 1 + start, peer.hostIss + 1, TcpOptions.NONE, says);
            boolean inOrder = start <= next;
            for (int j = 0; j < length; j++) {
                int at = start + j;
                // What continues the stream is delivered as it is; what is held keeps what came first.
                if (at >= next && (inOrder || !held[at])) {
                    first[at] = says[j];
                    held[at] = true;
                }
            }
            while (next < first.length && held[next]) {
                next++;
            }
        }
        assertArrayEquals(Arrays.copyOf(first, next), peer.received.toByteArray());
    }
}
